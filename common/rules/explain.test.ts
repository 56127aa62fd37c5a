import { describe, expect, it } from 'vitest';
import type { ThresholdCondition } from '../contract/conditions.ts';
import { englishOf } from '../words/reasons.ts';
import { evaluate } from './evaluate.ts';
import { explainWindowEnd } from './explain.ts';
import type { EvaluatedRule } from './record.ts';

const condition: ThresholdCondition = { kind: 'threshold', aggregation: 'sum', windowMs: 10_000, operator: '<', threshold: 0.8 };

describe('the end of a window', () => {
  const missing = 'The newest point is 4 s old, so the end of the window may still be missing.';
  it.each([
    ['points of every second, 4 s late', 6, 4_000, missing],
    ['points of every second, in time', 10, 900, ''],
    ['points of every 2 s, between two of them', 5, 1_900, ''],
    ['points of every 3 s of which one is due', 3, 3_000, ''],
    ['too few points to tell how often they come', 2, 4_000, ''],
    ['a point stamped ahead', 10, -2_000, ''],
  ])('%s', (_, points, ageMs, text) =>
    expect(englishOf(explainWindowEnd(condition, { points, lastAt: 1_000_000 - ageMs }, 1_000_000))).toBe(text),
  );
});

describe('an empty window', () => {
  const rule: EvaluatedRule = {
    chartCode: 'belt-speed',
    unit: 'm/s',
    conditions: [{ ...condition, windowMs: 20_000 }],
    match: { kind: 'all' },
    severity: 'HIGH',
    forMs: 0,
    keepFiringForMs: 0,
    onNoData: 'alert',
    onError: 'keep',
    evaluateEveryMs: 2_000,
    suppressMs: 0,
    timeZone: 'UTC',
    delayMs: 0,
  };
  it.each([
    [955_000, 'No points in the last 20 s; the last one came 45 s ago.'],
    [null, 'No points have been stored yet.'],
    [1_060_000, 'No points in the last 20 s; the newest is stamped 1 min in the future.'],
  ])('with the last point at %s', (lastAt, text) => {
    const { record } = evaluate(rule, { kind: 'data', measurements: [{ kind: 'empty' }], lastAt }, null, 1_000_000);
    expect(record?.reasons.map((reason) => reason.text)).toEqual([text]);
  });
});
