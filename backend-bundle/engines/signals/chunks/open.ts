import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import type { SignalStore } from '../port.ts';
import type { Answer, Call, Methods } from './worker.ts';

export interface ChunkSignalStore extends SignalStore {
  /** Finishes what was begun and closes the file. */
  close(): Promise<void>;
}

/** Opens the chunked signal store of one file (made when missing) in a worker of its own. @throws AppError unavailable */
export async function openChunkSignals(file: string): Promise<ChunkSignalStore> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file } });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let next = 0;
  let ended: AppError | null = null;

  const fail = (error: unknown) => {
    ended ??= new AppError('unavailable', `The series file ${file} cannot be used: ${error instanceof Error ? error.message : error}`, {
      hint: 'Check the file and the disk, or restore the file from a backup.',
      cause: error,
    });
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

  function call<M extends keyof Methods>(method: M, ...args: Parameters<Methods[M]>): Promise<ReturnType<Methods[M]>> {
    if (ended) return Promise.reject(ended);
    const id = next++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  // The first answer proves that the file opened.
  await call('metricSeries');
  return {
    appendSignals: (loaderCode, records) => call('appendSignals', loaderCode, records),
    appendMetrics: (metrics) => call('appendMetrics', metrics),
    records: (loaderCode, range) => call('records', loaderCode, range),
    query: (request) => call('query', request),
    summarise: (request) => call('summarise', request),
    series: (selector) => call('series', selector),
    metricSeries: () => call('metricSeries'),
    expire: (before) => call('expire', before),
    async close() {
      if (ended) return;
      const exited = once(worker, 'exit');
      await call('close');
      await exited;
    },
  };
}
