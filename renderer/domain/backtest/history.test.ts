import { describe, expect, it } from 'vitest';
import type { Condition } from '#common/contract/conditions.ts';
import { dayMs, hourMs, minuteMs } from '#common/time/durations.ts';
import { columnsFor, joinColumns, planHistory } from './history.ts';

const now = Date.parse('2026-06-15T10:00:07Z');
const threshold = { kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold: 1 } as const;
const range = { kind: 'range', aggregation: 'max', windowMs: 5 * minuteMs, days: 14, share: 0.998, side: 'either' } as const;
const ruleOf = (...conditions: Condition[]) => ({ conditions, evaluateEveryMs: 30_000, delayMs: 0 });

describe('the plan of a backtest', () => {
  it('evaluates a month every minute, in buckets that fit all windows', () => {
    const plan = planHistory(ruleOf(threshold), 30 * dayMs, now);
    expect(plan).toEqual({
      times: { from: Date.parse('2026-05-16T10:00Z'), to: Date.parse('2026-06-15T10:00Z'), everyMs: minuteMs },
      readFrom: Date.parse('2026-05-16T09:55Z'),
      bucketMs: minuteMs,
      isShortened: false,
    });
  });

  it('keeps the rule’s interval over a short range', () => {
    expect(planHistory(ruleOf(threshold), hourMs, now)).toMatchObject({ times: { everyMs: 30_000 }, bucketMs: 30_000 });
  });

  it('reads as far back as a condition compares', () => {
    expect(planHistory(ruleOf(threshold, range), dayMs, now).readFrom).toBe(Date.parse('2026-05-31T08:55Z'));
    const change: Condition = { ...threshold, kind: 'change', agoMs: 7 * minuteMs, as: 'difference' };
    expect(planHistory(ruleOf(change), hourMs, now)).toMatchObject({ readFrom: Date.parse('2026-06-15T08:48Z'), bucketMs: 30_000 });
  });

  it('covers less time where windows need very small buckets, and says so', () => {
    const plan = planHistory(ruleOf({ ...threshold, windowMs: 7_000 }), 30 * dayMs, now);
    expect(plan).toMatchObject({ bucketMs: 1_000, isShortened: true });
    expect(plan.times.to - plan.readFrom).toBeLessThanOrEqual(400_000_000 + minuteMs);
  });

  it('reads points as stored for a percentile', () => {
    expect(planHistory(ruleOf({ ...threshold, aggregation: 'p95' }), dayMs, now).bucketMs).toBe(0);
    expect([...columnsFor([{ ...threshold, aggregation: 'p95' }])]).toEqual(['raw']);
  });
});

describe('columns read one by one', () => {
  const line = (t: number[], v: number[], labels = {}) => ({ labels, t: Float64Array.from(t), v: Float64Array.from(v) });

  it('are joined by series, without buckets that one of them lacks', () => {
    const joined = joinColumns(
      new Map([
        ['count', [line([1, 2], [1, 1], { a: 'x' }), line([1], [3], { a: 'y' })]],
        ['sum', [line([1], [9], { a: 'y' }), line([1, 2, 3], [5, 6, 7], { a: 'x' })]],
      ]),
    );
    expect(
      joined.map(({ labels, points: { t, count, sum } }) => [labels, [...Array.from(t)], [...Array.from(count)], [...Array.from(sum)]]),
    ).toEqual([
      [{ a: 'x' }, [1, 2], [1, 1], [5, 6]],
      [{ a: 'y' }, [1], [3], [9]],
    ]);
    expect(Array.from(joined[0]?.points.max ?? [])).toEqual([Number.NaN, Number.NaN]);
  });
});
