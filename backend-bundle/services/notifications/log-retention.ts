import { dayMs, hourMs } from '#common/time/durations.ts';
import type { Engines } from '../../engines/port.ts';
import { Repeated } from '../repeated.ts';
import { deleteAttempts } from './attempts.store.ts';
import { deleteMessages } from './messages.store.ts';

/** Deletes e-mails and their log that are older than some days, every hour; 0 days keeps everything. Two processes may do it at once. */
export class MailLogRetention {
  readonly #engines: Engines<'notifications'>;
  readonly #days: number;
  readonly #runs: Repeated;

  constructor(engines: Engines<'notifications'>, days: number) {
    this.#engines = engines;
    this.#days = days;
    this.#runs = new Repeated({
      work: () => this.expire(),
      pauseMs: hourMs,
      log: engines.log,
      failure: 'the old log of e-mails could not be deleted; the next hour tries again',
    });
  }

  start(): void {
    if (this.#days > 0) this.#runs.start();
  }

  /** Resolves when the current deletion is done. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /** Deletes what is too old now. */
  async expire(): Promise<void> {
    const { database, now } = this.#engines;
    const before = now() - this.#days * dayMs;
    await deleteAttempts(database.query, before);
    await deleteMessages(database.query, before);
  }
}
