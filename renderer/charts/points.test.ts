import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentIn, isGap, lowerBound, nearest, thin, toPairs } from './points.ts';

const every = (step: number, n: number, start = 0) => Array.from({ length: n }, (_, i) => start + i * step);
const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 }).map((a) => a.sort((x, y) => x - y));

describe('gaps', () => {
  it('breaks a line where nothing was measured', () => {
    const t = [...every(10, 5), ...every(10, 5, 500)];
    expect(t.map((_, i) => i > 0 && isGap(t, i, 10)).indexOf(true)).toBe(5);
    const pairs = toPairs({ t, v: t }, 10);
    expect(pairs.length).toBe(2 * 11);
    expect(pairs[10]).toBe((40 + 500) / 2);
    expect(pairs[11]).toBeNaN();
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
  it('keeps every point, in order, and adds only NaN', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: 0, max: 500 }), (t, bucket) => {
        const v = t.map((x) => x * 2);
        const pairs = toPairs({ t, v }, bucket);
        const kept: number[] = [];
        for (let i = 0; i < pairs.length; i += 2) {
          if (i > 0) expect(pairs[i] ?? 0).toBeGreaterThan(pairs[i - 2] ?? 0);
          if (!Number.isNaN(pairs[i + 1])) kept.push(pairs[i] ?? -1);
        }
        expect(kept).toEqual(t);
      }),
    );
  });
});

describe('thinning', () => {
  const columns = 5;
  const stretch = { from: 0, to: 1_000 };
  const points = fc.uniqueArray(fc.integer({ min: -50, max: 1_050 }), { minLength: 60, maxLength: 400 }).chain((times) =>
    fc.tuple(
      fc.constant(times.sort((a, b) => a - b)),
      fc.array(fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -9, max: 9 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), {
        minLength: times.length,
        maxLength: times.length,
      }),
    ),
  );
  const pairsOf = (t: number[], v: number[]) => Float64Array.from(t.flatMap((at, i) => [at, v[i] ?? Number.NaN]));
  /** First, last, least and greatest of each column, the brute way. */
  function summary(pairs: Float64Array) {
    return Array.from({ length: columns }, (_, column) => {
      const values: number[] = [];
      for (let i = 0; i < pairs.length; i += 2) {
        const at = Math.floor((pairs[i] ?? 0) / (stretch.to / columns));
        if (at === column && !Number.isNaN(pairs[i + 1])) values.push(pairs[i + 1] ?? 0);
      }
      return { first: values[0], last: values.at(-1), min: Math.min(...values), max: Math.max(...values) };
    });
  }
  it('leaves each pixel column its first, last, least and greatest point', () => {
    fc.assert(
      fc.property(points, ([t, v]) => {
        const pairs = pairsOf(t, v);
        expect(summary(thin(pairs, stretch, columns))).toEqual(summary(pairs));
      }),
    );
  });
  it('keeps every gap, the order, and nothing that was not measured', () => {
    fc.assert(
      fc.property(points, ([t, v]) => {
        const thinned = thin(pairsOf(t, v), stretch, columns);
        const known = new Map(t.map((at, i) => [at, v[i]]));
        for (let i = 0; i < thinned.length; i += 2) {
          expect(known.get(thinned[i] ?? -1)).toBe(thinned[i + 1]);
          if (i > 0) expect(thinned[i] ?? 0).toBeGreaterThan(thinned[i - 2] ?? 0);
        }
        const gaps = (values: Iterable<number>) => [...values].filter(Number.isNaN).length;
        expect(gaps(thinned)).toBe(gaps(v));
      }),
    );
  });
  it('draws no more than four points a column however many there are', () => {
    const t = every(1, 100_000);
    const pairs = toPairs({ t, v: t.map((at) => Math.sin(at)) }, 1);
    expect(thin(pairs, { from: 0, to: 100_000 }, 500).length / 2).toBeLessThanOrEqual(500 * 4);
    expect(thin(pairs.slice(0, 100), { from: 0, to: 100 }, 500).length).toBe(100);
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
  it('takes the extent of what is drawn, one point past each end included', () => {
    const lines = [{ t: [0, 10, 20, 30], v: [9, 1, 2, 7] }];
    expect(extentIn(lines, { from: 10, to: 20 })).toEqual({ min: 1, max: 9 });
    expect(extentIn([{ t: [10], v: [Number.NaN] }], { from: 0, to: 20 })).toBeNull();
    expect(extentIn([], { from: 0, to: 20 })).toBeNull();
  });
});
