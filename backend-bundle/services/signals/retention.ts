import { setTimeout as sleep } from 'node:timers/promises';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { Lease } from '../../engines/locks/port.ts';
import type { Engines } from '../../engines/port.ts';

const everyMs = hourMs;
const leaseMs = 120_000;
/** Pause between two bounded deletions, so that reads and writes get their turn, ms. */
const pauseMs = 50;

/** Deletes points older than the retention (days), every hour and in one process at a time; 0 days keeps everything. */
export class Retention {
  readonly #engines: Engines<'signals'>;
  readonly #days: number;
  readonly #lease: Lease;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** When this process last finished a run, epoch ms, and the number of points deleted. */
  last: { endedAt: number; deleted: number } | null = null;

  constructor(engines: Engines<'signals'>, days: number) {
    this.#engines = engines;
    this.#days = days;
    this.#lease = new Lease(engines.locks, 'signals.retention', { ttlMs: leaseMs, renews: true, log: engines.log });
  }

  start(): void {
    if (this.#days === 0) return;
    const run = () => {
      this.#running = this.#running.then(() => this.#run());
    };
    run();
    this.#timer = setInterval(run, everyMs).unref();
  }

  /** Stops; resolves when the current deletion is done. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log } = this.#engines;
    try {
      if ((await this.#lease.hold()) === 'elsewhere') return;
      const gone = await this.#expire();
      if (!this.#stopping.signal.aborted) this.last = { endedAt: this.#engines.now(), deleted: gone };
      if (gone > 0) log.info({ points: gone, days: this.#days }, `points older than ${this.#days} days were deleted`);
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.warn({ err: error }, 'old points could not be deleted; the next hour tries again');
    } finally {
      await this.#lease.release();
    }
  }

  async #expire(): Promise<number> {
    const { signals, now } = this.#engines;
    const before = now() - this.#days * dayMs;
    let all = 0;
    while (!this.#stopping.signal.aborted) {
      const gone = await signals.expire(before);
      all += gone;
      if (gone === 0) break;
      // Another process has taken over and continues.
      if ((await this.#lease.hold()) === 'elsewhere') break;
      await sleep(pauseMs);
    }
    return all;
  }
}
