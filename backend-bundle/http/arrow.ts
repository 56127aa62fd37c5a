import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { SeriesRow } from '#common/arrow/rows.ts';

/**
 * Returns the body of a stream of series. The next batch is read from the source only after the previous one has been sent to the client.
 * @throws whatever the source throws before its first batch; a later error closes the connection, because the response has started
 */
export async function seriesBody(rows: AsyncIterable<SeriesRow[]>, gone: AbortSignal, log: Logger): Promise<Readable> {
  const source = rows[Symbol.asyncIterator]();
  const first = await source.next();
  return Readable.from(chunks(source, first, gone, log), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* chunks(
  source: AsyncIterator<SeriesRow[]>,
  first: IteratorResult<SeriesRow[]>,
  gone: AbortSignal,
  log: Logger,
): AsyncGenerator<Uint8Array> {
  // Loaded with the first stream: the library takes a tenth of a second of a start.
  const { SeriesEncoder } = await import('#common/arrow/encode.ts');
  const encoder = new SeriesEncoder();
  try {
    for (let next = first; !next.done; next = await source.next()) yield encoder.encode(next.value);
    yield encoder.end();
  } catch (error) {
    if (!gone.aborted) log.error({ err: error }, 'a stream of series broke off');
    throw error;
  } finally {
    await source.return?.();
  }
}
