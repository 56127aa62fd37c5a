import { stat } from 'node:fs/promises';
import { checkPoints, checkRecords } from '../check.ts';
import { checkSeriesRequest } from '../limits.ts';
import type { ReadOptions, SignalStore } from '../port.ts';
import { ChunkWorker } from './client.ts';
import { buffersOf, KnownSeries } from './message.ts';
import type { WorkerData } from './worker.ts';
import { metricWrites, type SeriesWrite, signalWrites } from './writes.ts';

export interface ChunkSignalStore extends SignalStore {
  /** Stores validated points; their buffers are transferred. */
  append(writes: readonly SeriesWrite[]): Promise<void>;
  records(loaderCode: string, range: Parameters<SignalStore['records']>[1], options?: ReadOptions): ReturnType<SignalStore['records']>;
  /** Finishes running work and closes the file. */
  close(): Promise<void>;
}

export interface ChunkStoreOptions extends Pick<WorkerData, 'maxPointsRead'> {
  /** Heap limit of the worker, MB. */
  heapMb?: number;
}

/**
 * Opens the chunked signal store of one file (created if missing) in its own worker, which is restarted when it dies.
 * @throws AppError conflict when another process holds the file; unavailable when it cannot be used
 */
export async function openChunkSignals(file: string, { heapMb, ...options }: ChunkStoreOptions = {}): Promise<ChunkSignalStore> {
  const worker = await ChunkWorker.open({ file, ...options }, heapMb);
  const known = new KnownSeries();
  const append = async (writes: readonly SeriesWrite[]) => {
    const { packed, learn } = known.pack(writes);
    if (packed.lengths.length === 0) return;
    const ids = await worker.call('append', [packed], { transfer: buffersOf(packed.points) });
    if (ids) learn(ids);
  };
  return {
    append,
    async appendSignals(loaderCode, records) {
      checkRecords(records);
      await append(signalWrites(loaderCode, records));
    },
    async appendSignalBatches(batches) {
      for (const { records } of batches) checkRecords(records);
      await append(batches.flatMap(({ loaderCode, records }) => signalWrites(loaderCode, records)));
    },
    async appendMetrics(metrics) {
      for (const metric of metrics) checkPoints(metric);
      await append(metricWrites(metrics));
    },
    records: (loaderCode, range, options) => worker.call('records', [loaderCode, range], options),
    async query(request, options) {
      checkSeriesRequest(request);
      return worker.call('query', [request], options);
    },
    columns: (request, options) => worker.call('columns', [request], options),
    estimate: (request) => worker.call('estimate', [request]),
    summarise: (request, options) => worker.call('summarise', [request], options),
    series: (selector) => worker.call('series', [selector]),
    metricSeries: () => worker.call('metricSeries', []),
    expire: (before) => worker.call('expire', [before]),
    // Must not be cancelled half-way.
    remove: (range) => worker.call('remove', [range], { timeoutMs: Infinity }),
    damaged: (range) => worker.call('damaged', [range]),
    health: () => healthOf(worker, file),
    close: () => worker.close(),
  };
}

async function healthOf(worker: ChunkWorker, file: string): ReturnType<SignalStore['health']> {
  const sizes = await Promise.all([file, `${file}-wal`].map(sizeOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  try {
    const figures = await worker.call('figures', []);
    const { found, aside } = await worker.call('damage', []);
    const unstored = await worker.call('unstored', []);
    return { bytes, ...figures, unstored, damage: found, setAside: aside, restarted: worker.restarted };
  } catch (error) {
    // While the worker is down, that is reported as damage.
    const damage = [{ what: 'series file', reason: error instanceof Error ? error.message : String(error) }];
    const unknown = {
      series: 0,
      points: null,
      oldestAt: null,
      newestAt: null,
      pending: { points: 0, bytes: 0 },
      unstored: 0,
      compactedAt: null,
    };
    return { bytes, ...unknown, damage, setAside: null, restarted: worker.restarted };
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size;
}
