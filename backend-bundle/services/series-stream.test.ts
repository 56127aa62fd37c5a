import { expect, test } from 'vitest';
import type { SeriesRow } from '#common/arrow/rows.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../engines/port.ts';
import type { Estimate, ReadOptions, SeriesPoints, SeriesRequest } from '../engines/signals/port.ts';
import { streamSeries } from './series-stream.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const question = (loaderCode: string, hours: number): SeriesQuery => ({
  selector: { from: 'signal', loaderCode },
  aggregation: 'raw',
  from: start,
  to: start + hours * hour,
  bucketMs: 0,
});

/** A store with one point per second that records its calls, and whose reads and estimates can be made to fail. */
function makeEngines(fail: { read?: (from: number) => Error | null; estimate?: (from: number) => Error | null } = {}) {
  const reads: { request: SeriesRequest; options: ReadOptions }[] = [];
  const engines = {
    now: () => start + 1_000 * hour,
    signals: {
      damaged: async () => [],
      estimate: async ({ from, to }: SeriesRequest): Promise<Estimate> => {
        const error = fail.estimate?.(from);
        if (error) throw error;
        return { series: 1, points: (to - from) / 1_000 };
      },
      query: async (request: SeriesRequest, options: ReadOptions): Promise<SeriesPoints[]> => {
        reads.push({ request, options });
        const error = fail.read?.(request.from);
        if (error) throw error;
        return [{ labels: {}, t: Float64Array.of(request.from), v: Float64Array.of(1) }];
      },
    },
  };
  return { engines: engines as unknown as Engines, reads };
}
const never = new AbortController().signal;
async function all(rows: AsyncIterable<SeriesRow[]>): Promise<SeriesRow[]> {
  const found: SeriesRow[] = [];
  for await (const batch of rows) found.push(...batch);
  return found;
}
const tooMuch = () => new AppError('query_too_large', 'Too much.', { hint: 'Less.' });

test('reads only a few parts ahead of the client; disconnecting stops running reads', async () => {
  const { engines, reads } = makeEngines();
  const rows = streamSeries(engines, [question('belt', 1_000)], never);
  await rows.next();
  await rows.next();
  expect(reads.length).toBeLessThanOrEqual(4);
  expect(reads[0]?.options.signal?.aborted).toBe(false);
  await rows.return(undefined);
  expect(reads.every(({ options }) => options.signal?.aborted)).toBe(true);
});

test('the parts of a long answer are not cached, those of a short one are', async () => {
  const { engines, reads } = makeEngines();
  await all(streamSeries(engines, [question('short', 200), question('long', 500)], never));
  const remembered = (code: string) =>
    new Set(
      reads
        .filter(({ request }) => request.selector.from === 'signal' && request.selector.loaderCode === code)
        .map(({ options }) => (options as { remember?: boolean }).remember),
    );
  expect([remembered('short'), remembered('long')]).toEqual([new Set([true]), new Set([false])]);
});

test.each([
  ['reading', { read: (from: number) => (from > start + 100 * hour ? tooMuch() : null) }],
  ['finding', { estimate: (from: number) => (from > start + 100 * hour ? tooMuch() : null) }],
])('if a query fails in %s a later part, its earlier parts stay and the other queries continue', async (_, fail) => {
  const { engines } = makeEngines(fail);
  const rows = await all(streamSeries(engines, [question('long', 300), question('short', 50)], never));
  expect(rows.filter(({ kind }) => kind === 'failed')).toEqual([
    { kind: 'failed', query: 0, code: 'query_too_large', message: 'Too much.', hint: 'Less.' },
  ]);
  const parts = rows.flatMap((row) => (row.kind === 'part' ? [[row.query, (row.to - start) / hour]] : []));
  expect(parts[0]).toEqual([1, 50]);
  expect(parts.at(-1)?.[0]).toBe(0);
  expect(parts.at(-1)?.[1]).toBeLessThan(300);
});

test('a query with too many points is refused with the estimate and a hint', async () => {
  const { engines, reads } = makeEngines();
  const rows = await all(streamSeries(engines, [question('endless', 40_000)], never));
  expect(rows).toEqual([
    expect.objectContaining({ kind: 'failed', code: 'query_too_large', message: expect.stringMatching(/144,000,000/) }),
  ]);
  expect(reads).toHaveLength(0);
});

test('an unexpected error ends the stream', async () => {
  const { engines } = makeEngines({ read: () => new Error('defect') });
  await expect(all(streamSeries(engines, [question('belt', 1)], never))).rejects.toThrow('defect');
});
