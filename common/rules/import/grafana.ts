import type { MetricSeries } from '../../contract/metrics.ts';
import type { RuleInput } from '../../contract/rules.ts';
import { type Meaning, meaningOf } from './conditions.ts';
import { durationIn, type ForeignFields, isGroup, listIn, textIn, textsIn } from './fields.ts';
import { GrafanaQueries } from './grafana-queries.ts';
import { unknownFields } from './prometheus.ts';
import { type ImportNote, Refusal } from './refusal.ts';
import type { ForeignRule } from './rule.ts';

/** ForeignFields that are read, and those that say only who and where a rule is in Grafana. */
const ruleFields = [
  ...['title', 'condition', 'data', 'noDataState', 'execErrState', 'for', 'keepFiringFor', 'annotations', 'labels', 'isPaused', 'record'],
  ...['id', 'uid', 'orgID', 'orgId', 'folderUID', 'ruleGroup', 'updated', 'provenance', 'dashboardUid', 'panelId', 'guid', 'version'],
  'missing_series_evals_to_resolve',
];
/** Number of evaluations after which a series that is missing counts as gone, here and in Grafana by default. */
const goneAfter = 2;

const noData: Readonly<Record<string, RuleInput['onNoData']>> = { nodata: 'alert', alerting: 'alert', ok: 'ok', keeplast: 'keep' };
const onError: Readonly<Record<string, RuleInput['onError']>> = { error: 'alert', alerting: 'alert', ok: 'ok', keeplast: 'keep' };

export const grafanaName = (rule: ForeignFields): string => String(rule['title'] ?? rule['uid'] ?? '');

/** Writes the queries of a rule for people, one to a line. Never throws. */
export const grafanaExpression = (rule: ForeignFields): string => new GrafanaQueries(rule).text;

/** Reads a rule of an export of Grafana's alert rules. @throws Refusal */
export function readGrafanaRule(rule: ForeignFields, group: ForeignFields, known: readonly MetricSeries[] | null): ForeignRule {
  if (isGroup(rule['record'])) throw new Refusal('recording_rule');
  const name = textIn(rule, 'title');
  if (name === null || name === '') throw new Refusal('field_missing', { field: 'title' });
  const queries = new GrafanaQueries(rule);
  const { expression, delayMs, notes, valueRefs, recovery } = queries.condition(textIn(rule, 'condition') ?? '');
  const meaning = withRecovery(meaningOf(expression, known), recovery);
  const policy = policyIn(rule, 'noDataState', noData, 'NoData');
  return {
    name,
    id: textIn(rule, 'uid'),
    meaning,
    forMs: durationIn(rule, 'for') ?? 0,
    keepFiringForMs: durationIn(rule, 'keepFiringFor') ?? 0,
    evaluateEveryMs: durationIn(group, 'interval', true),
    delayMs,
    labels: textsIn(rule, 'labels'),
    annotations: textsIn(rule, 'annotations'),
    onNoData: policy,
    onError: policyIn(rule, 'execErrState', onError, 'Error'),
    enabled: rule['isPaused'] !== true,
    valueRefs,
    notes: [
      ...notes,
      ...(policy === 'alert' ? [{ code: 'no_data_series' as const, params: {} }] : []),
      ...goneNote(rule),
      ...unknownFields(rule, ruleFields),
    ],
  };
}

function policyIn<Policy>(rule: ForeignFields, field: string, policies: Readonly<Record<string, Policy>>, byDefault: string): Policy {
  const text = textIn(rule, field) || byDefault;
  const key = text.toLowerCase();
  const policy = Object.hasOwn(policies, key) ? policies[key] : undefined;
  if (policy === undefined) throw new Refusal('field_value', { field, value: text });
  return policy;
}

function goneNote(rule: ForeignFields): ImportNote[] {
  const value = rule['missing_series_evals_to_resolve'];
  return value === undefined || value === null || value === goneAfter
    ? []
    : [{ code: 'gone_after', params: { value: String(value), count: goneAfter } }];
}

/** A custom recovery threshold: an alert resolves only when its value has passed it. */
function withRecovery(meaning: Meaning, recovery: ForeignFields | null): Meaning {
  if (recovery === null) return meaning;
  const [condition] = meaning.conditions;
  const [clear] = listIn(recovery, 'params');
  const opposite: Readonly<Record<string, string>> = { '>': 'lt', '<': 'gt' };
  if (
    meaning.conditions.length !== 1 ||
    condition?.kind !== 'threshold' ||
    opposite[condition.operator] !== recovery['type'] ||
    typeof clear !== 'number'
  )
    throw new Refusal('recovery');
  return { ...meaning, conditions: [{ ...condition, clear }] };
}
