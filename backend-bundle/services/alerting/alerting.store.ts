import type { z } from 'zod';
import { type Alert, type AlertEvent, alert, alertEvent } from '#common/contract/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import { type Labels, labels } from '#common/contract/primitives.ts';
import { type RuleRecord, ruleRecord } from '#common/rules/record.ts';
import type { Queries } from '../../engines/database/port.ts';

/** Where a rule stands for one series, as it was stored. */
export interface StoredState {
  seriesKey: string;
  labels: Labels;
  record: RuleRecord;
}

/**
 * The states of these rules, by rule; of all rules when `codes` is absent. One that cannot be read is told to `lost` and left
 * out: it is as good as gone, and must not stop the others.
 */
export async function statesByRule(db: Queries<'alerting'>, lost: Lost, codes?: readonly string[]): Promise<Map<string, StoredState[]>> {
  const found = new Map<string, StoredState[]>();
  for (const part of codes === undefined ? [null] : chunks(codes, 500)) {
    const all = db
      .selectFrom('rule_states')
      .select(['rule_code', 'series_key', 'labels', 'state'])
      .orderBy('rule_code')
      .orderBy('series_key');
    for (const row of await (part === null ? all : all.where('rule_code', 'in', part)).execute()) {
      const state = readable(lost, () => {
        const what = `The state of rule "${row.rule_code}"`;
        return { seriesKey: row.series_key, labels: read(labels, row.labels, what), record: read(ruleRecord, row.state, what) };
      });
      if (state === null) continue;
      const others = found.get(row.rule_code);
      if (others === undefined) found.set(row.rule_code, [state]);
      else others.push(state);
    }
  }
  return found;
}

/** When any rule was last evaluated, epoch ms; null before the first time. */
export async function lastEvaluation(db: Queries<'alerting'>): Promise<number | null> {
  const row = await db
    .selectFrom('rules')
    .select((select) => select.fn.max('evaluated_at').as('at'))
    .executeTakeFirst();
  return row?.at == null ? null : Number(row.at);
}

/** How many alerts fire now, by severity. */
export async function countFiring(db: Queries<'alerting'>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('alerts')
    .select(['severity', (row) => row.fn.countAll().as('count')])
    .where('state', '=', 'FIRING')
    .groupBy('severity')
    .execute();
  return new Map(rows.map((row) => [row.severity, Number(row.count)]));
}

/** Is told of a row that cannot be read. */
export type Lost = (error: unknown) => void;

export function readable<T>(lost: Lost, parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    lost(error);
    return null;
  }
}

/** An alert with the time of its last change, which the contract does not carry. */
export interface StoredAlert {
  alert: Alert;
  changedAt: number;
}

export function alertOf(row: { id: string; body: string; changed_at: number }): StoredAlert {
  return { alert: read(alert, row.body, `Alert ${row.id}`), changedAt: row.changed_at };
}

/** @throws AppError not_found */
export async function alertById(db: Queries<'alerting'>, id: string): Promise<StoredAlert> {
  const row = await db.selectFrom('alerts').select(['id', 'body', 'changed_at']).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', `There is no alert ${id}.`, { field: 'id' });
  return alertOf(row);
}

export async function firingOfRule(db: Queries<'alerting'>, ruleCode: string): Promise<StoredAlert[]> {
  const all = db.selectFrom('alerts').select(['id', 'body', 'changed_at']);
  const rows = await all.where('rule_code', '=', ruleCode).where('state', '=', 'FIRING').orderBy('fired_at').orderBy('id').execute();
  return rows.map(alertOf);
}

export async function eventsOf(db: Queries<'alerting'>, alertId: string): Promise<AlertEvent[]> {
  const rows = await db.selectFrom('alert_events').selectAll().where('alert_id', '=', alertId).orderBy('at').orderBy('id').execute();
  return rows.map((row) =>
    alertEvent.parse({
      id: row.id,
      alertId: row.alert_id,
      at: row.at,
      kind: row.kind,
      by: row.by_name,
      note: row.note,
      details: row.details === null ? undefined : JSON.parse(row.details),
    }),
  );
}

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Stored JSON is validated like any other input: another version, or a hand, may have written it. */
export function read<S extends z.ZodType>(schema: S, text: string, what: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('internal', `${what} in the database cannot be read.`, {
      hint: 'Restore it from a backup, or delete and make it again.',
      cause,
    });
  }
}
