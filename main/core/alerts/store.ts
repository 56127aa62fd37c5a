import type { Alert } from '#common/contract/alerts.ts';
import { type FeedAlert, maxResolvedListed } from '#common/contract/console/alerts.ts';
import type { Problem } from '#common/contract/console/connections.ts';
import { dayMs } from '#common/time/durations.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, get, run } from '../database/connection.ts';
import { draftOf } from '../notices/rules.ts';
import { context, type NoticesToShow, noNotices, storeNotice, storeNotices } from '../notices/store.ts';
import { nameOf } from '../notices/words.ts';
import type { AlertChange } from '../outbox/change.ts';
import { findWaiting, markConflict, takeOut, type Waiting, waiting, waitingFor } from '../outbox/store.ts';
import { openPaths } from '../policies/paths.ts';
import { overlay } from './overlay.ts';

/** How long resolved alerts stay readable, ms. */
export const keepResolvedMs = 7 * dayMs;

interface Row {
  connectionId: string;
  body: string;
  asOf: number;
}
const columns = 'connection_id AS connectionId, body, as_of AS asOf';

/** Pending changes, by connection and alert. Changes in conflict were refused, so they are not applied. */
function changesByAlert(items: readonly Waiting[]): Map<string, AlertChange[]> {
  const open = items.filter(({ conflict }) => !conflict);
  const groups = Map.groupBy(open, ({ connectionId, change }) => `${connectionId}/${change.alertId}`);
  return new Map([...groups].map(([key, items]) => [key, items.map(({ change }) => change)]));
}

const noTexts = { ruleLabels: {}, annotations: {} } satisfies Partial<Alert>;
/** Parses a stored alert. What earlier versions of the console stored has no texts of its rule. */
const alertOf = (body: string): Alert => ({ ...noTexts, ...(JSON.parse(body) as Omit<Alert, keyof typeof noTexts>) }) as Alert;

function fromRow({ connectionId, body, asOf }: Row, changes: Map<string, AlertChange[]>): FeedAlert {
  const alert = alertOf(body);
  return overlay({ connectionId, alert, asOf }, changes.get(`${connectionId}/${alert.id}`) ?? []);
}

/** Returns all firing and recently resolved alerts, newest first. */
function feed(db: ReadableDb, { now }: { now: number }): FeedAlert[] {
  const changes = changesByAlert(waiting(db));
  const firing = all<Row>(db, `SELECT ${columns} FROM alerts WHERE state = 'FIRING'`);
  const resolved = all<Row>(
    db,
    `SELECT ${columns} FROM alerts WHERE state = 'RESOLVED' AND resolved_at > @after ORDER BY fired_at DESC LIMIT ${maxResolvedListed}`,
    { after: now - keepResolvedMs },
  );
  return [...firing, ...resolved].map((row) => fromRow(row, changes)).sort((a, b) => b.firedAt - a.firedAt || (a.id < b.id ? 1 : -1));
}

/** Returns some alerts of a connection, if they are known. */
function feedAlerts(db: ReadableDb, { connectionId, ids }: { connectionId: string; ids: readonly string[] }): FeedAlert[] {
  const rows = all<Row>(
    db,
    `SELECT ${columns} FROM alerts WHERE connection_id = @connectionId AND id IN (SELECT value FROM json_each(@ids))`,
    { connectionId, ids: JSON.stringify(ids) },
  );
  const changes = changesByAlert(waitingFor(db, { connectionId, alertIds: ids }));
  return rows.map((row) => fromRow(row, changes));
}

function feedAlert(db: ReadableDb, { connectionId, id }: { connectionId: string; id: string }): FeedAlert | null {
  return feedAlerts(db, { connectionId, ids: [id] })[0] ?? null;
}

function known(db: ReadableDb, connectionId: string, id: string): Alert | undefined {
  const row = get<{ body: string }>(db, 'SELECT body FROM alerts WHERE connection_id = @connectionId AND id = @id', { connectionId, id });
  return row === undefined ? undefined : alertOf(row.body);
}

/** Returns the firing alerts of a connection, newest first, as the backend lists them. */
function firingOf(db: ReadableDb, connectionId: string): Alert[] {
  const rows = all<{ body: string }>(
    db,
    `SELECT body FROM alerts WHERE connection_id = @connectionId AND state = 'FIRING' ORDER BY fired_at DESC, id DESC`,
    { connectionId },
  );
  return rows.map(({ body }) => alertOf(body));
}

function put(db: WritableDb, connectionId: string, alert: Alert, asOf: number): void {
  run(
    db,
    `INSERT INTO alerts (connection_id, id, version, state, fired_at, resolved_at, body, as_of)
     SELECT id, @id, @version, @state, @firedAt, @resolvedAt, @body, @asOf FROM connections WHERE id = @connectionId
     ON CONFLICT (connection_id, id) DO UPDATE SET version = excluded.version, state = excluded.state, fired_at = excluded.fired_at,
       resolved_at = excluded.resolved_at, body = excluded.body, as_of = excluded.as_of WHERE excluded.version >= version`,
    {
      connectionId,
      id: alert.id,
      version: alert.version,
      state: alert.state,
      firedAt: alert.firedAt,
      resolvedAt: alert.resolvedAt,
      body: JSON.stringify(alert),
      asOf,
    },
  );
}

export interface News {
  connectionId: string;
  alerts: Alert[];
  /** The event up to which the cache is current with these alerts; null leaves it unchanged. */
  lastEventId: string | null;
  /** True for a snapshot: a firing alert that is not in it has ended. */
  whole: boolean;
  now: number;
  /** The backend's clock minus this computer's, ms. */
  skewMs: number;
}

/**
 * Stores alerts from the backend, the position in the stream and the notices, all or nothing. The newest version of an alert wins, so
 * events may come twice or late.
 */
export function applyAlerts(db: WritableDb, { connectionId, alerts, lastEventId, whole, now, skewMs }: News): NoticesToShow {
  const place = get<{ lastEventId: string | null }>(db, 'SELECT last_event_id AS lastEventId FROM connections WHERE id = @connectionId', {
    connectionId,
  });
  // The connection was removed before the answer arrived.
  if (place === undefined) return noNotices;
  const news = alerts.flatMap((after) => {
    const before = known(db, connectionId, after.id);
    if (before !== undefined && before.version > after.version) return [];
    put(db, connectionId, after, now);
    return [{ before, after }];
  });
  if (whole) {
    const present = JSON.stringify(alerts.map(({ id }) => id));
    run(
      db,
      `DELETE FROM alerts WHERE connection_id = @connectionId AND state = 'FIRING' AND id NOT IN (SELECT value FROM json_each(@present))`,
      { connectionId, present },
    );
    run(db, `DELETE FROM alerts WHERE state = 'RESOLVED' AND resolved_at < @before`, { before: now - keepResolvedMs });
    run(db, `DELETE FROM seen WHERE key LIKE 'alert/%' AND as_of < @before`, { before: now - keepResolvedMs });
  }
  if (lastEventId !== null)
    run(db, 'UPDATE connections SET last_event_id = @lastEventId WHERE id = @connectionId', { connectionId, lastEventId });
  // Policies, snoozes and acknowledgements end by the backend's clock.
  const serverNow = now + skewMs;
  const pathOf = openPaths(db, { connectionId, now: serverNow, firing: () => firingOf(db, connectionId) });
  const at = { ...context(db, now), now: serverNow, pathOf };
  const drafts = news.flatMap(({ before, after }) => draftOf(before, after, place.lastEventId !== null, at) ?? []);
  return storeNotices(db, connectionId, drafts, now);
}

/** Removes confirmed changes from the outbox in the transaction that stores the new copies of their alerts. */
function confirm(
  db: WritableDb,
  {
    connectionId,
    changes,
    now,
    skewMs,
  }: { connectionId: string; changes: readonly { id: string; alert: Alert }[]; now: number; skewMs: number },
): NoticesToShow {
  for (const { id } of changes) takeOut(db, { id, now });
  const alerts = changes.map(({ alert }) => alert);
  return applyAlerts(db, { connectionId, alerts, lastEventId: null, whole: false, now, skewMs });
}

/**
 * Removes a change that is no longer needed, because the alert resolved or the snooze expired before it arrived. A notice in the inbox
 * keeps the note that the person wrote.
 */
function settleMoot(db: WritableDb, { id, why, now }: { id: string; why: 'resolved' | 'over'; now: number }): void {
  const item = findWaiting(db, id);
  if (item === undefined) return;
  const { change, connectionId } = item;
  const alert = known(db, connectionId, change.alertId);
  const note = change.kind === 'acknowledge' ? change.note : change.kind === 'snooze' ? change.reason : '';
  const agoMs = alert?.resolvedAt ? Math.max(0, now - alert.resolvedAt) : null;
  takeOut(db, { id, now });
  storeNotice(db, `outbox/${id}/moot`, {
    kind: 'resolved',
    connectionId,
    alertIds: [change.alertId],
    severity: alert?.severity ?? 'INFO',
    content: {
      ...(why === 'over'
        ? { code: 'not_needed_over', params: {} }
        : agoMs === null
          ? { code: 'not_needed', params: {} }
          : { code: 'not_needed_resolved', params: { agoMs } }),
      change: { kind: change.kind, alert: alertNameOf(item, alert), note },
    },
    at: now,
    suppressed: null,
  });
}

/** Returns the name of a change's alert. Changes queued by older consoles have none. */
function alertNameOf({ change }: Waiting, alert: Alert | undefined): string {
  return change.alertName ?? (alert === undefined ? change.alertId : nameOf(alert));
}

/** Marks a change that the backend refused as a conflict, and stores a notice for the user. */
function reject(db: WritableDb, { id, problem, now }: { id: string; problem: Problem; now: number }): NoticesToShow {
  const item = findWaiting(db, id);
  if (item === undefined) return noNotices;
  markConflict(db, { id, problem });
  const alert = known(db, item.connectionId, item.change.alertId);
  const notice = storeNotice(db, `outbox/${id}/conflict/${item.attempts}`, {
    kind: 'conflict',
    connectionId: item.connectionId,
    alertIds: [item.change.alertId],
    severity: alert?.severity ?? 'WARNING',
    content: { code: 'refused', params: {}, change: { kind: item.change.kind, alert: alertNameOf(item, alert) }, problem },
    at: now,
    suppressed: null,
  });
  return notice === null ? noNotices : { shown: [notice], counted: [] };
}

export const alertOperations = {
  reads: { feed, feedAlert, feedAlerts },
  writes: { applyAlerts, confirm, settleMoot, reject },
};
