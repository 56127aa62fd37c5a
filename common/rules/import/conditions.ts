import type { Condition, Match } from '../../contract/conditions.ts';
import type { MetricSeries } from '../../contract/metrics.ts';
import { dayMs } from '../../time/durations.ts';
import type { Expression } from './expression.ts';
import { type Leaf, leafOf } from './leaves.ts';
import { type ImportNote, Refusal } from './refusal.ts';
import { isSameSeries, type SelectedSeries } from './selectors.ts';

/** What an expression means for a rule. */
export interface Meaning {
  series: SelectedSeries;
  conditions: Condition[];
  match: Match;
  /** How long before the evaluation the windows end, ms. */
  delayMs: number;
  /** Whether the value of the expression is that of the alert: the value of the window. */
  isValue: boolean;
  notes: ImportNote[];
}

const maxConditions = 10;

/**
 * Finds the conditions that hold whenever an expression gives a result for a series.
 * @param known the metric series of the backend; null if they aren't known
 * @throws Refusal for everything that doesn't mean the same as some conditions
 */
export function meaningOf(expression: Expression, known: readonly MetricSeries[] | null): Meaning {
  const logic = expression.kind === 'binary' && expression.operator === 'or' ? 'or' : 'and';
  const leaves = partsOf(expression, logic).map((part) => leafOf(part, known));
  const [first, ...others] = leaves;
  if (first === undefined) throw new Refusal('expression_empty');
  for (const other of others) checkTogether(first, other);
  if (leaves.length > maxConditions) throw new Refusal('conditions_over', { max: maxConditions }, expression);
  if (first.offsetMs > dayMs) throw new Refusal('offset_long', { maxMs: dayMs }, first.span);
  return {
    series: first.series,
    conditions: leaves.map(({ condition }) => condition),
    match: { kind: logic === 'or' ? 'any' : 'all' },
    delayMs: first.offsetMs,
    isValue: leaves.every(({ isValue }) => isValue),
    notes: withoutRepeats(leaves.flatMap(({ notes }) => notes)),
  };
}

/** Returns the comparisons that `and` joins, or `or`. @throws Refusal if both do */
function partsOf(expression: Expression, logic: 'and' | 'or'): Expression[] {
  if (expression.kind !== 'binary') return [expression];
  const { operator, left, right, matching, at } = expression;
  if (operator === 'unless') throw new Refusal('unless', {}, at);
  if (operator !== 'and' && operator !== 'or') return [expression];
  if (operator !== logic) throw new Refusal('mixed_logic', {}, at);
  if (matching !== null) throw new Refusal('matching', { word: matching }, at);
  return [...partsOf(left, logic), ...partsOf(right, logic)];
}

/** A rule evaluates one chart, series by series, so all its conditions look at the same series at the same time. */
function checkTogether(first: Leaf, other: Leaf): void {
  if (first.series.metric !== other.series.metric)
    throw new Refusal('several_metrics', { one: first.series.metric, other: other.series.metric }, other.span);
  if (!isSameSeries(first.series, other.series)) throw new Refusal('several_series', {}, other.span);
  if (first.offsetMs !== other.offsetMs) throw new Refusal('offsets_differ', {}, other.span);
}

const withoutRepeats = (notes: readonly ImportNote[]): ImportNote[] => [...new Map(notes.map((note) => [note.code, note])).values()];
