import type { Queries } from '../../engines/database/port.ts';

type Db = Queries<'gateway'>;

export function findUser(db: Db, id: string) {
  return db.selectFrom('users').select(['id', 'username', 'role', 'disabled']).where('id', '=', id).executeTakeFirst();
}

/** A session lives as long as one of its refresh tokens is kept: signing out and a new password remove them. */
export function findSession(db: Db, id: string, userId: string) {
  return db.selectFrom('refresh_tokens').select('id').where('family_id', '=', id).where('user_id', '=', userId).limit(1).executeTakeFirst();
}

export function findKey(db: Db, secretHash: string) {
  return db.selectFrom('api_keys').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
}

export async function isKey(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** @param at epoch ms */
export async function noteKeyUse(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
}
