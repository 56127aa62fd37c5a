import type { Selectable } from 'kysely';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Tables } from '../../engines/database/tables.ts';

type Db = Queries<'gateway'>;
export type KeyRow = Selectable<Tables['api_keys']>;

export function allKeys(db: Db): Promise<KeyRow[]> {
  return db.selectFrom('api_keys').selectAll().orderBy('created_at').execute();
}

export function findKey(db: Db, secretHash: string): Promise<KeyRow | undefined> {
  return db.selectFrom('api_keys').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
}

export async function isKey(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function insertKey(tx: Tx<'gateway'>, row: KeyRow): Promise<void> {
  await tx.insertInto('api_keys').values(row).execute();
}

/** @returns false when there is none of that id */
export async function deleteKey(tx: Tx<'gateway'>, id: string): Promise<boolean> {
  return (await tx.deleteFrom('api_keys').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
}

/** @param at epoch ms */
export async function noteKeyUse(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
}

/** Returns the encrypted secret of a key that the backend created for its own use; undefined when there is none of that name. */
export async function findOwnKey(db: Db, name: string): Promise<string | undefined> {
  return (await db.selectFrom('own_keys').select('secret_sealed').where('name', '=', name).executeTakeFirst())?.secret_sealed;
}

export async function insertOwnKey(db: Db, name: string, secretSealed: string): Promise<void> {
  await db.insertInto('own_keys').values({ name, secret_sealed: secretSealed }).execute();
}
