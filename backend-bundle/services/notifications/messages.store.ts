import type { Selectable } from 'kysely';
import { z } from 'zod';
import { type Alert, type AlertEvent, alert, alertEvent } from '#common/contract/alerts.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { parseStored } from '../../engines/database/stored-json.ts';
import type { Tables } from '../../engines/database/tables.ts';

/** An e-mail that is sent or waits to be. */
export type MessageRow = Selectable<Tables['mail_messages']>;

const storedContent = z.object({ alert, event: alertEvent });

/** @throws UnreadableValue */
export function contentOf({ id, body }: MessageRow): { alert: Alert; event: AlertEvent } {
  return parseStored(storedContent, body, { table: 'mail_messages', row: { id }, column: 'body' });
}

/** Stores e-mails to send. One that exists already for its alert, kind and address stays as it is, so an event may arrive twice. */
export async function addMessages(tx: Tx<'notifications'>, messages: readonly MessageRow[]): Promise<void> {
  for (const message of messages)
    await tx
      .insertInto('mail_messages')
      .values(message)
      .onConflict((conflict) => conflict.columns(['alert_id', 'kind', 'address']).doNothing())
      .execute();
}

/** Returns the e-mails that said that an alert fired, except those that can't be sent. */
export function triggeredMessages(db: Queries<'notifications'>, alertId: string): Promise<MessageRow[]> {
  return db
    .selectFrom('mail_messages')
    .selectAll()
    .where('alert_id', '=', alertId)
    .where('kind', '=', 'triggered')
    .where('state', '<>', 'failed')
    .execute();
}

/** Lists waiting e-mails whose time has come, oldest first. That an alert resolved is only said after the e-mail that it fired. */
export function dueMessages(db: Queries<'notifications'>, now: number, limit: number): Promise<MessageRow[]> {
  return db
    .selectFrom('mail_messages as message')
    .selectAll('message')
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('mail_messages as earlier')
            .select('earlier.id')
            .whereRef('earlier.alert_id', '=', 'message.alert_id')
            .whereRef('earlier.address', '=', 'message.address')
            .whereRef('earlier.kind', '<>', 'message.kind')
            .where('message.kind', '=', 'resolved')
            .where('earlier.state', '=', 'waiting'),
        ),
      ),
    )
    .orderBy('next_try_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Counts a try before it begins. @returns false when another process has begun one in the meantime */
export async function beginAttempt(db: Queries<'notifications'>, { id, attempts }: MessageRow, nextTryAt: number): Promise<boolean> {
  const result = await db
    .updateTable('mail_messages')
    .set({ attempts: attempts + 1, next_try_at: nextTryAt })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('attempts', '=', attempts)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Marks an e-mail as sent or as failed for good. Whoever wasn't told that the alert fired isn't told that it resolved. */
export async function finishMessage(tx: Tx<'notifications'>, message: MessageRow, state: 'sent' | 'failed'): Promise<void> {
  await tx.updateTable('mail_messages').set({ state }).where('id', '=', message.id).execute();
  if (state === 'failed' && message.kind === 'triggered')
    await tx
      .deleteFrom('mail_messages')
      .where('alert_id', '=', message.alert_id)
      .where('address', '=', message.address)
      .where('kind', '=', 'resolved')
      .execute();
}

/** Deletes e-mails that were finished before a time (epoch ms), except those whose alert has not resolved yet. */
export async function deleteMessages(db: Queries<'notifications'>, before: number): Promise<void> {
  await db
    .deleteFrom('mail_messages')
    .where('created_at', '<', before)
    .where('state', '<>', 'waiting')
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb('state', '=', 'failed'),
        exists(
          selectFrom('mail_messages as later')
            .select('later.id')
            .whereRef('later.alert_id', '=', 'mail_messages.alert_id')
            .whereRef('later.address', '=', 'mail_messages.address')
            .where('later.kind', '=', 'resolved')
            .where('later.state', '<>', 'waiting'),
        ),
      ]),
    )
    .execute();
}
