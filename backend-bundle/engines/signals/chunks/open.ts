import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { checkPoints, checkRecords } from '../check.ts';
import { checkSeriesRequest, defaultTimeoutMs } from '../limits.ts';
import type { ReadOptions, SignalStore } from '../port.ts';
import type { SeriesWrite } from './store.ts';
import type { Answer, Methods, Request, WorkerData } from './worker.ts';
import { buffersOf, metricWrites, signalWrites } from './writes.ts';

export interface ChunkSignalStore extends SignalStore {
  /** Stores checked points as columns; their memory is handed over. */
  append(writes: readonly SeriesWrite[]): Promise<void>;
  /** Finishes what was begun and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens the chunked signal store of one file (made when missing) in a worker of its own.
 * @throws AppError conflict when another process holds the file; unavailable when it cannot be used
 */
export async function openChunkSignals(file: string, options: Pick<WorkerData, 'mostRead'> = {}): Promise<ChunkSignalStore> {
  const workerData: WorkerData = { file, ...options };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let next = 0;
  let ended: AppError | null = null;

  const fail = (error: unknown) => {
    ended ??= describe(file, error);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail('its worker has ended'));
  worker.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new AppError(error.code, error.message, { hint: error.hint, field: error.field }));
    else call?.resolve(value);
  });

  function call<M extends keyof Methods>(
    method: M,
    args: Parameters<Methods[M]>,
    { signal, timeoutMs = defaultTimeoutMs, transfer }: ReadOptions & { transfer?: ArrayBuffer[] } = {},
  ): Promise<ReturnType<Methods[M]>> {
    if (ended) return Promise.reject(ended);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = next++;
    return new Promise<ReturnType<Methods[M]>>((resolve, reject) => {
      const cancel = () => {
        waiting.delete(id);
        worker.postMessage({ cancel: id } satisfies Request);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const settled = () => signal?.removeEventListener('abort', cancel);
      waiting.set(id, {
        resolve(value) {
          settled();
          resolve(value as ReturnType<Methods[M]>);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      worker.postMessage({ id, method, args, timeoutMs } satisfies Request, transfer);
    });
  }
  const append = (writes: readonly SeriesWrite[]) => call('append', [writes], { transfer: buffersOf(writes) });

  // The first answer proves that the file opened.
  await call('damage', []);
  return {
    append,
    async appendSignals(loaderCode, records) {
      checkRecords(records);
      await append(signalWrites(loaderCode, records));
    },
    async appendMetrics(metrics) {
      for (const metric of metrics) checkPoints(metric);
      await append(metricWrites(metrics));
    },
    records: (loaderCode, range) => call('records', [loaderCode, range]),
    async query(request, options) {
      checkSeriesRequest(request);
      return call('query', [request], options);
    },
    columns: (request, options) => call('columns', [request], options),
    estimate: (request) => call('estimate', [request]),
    summarise: (request, options) => call('summarise', [request], options),
    series: (selector) => call('series', [selector]),
    metricSeries: () => call('metricSeries', []),
    expire: (before) => call('expire', [before]),
    async health() {
      const [damage, ...sizes] = await Promise.all([call('damage', []), ...[file, `${file}-wal`].map(sizeOf)]);
      return { bytes: sizes.reduce((sum, size) => sum + size, 0), damage };
    },
    async close() {
      if (ended) return;
      const exited = once(worker, 'exit');
      await call('close', []);
      await exited;
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size;
}

function describe(file: string, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
    return new AppError('conflict', `The series file ${file} is held by another process.`, {
      hint: 'Stop the other process first.',
      cause: error,
    });
  }
  return new AppError('unavailable', `The series file ${file} cannot be used: ${message}`, {
    hint: 'Check the file and the disk, or restore the file from a backup.',
    cause: error,
  });
}
