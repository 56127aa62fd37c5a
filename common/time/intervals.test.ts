import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval } from './intervals.ts';
import { alignToBuckets, coalesce, intersect, normalise, subtract, union } from './intervals.ts';

const length = 60;
const interval = fc.tuple(fc.integer({ min: 0, max: length }), fc.integer({ min: 0, max: length })).map(([from, to]) => ({ from, to }));
const intervals = fc.array(interval, { maxLength: 8 });

/** The same sets in the slow and obvious way: one flag per millisecond. */
function covered(parts: readonly Interval[]): boolean[] {
  return Array.from({ length }, (_, t) => parts.some(({ from, to }) => from <= t && t < to));
}
function isNormal(parts: readonly Interval[]): boolean {
  return parts.every((part, i) => part.from < part.to && (i === 0 || (parts[i - 1]?.to ?? 0) < part.from));
}

describe('coverage', () => {
  test('every operation gives the same set as a check of each millisecond, in normal form', () => {
    fc.assert(
      fc.property(intervals, intervals, (first, second) => {
        const [a, b] = [normalise(first), normalise(second)];
        const [inA, inB] = [covered(first), covered(second)];
        expect(covered(a)).toEqual(inA);
        expect(covered(union(a, b))).toEqual(inA.map((yes, t) => yes || inB[t]));
        expect(covered(subtract(a, b))).toEqual(inA.map((yes, t) => yes && !inB[t]));
        expect(covered(intersect(a, b))).toEqual(inA.map((yes, t) => yes && inB[t]));
        for (const result of [a, union(a, b), subtract(a, b), intersect(a, b)]) expect(isNormal(result)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('coalescing keeps everything covered, adds only gaps, and stays within the maximum number', () => {
    fc.assert(
      fc.property(intervals, fc.integer({ min: 1, max: 4 }), (parts, most) => {
        const all = normalise(parts);
        const few = coalesce(all, most);
        expect(few.length).toBeLessThanOrEqual(most);
        expect(subtract(all, few)).toEqual([]);
        expect(few[0]?.from).toBe(all[0]?.from);
        expect(few.at(-1)?.to).toBe(all.at(-1)?.to);
      }),
    );
  });

  test('coalescing closes the narrowest gap first', () => {
    const parts = [
      { from: 0, to: 10 },
      { from: 30, to: 40 },
      { from: 45, to: 50 },
    ];
    expect(coalesce(parts, 2)).toEqual([
      { from: 0, to: 10 },
      { from: 30, to: 50 },
    ]);
  });

  test('aligning widens to whole buckets and leaves stored points alone', () => {
    expect(alignToBuckets({ from: 61_000, to: 119_000 }, 60_000)).toEqual({ from: 60_000, to: 120_000 });
    expect(alignToBuckets({ from: 60_000, to: 120_000 }, 60_000)).toEqual({ from: 60_000, to: 120_000 });
    expect(alignToBuckets({ from: 61_001, to: 119_003 }, 0)).toEqual({ from: 61_001, to: 119_003 });
  });
});
