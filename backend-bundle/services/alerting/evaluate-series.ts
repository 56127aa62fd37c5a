import type { ChartDefinition } from '#common/contract/charts.ts';
import { hasLabels, type Labels, labelsKey } from '#common/contract/primitives.ts';
import { evaluate } from '#common/rules/evaluate.ts';
import { longestWindowMs } from '#common/rules/measure.ts';
import type { EvaluatedRule, Observation, RuleEvent, RuleRecord } from '#common/rules/record.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { detail, failureDetail } from '#common/words/reasons.ts';
import type { StoredState } from './alerting.store.ts';
import { type MeasuredSeries, measureNothing } from './read-series.ts';
import type { DelayedRule, StoredRule } from './rules.store.ts';

/** A rule ignores a series that has been silent for this long when the rule first sees it, ms. */
const ignoredAfterMs = dayMs;
/** A series without a firing alert is dropped after it has been silent for this long, ms, so that dead hosts do not accumulate. */
const forgottenAfterMs = 7 * dayMs;
/** The key of the rule as a whole, for a rule without series. */
export const wholeRuleKey = labelsKey({});

/**
 * Intervals of a rule's window for which points are missing, or may be, because the store was damaged. By series key, and by {@link
 * wholeRuleKey} for all series of the rule. Empty when nothing is damaged.
 */
export type WindowDamage = ReadonlyMap<string, readonly Interval[]>;

/** The data with which one rule is evaluated, or why it could not be read. */
export type EvaluationInput =
  | { ok: true; chart: ChartDefinition; series: MeasuredSeries[]; damage: WindowDamage }
  | { ok: false; error: unknown };

export interface SeriesEvaluation {
  seriesKey: string;
  labels: Labels;
  before: RuleRecord | null;
  after: RuleRecord | null;
  events: RuleEvent[];
  /** Share of the weights of the conditions that hold, 0 to 1; null if they were not decided. */
  score: number | null;
}

/** The evaluation of one rule, to be stored. */
export interface RuleEvaluation {
  rule: StoredRule;
  /** Null if the rule could not be evaluated because of it. */
  chart: ChartDefinition | null;
  series: SeriesEvaluation[];
  /** Time of the evaluation, epoch ms. */
  at: number;
  /** How long reading and evaluating took, ms. */
  durationMs: number;
}

/** Evaluates every series of a rule, known or new. A pure function. */
export function evaluateSeries(rule: DelayedRule, input: EvaluationInput, states: StoredState[], now: number): SeriesEvaluation[] {
  const known = new Map(states.map((state) => [state.seriesKey, state]));
  const evaluatedRule: EvaluatedRule = { ...rule, unit: input.ok ? input.chart.unit : '', delayMs: rule.delayMs };
  const observations = input.ok ? observeSeries(rule, input, known, now) : observeFailure(rule, input.error, known);
  return [...observations].map(([seriesKey, { labels, observation, onError }]) => {
    const before = known.get(seriesKey)?.record ?? null;
    const { record, events, score } = evaluate({ ...evaluatedRule, onError: onError ?? rule.onError }, observation, before, now);
    return { seriesKey, labels, before, after: record, events, score };
  });
}

type AvailableInput = Extract<EvaluationInput, { ok: true }>;
type SeriesObservations = Map<string, { labels: Labels; observation: Observation; onError?: StoredRule['onError'] }>;

function observeSeries(
  rule: DelayedRule,
  { series: all, damage }: AvailableInput,
  known: Map<string, StoredState>,
  now: number,
): SeriesObservations {
  const observations: SeriesObservations = new Map();
  const outside = new Set<string>();
  const windowMs = longestWindowMs(rule);
  let newest: number | null = null;
  // A missing series may be among those lost to damage.
  const ofAll = damage.get(wholeRuleKey);
  for (const series of all) {
    const key = labelsKey(series.labels);
    if (!hasLabels(series.labels, rule.matchLabels)) {
      outside.add(key);
      continue;
    }
    newest = Math.max(newest ?? 0, series.lastAt);
    const record = known.get(key)?.record;
    const silentMs = now - series.lastAt;
    if (record === undefined && silentMs > Math.max(ignoredAfterMs, windowMs)) continue;
    if (record !== undefined && record.firing === null && silentMs > Math.max(forgottenAfterMs, windowMs)) continue;
    observations.set(key, {
      labels: series.labels,
      observation: { kind: 'data', measurements: series.measurements, lastAt: series.lastAt, damaged: damage.get(key) },
    });
  }
  if (observations.size === 0) {
    const measurements = measureNothing(rule.conditions, now - rule.delayMs);
    observations.set(wholeRuleKey, { labels: {}, observation: { kind: 'data', measurements, lastAt: newest, damaged: ofAll } });
  }
  for (const [key, { labels }] of known) {
    if (observations.has(key)) continue;
    const observation: Observation =
      key === wholeRuleKey
        ? { kind: 'gone', why: detail('series_found', {}), certain: true }
        : outside.has(key)
          ? { kind: 'gone', why: detail('series_excluded', {}), certain: true }
          : { kind: 'gone', why: detail('series_gone', { series: describe(labels) }), certain: false, damaged: ofAll };
    observations.set(key, { labels, observation });
  }
  return observations;
}

/**
 * A rule that cannot be evaluated is one problem, not one per series. If errors alert, the rule as a whole fires, and its series keep their
 * state.
 */
function observeFailure(rule: StoredRule, error: unknown, known: Map<string, StoredState>): SeriesObservations {
  const observation: Observation = { kind: 'error', failure: failureDetail(error) };
  const series = [...known.values()].filter((state) => state.seriesKey !== wholeRuleKey);
  const onError = rule.onError === 'alert' ? 'keep' : rule.onError;
  const observations: SeriesObservations = new Map(
    series.map((state) => [state.seriesKey, { labels: state.labels, observation, onError }]),
  );
  if (series.length === 0 || rule.onError === 'alert' || known.has(wholeRuleKey))
    observations.set(wholeRuleKey, { labels: {}, observation });
  return observations;
}

function describe(labels: Labels): string {
  const text = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return `{${text.join(', ')}}`;
}
