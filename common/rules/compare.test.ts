import { describe, expect, it } from 'vitest';
import { type Operator, type ThresholdComparison, thresholdCondition } from '../contract/conditions.ts';
import { compares, holds, levelOf } from './compare.ts';

describe('a comparison', () => {
  it.each<[number, Operator, number, number | undefined, boolean]>([
    [5, '=', 5, undefined, true],
    [5, '!=', 5, undefined, false],
    [5, '!=', 4, undefined, true],
    [5, 'between', 5, 8, true],
    [8, 'between', 5, 8, true],
    [8.1, 'between', 5, 8, false],
    [5, 'outside', 5, 8, false],
    [4.9, 'outside', 5, 8, true],
    [8.1, 'outside', 5, 8, true],
    [Number.POSITIVE_INFINITY, 'outside', -3, 3, true],
  ])('%d %s %d to %s is %s', (value, operator, threshold, upper, expected) =>
    expect(compares(value, operator, threshold, upper)).toBe(expected),
  );
});

describe('hysteresis', () => {
  const high: ThresholdComparison = { operator: '>', threshold: 5, clear: 4 };
  const low: ThresholdComparison = { operator: '<', threshold: 4, clear: 5 };
  it.each([
    [high, 5, false, false],
    [high, 5.1, false, true],
    [high, 4.5, true, true],
    [high, 4, true, true],
    [high, 3.9, true, false],
    [low, 4.5, true, true],
    [low, 5, true, true],
    [low, 5.1, true, false],
    [low, 4.5, false, false],
  ])('%j with %d, firing: %s, gives %s', (comparison, value, firing, expected) =>
    expect(holds(value, comparison, firing ? 'HIGH' : null)).toBe(expected),
  );
});

describe('a ladder of severities', () => {
  const ladder: ThresholdComparison = {
    operator: '>',
    threshold: 5,
    levels: [
      { severity: 'HIGH', threshold: 10 },
      { severity: 'CRITICAL', threshold: 20, clear: 15 },
    ],
  };
  it.each([
    [6, null, null],
    [11, null, 'HIGH'],
    [21, null, 'CRITICAL'],
    // Only an alert that is already critical stays so until it has cleared.
    [16, 'HIGH', 'HIGH'],
    [16, 'CRITICAL', 'CRITICAL'],
    [15, 'CRITICAL', 'CRITICAL'],
    [14, 'CRITICAL', 'HIGH'],
    [10, 'HIGH', null],
  ] as const)('at %d, firing as %s, is %s', (value, firing, expected) => expect(levelOf(value, ladder, firing)).toBe(expected));
});

describe('contradicting thresholds are refused', () => {
  const base = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: 5 };
  it.each([
    [{ operator: 'between' }, 'upper', 'give the upper end'],
    [{ operator: 'outside', upper: 5 }, 'upper', 'must be above 5'],
    [{ upper: 9 }, 'upper', 'Leave this out'],
    [{ operator: '=', clear: 4 }, 'clear', 'compare with <'],
    [{ clear: 6 }, 'clear', 'at or below the threshold, 5'],
    [{ operator: '<', clear: 4 }, 'clear', 'at or above the threshold, 5'],
    [{ levels: [{ severity: 'HIGH', threshold: 5 }] }, 'levels.0.threshold', 'must be above'],
    [{ operator: '<', levels: [{ severity: 'HIGH', threshold: 6 }] }, 'levels.0.threshold', 'must be below'],
    [
      {
        levels: [
          { severity: 'HIGH', threshold: 6 },
          { severity: 'WARNING', threshold: 7 },
        ],
      },
      'levels.1.severity',
      'more urgent than HIGH',
    ],
    [{ levels: [{ severity: 'HIGH', threshold: 6, clear: 7 }] }, 'levels.0.clear', 'at or below the threshold, 6'],
  ])('%j: %s', (change, field, text) => {
    const read = thresholdCondition.safeParse({ ...base, ...change });
    expect(read.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([[field, expect.stringContaining(text)]]);
  });

  it('accepts one that is in order', () => {
    const levels = [
      { severity: 'HIGH', threshold: 6, clear: 5.5 },
      { severity: 'CRITICAL', threshold: 7 },
    ];
    expect(thresholdCondition.safeParse({ ...base, clear: 5, levels }).success).toBe(true);
  });
});
