import { type Alert, seriesLabels } from '#common/contract/alerts.ts';
import type { RuleRecord } from '#common/rules/record.ts';
import type { Queries } from '../../engines/database/port.ts';
import type { UnreadableRows } from '../../engines/database/stored-json.ts';
import { alertOf, chunks, type StoredState } from './alerting.store.ts';

/**
 * Creates a state for each firing alert without one (its row was lost or cannot be read), so that the alert neither fires a second time nor
 * stays firing for ever. Adds to `states`.
 */
export async function adoptAlerts(
  db: Queries<'alerting'>,
  unreadable: UnreadableRows,
  codes: readonly string[],
  states: Map<string, StoredState[]>,
): Promise<void> {
  const up = await db.selectFrom('alerts').select(['id', 'rule_code', 'series_key']).where('state', '=', 'FIRING').execute();
  const asked = new Set(codes);
  const orphans = up.filter(
    (row) => asked.has(row.rule_code) && !states.get(row.rule_code)?.some((state) => state.seriesKey === row.series_key),
  );
  for (const part of chunks(orphans, 500)) {
    const ids = part.map((row) => row.id);
    for (const row of await db.selectFrom('alerts').select(['id', 'body', 'changed_at']).where('id', 'in', ids).execute()) {
      const alert = unreadable.leaveOut(() => alertOf(row))?.alert;
      if (alert === undefined) continue;
      const adopted = { seriesKey: alert.seriesKey, labels: seriesLabels(alert), record: recordOf(alert) };
      states.set(alert.ruleCode, [...(states.get(alert.ruleCode) ?? []), adopted]);
    }
  }
}

/** Nothing is known about the time since it fired, so the next evaluation starts counting again. */
function recordOf({ cause, startedAt, firedAt, suppressed, value, reasons }: Alert): RuleRecord {
  return {
    state: 'FIRING',
    since: firedAt,
    evaluatedAt: firedAt,
    value,
    reasons,
    question: '',
    watchedSince: firedAt,
    streak: null,
    firing: { cause, startedAt, firedAt, suppressed },
    toldAt: suppressed ? null : firedAt,
    goneFor: 0,
  };
}
