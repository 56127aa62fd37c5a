import { uuidv7 } from 'uuidv7';
import { type Alert, type AlertEvent, summariseAlert } from '#common/contract/alerts.ts';
import type { ReasonDetail } from '#common/contract/rules.ts';
import { englishOf } from '#common/words/reasons.ts';
import type { Bus } from '../../engines/bus/port.ts';
import type { Database, Tx } from '../../engines/database/port.ts';
import { firingOfRule } from './alerting.store.ts';

/** What happened to an alert, without the ids. `by` is null when nobody did it. */
export type HistoryEntry = Pick<AlertEvent, 'kind' | 'at' | 'by' | 'note' | 'details'>;

/** What the backend itself says of a entry, as a note in English and apart from any language. */
export const noted = (details: readonly ReasonDetail[]) => ({ note: englishOf(details), details: [...details] });

/**
 * Raises an alert, with its history line and its event, in one transaction.
 * @returns false when one is already up for the rule and series: someone else was first, and nothing is written
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
    // The partial unique index on FIRING decides; naming its columns would not infer it on every dialect.
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if ((result.numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  const event = await record(tx, alert.id, { kind: 'fired', at: alert.firedAt, by: null, ...noted(alert.reasons[0]?.details ?? []) });
  await bus.publish(tx, 'alert.triggered', { ...summariseAlert(alert), alert, event });
  return true;
}

/**
 * Changes an alert, with its history line and its event, in one transaction.
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

/** The acknowledgement stays on the resolved alert as the record of who had it; the next firing starts without. */
export async function resolve(tx: Tx<'alerting'>, bus: Bus, alert: Alert, entry: Omit<HistoryEntry, 'kind'>, now: number): Promise<Alert> {
  const resolvedAt = await notBeforeHistory(tx, alert, entry.at);
  const patch = { state: 'RESOLVED' as const, resolvedAt, snooze: null };
  return change(tx, bus, alert, patch, { ...entry, at: resolvedAt, kind: 'resolved' }, now);
}

/**
 * The time at which something may appear in the history of an alert: what is recorded later never appears before what is recorded
 * already, whatever a console's clock said and however late its outbox arrives.
 */
export async function notBeforeHistory(tx: Tx<'alerting'>, alert: Alert, at: number): Promise<number> {
  const row = await tx
    .selectFrom('alert_events')
    .select((select) => select.fn.max('at').as('last'))
    .where('alert_id', '=', alert.id)
    .executeTakeFirst();
  return Math.max(at, alert.firedAt, row?.last == null ? 0 : Number(row.last));
}

/** What it takes to find what fires, and to say that it has ended. */
export interface AlertEngines {
  bus: Bus;
  database: Pick<Database<'alerting'>, 'unreadable'>;
}

/** Ends everything that is up for a rule, because the rule itself changed under it. */
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
