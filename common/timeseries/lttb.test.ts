import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lttb } from './lttb.ts';

const line = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 400 })
  .map((steps) => {
    let time = 1_700_000_000_000;
    const t = steps.map(([step]) => {
      time += step;
      return time;
    });
    return { t, v: steps.map(([, value]) => value) };
  });

describe('lttb', () => {
  test('keeps as many points as asked, in order, with both ends', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 450 }), ({ t, v }, most) => {
        const picked = lttb(t, v, most);
        expect(picked).toHaveLength(Math.min(t.length, most));
        expect(picked).toEqual([...new Set(picked)].toSorted((a, b) => a - b));
        if (t.length > 0) expect(picked.at(-1)).toBe(t.length - 1);
        if (t.length > 0 && most > 1) expect(picked[0]).toBe(0);
      }),
    );
  });

  test('each point spans the largest triangle of its bucket', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 3, max: 60 }), ({ t, v }, most) => {
        fc.pre(t.length > most);
        const picked = lttb(t, v, most);
        const edges = Array.from({ length: most - 1 }, (_, bucket) => Math.floor((bucket * (t.length - 2)) / (most - 2)) + 1);
        for (let bucket = 0; bucket < most - 2; bucket += 1) {
          const [from = 0, to = 0] = [edges[bucket], edges[bucket + 1]];
          const end = edges[bucket + 2] ?? t.length;
          const next = range(to, end);
          const mean = { t: average(next.map((i) => t[i] ?? 0)), v: average(next.map((i) => v[i] ?? 0)) };
          const before = picked[bucket] ?? 0;
          const chosen = picked[bucket + 1] ?? 0;
          expect(chosen).toBeGreaterThanOrEqual(from);
          expect(chosen).toBeLessThan(to);
          const area = (i: number) => triangle(t[before], v[before], t[i], v[i], mean.t, mean.v);
          const most = Math.max(...range(from, to).map(area));
          expect(area(chosen)).toBeGreaterThanOrEqual(most - 1e-6 * Math.max(1, most));
        }
      }),
    );
  });

  test('a single spike in a flat line survives', () => {
    const t = range(0, 10_000).map((i) => i * 1000);
    const v = t.map(() => 1);
    v[4321] = 99;
    expect(lttb(t, v, 100)).toContain(4321);
  });
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const average = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
function triangle(x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0): number {
  return Math.abs((x0 - x2) * (y1 - y0) - (x0 - x1) * (y2 - y0));
}
