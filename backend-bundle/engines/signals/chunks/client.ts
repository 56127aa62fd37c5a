import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { defaultTimeoutMs } from '../limits.ts';
import type { ReadOptions, SignalsHealth } from '../port.ts';
import { isDamage } from './verify.ts';
import type { Answer, Methods, Request, WorkerData } from './worker.ts';

/** Longest wait before a worker is started again, ms; none for one that lived well. */
const longestWait = 30_000;
/** One that lived this long, ms, was not ended by its start. */
const livedWell = 60_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * The worker of one series file. When it dies, what it was asked fails and another takes the file over: what was acknowledged is in
 * the file, and what was not, its sender sends again.
 */
export class ChunkWorker {
  readonly #data: WorkerData;
  readonly #heapMb: number | undefined;
  readonly #waiting = new Map<number, Waiting>();
  /** Ended while it waits to be started again. */
  #worker: Worker | null = null;
  #next = 0;
  /** Whether it ever answered: before that, a file that cannot be opened is its caller's to know. */
  #hasOpened = false;
  #isClosed = false;
  #failure: AppError | null = null;
  #waitMs = 0;
  /** Why the file is to be set aside, when that is why the worker ended. */
  #damage: string | undefined;
  readonly #stopped = new AbortController();
  restarted: SignalsHealth['restarted'] = null;

  private constructor(data: WorkerData, heapMb: number | undefined) {
    this.#data = data;
    this.#heapMb = heapMb;
  }

  /** @param heapMb most memory for its objects, where it is not to be as much as Node gives. @throws AppError conflict, unavailable */
  static async open(data: WorkerData, heapMb?: number): Promise<ChunkWorker> {
    const client = new ChunkWorker(data, heapMb);
    client.#start();
    // The first answer proves that the file opened.
    await client.call('damage', []);
    client.#hasOpened = true;
    return client;
  }

  call<M extends keyof Methods>(
    method: M,
    args: Parameters<Methods[M]>,
    { signal, timeoutMs = defaultTimeoutMs, transfer }: ReadOptions & { transfer?: ArrayBuffer[] } = {},
  ): Promise<ReturnType<Methods[M]>> {
    const worker = this.#worker;
    if (!worker) return Promise.reject(this.#failure ?? closed(this.#data.file));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#next++;
    return new Promise<ReturnType<Methods[M]>>((resolve, reject) => {
      const cancel = () => {
        this.#waiting.delete(id);
        worker.postMessage({ cancel: id } satisfies Request);
        reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener('abort', cancel);
      this.#waiting.set(id, {
        resolve(value) {
          settled();
          resolve(value as ReturnType<Methods[M]>);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      worker.postMessage({ id, method, args, timeoutMs } satisfies Request, transfer);
    });
  }

  /** Finishes what was begun and closes the file. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopped.abort();
    const worker = this.#worker;
    if (!worker) return;
    const exited = once(worker, 'exit');
    // One that dies now is closed too.
    await this.call('close', []).catch(() => undefined);
    await exited;
  }

  #start(): void {
    const begun = performance.now();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { ...this.#data, damage: this.#damage } satisfies WorkerData,
      ...(this.#heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#heapMb } }),
    });
    this.#worker = worker;
    let cause: unknown = 'its worker has ended';
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('message', ({ id, value, error }: Answer) => {
      this.#failure = null;
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) call?.reject(new AppError(error.code, error.message, { hint: error.hint, field: error.field }));
      else call?.resolve(value);
    });
    worker.on('exit', () => {
      this.#worker = null;
      this.#damage = isDamage(cause) ? messageOf(cause) : undefined;
      this.#failure = this.#isClosed ? null : this.#hasOpened ? lost(this.#data.file, cause) : cannotOpen(this.#data.file, cause);
      for (const { reject } of this.#waiting.values()) reject(this.#failure ?? closed(this.#data.file));
      this.#waiting.clear();
      if (this.#isClosed || !this.#hasOpened) return;
      this.restarted = { count: (this.restarted?.count ?? 0) + 1, at: Date.now(), reason: messageOf(cause) };
      this.#waitMs = performance.now() - begun > livedWell ? 0 : Math.min(longestWait, Math.max(100, this.#waitMs * 2));
      void this.#startAgain();
    });
  }

  async #startAgain(): Promise<void> {
    const stopped = await sleep(this.#waitMs, undefined, { signal: this.#stopped.signal, ref: false }).then(
      () => false,
      () => true,
    );
    if (!stopped) this.#start();
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function lost(file: string, cause: unknown): AppError {
  return new AppError('unavailable', `The worker that holds the series file ${file} has ended: ${messageOf(cause)}.`, {
    hint: 'It is started again by itself; try again shortly. What was acknowledged is kept.',
    cause,
  });
}

function closed(file: string): AppError {
  return new AppError('unavailable', `The series file ${file} is closed.`, { hint: 'Start the backend again.' });
}

function cannotOpen(file: string, error: unknown): AppError {
  if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
    return new AppError('conflict', `The series file ${file} is held by another process.`, {
      hint: 'Stop the other process first.',
      cause: error,
    });
  }
  return new AppError('unavailable', `The series file ${file} cannot be used: ${messageOf(error)}`, {
    hint: 'Check the file and the disk, or restore the file from a backup.',
    cause: error,
  });
}
