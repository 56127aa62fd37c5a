import { AppError } from '#common/contract/errors.ts';
import type { LoaderRun } from '#common/contract/loaders.ts';
import { allLoaders } from './loaders.store.ts';
import { Runner, type RunnerParts } from './runner.ts';

/** Maximum delay until changes by another process are noticed, ms. */
const syncEveryMs = 10_000;

/** Runs one runner per defined loader, and follows changes in the database. */
export class Fleet {
  readonly #parts: RunnerParts;
  readonly #runners = new Map<string, Runner>();
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #running = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#unwatch = this.#parts.engines.bus.watch((event) => {
      if (event.type === 'loader.changed' || event.type === 'loader.deleted') this.#syncSoon();
    });
    this.#timer = setInterval(() => this.#syncSoon(), syncEveryMs).unref();
    await this.sync();
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearInterval(this.#timer);
    this.#unwatch?.();
    await this.#syncing.catch(() => {});
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    this.#runners.clear();
  }

  /** Starts, updates and stops runners to match the database. */
  sync(): Promise<void> {
    const next = this.#syncing.catch(() => {}).then(() => this.#sync());
    this.#syncing = next;
    return next;
  }

  /** @throws AppError unavailable when the loader is not run here */
  async runNow(code: string): Promise<LoaderRun> {
    if (!this.#runners.has(code)) await this.sync();
    const runner = this.#runners.get(code);
    if (runner === undefined)
      throw new AppError('unavailable', `Loader "${code}" is not running here yet.`, { hint: 'Try again in a moment.' });
    return runner.runNow();
  }

  #syncSoon(): void {
    this.sync().catch((error) => this.#parts.engines.log.error({ err: error }, 'the loaders could not be read; they run as they were'));
  }

  async #sync(): Promise<void> {
    if (!this.#running) return;
    const rows = await allLoaders(this.#parts.engines.database.query);
    for (const row of rows) {
      const runner = this.#runners.get(row.code);
      if (runner !== undefined) runner.accept(row);
      else {
        const added = new Runner(this.#parts, row);
        this.#runners.set(row.code, added);
        added.start();
      }
    }
    const defined = new Set(rows.map((row) => row.code));
    for (const [code, runner] of this.#runners) {
      if (defined.has(code)) continue;
      this.#runners.delete(code);
      await runner.stop();
    }
  }
}
