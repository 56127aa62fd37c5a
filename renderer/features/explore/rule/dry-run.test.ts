import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compares } from '#common/rules/compare.ts';
import type { EvaluatedRule } from '#common/rules/record.ts';
import { dryRun, stepOf } from './dry-run.ts';

const step = 10_000;
const rule = (change: Partial<EvaluatedRule> & { windowMs?: number; threshold?: number } = {}): EvaluatedRule => ({
  chartCode: 'c',
  match: { kind: 'all' },
  severity: 'HIGH',
  timeZone: 'UTC',
  delayMs: 0,
  conditions: [
    {
      kind: 'threshold',
      aggregation: 'avg',
      windowMs: change.windowMs ?? 30_000,
      operator: '<',
      threshold: change.threshold ?? 1,
    },
  ],
  forMs: 0,
  keepFiringForMs: 0,
  onNoData: 'ok',
  onError: 'keep',
  evaluateEveryMs: step,
  suppressMs: 0,
  unit: '',
  ...change,
});
/** A line with one point per bucket, each from one record. */
const line = (values: readonly number[], labels = {}) => ({ labels, t: values.map((_, i) => i * step), v: values });
const partsFor = (values: readonly number[]) => ({ sum: [line(values)], count: [line(values.map(() => 1))] });

describe('a dry run', () => {
  it('fires where the average of the window falls below, and resolves where it is back', () => {
    const values = [...Array(10).fill(2), ...Array(10).fill(0), ...Array(10).fill(2)] as number[];
    const firings = dryRun({ rule: rule(), parts: partsFor(values), stepMs: step, from: 0, to: values.length * step });
    // Two of three buckets at 0 give an average below 1; two of three back at 2 give one above.
    expect(firings).toEqual([{ labels: {}, from: 12 * step, to: 22 * step }]);
  });

  it('waits as long as the condition must hold, and says what still fires', () => {
    const values = [...Array(10).fill(2), ...Array(10).fill(0)] as number[];
    const ask = { parts: partsFor(values), stepMs: step, from: 0, to: values.length * step };
    expect(dryRun({ ...ask, rule: rule({ forMs: 40_000 }) })).toEqual([{ labels: {}, from: 16 * step, to: null }]);
    expect(dryRun({ ...ask, rule: rule({ forMs: 600_000 }) })).toEqual([]);
  });

  it('weighs by the number of records', () => {
    const parts = { sum: [line([90, 0.5, 90, 0.5])], count: [line([9, 1, 9, 1])] };
    expect(dryRun({ rule: rule({ windowMs: 20_000, threshold: 9 }), parts, stepMs: step, from: 0, to: 40_000 })).toHaveLength(0);
    expect(dryRun({ rule: rule({ windowMs: 20_000, threshold: 9.06 }), parts, stepMs: step, from: 0, to: 40_000 })).toHaveLength(1);
  });

  it('without a hold fires exactly where the comparison turns true, over any values', () => {
    const values = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(
        values,
        fc.constantFrom('min' as const, 'max' as const, 'sum' as const),
        fc.integer({ min: 0, max: 8 }),
        (all, aggregation, threshold) => {
          const condition = { kind: 'threshold' as const, aggregation, windowMs: 30_000, operator: '>' as const, threshold };
          const parts = { [aggregation]: [line(all)], count: [line(all.map(() => 1))] };
          const firings = dryRun({ rule: rule({ conditions: [condition] }), parts, stepMs: step, from: 0, to: all.length * step });
          const of = { min: Math.min, max: Math.max, sum: (...some: number[]) => some.reduce((a, b) => a + b, 0) }[aggregation];
          const true_ = all.map((_, i) => i >= 2 && compares(of(...all.slice(i - 2, i + 1)), '>', threshold));
          const turns = true_.flatMap((now, i) => (now && !true_[i - 1] ? [(i + 1) * step] : []));
          expect(firings.map(({ from }) => from)).toEqual(turns);
        },
      ),
    );
  });
});

it('looks as often as the rule does, in whole parts of its window; less often over long ranges', () => {
  expect(stepOf({ evaluateEveryMs: 30_000, windowMs: 300_000 }, 6 * 3_600_000)).toBe(30_000);
  expect(stepOf({ evaluateEveryMs: 5_000, windowMs: 20_000 }, 3_600_000)).toBe(5_000);
  expect(stepOf({ evaluateEveryMs: 30_000, windowMs: 300_000 }, 90 * 86_400_000)).toBe(300_000);
  expect(stepOf({ evaluateEveryMs: 30_000, windowMs: 7_000 }, 3_600_000)).toBe(1_000);
});
