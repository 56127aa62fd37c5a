import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noStats, statsOf } from './stats.ts';

describe('statsOf', () => {
  it('counts only finite points on screen', () => {
    const t = [0, 10, 20, 30, 40];
    const v = [100, 2, Number.NaN, 6, 100];
    expect(statsOf({ t, v }, { from: 10, to: 40 })).toEqual({ last: 6, lastAt: 30, min: 2, avg: 4, max: 6, change: 4, changeShare: 2 });
  });
  it('says nothing where nothing is', () => {
    expect(statsOf({ t: [], v: [] }, { from: 0, to: 10 })).toEqual(noStats);
    expect(statsOf({ t: [50], v: [1] }, { from: 0, to: 10 })).toEqual(noStats);
  });
  it('has no share of a change from zero, and a sign that follows the value', () => {
    expect(statsOf({ t: [0, 1], v: [0, 5] }, { from: 0, to: 2 }).changeShare).toBeNull();
    expect(statsOf({ t: [0, 1], v: [-10, -5] }, { from: 0, to: 2 }).changeShare).toBe(0.5);
  });
  it('orders min, avg and max', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (v) => {
        const s = statsOf({ t: v.map((_, i) => i), v }, { from: 0, to: v.length });
        expect(s.min).toBe(Math.min(...v));
        expect(s.max).toBe(Math.max(...v));
        expect(s.avg ?? Number.NaN).toBeGreaterThanOrEqual((s.min ?? 0) - 1e-6);
        expect(s.avg ?? Number.NaN).toBeLessThanOrEqual((s.max ?? 0) + 1e-6);
        expect(s.last).toBe(v.at(-1));
      }),
    );
  });
});
