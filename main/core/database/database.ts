import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import { problemError } from '#common/words/problems.ts';
import { WorkerClient } from '#common/workers/client.ts';
import type { Opening } from './open.ts';
import type { DatabaseCall, DatabaseFailure, DatabaseThreadSettings, SlowOperation } from './protocol.ts';

/** Operations as the main thread calls them: the same names, without the database, as promises. */
type Remote<Table> = {
  [Name in keyof Table]: Table[Name] extends (...args: infer Args) => infer Output
    ? Args extends [db: unknown, input: infer Input]
      ? (input: Input) => Promise<Output>
      : () => Promise<Output>
    : never;
};

/** A SQLite database with its own threads: one writes, the others read. A thread that dies is replaced at the next call. */
export interface ThreadedDatabase<Reads, Writes> {
  /** How the file was last opened. */
  readonly opening: Opening;
  readonly read: Remote<Reads>;
  /** Each operation runs in one transaction and is durable when its promise resolves. */
  readonly write: Remote<Writes>;
  /** True after a statement found damage in the file. */
  readonly isDamaged: boolean;
  /** Finishes pending calls, then closes the file. */
  close(): Promise<void>;
}

export interface DatabaseOptions<Reads, Writes> {
  file: string;
  /** The entry file of the threads; it calls `serveDatabase` with the same operations. */
  threadUrl: URL;
  operations: { reads: Reads; writes: Writes };
  log: Logger;
  now: () => number;
}

const readerCount = 2;
const slowMs = 50;

/**
 * Opens a database. Always succeeds in some form, which `opening` describes, with one exception.
 * @throws AppError `version_conflict` when a newer console wrote the file
 */
export async function openDatabase<Reads extends object, Writes extends object>(
  options: DatabaseOptions<Reads, Writes>,
): Promise<ThreadedDatabase<Reads, Writes>> {
  const threads = new Threads(options);
  await threads.open();
  return {
    get opening() {
      return threads.opening;
    },
    read: remote(options.operations.reads, () => threads.leastBusy()),
    write: remote(options.operations.writes, () => threads.writer),
    get isDamaged() {
      return threads.isDamaged;
    },
    close: () => threads.close(),
  };
}

/** Turns the names of operations into methods that send them to a thread. */
function remote<Table extends object>(table: Table, pick: () => DatabaseThread): Remote<Table> {
  return Object.fromEntries(Object.keys(table).map((name) => [name, (input?: unknown) => pick().call(name, input)])) as Remote<Table>;
}

/** The writer and the readers of one file. */
class Threads {
  readonly #options: DatabaseOptions<object, object>;
  readonly writer: DatabaseThread;
  #readers: DatabaseThread[] = [];
  opening: Opening = { state: 'ok' };

  constructor(options: DatabaseOptions<object, object>) {
    this.#options = options;
    this.writer = new DatabaseThread(options, 'writer', (opening) => this.#opened(opening));
  }

  get isDamaged(): boolean {
    return [this.writer, ...this.#readers].some((thread) => thread.isDamaged);
  }

  async open(): Promise<void> {
    await this.writer.open();
  }

  /** Returns the reader with the fewest calls; the writer while no reader is open. */
  leastBusy(): DatabaseThread {
    for (const reader of this.#readers) reader.revive();
    return this.#readers
      .filter(({ isOpen }) => isOpen)
      .reduce<DatabaseThread>((best, one) => (best !== this.writer && best.load <= one.load ? best : one), this.writer);
  }

  async close(): Promise<void> {
    // The writer last: it can only checkpoint the log when no reader is open.
    await Promise.all(this.#readers.map((reader) => reader.close()));
    await this.writer.close();
  }

  /**
   * Called when the writer has opened, at the start or after its thread died: only it knows whether readers still have the right file open.
   */
  #opened(opening: Opening): void {
    const isSameFile = this.#readers.length > 0 && opening.state === 'ok';
    if (isSameFile) return;
    this.opening = opening;
    for (const reader of this.#readers) void reader.close();
    // In memory the writer has the only connection.
    const count = opening.state === 'memory' ? 0 : readerCount;
    this.#readers = Array.from({ length: count }, () => new DatabaseThread(this.#options, 'reader'));
    for (const reader of this.#readers) reader.revive();
  }
}

class DatabaseThread {
  readonly #client: WorkerClient<DatabaseCall, DatabaseFailure>;
  readonly #log: Logger;
  isDamaged = false;
  isOpen = false;
  /** True after a thread failed to open: it is not retried. */
  #isRefused = false;

  constructor(
    { file, threadUrl, log, now }: DatabaseOptions<object, object>,
    role: DatabaseThreadSettings['role'],
    onOpen?: (opening: Opening) => void,
  ) {
    this.#log = log;
    this.#client = new WorkerClient({
      start: () =>
        new Worker(threadUrl, {
          workerData: { file, role, slowMs, now: now() } satisfies DatabaseThreadSettings,
          name: `database-${role}`,
        }),
      toError: ({ isDamage, code, message, ...more }) => {
        this.isDamaged ||= isDamage;
        return new AppError(code, message, more);
      },
      endedError: (cause) => problemError('database_thread_ended', {}, { cause }),
      closedError: () => problemError('closing', {}),
      onOpen: (opening) => {
        this.isOpen = true;
        onOpen?.(opening as Opening);
      },
      onEvent: (event) => {
        const { slow, durationMs } = event as SlowOperation;
        log.warn({ operation: slow, durationMs }, 'slow database operation');
      },
      onEnd: (cause, ranForMs) => {
        this.isOpen = false;
        if (!this.#isClosed) log.error({ err: cause, role, ranForMs }, 'a database thread ended; the next call starts another');
      },
    });
  }
  #isClosed = false;

  get load(): number {
    return this.#client.load;
  }

  open(): Promise<unknown> {
    return this.#client.open();
  }

  /** Restarts a reader that isn't running. The others handle its calls until it has opened. */
  revive(): void {
    if (this.#isRefused || this.#isClosed || this.#client.isRunning) return;
    this.open().catch((error: unknown) => {
      this.#isRefused = true;
      if (!this.#isClosed) this.#log.warn({ err: error }, 'a reader of the local database did not start');
    });
  }

  call(name: string, input: unknown): Promise<unknown> {
    return this.#client.call({ name, input });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#client.close({ close: true });
  }
}
