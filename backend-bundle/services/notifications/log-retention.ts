import { setTimeout as sleep } from 'node:timers/promises';
import { dayMs, hourMs } from '#common/time/durations.ts';
import type { Engines } from '../../engines/port.ts';
import { deleteAttempts } from './attempts.store.ts';
import { deleteMessages } from './messages.store.ts';

/** Deletes e-mails and their log that are older than some days, every hour; 0 days keeps everything. Two processes may do it at once. */
export class MailLogRetention {
  readonly #engines: Engines<'notifications'>;
  readonly #days: number;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(engines: Engines<'notifications'>, days: number) {
    this.#engines = engines;
    this.#days = days;
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
        this.#engines.log.warn({ err: error }, 'the old log of e-mails could not be deleted; the next hour tries again'),
      );
      await sleep(hourMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Deletes what is too old now. */
  async expire(): Promise<void> {
    const { database, now } = this.#engines;
    const before = now() - this.#days * dayMs;
    await deleteAttempts(database.query, before);
    await deleteMessages(database.query, before);
  }
}
