import { uuidv7 } from 'uuidv7';
import { maxInbox, type Notice, type NoticeContent } from '#common/contract/console/settings.ts';
import { describeContent } from '#common/words/notices.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, get, run } from '../database/connection.ts';
import { readSettings } from '../settings/store.ts';
import type { NoticeContext, NoticeDraft } from './rules.ts';
import { fold, stormAbove, stormWindowMs, worst } from './rules.ts';
import { firedContent, nameOf } from './words.ts';

/** Notices to show now. */
export interface NoticesToShow {
  /** Notices that pop up. */
  shown: Notice[];
  /** Storms that are already on screen and have grown: their popups are updated without a new sound. */
  counted: Notice[];
}
export const noNotices: NoticesToShow = { shown: [], counted: [] };

type Row = Omit<Notice, 'alertIds' | 'read' | 'content'> & { alertIds: string; read: number; content: string | null };
const columns = 'id, kind, connection_id AS connectionId, alert_ids AS alertIds, severity, title, body, at, content, suppressed, read';
/** A notice before it is stored: its English text is derived from its content. */
export type NewNotice = Omit<Notice, 'id' | 'read' | 'title' | 'body' | 'content'> & { content: NoticeContent };
/** Older notices are deleted. */
const maxNotices = 1_000;

function fromRow(row: Row): Notice {
  const content = row.content === null ? null : (JSON.parse(row.content) as NoticeContent);
  return { ...row, alertIds: JSON.parse(row.alertIds) as string[], content, read: row.read === 1 };
}

function inbox(db: ReadableDb): Notice[] {
  return all<Row>(db, `SELECT ${columns} FROM notices ORDER BY at DESC, id DESC LIMIT ${maxInbox}`).map(fromRow);
}

function markRead(db: WritableDb, { ids }: { ids: string[] }): void {
  for (const id of ids) run(db, 'UPDATE notices SET read = 1 WHERE id = @id', { id });
}

export function context(db: ReadableDb, now: number): Omit<NoticeContext, 'pathOf'> {
  const local = new Date(now);
  return { now, minuteOfDay: local.getHours() * 60 + local.getMinutes(), quiet: readSettings(db).quietHours };
}

/** Stores a notice. Returns null when one with the same key was stored before, so that nothing is announced twice. */
export function storeNotice(db: WritableDb, uniqueKey: string, notice: NewNotice): Notice | null {
  const full: Notice = { ...notice, ...describeContent(notice.content, 'en'), id: uuidv7(), read: false };
  const { alertIds, content, read: _unread, ...rest } = full;
  const stored = run(
    db,
    `INSERT OR IGNORE INTO notices (id, told_key, connection_id, kind, severity, alert_ids, title, body, content, at, suppressed)
     VALUES (@id, @uniqueKey, @connectionId, @kind, @severity, @alertIds, @title, @body, @content, @at, @suppressed)`,
    { ...rest, uniqueKey, alertIds: JSON.stringify(alertIds), content: JSON.stringify(content) },
  );
  return stored > 0 ? full : null;
}

function noticeOf(connectionId: string, { kind, alert, suppressed, stop }: NoticeDraft, at: number): NewNotice {
  const content: NoticeContent =
    kind === 'fired'
      ? firedContent(alert)
      : { code: 'resolved', params: { alert: nameOf(alert), firedForMs: Math.max(0, (alert.resolvedAt ?? at) - alert.firedAt) } };
  return {
    kind,
    connectionId,
    alertIds: [alert.id],
    severity: alert.severity,
    content: stop === null ? content : { ...content, stop },
    at,
    suppressed,
  };
}

/** Stores one notice for many firings: created when the storm begins, updated while it lasts, shown again only when it gets worse. */
function storeStormNotice(db: WritableDb, connectionId: string, folded: readonly NoticeDraft[], now: number): NoticesToShow {
  const since = now - stormWindowMs;
  const running = get<Row>(
    db,
    `SELECT ${columns} FROM notices WHERE kind = 'storm' AND connection_id = @connectionId AND at > @since ORDER BY at DESC LIMIT 1`,
    { connectionId, since },
  );
  const before = running === undefined ? undefined : fromRow(running);
  const recent = all<{ alertIds: string; severity: Notice['severity'] }>(
    db,
    `SELECT alert_ids AS alertIds, severity FROM notices
     WHERE kind = 'fired' AND connection_id = @connectionId AND at > @since AND (suppressed IS NULL OR suppressed = 'storm')`,
    { connectionId, since },
  );
  const recentIds = recent.flatMap(({ alertIds }) => JSON.parse(alertIds) as string[]);
  const alertIds = [...new Set([...(before?.alertIds ?? []), ...recentIds, ...folded.map(({ alert }) => alert.id)])];
  const severity = worst([before?.severity ?? 'INFO', ...recent.map((row) => row.severity), ...folded.map(({ alert }) => alert.severity)]);
  const alerts = `${folded
    .slice(0, 3)
    .map(({ alert }) => nameOf(alert))
    .join(', ')}${folded.length > 3 ? ', …' : ''}`;
  const content: NoticeContent = { code: 'storm', params: { count: alertIds.length, limit: stormAbove, windowMs: stormWindowMs, alerts } };
  const words = describeContent(content, 'en');
  if (before === undefined) {
    const first = storeNotice(db, `storm/${connectionId}/${now}`, {
      kind: 'storm',
      connectionId,
      alertIds,
      severity,
      content,
      at: now,
      suppressed: null,
    });
    return first === null ? noNotices : { shown: [first], counted: [] };
  }
  run(
    db,
    'UPDATE notices SET alert_ids = @alertIds, severity = @severity, title = @title, body = @body, content = @content, at = @now, read = 0 WHERE id = @id',
    {
      id: before.id,
      alertIds: JSON.stringify(alertIds),
      severity,
      ...words,
      content: JSON.stringify(content),
      now,
    },
  );
  const after: Notice = { ...before, ...words, content, alertIds, severity, at: now, read: false };
  return severity === before.severity ? { shown: [], counted: [after] } : { shown: [after], counted: [] };
}

/** Stores the notices of a change, in the transaction of that change. */
export function storeNotices(db: WritableDb, connectionId: string, drafts: readonly NoticeDraft[], now: number): NoticesToShow {
  if (drafts.length === 0) return noNotices;
  const since = now - stormWindowMs;
  const recent = all<{ suppressed: string | null }>(
    db,
    `SELECT suppressed FROM notices
     WHERE kind = 'fired' AND connection_id = @connectionId AND at > @since AND (suppressed IS NULL OR suppressed = 'storm') ORDER BY id`,
    { connectionId, since },
  );
  const folding = fold(drafts, recent.length, recent.at(-1)?.suppressed === 'storm');
  const pops: Notice[] = [];
  const folded: NoticeDraft[] = [];
  for (const draft of folding.drafts) {
    const stored = storeNotice(db, `${connectionId}/${draft.alert.id}/${draft.kind}`, noticeOf(connectionId, draft, now));
    if (stored === null) continue;
    if (draft.suppressed === 'storm') folded.push(draft);
    else if (draft.suppressed === null && draft.pops) pops.push(stored);
  }
  const storm = folded.length > 0 ? storeStormNotice(db, connectionId, folded, now) : noNotices;
  run(db, 'DELETE FROM notices WHERE id IN (SELECT id FROM notices ORDER BY at DESC LIMIT -1 OFFSET @maxNotices)', { maxNotices });
  return { shown: [...pops, ...storm.shown], counted: storm.counted };
}

export const noticeOperations = { reads: { inbox }, writes: { markRead } };
