import { uuidv7 } from 'uuidv7';
import { type Alert, seriesLabels } from '#common/contract/alerts.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { ReasonDetail } from '#common/contract/rules.ts';
import { formatValue } from '#common/format.ts';
import { type AlertTexts, alertTexts } from '#common/rules/alert-texts.ts';
import type { RuleRecord } from '#common/rules/record.ts';
import { severityOf } from '#common/rules/step.ts';
import { detail } from '#common/words/reasons.ts';
import type { Bus } from '../../engines/bus/port.ts';
import type { Database, Tx } from '../../engines/database/port.ts';
import { chunks, firingByRule, type ParsedStates, type StoredAlert } from './alerting.store.ts';
import type { RuleEvaluation, SeriesEvaluation } from './evaluate-series.ts';
import { logEvaluations } from './evaluation-log.store.ts';
import type { StoredRule } from './rules.store.ts';
import { type AlertEngines, change, noted, raise, resolve } from './transitions.store.ts';

/** Minimum time between two updates of a firing alert's value, ms. Every update is sent to every console. */
const followEveryMs = 30_000;
/** Minimum time between two updates of its reason ("for 6 min") while the value doesn't change, ms. */
const rephraseEveryMs = 300_000;

/** Whether an evaluation was stored; false when the evaluator was overtaken. */
export type CommitResult = { stored: boolean } | { error: unknown };

type CommitEngines = AlertEngines & { database: Database<'alerting'>; states: ParsedStates };

/**
 * Stores evaluations of different rules (states, alerts, history and events) in one transaction. Compares and sets each rule's version and
 * time of last evaluation, which rejects an evaluator that lost its lease without noticing, and a rule that was changed in the meantime:
 * nothing is stored for that rule then. If the transaction fails, each rule is stored in its own, so that one does not stop the others.
 * @returns the results in the order of the evaluations
 */
export async function commitEvaluations(engines: CommitEngines, evaluations: readonly RuleEvaluation[]): Promise<CommitResult[]> {
  try {
    const claimed = await engines.database.transaction((tx) => storeEvaluations(tx, engines, evaluations));
    return evaluations.map(({ rule }) => ({ stored: claimed.has(rule.code) }));
  } catch (error) {
    // The database itself: every other attempt would fail too.
    const isOfAll = evaluations.length === 1 || (error instanceof AppError && (error.code === 'disk_full' || error.code === 'unavailable'));
    if (isOfAll) return evaluations.map(() => ({ error }));
    const results: CommitResult[] = [];
    for (const evaluation of evaluations) results.push(...(await commitEvaluations(engines, [evaluation])));
    return results;
  }
}

/** @returns the codes of the rules whose evaluation was stored */
async function storeEvaluations(tx: Tx<'alerting'>, engines: CommitEngines, evaluations: readonly RuleEvaluation[]): Promise<Set<string>> {
  const claimed = await claim(tx, evaluations);
  const stored = evaluations.filter(({ rule }) => claimed.has(rule.code));
  await storeStates(tx, engines.states, stored);
  await logEvaluations(tx, stored);
  const concerned = stored.filter(({ series }) => series.some(concernsAlert));
  const codes = concerned.map(({ rule }) => rule.code);
  const firing = codes.length === 0 ? new Map() : await firingByRule(tx, engines.database.unreadable, codes);
  for (const evaluation of concerned) await storeAlerts(tx, engines.bus, evaluation, firing.get(evaluation.rule.code) ?? new Map());
  return claimed;
}

/** Sets the time of the last evaluation of the rules that are still as this evaluator knows them. @returns their codes */
async function claim(tx: Tx<'alerting'>, evaluations: readonly RuleEvaluation[]): Promise<Set<string>> {
  const claimed = new Set<string>();
  for (const part of chunks(evaluations, 500)) {
    const codes = part.map(({ rule }) => rule.code);
    const rows = await tx.selectFrom('rules').select(['code', 'version', 'evaluated_at']).where('code', 'in', codes).execute();
    const current = new Map(rows.map((row) => [row.code, row]));
    const isSame = ({ rule: { code, version, evaluatedAt } }: RuleEvaluation) =>
      current.get(code)?.version === version && current.get(code)?.evaluated_at === evaluatedAt;
    for (const [at, some] of Map.groupBy(part.filter(isSame), (one) => one.at)) {
      const mine = some.map(({ rule }) => rule.code);
      await tx.updateTable('rules').set({ evaluated_at: at }).where('code', 'in', mine).execute();
      for (const code of mine) claimed.add(code);
    }
  }
  return claimed;
}

async function storeStates(tx: Tx<'alerting'>, parsed: ParsedStates, evaluations: readonly RuleEvaluation[]): Promise<void> {
  const rows = evaluations.flatMap(({ rule, series }) => series.flatMap((one) => stateRow(parsed, rule.code, one) ?? []));
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
  for (const { rule, series } of evaluations) {
    const ended = series.flatMap(({ seriesKey, before, after }) => (before !== null && after === null ? [seriesKey] : []));
    for (const part of chunks(ended, 500))
      await tx.deleteFrom('rule_states').where('rule_code', '=', rule.code).where('series_key', 'in', part).execute();
  }
}

/** Returns the row of a state that has changed. */
function stateRow(parsed: ParsedStates, ruleCode: string, { seriesKey, labels, before, after }: SeriesEvaluation) {
  if (after === null || after === before) return null;
  const row = { rule_code: ruleCode, series_key: seriesKey, labels: JSON.stringify(labels), state: JSON.stringify(after) };
  parsed.remember(row, { seriesKey, labels, record: after });
  return { ...row, evaluated_at: after.evaluatedAt };
}

const concernsAlert = ({ before, after, events }: SeriesEvaluation): boolean =>
  Boolean(before?.firing || after?.firing) || events.length > 0;

async function storeAlerts(
  tx: Tx<'alerting'>,
  bus: Bus,
  { rule, chart, series, at }: RuleEvaluation,
  firing: ReadonlyMap<string, StoredAlert | null>,
): Promise<void> {
  for (const evaluation of series.filter(concernsAlert)) {
    const up = firing.get(evaluation.seriesKey);
    if (up === null) continue;
    const ended = evaluation.events.find((event) => event.kind === 'resolved');
    if (ended !== undefined) {
      if (up !== undefined) await resolve(tx, bus, up.alert, { at: ended.at, by: null, ...noted(ended.why) }, at);
    } else if (up === undefined) {
      if (evaluation.after?.firing) await raise(tx, bus, newAlert(rule, chart, evaluation, evaluation.after, evaluation.after.firing));
    } else if (evaluation.after?.firing) {
      await updateFiring(tx, bus, up, rule, chart, evaluation.after, at);
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
  const severity = severityOf(rule, firing);
  const { value } = record;
  const words = wording(rule, chart);
  return {
    id: uuidv7(),
    ...words,
    ...alertTexts(rule, chart, labels, { ...words, value, severity, startedAt: firing.startedAt }),
    seriesKey,
    state: 'FIRING',
    ...firing,
    severity,
    value,
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
    ...(rule.chartVersion === undefined ? {} : { chartVersion: rule.chartVersion }),
    ...(rule.templateCode === undefined ? {} : { templateCode: rule.templateCode }),
    severity: rule.severity,
    threshold: compared?.threshold ?? null,
    operator: compared?.operator ?? null,
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
  // Texts alone are news only when the rule has changed: they follow the value, and it decides when the alert is updated.
  const isChangedRule = rule.evaluatedAt === null;
  if (!due && !isChangedRule) return;
  const texts = chart === null ? {} : alertTexts(rule, chart, seriesLabels(alert), { ...alert, ...patch });
  const isNews = due || !sameTexts(alert, texts);
  if (isNews && JSON.stringify({ ...alert, ...patch, ...texts }) !== JSON.stringify(alert))
    await change(tx, bus, alert, { ...patch, ...texts }, { kind: 'updated', at: now, by: null, ...noted(why) }, now);
}

function sameTexts(alert: Alert, { labels = alert.labels, annotations = alert.annotations, runbook = alert.runbook }: Partial<AlertTexts>) {
  return JSON.stringify([labels, annotations, runbook]) === JSON.stringify([alert.labels, alert.annotations, alert.runbook]);
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
