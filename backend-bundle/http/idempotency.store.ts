import { type Selectable, sql } from 'kysely';
import type { AnyTx, Database, Queries, Tx } from '../engines/database/port.ts';
import type { Tables } from '../engines/database/tables.ts';

type Db = Queries<'engines'>;
type Row = Selectable<Tables['idempotency']>;
const table = 'idempotency';

/** One try of a call. `at` tells it from a try that takes it over later, epoch ms. */
export interface Claim {
  callerId: string;
  key: string;
  at: number;
}
/** An answer, sealed. */
type SealedAnswer = Pick<Row, 'status' | 'reply'>;

/** @returns false when the key is claimed or answered */
export async function insertClaim(db: Db, { callerId, key, at }: Claim, fingerprint: string): Promise<boolean> {
  const inserted = await db
    .insertInto(table)
    .values({ caller_id: callerId, key, fingerprint, status: null, reply: null, created_at: at })
    .onConflict((conflict) => conflict.columns(['caller_id', 'key']).doNothing())
    .executeTakeFirst();
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Takes over an unanswered try of the same request that began before `before`, epoch ms. @returns false when there is none */
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

/** Stores the answer with the effect, in one transaction. @returns false when the try was taken over: the transaction must not commit */
export async function recordIn(
  anyTx: AnyTx,
  dialect: Database['dialect'],
  { callerId, key, at }: Claim,
  answer: SealedAnswer,
): Promise<boolean> {
  const tx = anyTx as Tx<'engines'>;
  // A scan of the whole table would make every other transaction that records an answer a conflict of this one.
  if (dialect === 'postgres') await sql`set local enable_seqscan = off`.execute(tx);
  return storeFirst(tx, { callerId, key, at }, answer);
}

/** Stores an answer where there is none yet. @returns false when there is one, or the try was taken over */
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

/** Stores an answer in place of the one that was recorded with the effect. */
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
