import type { Selectable } from 'kysely';
import { type Alert, type AlertEvent, alert, alertEvent } from '#common/contract/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import { type Labels, labels } from '#common/contract/primitives.ts';
import { type RuleRecord, ruleRecord } from '#common/rules/record.ts';
import type { Queries } from '../../engines/database/port.ts';
import { parseStored, type UnreadableRows } from '../../engines/database/stored-json.ts';
import type { Tables } from '../../engines/database/tables.ts';

/** The stored state of a rule for one series. */
export interface StoredState {
  seriesKey: string;
  labels: Labels;
  record: RuleRecord;
}

/**
 * Returns the states of these rules, by rule; of all rules when `codes` is absent. A state that cannot be read is left out, as if it did
 * not exist, so that it does not block the others.
 */
export async function statesByRule(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  codes?: readonly string[],
): Promise<Map<string, StoredState[]>> {
  const found = new Map<string, StoredState[]>();
  for (const part of codes === undefined ? [null] : chunks(codes, 500)) {
    const all = db
      .selectFrom('rule_states')
      .select(['rule_code', 'series_key', 'labels', 'state'])
      .orderBy('rule_code')
      .orderBy('series_key');
    for (const row of await (part === null ? all : all.where('rule_code', 'in', part)).execute()) {
      const place = { table: 'rule_states', row: { rule_code: row.rule_code, series_key: row.series_key } } as const;
      const state = unreadable.leaveOut(() => ({
        seriesKey: row.series_key,
        labels: parseStored(labels, row.labels, { ...place, column: 'labels' }),
        record: parseStored(ruleRecord, row.state, { ...place, column: 'state' }),
      }));
      if (state === null) continue;
      const others = found.get(row.rule_code);
      if (others === undefined) found.set(row.rule_code, [state]);
      else others.push(state);
    }
  }
  return found;
}

/** Returns when any rule was last evaluated, epoch ms; null before the first time. */
export async function lastEvaluation(db: Queries<'alerting'>): Promise<number | null> {
  const row = await db
    .selectFrom('rules')
    .select((select) => select.fn.max('evaluated_at').as('at'))
    .executeTakeFirst();
  return row?.at == null ? null : Number(row.at);
}

/** Returns the number of firing alerts by severity. */
export async function countFiring(db: Queries<'alerting'>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('alerts')
    .select(['severity', (row) => row.fn.countAll().as('count')])
    .where('state', '=', 'FIRING')
    .groupBy('severity')
    .execute();
  return new Map(rows.map((row) => [row.severity, Number(row.count)]));
}

/** An alert with the time of its last change, which the contract does not carry. */
export interface StoredAlert {
  alert: Alert;
  changedAt: number;
}

/** @throws UnreadableValue */
export function alertOf(row: { id: string; body: string; changed_at: number }): StoredAlert {
  return { alert: parseStored(alert, row.body, { table: 'alerts', row: { id: row.id }, column: 'body' }), changedAt: row.changed_at };
}

/** @throws AppError not_found */
export async function alertById(db: Queries<'alerting'>, id: string): Promise<StoredAlert> {
  const row = await db.selectFrom('alerts').select(['id', 'body', 'changed_at']).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', `There is no alert ${id}.`, { field: 'id' });
  return alertOf(row);
}

/** Returns the firing alerts of a rule by series key; null for an alert that cannot be read, which stays unchanged until it can. */
export async function firingOfRule(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  ruleCode: string,
): Promise<Map<string, StoredAlert | null>> {
  const all = db.selectFrom('alerts').select(['id', 'series_key', 'body', 'changed_at']);
  const rows = await all.where('rule_code', '=', ruleCode).where('state', '=', 'FIRING').orderBy('fired_at').orderBy('id').execute();
  return new Map(rows.map((row) => [row.series_key, unreadable.leaveOut(() => alertOf(row))]));
}

export async function eventsOf(db: Queries<'alerting'>, unreadable: UnreadableRows, alertId: string): Promise<AlertEvent[]> {
  const rows = await db.selectFrom('alert_events').selectAll().where('alert_id', '=', alertId).orderBy('at').orderBy('id').execute();
  return rows.flatMap((row) => unreadable.leaveOut(() => eventOf(row)) ?? []);
}

function eventOf(row: Selectable<Tables['alert_events']>): AlertEvent {
  const place = { table: 'alert_events', row: { id: row.id }, column: 'details' } as const;
  return alertEvent.parse({
    id: row.id,
    alertId: row.alert_id,
    at: row.at,
    kind: row.kind,
    by: row.by_name,
    note: row.note,
    details: row.details === null ? undefined : parseStored(alertEvent.shape.details, row.details, place),
  });
}

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
