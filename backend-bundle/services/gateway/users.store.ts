import type { Selectable } from 'kysely';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Tables } from '../../engines/database/tables.ts';

type Db = Queries<'gateway'>;
export type UserRow = Selectable<Tables['users']>;

export function allUsers(db: Db): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().orderBy('username').execute();
}

export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findUserByName(db: Db, username: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
}

export async function isAnyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Returns whether another user is an enabled administrator. */
export async function isOtherAdministrator(db: Db, id: string): Promise<boolean> {
  const others = db.selectFrom('users').select('id').where('role', '=', 'ADMIN').where('disabled', '=', 0).where('id', '!=', id);
  return (await others.limit(1).executeTakeFirst()) !== undefined;
}

export async function insertUser(tx: Tx<'gateway'>, row: UserRow): Promise<void> {
  await tx.insertInto('users').values(row).execute();
}

export async function replaceUser(tx: Tx<'gateway'>, row: UserRow): Promise<void> {
  await tx.updateTable('users').set(row).where('id', '=', row.id).execute();
}
