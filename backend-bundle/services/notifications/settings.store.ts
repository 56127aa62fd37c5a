import type { z } from 'zod';
import { storedSmtp } from '#common/contract/notifications.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { parseStored } from '../../engines/database/stored-json.ts';

/** The stored settings of the mail server. */
export interface SmtpRecord {
  fields: z.output<typeof storedSmtp>;
  passwordSealed: string | null;
  version: number;
  updatedAt: number;
  updatedBy: string;
}

/** @returns null when no mail server is set. @throws UnreadableValue */
export async function findSmtp(db: Queries<'notifications'>): Promise<SmtpRecord | null> {
  const row = await db.selectFrom('smtp_settings').selectAll().where('name', '=', 'smtp').executeTakeFirst();
  if (row === undefined) return null;
  return {
    fields: parseStored(storedSmtp, row.body, { table: 'smtp_settings', row: { name: 'smtp' }, column: 'body' }),
    passwordSealed: row.password_sealed,
    version: row.version,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

export async function storeSmtp(
  tx: Tx<'notifications'>,
  { fields, passwordSealed, version, updatedAt, updatedBy }: SmtpRecord,
): Promise<void> {
  const row = {
    name: 'smtp' as const,
    body: JSON.stringify(fields),
    password_sealed: passwordSealed,
    version,
    updated_at: updatedAt,
    updated_by: updatedBy,
  };
  await tx
    .insertInto('smtp_settings')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}
