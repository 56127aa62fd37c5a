import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { WorkerClient } from '#common/workers/client.ts';
import { defaultTimeoutMs } from '../limits.ts';
import type { ReadOptions, SignalsHealth } from '../port.ts';
import { isDamage } from './verify.ts';
import type { Methods, StoreCall, StoreFailure, WorkerData } from './worker.ts';

/** Backoff before a worker is started again. One that ran for `healthyAfterMs` did not fail during start-up and starts at once. */
const maxBackoffMs = 30_000;
const healthyAfterMs = 60_000;

/**
 * The worker of one series file. If it dies, its pending calls fail and a new worker opens the file. Acknowledged writes are in the file;
 * senders repeat the others.
 */
export class ChunkWorker {
  readonly #file: string;
  readonly #client: WorkerClient<StoreCall, StoreFailure>;
  /** True once it has answered. Before the first reply, a failure to open the file is reported to the caller. */
  #hasOpened = false;
  #isClosed = false;
  /** Why calls fail until the next worker starts; null while one runs. */
  #failure: AppError | null = null;
  #backoffMs = 0;
  /** Why the file must be set aside, if the worker ended for that reason. */
  #damage: string | undefined;
  readonly #stopped = new AbortController();
  restarted: SignalsHealth['restarted'] = null;

  private constructor(data: WorkerData, heapMb: number | undefined) {
    this.#file = data.file;
    this.#client = new WorkerClient({
      start: () =>
        new Worker(new URL('./worker.ts', import.meta.url), {
          workerData: { ...data, damage: this.#damage } satisfies WorkerData,
          ...(heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMb } }),
        }),
      toError: ({ code, message, hint, field }) => new AppError(code, message, { hint, field }),
      endedError: (cause) => this.#endedError(cause),
      closedError: () => closed(data.file),
      onEnd: (cause, ranForMs) => this.#ended(cause, ranForMs),
    });
  }

  /** @param heapMb overrides Node's default heap limit. @throws AppError conflict, unavailable */
  static async open(data: WorkerData, heapMb?: number): Promise<ChunkWorker> {
    const client = new ChunkWorker(data, heapMb);
    // The first answer proves that the file opened.
    await client.call('damage', []);
    client.#hasOpened = true;
    return client;
  }

  call<M extends keyof Methods>(
    method: M,
    args: Parameters<Methods[M]>,
    { signal, timeoutMs = defaultTimeoutMs, transfer = [] }: ReadOptions & { transfer?: ArrayBuffer[] } = {},
  ): Promise<ReturnType<Methods[M]>> {
    if (this.#failure !== null && !this.#isClosed) return Promise.reject(this.#failure);
    return this.#client.call({ method, args, timeoutMs }, { signal, transfer }) as Promise<ReturnType<Methods[M]>>;
  }

  /** Finishes running work and closes the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopped.abort();
    await this.#client.close({ method: 'close', args: [], timeoutMs: defaultTimeoutMs });
  }

  #endedError(cause: unknown): AppError {
    return this.#hasOpened ? lost(this.#file, cause) : cannotOpen(this.#file, cause);
  }

  #ended(cause: unknown, ranForMs: number): void {
    this.#damage = isDamage(cause) ? messageOf(cause) : undefined;
    if (this.#isClosed) return;
    this.#failure = this.#endedError(cause);
    if (!this.#hasOpened) return;
    this.restarted = { count: (this.restarted?.count ?? 0) + 1, at: Date.now(), reason: messageOf(cause) };
    this.#backoffMs = ranForMs > healthyAfterMs ? 0 : Math.min(maxBackoffMs, Math.max(100, this.#backoffMs * 2));
    void this.#startAgain();
  }

  /** The worker seals hours in the background, so it is restarted at once, not at the next request. */
  async #startAgain(): Promise<void> {
    const stopped = await sleep(this.#backoffMs, undefined, { signal: this.#stopped.signal, ref: false }).then(
      () => false,
      () => true,
    );
    if (stopped) return;
    this.#failure = null;
    // A failure to open ends the worker, which is handled like any other end.
    this.#client.open().catch(() => undefined);
  }
}

const messageOf = (cause: unknown) =>
  cause === undefined ? 'its worker has ended' : cause instanceof Error ? cause.message : String(cause);

function lost(file: string, cause: unknown): AppError {
  return new AppError('unavailable', `The worker that holds the series file ${file} has ended: ${messageOf(cause)}.`, {
    hint: 'It restarts automatically; try again shortly. What was acknowledged is kept.',
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
