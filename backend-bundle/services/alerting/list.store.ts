import { z } from 'zod';
import type { Alert, alerts } from '#common/contract/alerts.ts';
import type { RequestOf } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Queries } from '../../engines/database/port.ts';
import type { UnreadableRows } from '../../engines/database/stored-json.ts';
import { alertOf } from './alerting.store.ts';

const position = z.tuple([z.number().int(), z.string()]);

/** Lists alerts, newest first. A page continues after a row, not at an offset, so new alerts shift nothing. */
export async function listAlerts(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  {
    limit,
    cursor,
    state,
    severity,
    ruleCode,
    changedSince,
  }: Omit<RequestOf<typeof alerts.list>['query'], 'changedSince'> & { changedSince?: number | undefined },
): Promise<{ items: Alert[]; nextCursor?: string }> {
  let find = newestFirst(db);
  if (state !== undefined) find = find.where('state', '=', state);
  if (severity !== undefined) find = find.where('severity', '=', severity);
  if (ruleCode !== undefined) find = find.where('rule_code', '=', ruleCode);
  if (changedSince !== undefined) find = find.where('changed_at', '>=', changedSince);
  if (cursor !== undefined) {
    const [firedAt, id] = readCursor(cursor);
    find = find.where((eb) => eb.or([eb('fired_at', '<', firedAt), eb.and([eb('fired_at', '=', firedAt), eb('id', '<', id)])]));
  }
  const rows = await find.limit(limit + 1).execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = readable(unreadable, page);
  return rows.length > limit && last !== undefined ? { items, nextCursor: writeCursor(last.fired_at, last.id) } : { items };
}

/** Returns every firing alert, newest first. */
export async function allFiring(db: Queries<'alerting'>, unreadable: UnreadableRows): Promise<Alert[]> {
  return readable(unreadable, await newestFirst(db).where('state', '=', 'FIRING').execute());
}

/** Returns every alert that fired at or after a time, newest first. @param since epoch ms */
export async function alertsSince(db: Queries<'alerting'>, unreadable: UnreadableRows, since: number): Promise<Alert[]> {
  return readable(unreadable, await newestFirst(db).where('fired_at', '>=', since).execute());
}

function newestFirst(db: Queries<'alerting'>) {
  return db.selectFrom('alerts').select(['id', 'body', 'changed_at', 'fired_at']).orderBy('fired_at', 'desc').orderBy('id', 'desc');
}

function readable(unreadable: UnreadableRows, rows: readonly { id: string; body: string; changed_at: number }[]): Alert[] {
  return rows.flatMap((row) => unreadable.leaveOut(() => alertOf(row).alert) ?? []);
}

function writeCursor(firedAt: number, id: string): string {
  return Buffer.from(JSON.stringify([firedAt, id])).toString('base64url');
}

function readCursor(cursor: string): [number, string] {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('validation_failed', 'The cursor is not one that this list gave.', {
      field: 'cursor',
      hint: 'Start again without a cursor.',
      cause,
    });
  }
}
