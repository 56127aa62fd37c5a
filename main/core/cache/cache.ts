import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { Opening } from './open.ts';
import { reads, writes } from './operations.ts';
import type { Request, Response, WireError, WorkerSettings } from './protocol.ts';

/** What the main thread sees of the operations: the same names, without the database, as promises. */
type Remote<Operations> = {
  [Name in keyof Operations]: Operations[Name] extends (...args: infer Args) => infer Output
    ? Args extends [db: unknown, input: infer Input]
      ? (input: Input) => Promise<Output>
      : () => Promise<Output>
    : never;
};

/** The console's database, in threads of its own: one writes, the others read. */
export interface Cache {
  readonly opening: Opening;
  readonly read: Remote<typeof reads>;
  /** Each runs in one transaction; durable once the promise resolves. */
  readonly write: Remote<typeof writes>;
  /** True once a statement met damage in the file. */
  readonly damaged: boolean;
  /** Finishes what was asked, then closes the file. */
  close(): Promise<void>;
}

const readers = 2;
const slowMs = 50;

class DatabaseThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (output: unknown) => void; reject: (error: unknown) => void }>();
  readonly ready: Promise<Opening>;
  damaged = false;
  #lastId = 0;
  #ended: AppError | null = null;

  constructor(url: URL, settings: WorkerSettings, log: Logger) {
    this.#worker = new Worker(url, { workerData: settings, name: `cache-${settings.role}` });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (response: Response) => {
        if (response.kind === 'ready') resolve(response.opening);
        else if (response.kind === 'refused') reject(toError(response.error));
        else if (response.kind === 'slow')
          log.warn({ operation: response.name, durationMs: response.durationMs }, 'slow database operation');
        else this.#settle(response);
      });
      const end = (error: AppError): void => {
        this.#ended = error;
        reject(error);
        for (const { reject: fail } of this.#waiting.values()) fail(error);
        this.#waiting.clear();
      };
      this.#worker.once('error', (cause) => {
        log.error({ err: cause }, 'database thread failed');
        end(new AppError('internal', `The local database's thread failed: ${String(cause)}.`, { hint: 'Restart the console.', cause }));
      });
      this.#worker.once('exit', () => end(new AppError('unavailable', 'The console is closing.')));
    });
    // Whoever opens the cache awaits it; a thread that ends later has nobody to tell.
    this.ready.catch(() => undefined);
  }

  get load(): number {
    return this.#waiting.size;
  }

  call(name: string, input: unknown): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, input } satisfies Request);
    });
  }

  /** Messages are served in order: what was asked before is done first. */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('close' satisfies Request);
    await exited;
  }

  #settle(response: Extract<Response, { kind: 'done' | 'failed' }>): void {
    const entry = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if (response.kind === 'done') {
      entry?.resolve(response.output);
    } else {
      this.damaged ||= response.damage;
      entry?.reject(toError(response.error));
    }
  }
}

function toError({ code, message, hint }: WireError): AppError {
  return new AppError(code, message, { hint });
}

/** Turns the names of operations into methods that send them to a thread. */
function remote<Operations extends object>(operations: Operations, pick: () => DatabaseThread): Remote<Operations> {
  return Object.fromEntries(
    Object.keys(operations).map((name) => [name, (input?: unknown) => pick().call(name, input)]),
  ) as unknown as Remote<Operations>;
}

/**
 * Opens `console.db` in a folder. Always succeeds in some form (`opening` says which), but for one case.
 * @throws AppError `version_conflict` when a newer console wrote the file.
 */
export async function openCache(options: { dataDir: string; workerUrl?: URL; log: Logger; now: () => number }): Promise<Cache> {
  const url = options.workerUrl ?? new URL('./worker.ts', import.meta.url);
  const settings = {
    file: join(options.dataDir, 'console.db'),
    slowMs,
    now: options.now(),
  };
  const writer = new DatabaseThread(url, { ...settings, role: 'writer' }, options.log);
  const opening = await writer.ready;
  const threads = [writer];
  // The start does not wait for readers: until they are there the writer answers for them. In memory it is the only connection.
  const readFrom: DatabaseThread[] = [];
  const extra =
    opening.state === 'memory'
      ? []
      : Array.from({ length: readers }, () => new DatabaseThread(url, { ...settings, role: 'reader' }, options.log));
  for (const reader of extra) {
    threads.push(reader);
    reader.ready.then(
      () => readFrom.push(reader),
      (error: unknown) => options.log.warn({ err: error }, 'a reader of the local database did not start'),
    );
  }
  const leastBusy = (): DatabaseThread =>
    readFrom.reduce<DatabaseThread | undefined>((best, one) => (best && best.load <= one.load ? best : one), undefined) ?? writer;
  return {
    opening,
    read: remote(reads, leastBusy),
    write: remote(writes, () => writer),
    get damaged() {
      return threads.some((thread) => thread.damaged);
    },
    async close() {
      // The writer last: it moves the log into the file when no reader holds it.
      await Promise.all(threads.slice(1).map((thread) => thread.close()));
      await writer.close();
    },
  };
}
