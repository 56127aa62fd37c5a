import { type Selectable, sql } from 'kysely';
import type { AnyTx, Database, Queries, Tx } from '../engines/database/port.ts';
import type { Tables } from '../engines/database/tables.ts';

type Db = Queries<'engines'>;
type Row = Selectable<Tables['idempotency']>;
const table = 'idempotency';

/** One attempt at a call. `at` (epoch ms) distinguishes it from an attempt that takes over later. */
export interface Claim {
  callerId: string;
  key: string;
  at: number;
}
/** A stored reply, encrypted. */
type SealedAnswer = Pick<Row, 'status' | 'reply'>;

/** Claims a key. @returns false when it is already claimed or answered */
export async function insertClaim(db: Db, { callerId, key, at }: Claim, fingerprint: string): Promise<boolean> {
  const inserted = await db
    .insertInto(table)
    .values({ caller_id: callerId, key, fingerprint, status: null, reply: null, created_at: at })
    .onConflict((conflict) => conflict.columns(['caller_id', 'key']).doNothing())
    .executeTakeFirst();
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Takes over an unanswered attempt of the same request that started before `before`, epoch ms. @returns false when there is none */
export async function takeOverClaim(db: Db, { callerId, key, at }: Claim, fingerprint: string, before: number): Promise<boolean> {
  const taken = await db
    .updateTable(table)
    .set({ created_at: at })
    .where('caller_id', '=', callerId)
    .where('key', '=', key)
    .where('fingerprint', '=', fingerprint)
    .where('status', 'is', null)
    .where('created_at', '<', before)
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

export function findRecord(db: Db, callerId: string, key: string): Promise<Row | undefined> {
  return db.selectFrom(table).selectAll().where('caller_id', '=', callerId).where('key', '=', key).executeTakeFirst();
}

/** Stores the reply in the transaction of its effect. @returns false when the attempt was taken over: the transaction must not commit */
export async function recordIn(
  anyTx: AnyTx,
  dialect: Database['dialect'],
  { callerId, key, at }: Claim,
  answer: SealedAnswer,
): Promise<boolean> {
  const tx = anyTx as Tx<'engines'>;
  // With a scan of the whole table, every other transaction that stores a reply would conflict with this one.
  if (dialect === 'postgres') await sql`set local enable_seqscan = off`.execute(tx);
  return storeFirst(tx, { callerId, key, at }, answer);
}

/** Stores a reply if there is none yet. @returns false when there is one, or the attempt was taken over */
export async function storeFirst(db: Pick<Db, 'updateTable'>, { callerId, key, at }: Claim, answer: SealedAnswer): Promise<boolean> {
  const stored = await db
    .updateTable(table)
    .set(answer)
    .where('caller_id', '=', callerId)
    .where('key', '=', key)
    .where('created_at', '=', at)
    .where('status', 'is', null)
    .executeTakeFirst();
  return stored.numUpdatedRows > 0n;
}

/** Replaces the reply that was stored with the effect. */
export async function replaceAnswer(db: Db, { callerId, key, at }: Claim, answer: SealedAnswer): Promise<void> {
  await db.updateTable(table).set(answer).where('caller_id', '=', callerId).where('key', '=', key).where('created_at', '=', at).execute();
}

export async function deleteUnanswered(db: Db, { callerId, key, at }: Claim): Promise<void> {
  const own = db.deleteFrom(table).where('caller_id', '=', callerId).where('key', '=', key).where('created_at', '=', at);
  await own.where('status', 'is', null).execute();
}

export async function deleteAllUnanswered(db: Db): Promise<void> {
  await db.deleteFrom(table).where('status', 'is', null).execute();
}

/** @param at epoch ms */
export async function deleteOlderThan(db: Db, at: number): Promise<void> {
  await db.deleteFrom(table).where('created_at', '<', at).execute();
}
