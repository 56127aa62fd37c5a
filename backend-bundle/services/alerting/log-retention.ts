import { dayMs, hourMs } from '#common/time/durations.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';
import { Repeated } from '../repeated.ts';
import { deleteEvaluations } from './evaluation-log.store.ts';

const leaseMs = 120_000;
/** Pause between two bounded deletions, so that evaluations get the database's writer in between, ms. */
const pauseMs = 50;

/** Deletes logged evaluations older than some days, every hour and in one process at a time; 0 days keeps everything. */
export class LogRetention {
  readonly #engines: Engines<'alerting'>;
  readonly #days: number;
  readonly #lease: Lease;
  readonly #runs: Repeated;

  constructor(engines: Engines<'alerting'>, days: number) {
    this.#engines = engines;
    this.#days = days;
    this.#lease = new Lease(engines.locks, 'alerting.log-retention', { ttlMs: leaseMs, renews: true, log: engines.log });
    this.#runs = new Repeated({
      work: () => this.expire(),
      pauseMs: hourMs,
      log: engines.log,
      failure: 'old evaluations could not be deleted; the next hour tries again',
    });
  }

  start(): void {
    if (this.#days > 0) this.#runs.start();
  }

  /** Resolves when the current deletion is done. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /** Deletes what is too old now, unless another process does. */
  async expire(): Promise<void> {
    const { database, now } = this.#engines;
    if ((await this.#lease.hold()) === 'elsewhere') return;
    try {
      const before = now() - this.#days * dayMs;
      while (!this.#runs.isStopping && (await deleteEvaluations(database.query, before)) > 0) await this.#runs.pause(pauseMs);
    } finally {
      await this.#lease.release();
    }
  }
}
