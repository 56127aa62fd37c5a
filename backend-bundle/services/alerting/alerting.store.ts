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

type StateRow = Omit<Selectable<Tables['rule_states']>, 'evaluated_at'>;

/** States that were read before, by rule and series: a state whose text is still the same is not parsed again. */
export class ParsedStates {
  readonly #byRule = new Map<string, Map<string, { labels: string; text: string; state: StoredState }>>();

  /** @throws UnreadableValue */
  parse(row: StateRow): StoredState {
    const ofRule = this.#byRule.get(row.rule_code) ?? new Map();
    const known = ofRule.get(row.series_key);
    if (known !== undefined && known.text === row.state && known.labels === row.labels) return known.state;
    const place = { table: 'rule_states', row: { rule_code: row.rule_code, series_key: row.series_key } } as const;
    const state = {
      seriesKey: row.series_key,
      labels: parseStored(labels, row.labels, { ...place, column: 'labels' }),
      record: parseStored(ruleRecord, row.state, { ...place, column: 'state' }),
    };
    this.remember(row, state);
    return state;
  }

  /** Forgets rules that no longer exist. */
  keepOnly(codes: ReadonlySet<string>): void {
    for (const code of this.#byRule.keys()) if (!codes.has(code)) this.#byRule.delete(code);
  }

  /** Remembers a state that this process writes. Whether it is stored in the end does not matter: the text decides. */
  remember(row: StateRow, state: StoredState): void {
    const ofRule = this.#byRule.get(row.rule_code);
    const known = { labels: row.labels, text: row.state, state };
    if (ofRule === undefined) this.#byRule.set(row.rule_code, new Map([[row.series_key, known]]));
    else ofRule.set(row.series_key, known);
  }
}

/**
 * Returns the states of these rules, by rule; of all rules when `codes` is absent. A state that cannot be read is left out, as if it did
 * not exist, so that it does not block the others.
 */
export async function statesByRule(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  codes?: readonly string[],
  parsed = new ParsedStates(),
): Promise<Map<string, StoredState[]>> {
  const found = new Map<string, StoredState[]>();
  for (const part of codes === undefined ? [null] : chunks(codes, 500)) {
    const all = db
      .selectFrom('rule_states')
      .select(['rule_code', 'series_key', 'labels', 'state'])
      .orderBy('rule_code')
      .orderBy('series_key');
    for (const row of await (part === null ? all : all.where('rule_code', 'in', part)).execute()) {
      const state = unreadable.leaveOut(() => parsed.parse(row));
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

/** The firing alerts of a rule by series key; null for an alert that cannot be read, which stays unchanged until it can. */
type FiringOfRule = Map<string, StoredAlert | null>;

export async function firingOfRule(db: Queries<'alerting'>, unreadable: UnreadableRows, ruleCode: string): Promise<FiringOfRule> {
  return (await firingByRule(db, unreadable, [ruleCode])).get(ruleCode) ?? new Map();
}

/** Returns the firing alerts of these rules, by rule. */
export async function firingByRule(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  ruleCodes: readonly string[],
): Promise<Map<string, FiringOfRule>> {
  const found = new Map<string, FiringOfRule>();
  const all = db.selectFrom('alerts').select(['id', 'rule_code', 'series_key', 'body', 'changed_at']).where('state', '=', 'FIRING');
  for (const part of chunks(ruleCodes, 500)) {
    for (const row of await all.where('rule_code', 'in', part).orderBy('fired_at').orderBy('id').execute()) {
      const alerts = found.get(row.rule_code) ?? new Map();
      found.set(
        row.rule_code,
        alerts.set(
          row.series_key,
          unreadable.leaveOut(() => alertOf(row)),
        ),
      );
    }
  }
  return found;
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
