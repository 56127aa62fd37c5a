import { Worker } from 'node:worker_threads';
import { AppError } from '#common/contract/errors.ts';
import { sqliteError } from './errors.ts';
import type { Answer, Message, Request, ThreadSettings } from './protocol.ts';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** A SQLite connection in a thread of its own. A thread that dies fails what it was asked and is replaced at the next call. */
export class Connection {
  /** Rises when the thread ends: whatever transaction was open in it is gone. */
  generation = 0;
  #worker: Promise<Worker> | null = null;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #settings: ThreadSettings;

  constructor(settings: ThreadSettings) {
    this.#settings = settings;
  }

  /** How many calls have not been answered yet. */
  get load(): number {
    return this.#waiting.size;
  }

  /** @throws AppError unavailable, when the file cannot be opened */
  async open(): Promise<void> {
    await this.#started();
  }

  async call(request: Request, move: ArrayBuffer[] = []): Promise<Answer> {
    const worker = await this.#started();
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request }, move);
    });
  }

  async close(): Promise<void> {
    if (this.#worker === null) return;
    await this.call({ kind: 'close' }).catch(() => undefined);
  }

  #started(): Promise<Worker> {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Promise<Worker> {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: this.#settings });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if ('opened' in message) {
          if (message.opened) resolve(worker);
          else reject(sqliteError(message.failure, this.#settings.file));
          return;
        }
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if ('answer' in message) waiting?.resolve(message.answer);
        else waiting?.reject(sqliteError(message.failure, this.#settings.file));
      });
      let cause: Error | undefined;
      worker.on('error', (error) => {
        cause = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('exit', () => {
        this.#worker = null;
        this.generation++;
        const gone = new AppError(
          'unavailable',
          `The thread that owns the database ${this.#settings.file} ended${cause === undefined ? '' : ` (${cause.message})`}.`,
          {
            hint: 'Try again; it is started anew. If this repeats, see the log for what ends it.',
            cause,
          },
        );
        reject(gone);
        for (const waiting of this.#waiting.values()) waiting.reject(gone);
        this.#waiting.clear();
      });
    });
  }
}
