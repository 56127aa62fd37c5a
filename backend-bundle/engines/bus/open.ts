import type { Logger } from 'pino';
import { type BusEventType, type BusPayload, type LiveEventType, type LivePayload, liveEvents } from '#common/contract/events.ts';
import type { AnyTx, Database } from '../database/port.ts';
import { openLocks } from '../locks/open.ts';
import type { Locks } from '../locks/port.ts';
import { Consumer } from './consumer.ts';
import { EventJournal, readEvent } from './journal.ts';
import type { Bus, BusEvent } from './port.ts';
import { WakeableWork } from './wakeable.ts';

/** Channel on which processes notify each other of new events. */
const newsChannel = 'watchfloor_news';
/** Channel of announcements. */
const liveChannel = 'watchfloor_live';
const pruneEveryMs = 60_000;
const batchSize = 500;

type Announcement = { type: LiveEventType; payload: LivePayload<LiveEventType> };

/**
 * Opens the bus over the control database. Publishing writes a row in the caller's transaction, so an event exists exactly when its change
 * does. Within a process, delivery follows the commit at once; other processes are notified by the database, and poll every `pollMs` in
 * case they missed a notification.
 */
export async function openBus(database: Database<'engines'>, log: Logger, { pollMs = 400 }: { pollMs?: number } = {}): Promise<Bus> {
  const journal = new EventJournal(database);
  const bus = new DatabaseBus(database, journal, log, await journal.last());
  await bus.start(pollMs);
  return bus;
}

class DatabaseBus implements Bus {
  readonly #database: Database<'engines'>;
  readonly #journal: EventJournal;
  readonly #locks: Locks;
  readonly #log: Logger;
  readonly #consumers = new Set<Consumer>();
  readonly #watchers = new Set<(event: BusEvent) => void>();
  readonly #listeners = new Set<(event: Announcement) => void>();
  /** The newest event that was delivered. */
  #lastDelivered: number;
  readonly #delivery: WakeableWork;
  #closing: Promise<void> | null = null;
  #unlisten: (() => Promise<void>)[] = [];
  #poll: NodeJS.Timeout | undefined;
  #prune: NodeJS.Timeout | undefined;

  /** @param lastDelivered the newest event that needs no delivery; those after it are delivered */
  constructor(database: Database<'engines'>, journal: EventJournal, log: Logger, lastDelivered: number) {
    this.#database = database;
    this.#journal = journal;
    this.#locks = openLocks(database);
    this.#log = log;
    this.#lastDelivered = lastDelivered;
    this.#delivery = new WakeableWork(
      () => this.#deliverNewEvents(),
      (error) => log.warn({ err: error }, 'events could not be read; the next poll tries again'),
    );
  }

  async start(pollMs: number): Promise<void> {
    this.#unlisten = await Promise.all([
      this.#database.listen(newsChannel, () => this.#delivery.wake()),
      this.#database.listen(liveChannel, (text) => {
        const event = this.#safely('an announcement could not be read', () => readAnnouncement(text));
        if (event !== undefined) this.#deliver(event);
      }),
    ]);
    this.#poll = setInterval(() => {
      this.#delivery.wake();
      // Wakes consumers even when there is no new event: reading may have failed, or another process may have held their lease.
      for (const consumer of this.#consumers) consumer.wake();
    }, pollMs).unref();
    this.#prune = setInterval(() => {
      this.#journal.prune(Date.now()).catch((error) => this.#log.warn({ err: error }, 'old events could not be removed'));
    }, pruneEveryMs).unref();
  }

  async publish<T extends BusEventType>(tx: AnyTx, type: T, payload: BusPayload<T>): Promise<void> {
    await this.#journal.add(tx, type, payload);
    this.#database.afterCommit(tx, () => {
      this.#delivery.wake();
      this.#database
        .notify(newsChannel, '')
        .catch((error) => this.#log.debug({ err: error }, 'other processes find the event at their next poll'));
    });
  }

  async consume<T extends BusEventType>(
    name: string,
    types: readonly T[],
    handle: (event: BusEvent<T>) => Promise<void>,
  ): Promise<() => Promise<void>> {
    await this.#journal.register(name);
    const wanted = new Set<string>(types);
    const consumer = new Consumer({
      name,
      handles: (type) => wanted.has(type),
      handle: (stored) => handle(readEvent(stored)),
      journal: this.#journal,
      locks: this.#locks,
      log: this.#log,
    });
    this.#consumers.add(consumer);
    consumer.wake();
    return async () => {
      this.#consumers.delete(consumer);
      await consumer.end();
    };
  }

  async replay(afterId: string, limit: number): Promise<BusEvent[] | null> {
    const after = Number(afterId);
    // Newer than the newest: from another database, or from before a backup was restored.
    if (!Number.isSafeInteger(after) || after > (await this.#journal.last())) return null;
    const events = await this.#journal.after(after, limit);
    // Checked last, so that events pruned while we read are noticed too.
    if (after < (await this.#journal.prunedTo())) return null;
    return events.flatMap((stored) => this.#safely('an event could not be read', () => readEvent<BusEventType>(stored)) ?? []);
  }

  async lastId(): Promise<string> {
    return String(await this.#journal.last());
  }

  watch(listener: (event: BusEvent) => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  announce<T extends LiveEventType>(type: T, payload: LivePayload<T>): void {
    this.#deliver({ type, payload });
    this.#database
      .notify(liveChannel, JSON.stringify({ type, payload }))
      .catch((error) => this.#log.debug({ err: error }, 'an announcement did not reach other processes'));
  }

  onAnnounced(listener: (event: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  caughtUp(): Promise<number> {
    return this.#database.caughtUp();
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      clearInterval(this.#poll);
      clearInterval(this.#prune);
      await Promise.all([
        this.#delivery.end(),
        ...this.#unlisten.map((end) => end()),
        ...[...this.#consumers].map((consumer) => consumer.end()),
      ]);
    })();
    return this.#closing;
  }

  async #deliverNewEvents(): Promise<void> {
    const next = () => this.#journal.after(this.#lastDelivered, batchSize);
    for (let events = await next(); events.length > 0; events = await next()) {
      this.#lastDelivered = events.at(-1)?.seq ?? this.#lastDelivered;
      for (const consumer of this.#consumers) consumer.wake();
      if (this.#watchers.size === 0) continue;
      for (const stored of events) {
        const event = this.#safely('an event could not be read', () => readEvent(stored));
        if (event === undefined) continue;
        for (const watcher of this.#watchers) this.#safely('a watcher of events failed', () => watcher(event));
      }
    }
  }

  #deliver(event: Announcement): void {
    for (const listener of this.#listeners) this.#safely('a listener to announcements failed', () => listener(event));
  }

  /** Logs an error of `work` instead of throwing it, so that one failure doesn't keep events from the others. */
  #safely<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#log.error({ err: error }, what);
      return undefined;
    }
  }
}

function readAnnouncement(text: string): Announcement {
  const { type, payload } = JSON.parse(text) as Announcement;
  return { type, payload: liveEvents[type].parse(payload) };
}
