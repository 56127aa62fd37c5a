import { setTimeout as sleep } from 'node:timers/promises';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';
import { deleteEvaluations } from './evaluation-log.store.ts';

const leaseMs = 120_000;
/** Pause between two bounded deletions, so that evaluations get the database's writer in between, ms. */
const pauseMs = 50;

/** Deletes logged evaluations older than some days, every hour and in one process at a time; 0 days keeps everything. */
export class LogRetention {
  readonly #engines: Engines<'alerting'>;
  readonly #days: number;
  readonly #lease: Lease;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(engines: Engines<'alerting'>, days: number) {
    this.#engines = engines;
    this.#days = days;
    this.#lease = new Lease(engines.locks, 'alerting.log-retention', { ttlMs: leaseMs, renews: true, log: engines.log });
  }

  start(): void {
    if (this.#days === 0) return;
    this.#stopping = new AbortController();
    this.#running = this.#run();
  }

  /** Resolves when the current deletion is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.expire().catch((error: unknown) =>
        this.#engines.log.warn({ err: error }, 'old evaluations could not be deleted; the next hour tries again'),
      );
      await sleep(hourMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Deletes what is too old now, unless another process does. */
  async expire(): Promise<void> {
    const { database, now } = this.#engines;
    const { signal } = this.#stopping;
    if ((await this.#lease.hold()) === 'elsewhere') return;
    try {
      const before = now() - this.#days * dayMs;
      while (!signal.aborted && (await deleteEvaluations(database.query, before)) > 0)
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    } finally {
      await this.#lease.release();
    }
  }
}
