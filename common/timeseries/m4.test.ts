import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstAtOrAfter, m4, type TimeColumn, timeAt } from './m4.ts';
import { Pyramid } from './pyramid.ts';

const series = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: -1000, max: 1000 })), { maxLength: 3000 })
  .map((steps) => {
    let t = 1_700_000_000_000;
    return steps.map(([gap, v]) => {
      t += gap;
      return { t, v };
    });
  });

test('every column holds the first, last, least and greatest of its points, as counted one by one', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 80_000 }), (points, columns, width) => {
      const from = 1_700_000_000_000 + 100;
      const to = from + width;
      const values = Float64Array.from(points, (p) => p.v);
      const result = m4({ t: Float64Array.from(points, (p) => p.t) }, new Pyramid(values), from, to, columns);
      const edge = (column: number) => from + (column * (to - from)) / columns;
      for (let column = 0; column < columns; column++) {
        const inside = points.flatMap((p, i) => (p.t >= edge(column) && p.t < edge(column + 1) ? [{ ...p, i }] : []));
        expect(result.first[column]).toBe(inside[0]?.i ?? -1);
        expect(result.last[column]).toBe(inside.at(-1)?.i ?? -1);
        if (inside.length > 0) {
          expect(result.min[column]).toBe(Math.min(...inside.map((p) => p.v)));
          expect(result.max[column]).toBe(Math.max(...inside.map((p) => p.v)));
        }
      }
    }),
  );
});

test('regular times give the same results as the same times in an array', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(500), fc.integer({ min: -1e6, max: 1e6 }), (dt, n, offset) => {
      const t0 = 1_700_000_000_000;
      const regular: TimeColumn = { t0, dt };
      const written: TimeColumn = { t: Float64Array.from({ length: n }, (_, i) => timeAt(regular, i)) };
      expect(firstAtOrAfter(regular, n, t0 + offset)).toBe(firstAtOrAfter(written, n, t0 + offset));
    }),
  );
});
