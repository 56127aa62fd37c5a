import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeChunk, encodeChunk, openChunk, statsOf } from './chunk.ts';
import { mergePoints, type Points, recordOf, slicePoints } from './points.ts';

const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((v) => v + 0);
const times = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { maxLength: 200 }).map((list) => list.sort((a, b) => a - b));

function points(withRecord: boolean): fc.Arbitrary<Points> {
  return times.chain((list) =>
    fc.array(fc.tuple(number, number, number, number, fc.nat(100)), { minLength: list.length, maxLength: list.length }).map((rows) => {
      const column = (i: number) => Float64Array.from(rows, (row) => row[i] as number);
      const made: Points = { t: Float64Array.from(list, (t) => 1_700_000_000_000 + t), v: column(0) };
      if (withRecord) made.record = { count: column(4), min: column(1), max: column(2), sum: column(3) };
      return made;
    }),
  );
}
const anyPoints = fc.boolean().chain(points);

test('decoding a chunk returns its points', () => {
  fc.assert(
    fc.property(anyPoints, (made) => {
      const back = decodeChunk(encodeChunk(made));
      expect([back.t, back.v]).toEqual([made.t, made.v]);
      expect(recordOf(back)).toEqual(recordOf(made));
    }),
  );
});

test('decoding part of a packed chunk returns its points bit for bit', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -200, max: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  const long = fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 700 }), fc.integer({ min: 0, max: 6 }), fc.constantFrom(1000, 0), fc.boolean())
    .map(([steps, scale, dt, withRecord]) => {
      let level = 0;
      const v = Float64Array.from(steps, (one) => {
        level += one;
        return level / 10 ** scale;
      });
      const made: Points = { t: v.map((_, i) => 1_700_000_000_000 + i * dt + (dt === 0 ? i * i : 0)), v };
      if (withRecord)
        made.record = { count: v.map((_, i) => i % 5), min: v.map((value) => value - 1), max: v, sum: v.map((value) => value * 3) };
      return made;
    });
  fc.assert(
    fc.property(fc.oneof(anyPoints, long), fc.nat(), fc.nat(), (made, a, b) => {
      const chunk = openChunk(encodeChunk(made, true));
      const n = made.t.length;
      const [from = 0, to = 0] = [a % (n + 1), b % (n + 1)].sort((x, y) => x - y);
      for (const [first, last] of [
        [0, n],
        [from, to],
      ] as const) {
        const back = chunk.slice(first, last);
        const filled = [new Float64Array(last - first), new Float64Array(last - first)] as const;
        chunk.fill(first, last, ...filled);
        expect(filled).toEqual([back.t, back.v]);
        const expected = slicePoints(made, first, last);
        expect([back.t, back.v]).toEqual([expected.t, expected.v]);
        expect(recordOf(back)).toEqual(recordOf(expected));
      }
    }),
    { numRuns: 300 },
  );
});

test('noise of two digits packs into about a byte a point', () => {
  const v = Float64Array.from({ length: 3600 }, (_, i) => Math.round(5000 + 60 * Math.sin(i) + 40 * Math.sin(i * i)) / 100);
  const t = v.map((_, i) => i * 1000);
  expect(encodeChunk({ t, v }, true).length).toBeLessThan(3600 * 1.1);
});

test('redundant columns are omitted', () => {
  const v = Float64Array.of(1, 2, 3);
  const t = Float64Array.of(1, 2, 3);
  const plain = encodeChunk({ t, v, record: { count: Float64Array.of(1, 1, 1), min: v, max: v, sum: v } });
  expect(plain.length).toBe(encodeChunk({ t, v }).length);
});

test('merging equals writing one after the other into a map', () => {
  fc.assert(
    fc.property(anyPoints, anyPoints, (earlier, later) => {
      const rows = new Map<number, number[]>();
      for (const set of [earlier, later]) {
        const record = recordOf(set);
        for (const [i, t] of set.t.entries())
          rows.set(t, [set.v[i], record.count[i], record.min[i], record.max[i], record.sum[i]] as number[]);
      }
      const expected = [...rows.entries()].sort(([a], [b]) => a - b);
      const merged = mergePoints(earlier, later);
      const record = recordOf(merged);
      const got = Array.from(merged.t, (t, i) => [t, [merged.v[i], record.count[i], record.min[i], record.max[i], record.sum[i]]]);
      expect(got).toEqual(expected);
    }),
  );
});

test('statistics equal a plain count', () => {
  fc.assert(
    fc.property(anyPoints, (made) => {
      const record = recordOf(made);
      const stats = statsOf(made);
      expect(stats.n).toBe(made.t.length);
      expect(stats.min).toBe(Math.min(...record.min));
      expect(stats.max).toBe(Math.max(...record.max));
      expect([stats.low, stats.high]).toEqual([Math.min(...made.v), Math.max(...made.v)]);
      expect(stats.sum).toBe(record.sum.reduce((a, b) => a + b, 0));
      expect(stats.records).toBe(record.count.reduce((a, b) => a + b, 0));
    }),
  );
});

test('damaged bytes never decode to a different number of points without an error', () => {
  fc.assert(
    fc.property(points(false), fc.boolean(), fc.nat(), (made, pack, cut) => {
      const bytes = encodeChunk(made, pack);
      fc.pre(bytes.length > 3);
      expect(() => decodeChunk(bytes.subarray(0, cut % bytes.length))).toThrow();
    }),
  );
});
