import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketStart } from '#common/timeseries/buckets.ts';
import type { Estimate, RangeRequest } from '../engines/signals/port.ts';
import { answerPoints, type QuerySlice, slicesOf, type UnboundedRequest } from './query-slices.ts';

const hour = 3_600_000;
/** Counts whole hours, as an engine may: `rate` points per second and series where `busy` says so. */
function storeOf(rate: number, series: number, busy: (at: number) => boolean = () => true) {
  return {
    estimate: async ({ from, to }: Pick<RangeRequest, 'from' | 'to'>): Promise<Estimate> => {
      let points = 0;
      for (let at = Math.floor(from / hour) * hour; at < to; at += hour) if (busy(at)) points += series * rate * 3_600;
      return { series, points };
    },
  };
}
async function cut(store: ReturnType<typeof storeOf>, question: UnboundedRequest): Promise<QuerySlice[]> {
  const slices: QuerySlice[] = [];
  for await (const slice of slicesOf(store, question, await store.estimate(question))) slices.push(slice);
  return slices;
}
const day = 24 * hour;
const start = Date.UTC(2026, 2, 1);
const raw: UnboundedRequest = {
  selector: { from: 'signal', loaderCode: 'x' },
  aggregation: 'raw',
  bucketMs: 0,
  from: start,
  to: start + 30 * day,
};

test('slices are consecutive, cover the range and end at bucket edges, for any range', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 40 * day }),
      fc.integer({ min: 1, max: 40 * day }),
      fc.constantFrom(
        { bucketMs: 0 },
        { bucketMs: 1_000 },
        { bucketMs: 60_000 },
        { bucketMs: 7 * 60_000 },
        { bucketMs: day },
        { bucketMs: day, timeZone: 'Europe/Berlin' },
      ),
      fc.constantFrom('raw' as const, 'avg' as const, 'p95' as const),
      fc.constantFrom(0.01, 1, 100, 5_000),
      async (offset, length, width, aggregation, rate) => {
        const question = { ...raw, ...width, aggregation, from: start + offset, to: start + offset + length };
        const slices = await cut(storeOf(rate, 3), question);
        expect(slices[0]?.from).toBe(question.from);
        expect(slices.at(-1)?.to).toBe(question.to);
        for (const [i, { from, to }] of slices.entries()) {
          expect(to).toBeGreaterThan(from);
          if (i === 0) continue;
          expect(from).toBe(slices[i - 1]?.to);
          const zone = 'timeZone' in width ? { days: 1 as const, timeZone: 'Europe/Berlin' } : { ms: width.bucketMs || 1 };
          expect(bucketStart(from, zone)).toBe(from);
        }
        expect(slices.length).toBeLessThanOrEqual(64 * 64);
      },
    ),
    { numRuns: 60 },
  );
});

test('a slice has about a quarter of a million points, even if they are unevenly distributed', async () => {
  const even = await cut(storeOf(2, 1), raw);
  expect(even.length).toBeGreaterThanOrEqual(20);
  for (const { points } of even) expect(points).toBeLessThanOrEqual(500_000);
  // Everything within the first day.
  const uneven = await cut(
    storeOf(50, 1, (at) => at < start + day),
    raw,
  );
  for (const { points } of uneven) expect(points).toBeLessThanOrEqual(750_000);
});

test('a query with a small answer is not divided, unless every point must be read', async () => {
  const store = storeOf(10, 1);
  const hourly = { ...raw, bucketMs: hour };
  expect(await cut(store, { ...hourly, aggregation: 'avg' })).toHaveLength(1);
  expect((await cut(store, { ...hourly, aggregation: 'p95' })).length).toBeGreaterThan(4);
  expect(answerPoints({ ...hourly, aggregation: 'avg' }, await store.estimate(hourly))).toBe(30 * 24 + 1);
});
