import type { Selectable } from 'kysely';
import { AppError } from '#common/contract/errors.ts';
import type { SourceSettings, WriteAccess } from '#common/contract/sources.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Tables } from '../../engines/database/tables.ts';
import type { Vault } from '../../engines/port.ts';

export type SourceRow = Selectable<Tables['sources']>;

/** @throws AppError not_found with the field of the request that contains the code */
export async function getSource(query: Queries<'loaders'>, code: string, field = 'code'): Promise<SourceRow> {
  const row = await query.selectFrom('sources').selectAll().where('code', '=', code).executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', `There is no source "${code}".`, { field, hint: 'Add the source first, or choose one from the list.' });
  }
  return row;
}

export function allSources(db: Queries<'loaders'>): Promise<SourceRow[]> {
  return db.selectFrom('sources').selectAll().orderBy('code').execute();
}

/** Returns the codes of sources that were never connected to. */
export async function uncheckedSources(db: Queries<'loaders'>): Promise<string[]> {
  const rows = await db.selectFrom('sources').select('code').where('checked_at', 'is', null).execute();
  return rows.map(({ code }) => code);
}

/** The columns that change with the settings: encrypted, and not checked yet. */
export function settingsColumns(settings: SourceSettings, vault: Vault, now: number) {
  return {
    kind: settings.kind,
    settings_sealed: vault.seal(JSON.stringify(settings)),
    write_access: 'unknown',
    checked_at: null,
    updated_at: now,
  };
}

/** @returns false when the code is taken */
export async function insertSource(tx: Tx<'loaders'>, row: SourceRow): Promise<boolean> {
  const result = await tx
    .insertInto('sources')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateSource(tx: Tx<'loaders'>, row: SourceRow): Promise<void> {
  await tx.updateTable('sources').set(row).where('code', '=', row.code).execute();
}

export async function deleteSource(tx: Tx<'loaders'>, code: string): Promise<void> {
  await tx.deleteFrom('sources').where('code', '=', code).execute();
}

/** Returns the codes of the loaders that read from a source. */
export async function loadersOf(tx: Tx<'loaders'>, sourceCode: string): Promise<string[]> {
  const rows = await tx.selectFrom('loaders').select('code').where('source_code', '=', sourceCode).orderBy('code').execute();
  return rows.map(({ code }) => code);
}

/** Stores the result of a check; nothing when the settings were changed in the meantime. */
export async function noteCheck(db: Queries<'loaders'>, before: SourceRow, writeAccess: WriteAccess, at: number): Promise<void> {
  await db
    .updateTable('sources')
    .set({ write_access: writeAccess, checked_at: at })
    .where('code', '=', before.code)
    .where('settings_sealed', '=', before.settings_sealed)
    .execute();
}
