import { uuidv7 } from 'uuidv7';
import { type Alert, type AlertEvent, summariseAlert } from '#common/contract/alerts.ts';
import type { ReasonDetail } from '#common/contract/rules.ts';
import { englishOf } from '#common/words/reasons.ts';
import type { Bus } from '../../engines/bus/port.ts';
import type { Database, Tx } from '../../engines/database/port.ts';
import { firingOfRule } from './alerting.store.ts';

/** An entry in an alert's history, without its ids. `by` is null when the backend did it. */
export type HistoryEntry = Pick<AlertEvent, 'kind' | 'at' | 'by' | 'note' | 'details'>;

/** Returns a note by the backend: the English text, and the data from which it is written in other languages. */
export const noted = (details: readonly ReasonDetail[]) => ({ note: englishOf(details), details: [...details] });

/**
 * Creates a firing alert with its history entry and event, in one transaction.
 * @returns false when an alert is already firing for the rule and series; nothing is stored then
 */
export async function raise(tx: Tx<'alerting'>, bus: Bus, alert: Alert): Promise<boolean> {
  const result = await tx
    .insertInto('alerts')
    .values({
      id: alert.id,
      rule_code: alert.ruleCode,
      series_key: alert.seriesKey,
      state: alert.state,
      severity: alert.severity,
      fired_at: alert.firedAt,
      resolved_at: null,
      changed_at: alert.firedAt,
      version: alert.version,
      body: JSON.stringify(alert),
    })
    // The partial unique index on FIRING causes the conflict. Naming its columns would not select it on every dialect.
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if ((result.numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  const event = await record(tx, alert.id, { kind: 'fired', at: alert.firedAt, by: null, ...noted(alert.reasons[0]?.details ?? []) });
  await bus.publish(tx, 'alert.triggered', { ...summariseAlert(alert), alert, event });
  return true;
}

/**
 * Changes an alert, with its history entry and event, in one transaction.
 * @param requested its `at` may be earlier, if a person acted offline; it is moved after the newest entry in the history
 * @param now when the change is made, ms
 */
export async function change(
  tx: Tx<'alerting'>,
  bus: Bus,
  before: Alert,
  patch: Partial<Alert>,
  requested: HistoryEntry,
  now: number,
): Promise<Alert> {
  const entry = { ...requested, at: await notBeforeHistory(tx, before, requested.at) };
  const alert: Alert = { ...before, ...patch, version: before.version + 1 };
  await tx
    .updateTable('alerts')
    .set({
      state: alert.state,
      severity: alert.severity,
      resolved_at: alert.resolvedAt,
      changed_at: now,
      version: alert.version,
      body: JSON.stringify(alert),
    })
    .where('id', '=', alert.id)
    .execute();
  const event = await record(tx, alert.id, entry);
  await bus.publish(tx, entry.kind === 'resolved' ? 'alert.resolved' : 'alert.updated', { ...summariseAlert(alert), alert, event });
  return alert;
}

/** Resolves an alert. The acknowledgement stays on it as a record of its owner; the next alert starts without one. */
export async function resolve(tx: Tx<'alerting'>, bus: Bus, alert: Alert, entry: Omit<HistoryEntry, 'kind'>, now: number): Promise<Alert> {
  const resolvedAt = await notBeforeHistory(tx, alert, entry.at);
  const patch = { state: 'RESOLVED' as const, resolvedAt, snooze: null };
  return change(tx, bus, alert, patch, { ...entry, at: resolvedAt, kind: 'resolved' }, now);
}

/**
 * Returns `at`, moved after the newest entry in the alert's history if necessary. So the history stays in order, whatever a console's clock
 * says and however late its outbox arrives.
 */
export async function notBeforeHistory(tx: Tx<'alerting'>, alert: Alert, at: number): Promise<number> {
  const row = await tx
    .selectFrom('alert_events')
    .select((select) => select.fn.max('at').as('last'))
    .where('alert_id', '=', alert.id)
    .executeTakeFirst();
  return Math.max(at, alert.firedAt, row?.last == null ? 0 : Number(row.last));
}

/** The engines that find firing alerts and publish that they have resolved. */
export interface AlertEngines {
  bus: Bus;
  database: Pick<Database<'alerting'>, 'unreadable'>;
}

/** Resolves all firing alerts of a rule, because the rule was changed. */
export async function resolveAllOfRule(
  tx: Tx<'alerting'>,
  { bus, database }: AlertEngines,
  ruleCode: string,
  by: string,
  why: ReasonDetail,
  now: number,
): Promise<void> {
  for (const stored of (await firingOfRule(tx, database.unreadable, ruleCode)).values()) {
    if (stored !== null) await resolve(tx, bus, stored.alert, { at: now, by, ...noted([why]) }, now);
  }
  await tx.deleteFrom('rule_states').where('rule_code', '=', ruleCode).execute();
}

async function record(tx: Tx<'alerting'>, alertId: string, entry: HistoryEntry): Promise<AlertEvent> {
  const event: AlertEvent = { id: uuidv7(), alertId, ...entry };
  if (event.kind === 'updated' && event.note === '') return event;
  await tx
    .insertInto('alert_events')
    .values({
      id: event.id,
      alert_id: alertId,
      at: event.at,
      kind: event.kind,
      by_name: event.by,
      note: event.note,
      details: event.details === undefined ? null : JSON.stringify(event.details),
    })
    .execute();
  return event;
}
