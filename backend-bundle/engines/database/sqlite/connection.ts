import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { WorkerClient } from '#common/workers/client.ts';
import { sqliteError } from './errors.ts';
import type { Request, SqliteThreadSettings, StatementFailure, StatementResult } from './protocol.ts';

/** A SQLite connection in its own thread. If the thread dies, its pending calls fail and the next call starts a new one. */
export class SqliteConnection {
  /** Incremented when the thread ends, because any transaction open in it is lost. */
  generation = 0;
  readonly #client: WorkerClient<{ request: Request }, StatementFailure>;

  constructor(settings: SqliteThreadSettings) {
    const { file } = settings;
    this.#client = new WorkerClient({
      start: () => new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings }),
      toError: (failure) => sqliteError(failure, file),
      endedError: (cause) => ended(file, cause),
      closedError: () => new AppError('unavailable', `The database ${file} is closed.`, { hint: 'Start the backend again.' }),
      onEnd: () => {
        this.generation++;
      },
    });
  }

  /** Returns the number of pending calls. */
  get load(): number {
    return this.#client.load;
  }

  /** @throws AppError unavailable, when the file cannot be opened */
  async open(): Promise<void> {
    await this.#client.open();
  }

  async call(request: Request, transfer: ArrayBuffer[] = []): Promise<StatementResult> {
    return (await this.#client.call({ request }, { transfer })) as StatementResult;
  }

  close(): Promise<void> {
    return this.#client.close({ request: { kind: 'close' } });
  }
}

function ended(file: string, cause: unknown): AppError {
  const why = cause === undefined ? '' : ` (${cause instanceof Error ? cause.message : String(cause)})`;
  return new AppError('unavailable', `The thread that owns the database ${file} ended${why}.`, {
    hint: 'Try again: it has been restarted. If this repeats, the log says why it stops.',
    cause,
  });
}
