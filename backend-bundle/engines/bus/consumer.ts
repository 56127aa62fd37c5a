import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { Lease, type Locks } from '../locks/port.ts';
import type { EventJournal, StoredEvent } from './journal.ts';
import { WakeableWork } from './wakeable.ts';

const maxTries = 5;
const firstWaitMs = 50;
const maxWaitMs = 2_000;
const batchSize = 100;
/** Longer than an event may take with all its retries, so that a second process does not start on it as well. */
const leaseMs = 60_000;

/** A named consumer: handles events in order, one at a time, and stores its position. */
export class Consumer {
  #name: string;
  #handles: (type: string) => boolean;
  #handle: (event: StoredEvent) => Promise<void>;
  #journal: EventJournal;
  #lease: Lease;
  #log: Logger;
  #ended = new AbortController();
  readonly #draining: WakeableWork;

  constructor(options: {
    name: string;
    handles: (type: string) => boolean;
    handle: (event: StoredEvent) => Promise<void>;
    journal: EventJournal;
    locks: Locks;
    log: Logger;
  }) {
    this.#name = options.name;
    this.#handles = options.handles;
    this.#handle = options.handle;
    this.#journal = options.journal;
    this.#log = options.log.child({ consumer: options.name });
    this.#lease = new Lease(options.locks, `bus/${options.name}`, { ttlMs: leaseMs, renews: true, log: this.#log });
    this.#draining = new WakeableWork(
      () => this.#drain(),
      // The database can't be reached: the next poll retries from the same position.
      (error) => this.#log.warn({ err: error }, 'events could not be taken'),
    );
  }

  /** Checks for events now, or once more after the check that is running. */
  wake(): void {
    this.#draining.wake();
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#draining.end();
  }

  async #drain(): Promise<void> {
    if ((await this.#pending(1)).length === 0) return;
    if ((await this.#lease.hold()) === 'elsewhere') return;
    try {
      for (let events = await this.#pending(batchSize); events.length > 0; events = await this.#pending(batchSize)) {
        for (const event of events) {
          if (this.#ended.signal.aborted) return;
          if (!this.#handles(event.type)) continue;
          // Another process holds the lease now and has continued from our cursor, which only moves past events we finished.
          if ((await this.#lease.hold()) === 'elsewhere') return;
          await this.#take(event);
        }
        await this.#journal.advance(this.#name, events.at(-1)?.seq ?? 0);
      }
    } finally {
      await this.#lease.release();
    }
  }

  async #pending(limit: number): Promise<StoredEvent[]> {
    return this.#journal.after((await this.#journal.cursor(this.#name)) ?? 0, limit);
  }

  async #take(event: StoredEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#handle(event);
        await this.#journal.advance(this.#name, event.seq);
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt === maxTries) {
          this.#log.error({ err: error, event: event.seq, type: event.type }, 'event put to the dead letters');
          await this.#journal.moveToDeadLetters(this.#name, event, uuidv7(), reason);
          return;
        }
        this.#log.warn({ err: error, event: event.seq, type: event.type, attempt }, 'event failed; it is tried again');
        const wait = Math.min(maxWaitMs, firstWaitMs * 4 ** (attempt - 1));
        // Full jitter, so that consumers that failed together don't all retry at once. If the bus is closed, the event is handled after the
        // next start.
        await sleep(Math.random() * wait, undefined, { signal: this.#ended.signal }).catch(() => undefined);
        if (this.#ended.signal.aborted) return;
      }
    }
  }
}
