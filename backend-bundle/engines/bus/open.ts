import type { Logger } from 'pino';
import { type BusEventType, type LiveEventType, type LivePayload, liveEvents } from '#common/contract/events.ts';
import type { Database } from '../database/port.ts';
import { openLocks } from '../locks/open.ts';
import { Consumer } from './consumer.ts';
import { EventJournal, readEvent } from './journal.ts';
import type { Bus, BusEvent } from './port.ts';

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
  const locks = openLocks(database);
  const consumers = new Set<Consumer>();
  const watchers = new Set<(event: BusEvent) => void>();
  const listeners = new Set<(event: Announcement) => void>();
  let seen = await journal.last();
  let checking: Promise<void> | null = null;
  let again = false;
  let closing: Promise<void> | null = null;

  const checkSoon = () => {
    again = true;
    checking ??= (async () => {
      while (again && closing === null) {
        again = false;
        try {
          await deliverNewEvents();
        } catch (error) {
          log.warn({ err: error }, 'events could not be read; the next poll tries again');
        }
      }
    })().finally(() => {
      checking = null;
    });
  };

  async function deliverNewEvents(): Promise<void> {
    for (let events = await journal.after(seen, batchSize); events.length > 0; events = await journal.after(seen, batchSize)) {
      seen = events.at(-1)?.seq ?? seen;
      for (const consumer of consumers) consumer.wake();
      if (watchers.size === 0) continue;
      for (const stored of events) {
        const event = safely('an event could not be read', () => readEvent(stored));
        if (event !== undefined) for (const watcher of watchers) safely('a watcher of events failed', () => watcher(event));
      }
    }
  }

  function safely<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      log.error({ err: error }, what);
      return undefined;
    }
  }

  function deliver(event: Announcement): void {
    for (const listener of listeners) safely('a listener to announcements failed', () => listener(event));
  }

  const unlisten = await Promise.all([
    database.listen(newsChannel, checkSoon),
    database.listen(liveChannel, (text) => {
      const event = safely('an announcement could not be read', () => {
        const { type, payload } = JSON.parse(text) as Announcement;
        return { type, payload: liveEvents[type].parse(payload) };
      });
      if (event !== undefined) deliver(event);
    }),
  ]);
  const poll = setInterval(() => {
    checkSoon();
    // Wakes consumers even when there is no new event: reading may have failed, or another process may have held their lease.
    for (const consumer of consumers) consumer.wake();
  }, pollMs).unref();
  const prune = setInterval(() => {
    journal.prune(Date.now()).catch((error) => log.warn({ err: error }, 'old events could not be removed'));
  }, pruneEveryMs).unref();

  return {
    async publish(tx, type, payload) {
      await journal.add(tx, type, payload);
      database.afterCommit(tx, () => {
        checkSoon();
        database.notify(newsChannel, '').catch((error) => log.debug({ err: error }, 'other processes find the event at their next poll'));
      });
    },

    async consume(name, types, handle) {
      await journal.register(name);
      const wanted = new Set<string>(types);
      const consumer = new Consumer({
        name,
        handles: (type) => wanted.has(type),
        handle: (stored) => handle(readEvent(stored)),
        journal,
        locks,
        log,
      });
      consumers.add(consumer);
      consumer.wake();
      return async () => {
        consumers.delete(consumer);
        await consumer.end();
      };
    },

    async replay(afterId, limit) {
      const after = Number(afterId);
      // Newer than the newest: from another database, or from before a backup was restored.
      if (!Number.isSafeInteger(after) || after > (await journal.last())) return null;
      const events = await journal.after(after, limit);
      // Checked last, so that events pruned while we read are noticed too.
      if (after < (await journal.prunedTo())) return null;
      return events.flatMap((stored) => safely('an event could not be read', () => readEvent<BusEventType>(stored)) ?? []);
    },

    async lastId() {
      return String(await journal.last());
    },

    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },

    announce(type, payload) {
      deliver({ type, payload });
      database
        .notify(liveChannel, JSON.stringify({ type, payload }))
        .catch((error) => log.debug({ err: error }, 'an announcement did not reach other processes'));
    },

    onAnnounced(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    caughtUp: () => database.caughtUp(),

    close() {
      closing ??= (async () => {
        clearInterval(poll);
        clearInterval(prune);
        await Promise.all([...unlisten.map((end) => end()), ...[...consumers].map((consumer) => consumer.end())]);
        await checking;
      })();
      return closing;
    },
  };
}
