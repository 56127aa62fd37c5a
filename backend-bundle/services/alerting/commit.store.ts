import { uuidv7 } from 'uuidv7';
import type { Alert } from '#common/contract/alerts.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import type { ReasonDetail } from '#common/contract/rules.ts';
import { formatValue } from '#common/format.ts';
import type { RuleRecord } from '#common/rules/record.ts';
import { severityOf } from '#common/rules/step.ts';
import { detail } from '#common/words/reasons.ts';
import type { Bus } from '../../engines/bus/port.ts';
import type { Database, Tx } from '../../engines/database/port.ts';
import { chunks, firingOfRule, type StoredAlert } from './alerting.store.ts';
import type { SeriesEvaluation } from './evaluate-series.ts';
import type { StoredRule } from './rules.store.ts';
import { type AlertEngines, change, noted, raise, resolve } from './transitions.store.ts';

/** Minimum time between two updates of a firing alert's value, ms. Every update is sent to every console. */
const followEveryMs = 30_000;
/** Minimum time between two updates of its reason ("for 6 min") while the value doesn't change, ms. */
const rephraseEveryMs = 300_000;

class Overtaken extends Error {}

/**
 * Stores an evaluation (states, alerts, history and events) in one transaction. Compares and sets the rule's version and time of last
 * evaluation, which rejects an evaluator that lost its lease without noticing, and a rule that was changed in the meantime.
 * @returns false in those cases; nothing is stored then
 */
export async function commitEvaluation(
  engines: { database: Database<'alerting'>; bus: Bus },
  rule: StoredRule,
  chart: ChartDefinition | null,
  evaluations: SeriesEvaluation[],
  now: number,
): Promise<boolean> {
  try {
    await engines.database.transaction(async (tx) => {
      const claimed = await tx
        .updateTable('rules')
        .set({ evaluated_at: now })
        .where('code', '=', rule.code)
        .where('version', '=', rule.version)
        .where('evaluated_at', rule.evaluatedAt === null ? 'is' : '=', rule.evaluatedAt)
        .executeTakeFirst();
      if (claimed.numUpdatedRows === 0n) throw new Overtaken();
      await storeStates(tx, rule.code, evaluations);
      await storeAlerts(tx, engines, rule, chart, evaluations, now);
    });
    return true;
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
}

async function storeStates(tx: Tx<'alerting'>, ruleCode: string, evaluations: SeriesEvaluation[]): Promise<void> {
  const rows = evaluations.flatMap(({ seriesKey, labels, before, after }) =>
    after === null || after === before
      ? []
      : [
          {
            rule_code: ruleCode,
            series_key: seriesKey,
            labels: JSON.stringify(labels),
            state: JSON.stringify(after),
            evaluated_at: after.evaluatedAt,
          },
        ],
  );
  for (const part of chunks(rows, 500)) {
    await tx
      .insertInto('rule_states')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['rule_code', 'series_key']).doUpdateSet((eb) => ({
          labels: eb.ref('excluded.labels'),
          state: eb.ref('excluded.state'),
          evaluated_at: eb.ref('excluded.evaluated_at'),
        })),
      )
      .execute();
  }
  const ended = evaluations.flatMap(({ seriesKey, before, after }) => (before !== null && after === null ? [seriesKey] : []));
  for (const part of chunks(ended, 500)) {
    await tx.deleteFrom('rule_states').where('rule_code', '=', ruleCode).where('series_key', 'in', part).execute();
  }
}

async function storeAlerts(
  tx: Tx<'alerting'>,
  { bus, database }: AlertEngines,
  rule: StoredRule,
  chart: ChartDefinition | null,
  evaluations: SeriesEvaluation[],
  now: number,
): Promise<void> {
  const concerned = evaluations.filter(({ before, after, events }) => before?.firing || after?.firing || events.length > 0);
  if (concerned.length === 0) return;
  const firing = await firingOfRule(tx, database.unreadable, rule.code);
  for (const evaluation of concerned) {
    const up = firing.get(evaluation.seriesKey);
    if (up === null) continue;
    const ended = evaluation.events.find((event) => event.kind === 'resolved');
    if (ended !== undefined) {
      if (up !== undefined) await resolve(tx, bus, up.alert, { at: ended.at, by: null, ...noted(ended.why) }, now);
    } else if (up === undefined) {
      if (evaluation.after?.firing) await raise(tx, bus, newAlert(rule, chart, evaluation, evaluation.after, evaluation.after.firing));
    } else if (evaluation.after?.firing) {
      await updateFiring(tx, bus, up, rule, chart, evaluation.after, now);
    }
  }
}

function newAlert(
  rule: StoredRule,
  chart: ChartDefinition | null,
  { seriesKey, labels }: SeriesEvaluation,
  record: RuleRecord,
  firing: NonNullable<RuleRecord['firing']>,
): Alert {
  return {
    id: uuidv7(),
    ...wording(rule, chart),
    seriesKey,
    labels,
    state: 'FIRING',
    ...firing,
    severity: severityOf(rule, firing),
    value: record.value,
    reasons: record.reasons,
    resolvedAt: null,
    acknowledgement: null,
    snooze: null,
    version: 1,
  };
}

/** Returns the fields that an alert copies from its rule and chart. */
function wording(rule: StoredRule, chart: ChartDefinition | null) {
  // Other conditions than the first may decide; the reasons say which.
  const [first] = rule.conditions;
  const compared = first?.kind === 'threshold' ? first : null;
  return {
    ruleCode: rule.code,
    ruleName: rule.name,
    chartCode: rule.chartCode,
    severity: rule.severity,
    threshold: compared?.threshold ?? null,
    operator: compared?.operator ?? null,
    runbook: rule.runbook,
    unit: chart?.unit ?? '',
  };
}

/** Removes expired acknowledgements and snoozes, and updates a firing alert. */
async function updateFiring(
  tx: Tx<'alerting'>,
  bus: Bus,
  { alert: stored, changedAt }: StoredAlert,
  rule: StoredRule,
  chart: ChartDefinition | null,
  record: RuleRecord,
  now: number,
): Promise<void> {
  let alert = stored;
  const { acknowledgement, snooze } = alert;
  if (acknowledgement !== null && acknowledgement.expiresAt !== null && acknowledgement.expiresAt <= now) {
    const why = detail('acknowledgement_expired', { by: acknowledgement.by });
    alert = await change(
      tx,
      bus,
      alert,
      { acknowledgement: null },
      { kind: 'unacknowledged', at: acknowledgement.expiresAt, by: null, ...noted([why]) },
      now,
    );
  }
  if (snooze !== null && snooze.until <= now) {
    const why = detail('snooze_expired', { by: snooze.by });
    alert = await change(tx, bus, alert, { snooze: null }, { kind: 'unsnoozed', at: snooze.until, by: null, ...noted([why]) }, now);
  }
  const { patch, why, urgent } = news(alert, rule, chart, record);
  const ageMs = now - changedAt;
  const due = urgent || (ageMs >= followEveryMs && !sameToRead(alert, patch)) || ageMs >= rephraseEveryMs;
  if (due && JSON.stringify({ ...alert, ...patch }) !== JSON.stringify(alert))
    await change(tx, bus, alert, patch, { kind: 'updated', at: now, by: null, ...noted(why) }, now);
}

/** Returns the alert's new content; `urgent` if the change must be sent at once. */
function news(alert: Alert, rule: StoredRule, chart: ChartDefinition | null, record: RuleRecord) {
  const cause = record.firing?.cause ?? alert.cause;
  const suppressed = record.firing?.suppressed ?? alert.suppressed;
  const severity = record.firing === null ? alert.severity : severityOf(rule, record.firing);
  const words = { ...wording(rule, chart), severity, ...(chart === null && { unit: alert.unit }) };
  // An alert that fired on its condition keeps its last value while the rule can't be evaluated.
  const value = record.value ?? (cause === 'condition' ? alert.value : null);
  const why: ReasonDetail[] = [];
  if (alert.suppressed && !suppressed) why.push(detail('suppression_passed', {}));
  if (alert.severity !== words.severity) why.push(detail('severity_changed', { from: alert.severity, to: words.severity }));
  if (alert.cause !== cause) why.push(...(record.reasons[0]?.details ?? []));
  const reworded = Object.entries(words).some(([key, text]) => alert[key as keyof typeof words] !== text);
  const patch: Partial<Alert> = { ...words, cause, suppressed, value, reasons: record.reasons };
  return { patch, why, urgent: why.length > 0 || reworded };
}

function sameToRead(alert: Alert, patch: Partial<Alert>): boolean {
  const text = ({ value, unit }: Pick<Partial<Alert>, 'value' | 'unit'>) => (value == null ? '' : formatValue(value, unit ?? ''));
  const isDamaged = ({ reasons = [] }: Pick<Partial<Alert>, 'reasons'>) => reasons.some(({ damaged }) => damaged !== undefined);
  const isSameKind = alert.reasons[0]?.kind === patch.reasons?.[0]?.kind;
  return text(alert) === text(patch) && isSameKind && isDamaged(alert) === isDamaged(patch);
}
