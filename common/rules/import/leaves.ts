import { type Condition, maxRuleDurationMs, type Operator } from '../../contract/conditions.ts';
import type { MetricSeries } from '../../contract/metrics.ts';
import { dayMs, weekMs } from '../../time/durations.ts';
import { compares } from '../compare.ts';
import { constantOf } from './constants.ts';
import type { Binary, Expression, FunctionCall } from './expression.ts';
import { flip, isComparison, operatorOf } from './operators.ts';
import { type ImportNote, Refusal, type Span } from './refusal.ts';
import { isSameSeries, type SelectedSeries, seriesOf } from './selectors.ts';
import { lookbackMs, type MeasuredWindow, rangeSelectorOf, windowOf } from './windows.ts';

/** One comparison of an expression, or `absent`, as a condition. */
export interface Leaf {
  series: SelectedSeries;
  condition: Condition;
  /** How long before the evaluation the window ends, ms. */
  offsetMs: number;
  /** Whether the value of the expression is the value of the window; a difference or ratio isn't. */
  isValue: boolean;
  notes: ImportNote[];
  span: Span;
}

/** @throws Refusal for anything that isn't a comparison or `absent` */
export function leafOf(expression: Expression, known: readonly MetricSeries[] | null): Leaf {
  if (expression.kind === 'call' && expression.name.startsWith('absent')) return absentLeaf(expression);
  if (!isComparison(expression)) {
    if (constantOf(expression) !== null) throw new Refusal('numbers_only', {}, expression);
    // What is inside may say more than that nothing is compared.
    if (expression.kind !== 'binary') windowOf(expression, known);
    throw new Refusal('not_compared', {}, expression);
  }
  const { left, right, at, isBool, matching } = expression;
  if (isBool) throw new Refusal('bool', {}, at);
  if (matching !== null) throw new Refusal('matching', { word: matching }, at);
  const operator = operatorOf[expression.operator];
  const [leftValue, rightValue] = [constantOf(left), constantOf(right)];
  if (leftValue !== null && rightValue !== null) throw new Refusal('numbers_only', {}, expression);
  if (leftValue === null && rightValue === null) return earlierLeaf({ ...expression, operator: '-' }, operator, 0, known);
  const threshold = rightValue ?? leftValue ?? 0;
  if (!Number.isFinite(threshold)) throw new Refusal('threshold_infinite', {}, rightValue === null ? left : right);
  const leaf = measuredLeaf(rightValue === null ? right : left, rightValue === null ? flip(operator) : operator, threshold, known);
  return { ...leaf, span: expression };
}

function measuredLeaf(measured: Expression, operator: Operator, threshold: number, known: readonly MetricSeries[] | null): Leaf {
  if (measured.kind === 'call' && measured.name === 'changes') return unchangedLeaf(measured, operator, threshold);
  if (measured.kind === 'call' && measured.name.startsWith('absent') && operator === '=' && threshold === 1) return absentLeaf(measured);
  if (measured.kind === 'binary' && (measured.operator === '-' || measured.operator === '/'))
    return earlierLeaf(measured, operator, threshold, known);
  const { series, aggregation, windowMs, offsetMs, notes } = windowOf(measured, known);
  const condition: Condition = { kind: 'threshold', aggregation, windowMs, operator, threshold };
  return { series, condition, offsetMs, isValue: true, notes, span: measured };
}

function absentLeaf(call: FunctionCall): Leaf {
  const [argument] = call.arguments;
  const isOverTime = call.name === 'absent_over_time';
  if (!isOverTime && call.name !== 'absent') throw new Refusal('function', { name: call.name }, call);
  if (!isOverTime && (argument?.kind !== 'selector' || argument.rangeMs !== null || call.arguments.length !== 1))
    throw new Refusal('absent_of', {}, argument ?? call);
  const selector = isOverTime || argument?.kind !== 'selector' ? rangeSelectorOf(call, argument) : argument;
  return {
    series: seriesOf(selector),
    condition: { kind: 'absent', windowMs: selector.rangeMs ?? lookbackMs },
    offsetMs: selector.offsetMs,
    isValue: false,
    notes: [{ code: 'absent_each', params: { name: call.name } }],
    span: call,
  };
}

/** `changes(…) == 0`: no value in the window differs from the one before it. */
function unchangedLeaf(call: FunctionCall, operator: Operator, threshold: number): Leaf {
  const isNone = (threshold === 0 && (operator === '=' || operator === '<=')) || (threshold === 1 && operator === '<');
  if (!isNone) throw new Refusal('changes', {}, call);
  const selector = rangeSelectorOf(call, call.arguments[0]);
  return {
    series: seriesOf(selector),
    condition: { kind: 'unchanged', windowMs: selector.rangeMs },
    offsetMs: selector.offsetMs,
    isValue: false,
    notes: [{ code: 'unchanged_points', params: {} }],
    span: call,
  };
}

/** The difference or ratio of a window and the same window earlier. */
function earlierLeaf(expression: Binary, operator: Operator, threshold: number, known: readonly MetricSeries[] | null): Leaf {
  const { left, right, at } = expression;
  if (constantOf(left) !== null || constantOf(right) !== null) throw new Refusal('operator', { operator: expression.operator }, at);
  if (expression.matching !== null) throw new Refusal('matching', { word: expression.matching }, at);
  const [first, second] = [windowOf(left, known), windowOf(right, known)];
  checkComparable(first, second, at);
  const isFirstNow = first.offsetMs < second.offsetMs;
  const [now, before] = isFirstNow ? [first, second] : [second, first];
  const agoMs = before.offsetMs - now.offsetMs;
  if (agoMs > maxRuleDurationMs) throw new Refusal('offset_long', { maxMs: maxRuleDurationMs }, isFirstNow ? right : left);
  const compared = isFirstNow || threshold === 0 ? threshold : -threshold;
  const comparison = { operator: isFirstNow ? operator : flip(operator), threshold: compared };
  const condition =
    expression.operator === '/' ? ratioCondition(now, agoMs, isFirstNow, comparison, at) : differenceCondition(now, agoMs, comparison);
  return {
    series: now.series,
    condition,
    offsetMs: now.offsetMs,
    isValue: false,
    notes: [...now.notes, ...before.notes],
    span: expression,
  };
}

function checkComparable(first: MeasuredWindow, second: MeasuredWindow, at: Span): void {
  if (first.series.metric !== second.series.metric)
    throw new Refusal('several_metrics', { one: first.series.metric, other: second.series.metric }, at);
  if (!isSameSeries(first.series, second.series)) throw new Refusal('several_series', {}, at);
  if (first.aggregation !== second.aggregation || first.windowMs !== second.windowMs) throw new Refusal('several_windows', {}, at);
  if (first.offsetMs === second.offsetMs) throw new Refusal('offset_same', {}, at);
}

interface Comparison {
  operator: Operator;
  threshold: number;
}

function differenceCondition({ aggregation, windowMs }: MeasuredWindow, agoMs: number, comparison: Comparison): Condition {
  const every = calendarStep(agoMs);
  if (every === null) return { kind: 'change', aggregation, windowMs, agoMs, as: 'difference', ...comparison };
  return { kind: 'baseline', aggregation, windowMs, every, count: 1, as: 'difference', ...comparison };
}

function ratioCondition(
  { aggregation, windowMs }: MeasuredWindow,
  agoMs: number,
  isFirstNow: boolean,
  comparison: Comparison,
  at: Span,
): Condition {
  const every = calendarStep(agoMs);
  if (!isFirstNow) throw new Refusal('ratio_inverse', {}, at);
  if (every === null) throw new Refusal('ratio_offset', {}, at);
  // Zero by zero is 1 here and NaN in Prometheus, which only `!=` finds true.
  if (compares(1, comparison.operator, comparison.threshold) !== (comparison.operator === '!=')) throw new Refusal('ratio_zero', {}, at);
  return { kind: 'baseline', aggregation, windowMs, every, count: 1, as: 'ratio', ...comparison };
}

const calendarStep = (agoMs: number): 'day' | 'week' | null => (agoMs === dayMs ? 'day' : agoMs === weekMs ? 'week' : null);
