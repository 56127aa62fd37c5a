import type { MetricSeries } from '../../contract/metrics.ts';
import { dayMs } from '../../time/durations.ts';
import { meaningOf } from './conditions.ts';
import { readExpression } from './expression.ts';
import { durationIn, type ForeignFields, textIn, textsIn } from './fields.ts';
import { type ImportNote, Refusal } from './refusal.ts';
import type { ForeignRule } from './rule.ts';

const groupFields = ['name', 'interval', 'limit', 'query_offset', 'labels', 'rules', 'partial_response_strategy', 'source_tenants'];
const ruleFields = ['alert', 'record', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

export const prometheusName = (rule: ForeignFields): string => String(rule['alert'] ?? rule['record'] ?? '');
export const prometheusExpression = (rule: ForeignFields): string =>
  typeof rule['expr'] === 'string' ? rule['expr'] : String(rule['expr'] ?? '');

/** Reads a rule of a Prometheus rule file. @throws Refusal */
export function readPrometheusRule(rule: ForeignFields, group: ForeignFields, known: readonly MetricSeries[] | null): ForeignRule {
  if (rule['record'] !== undefined) throw new Refusal('recording_rule');
  const name = textIn(rule, 'alert');
  if (name === null || name === '') throw new Refusal('field_missing', { field: 'alert' });
  const expression = textIn(rule, 'expr');
  if (expression === null) throw new Refusal('field_missing', { field: 'expr' });
  const queryOffsetMs = durationIn(group, 'query_offset') ?? 0;
  if (queryOffsetMs > dayMs) throw new Refusal('duration_long', { field: 'query_offset', maxMs: dayMs });
  return {
    name,
    id: null,
    meaning: meaningOf(readExpression(expression), known),
    forMs: durationIn(rule, 'for') ?? 0,
    keepFiringForMs: durationIn(rule, 'keep_firing_for') ?? 0,
    evaluateEveryMs: durationIn(group, 'interval'),
    delayMs: queryOffsetMs,
    labels: { ...textsIn(group, 'labels'), ...textsIn(rule, 'labels') },
    annotations: textsIn(rule, 'annotations'),
    // No result means no alert, and an alert keeps its state when the expression fails.
    onNoData: 'ok',
    onError: 'keep',
    enabled: true,
    valueRefs: [],
    notes: [...limitNote(group), ...unknownFields(group, groupFields), ...unknownFields(rule, ruleFields)],
  };
}

const limitNote = ({ limit }: ForeignFields): ImportNote[] =>
  limit === undefined || limit === 0 ? [] : [{ code: 'group_limit', params: { value: String(limit) } }];

export const unknownFields = (fields: ForeignFields, known: readonly string[]): ImportNote[] =>
  Object.keys(fields)
    .filter((name) => !known.includes(name))
    .map((field) => ({ code: 'field_dropped', params: { field } }));
