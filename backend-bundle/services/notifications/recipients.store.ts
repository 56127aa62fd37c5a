import { AppError } from '#common/contract/errors.ts';
import { type MailRecipients, mailRecipients } from '#common/contract/notifications.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { parseStored, type UnreadableRows } from '../../engines/database/stored-json.ts';

/** Lists who gets e-mails, oldest first. */
export async function listRecipients(db: Queries<'notifications'>, unreadable: UnreadableRows): Promise<MailRecipients[]> {
  const rows = await db.selectFrom('mail_recipients').selectAll().orderBy('id').execute();
  return rows.flatMap((row) => unreadable.leaveOut(() => recipientsOf(row)) ?? []);
}

/** @throws AppError not_found */
export async function getRecipients(db: Queries<'notifications'>, id: string): Promise<MailRecipients> {
  const row = await db.selectFrom('mail_recipients').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not_found', `There are no recipients ${id}.`, { field: 'id', hint: 'They may have been deleted.' });
  return recipientsOf(row);
}

/** Stores recipients, new or changed. */
export async function putRecipients(tx: Tx<'notifications'>, recipients: MailRecipients): Promise<void> {
  const row = { id: recipients.id, version: recipients.version, body: JSON.stringify(recipients) };
  await tx
    .insertInto('mail_recipients')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function deleteRecipients(tx: Tx<'notifications'>, id: string): Promise<void> {
  await tx.deleteFrom('mail_recipients').where('id', '=', id).execute();
}

/** @throws UnreadableValue */
function recipientsOf({ id, body }: { id: string; body: string }): MailRecipients {
  return parseStored(mailRecipients, body, { table: 'mail_recipients', row: { id }, column: 'body' });
}
