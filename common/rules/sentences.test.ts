import { describe, expect, it } from 'vitest';
import type { ThresholdCondition } from '../contract/rules.ts';
import { comparison, emptySentence, incompleteSentence, thresholdSentence } from './sentences.ts';

const condition: ThresholdCondition = { kind: 'threshold', aggregation: 'avg', windowMs: 300_000, operator: '<', threshold: 0.8 };

describe('thresholdSentence', () => {
  it('gives value, unit, threshold and time', () => {
    expect(thresholdSentence(condition, 0.62, 'm/s', true, { forMs: 360_000, needsMs: 300_000 })).toBe(
      'avg over 5 min is 0.62 m/s, below 0.8 for 6 min (needs 5 min).',
    );
  });

  it.each([
    ['<=', 'at or below'],
    ['>', 'above'],
    ['>=', 'at or above'],
  ] as const)('says %s as %s', (operator, words) => {
    expect(thresholdSentence({ ...condition, operator }, 1, '', true)).toBe(`avg over 5 min is 1, ${words} 0.8.`);
  });

  it('says what it is not', () => {
    expect(thresholdSentence({ ...condition, operator: '>', threshold: 90 }, 34.123, '%', false)).toBe(
      'avg over 5 min is 34.1 %, not above 90.',
    );
  });
});

describe('comparison', () => {
  it.each([
    [0.598, 0.6, 'm/s', '0.598 m/s', '0.6'],
    [0.5999, 0.6, 'm/s', '0.5999 m/s', '0.6'],
    [0.6, 0.6, 'm/s', '0.6 m/s', '0.6'],
    [0.7, 0.625, 'm/s', '0.7 m/s', '0.625'],
    [96, 90, '%', '96 %', '90'],
    [2_400_000_000, 2_000_000_000, 'B', '2.4 GB', '2 GB'],
  ])('tells %d from %d', (value, threshold, unit, valueText, thresholdText) => {
    expect(comparison(value, threshold, unit)).toEqual({ value: valueText, threshold: thresholdText });
  });
});

describe('incompleteSentence', () => {
  const window = { ...condition, aggregation: 'sum', windowMs: 10_000 } as const;
  const missing = ' The newest point is 4 s old, so the end of the window may still be missing.';
  it.each([
    ['points of every second, 4 s late', 6, 4_000, missing],
    ['points of every second, in time', 10, 900, ''],
    ['points of every 2 s, between two of them', 5, 1_900, ''],
    ['points of every 3 s of which one is due', 3, 3_000, ''],
    ['too few points to tell how often they come', 2, 4_000, ''],
    ['a point stamped ahead', 10, -2_000, ''],
  ])('%s', (_, points, ageMs, text) => expect(incompleteSentence(window, { points, lastAt: 1_000_000 - ageMs }, 1_000_000)).toBe(text));
});

describe('emptySentence', () => {
  it.each([
    [955_000, 'No points in the last 20 s; the last one came 45 s ago.'],
    [null, 'No point has ever been stored for this.'],
    [1_060_000, 'No points in the last 20 s; the newest is stamped 1 min in the future.'],
  ])('with the last point at %s', (lastAt, text) => expect(emptySentence(20_000, lastAt, 1_000_000)).toBe(text));
});
