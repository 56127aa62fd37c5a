import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { WorkerClient } from '#common/workers/client.ts';
import { sqliteError } from './errors.ts';
import type { Request, SqliteThreadSettings, StatementFailure, StatementResult } from './protocol.ts';

/** A SQLite connection in a thread of its own. A thread that dies fails what it was asked and is replaced at the next call. */
export class SqliteConnection {
  /** Rises when the thread ends: whatever transaction was open in it is gone. */
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

  /** How many calls have not been answered yet. */
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
    hint: 'Try again; it is started anew. If this repeats, see the log for what ends it.',
    cause,
  });
}
