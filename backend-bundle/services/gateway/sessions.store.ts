import type { Selectable } from 'kysely';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Tables } from '../../engines/database/tables.ts';

type Db = Queries<'gateway'>;
export type TokenRow = Selectable<Tables['refresh_tokens']>;

/** Returns a session. It exists as long as one of its refresh tokens does: sign-out and a new password delete them. */
export function findSession(db: Db, id: string, userId: string) {
  return db.selectFrom('refresh_tokens').select('id').where('family_id', '=', id).where('user_id', '=', userId).limit(1).executeTakeFirst();
}

export function findToken(db: Db, hash: string): Promise<TokenRow | undefined> {
  return db.selectFrom('refresh_tokens').selectAll().where('token_hash', '=', hash).executeTakeFirst();
}

export async function insertToken(tx: Tx<'gateway'>, row: TokenRow): Promise<void> {
  await tx.insertInto('refresh_tokens').values(row).execute();
}

/** @param at epoch ms. @returns false when the token was used before */
export async function markTokenUsed(tx: Tx<'gateway'>, id: string, at: number): Promise<boolean> {
  const unused = tx.updateTable('refresh_tokens').set({ used_at: at }).where('id', '=', id).where('used_at', 'is', null);
  return (await unused.executeTakeFirst()).numUpdatedRows > 0n;
}

export async function deleteSession(tx: Tx<'gateway'>, familyId: string): Promise<void> {
  await tx.deleteFrom('refresh_tokens').where('family_id', '=', familyId).execute();
}

export async function deleteSessionsOf(tx: Tx<'gateway'>, userId: string): Promise<void> {
  await tx.deleteFrom('refresh_tokens').where('user_id', '=', userId).execute();
}

/** @param at epoch ms */
export async function deleteTokensExpiredBefore(db: Db, at: number): Promise<void> {
  await db.deleteFrom('refresh_tokens').where('expires_at', '<', at).execute();
}
