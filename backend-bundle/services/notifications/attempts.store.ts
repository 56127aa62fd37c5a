import { z } from 'zod';
import type { RequestOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { MailAttempt, notifications } from '#common/contract/notifications.ts';
import type { Queries } from '../../engines/database/port.ts';

export async function addAttempt(db: Queries<'notifications'>, attempt: MailAttempt): Promise<void> {
  const { alertId: alert_id, durationMs: duration_ms, nextTryAt: next_try_at, ...rest } = attempt;
  await db
    .insertInto('mail_attempts')
    .values({ ...rest, alert_id, duration_ms, next_try_at })
    .execute();
}

/** Lists tries, newest first. A page continues after a row, not at an offset, so new tries shift nothing. */
export async function listAttempts(
  db: Queries<'notifications'>,
  { limit, cursor, alertId, outcome }: RequestOf<typeof notifications.attempts>['query'],
): Promise<{ items: MailAttempt[]; nextCursor?: string }> {
  // Ids sort by time.
  let find = db.selectFrom('mail_attempts').selectAll().orderBy('id', 'desc');
  if (alertId !== undefined) find = find.where('alert_id', '=', alertId);
  if (outcome !== undefined) find = find.where('outcome', '=', outcome);
  if (cursor !== undefined) find = find.where('id', '<', readCursor(cursor));
  const rows = await find.limit(limit + 1).execute();
  const items = rows
    .slice(0, limit)
    .map(
      ({ alert_id, duration_ms, next_try_at, ...row }) =>
        ({ ...row, alertId: alert_id, durationMs: duration_ms, nextTryAt: next_try_at }) as MailAttempt,
    );
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
}

/** @returns the newest try to send something other than a test; null when there is none */
export async function newestAttempt(db: Queries<'notifications'>): Promise<MailAttempt | null> {
  const row = await db
    .selectFrom('mail_attempts')
    .selectAll()
    .where('kind', '<>', 'test')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { alert_id, duration_ms, next_try_at, ...rest } = row;
  return { ...rest, alertId: alert_id, durationMs: duration_ms, nextTryAt: next_try_at } as MailAttempt;
}

/** Deletes tries before a time, epoch ms. */
export async function deleteAttempts(db: Queries<'notifications'>, before: number): Promise<void> {
  await db.deleteFrom('mail_attempts').where('at', '<', before).execute();
}

function readCursor(cursor: string): string {
  const read = z.uuidv7().safeParse(cursor);
  if (read.success) return read.data;
  throw new AppError('validation_failed', 'The cursor is not one that this list gave.', {
    field: 'cursor',
    hint: 'Start again without a cursor.',
  });
}
