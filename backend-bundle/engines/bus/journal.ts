import { sql } from 'kysely';
import type { z } from 'zod';
import { type BusEventType, type BusPayload, busEvents } from '#common/contract/events.ts';
import { hourMs } from '#common/time/durations.ts';
import type { AnyTx, Database, Tx } from '../database/port.ts';
import { parseStored } from '../database/stored-json.ts';
import type { BusEvent } from './port.ts';

/** How far back consoles can catch up. */
const replayWindow = { ageMs: 24 * hourMs, events: 50_000 };
/** Events that a consumer has not handled are kept longer, but not for ever: the consumer may have been removed. */
const unhandledMs = 7 * 24 * hourMs;
const prunedAtOnce = 5_000;

/** An arbitrary number, the same in every Watchfloor process. */
const publishLock = 7_346_202;
/** Row of `bus_cursors` that holds the newest id that was pruned. */
const prunedMark = '$pruned';

/** An event as it is stored. Its payload is validated when it is used, so that one bad row does not hide the rest. */
export interface StoredEvent {
  seq: number;
  type: string;
  at: number;
  payload: string;
}

/** The table of events: the outbox and the replay window in one. */
export class EventJournal {
  #database: Database<'engines'>;

  constructor(database: Database<'engines'>) {
    this.#database = database;
  }

  async add<T extends BusEventType>(anyTx: AnyTx, type: T, payload: BusPayload<T>): Promise<void> {
    const tx = anyTx as Tx<'engines'>;
    // Readers follow ascending seq and never go back, so an event must not appear below one that was already read. A sequence assigns
    // numbers in the order of requests, not of commits; holding this lock until the commit makes both orders the same. SQLite has one
    // writer and doesn't need it.
    if (this.#database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${publishLock})`.execute(tx);
    await tx
      .insertInto('bus_events')
      .values({ type, at: Date.now(), payload: JSON.stringify(payload) })
      .execute();
  }

  after(seq: number, limit: number): Promise<StoredEvent[]> {
    return this.#database.query.selectFrom('bus_events').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  }

  async last(): Promise<number> {
    const row = await this.#database.query
      .selectFrom('bus_events')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .executeTakeFirst();
    return row?.seq ?? (await this.cursor(prunedMark)) ?? 0;
  }

  /** Returns the newest id that can no longer be replayed. */
  async prunedTo(): Promise<number> {
    return (await this.cursor(prunedMark)) ?? 0;
  }

  async cursor(consumer: string): Promise<number | undefined> {
    const row = await this.#database.query.selectFrom('bus_cursors').select('seq').where('consumer', '=', consumer).executeTakeFirst();
    return row?.seq;
  }

  /** Registers `consumer`; a new one starts at the newest event. */
  async register(consumer: string): Promise<void> {
    if ((await this.cursor(consumer)) !== undefined) return;
    await this.#database.query
      .insertInto('bus_cursors')
      .values({ consumer, seq: await this.last() })
      .onConflict((conflict) => conflict.column('consumer').doNothing())
      .execute();
  }

  async advance(consumer: string, seq: number, tx: Pick<Tx<'engines'>, 'updateTable'> = this.#database.query): Promise<void> {
    await tx.updateTable('bus_cursors').set({ seq }).where('consumer', '=', consumer).where('seq', '<', seq).execute();
  }

  /** Moves the event to the dead letters and the consumer past it, in one transaction. */
  async moveToDeadLetters(consumer: string, event: StoredEvent, id: string, reason: string): Promise<void> {
    const { seq, type, payload } = event;
    await this.#database.transaction(async (tx) => {
      await tx
        .insertInto('dead_letters')
        .values({ id, consumer, seq, type, payload, reason, at: Date.now() })
        .onConflict((conflict) => conflict.columns(['consumer', 'seq']).doNothing())
        .execute();
      await this.advance(consumer, seq, tx);
    });
  }

  /** Deletes a bounded number of events older than the replay window. @returns how many */
  async prune(now: number): Promise<number> {
    const { query } = this.#database;
    const last = await this.last();
    const aged = await this.#newestBefore(now - replayWindow.ageMs);
    const abandoned = await this.#newestBefore(now - unhandledMs);
    const slowest = await query
      .selectFrom('bus_cursors')
      .select((eb) => eb.fn.min('seq').as('seq'))
      .where('consumer', '!=', prunedMark)
      .executeTakeFirst();
    const pastWindow = Math.max(aged, last - replayWindow.events);
    const until = Math.max(Math.min(pastWindow, slowest?.seq ?? pastWindow), abandoned);
    const oldest = await query
      .selectFrom('bus_events')
      .select('seq')
      .where('seq', '<=', until)
      .orderBy('seq')
      .limit(prunedAtOnce)
      .execute();
    const cut = oldest.at(-1)?.seq;
    if (cut === undefined) return 0;
    // The mark is written first in the transaction, so that a reader sees either all of the events or that some are gone.
    await this.#database.transaction(async (tx) => {
      await tx
        .insertInto('bus_cursors')
        .values({ consumer: prunedMark, seq: cut })
        .onConflict((conflict) => conflict.column('consumer').doUpdateSet({ seq: cut }))
        .execute();
      await tx.deleteFrom('bus_events').where('seq', '<=', cut).execute();
    });
    return oldest.length;
  }

  async #newestBefore(time: number): Promise<number> {
    const row = await this.#database.query
      .selectFrom('bus_events')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .where('at', '<', time)
      .executeTakeFirst();
    return row?.seq ?? 0;
  }
}

/** @throws UnreadableValue when the payload is not what the contract says, as after an upgrade */
export function readEvent<T extends BusEventType>({ seq, type, at, payload }: StoredEvent): BusEvent<T> {
  if (!isBusEventType(type)) throw new Error(`unknown event type ${type}`);
  const parsed = parseStored<z.ZodType>(busEvents[type], payload, { table: 'bus_events', row: { seq }, column: 'payload' });
  return { id: String(seq), type: type as T, at, payload: parsed as BusPayload<T> };
}

function isBusEventType(type: string): type is BusEventType {
  return type in busEvents;
}
