import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound } from '#common/timeseries/lower-bound.ts';
import { isGap, nearest } from './points.ts';

const every = (step: number, n: number, start = 0) => Array.from({ length: n }, (_, i) => start + i * step);
const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 }).map((a) => a.sort((x, y) => x - y));

describe('gaps', () => {
  it('breaks a line where nothing was measured', () => {
    const t = [...every(10, 5), ...every(10, 5, 500)];
    expect(t.map((_, i) => i > 0 && isGap(t, i, 10)).indexOf(true)).toBe(5);
  });
  it('lets a source change its pace without a gap', () => {
    const t = [...every(10, 20), ...every(2, 20, 192)];
    expect(t.some((_, i) => i > 0 && isGap(t, i, 2))).toBe(false);
    const back = [...every(2, 20), ...every(10, 20, 48)];
    expect(back.some((_, i) => i > 0 && isGap(back, i, 2))).toBe(false);
  });
  it('tolerates a missing bucket or two but not three', () => {
    expect(isGap([0, 10, 20, 40, 50], 3, 10)).toBe(false);
    expect(isGap([0, 10, 20, 50, 60], 3, 10)).toBe(true);
  });
  it('finds the gap around a lonely point', () => {
    const t = [...every(10, 10), 300, ...every(10, 10, 600)];
    expect([10, 11].map((i) => isGap(t, i, 10))).toEqual([true, true]);
  });
});

describe('look-up', () => {
  it('agrees with a search through all points', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: 0, max: 100_000 }), (t, at) => {
        const first = t.findIndex((x) => x >= at);
        expect(lowerBound(t, at)).toBe(first === -1 ? t.length : first);
        const found = nearest(t, at, 1_000);
        const distances = t.map((x) => Math.abs(x - at));
        const least = Math.min(...distances, Number.POSITIVE_INFINITY);
        if (least > 1_000) expect(found).toBe(-1);
        else expect(distances[found]).toBe(least);
      }),
    );
  });
});
