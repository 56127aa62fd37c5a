import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BucketWidth, bucketEdges } from './buckets.ts';
import { fill } from './fill.ts';

const minute = 60_000;
const at = (...minutes: number[]) => Float64Array.from(minutes, (m) => m * minute);
const values = (...all: number[]) => Float64Array.from(all);
const filled = (policy: Parameters<typeof fill>[2], from = 0, to = 6) =>
  fill(at(1, 3), values(10, 20), policy, from * minute, to * minute, { ms: minute });

describe('a bucket without points', () => {
  test.each([
    ['none', [1, 3], [10, 20]],
    ['null', [0, 1, 2, 3, 4, 5], [NaN, 10, NaN, 20, NaN, NaN]],
    ['zero', [0, 1, 2, 3, 4, 5], [0, 10, 0, 20, 0, 0]],
    ['previous', [0, 1, 2, 3, 4, 5], [NaN, 10, 10, 20, 20, 20]],
    ['linear', [0, 1, 2, 3, 4, 5], [NaN, 10, 15, 20, NaN, NaN]],
  ] as const)('%s', (policy, minutes, expected) => {
    expect(filled(policy)).toEqual({ t: at(...minutes), v: values(...expected) });
  });

  test('counts even if it is only partly in the range', () => {
    expect(fill(at(1), values(10), 'zero', 0.5 * minute, 2.5 * minute, { ms: minute })).toEqual({ t: at(0, 1, 2), v: values(0, 10, 0) });
  });

  test('nothing to fill from, and nothing to fill', () => {
    expect(fill(at(), values(), 'linear', 0, 2 * minute, { ms: minute }).v).toEqual(values(NaN, NaN));
    expect(fill(at(), values(), 'zero', 0, 0, { ms: minute })).toEqual({ t: at(), v: values() });
  });

  test('calendar days: one value a day, where clocks change too', () => {
    const width: BucketWidth = { days: 1, timeZone: 'Europe/Berlin' };
    const [from, to] = [Date.UTC(2026, 2, 27, 23), Date.UTC(2026, 2, 31, 22)];
    const days = bucketEdges(from, to, width);
    const { t, v } = fill(days.slice(0, 1), values(4), 'previous', from, to, width);
    expect([...t].map((day) => new Date(day).toISOString())).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
      '2026-03-30T22:00:00.000Z',
    ]);
    expect(v).toEqual(values(4, 4, 4, 4));
  });
});

test('a bucket with points keeps its value, and every bucket occurs once, for any policy', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(99), { maxLength: 40 }),
      fc.constantFrom('null' as const, 'zero' as const, 'previous' as const, 'linear' as const),
      (minutes, policy) => {
        const t = at(...minutes.sort((a, b) => a - b));
        const v = t.map((time) => Math.sin(time));
        const out = fill(t, v, policy, 0, 100 * minute, { ms: minute });
        expect(out.t).toEqual(at(...Array.from({ length: 100 }, (_, i) => i)));
        for (const [i, time] of t.entries()) expect(out.v[time / minute]).toBe(v[i]);
      },
    ),
  );
});
