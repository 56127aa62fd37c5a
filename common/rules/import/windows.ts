import { maxRuleDurationMs, type WindowAggregation } from '../../contract/conditions.ts';
import type { MetricSeries } from '../../contract/metrics.ts';
import { hasLabels } from '../../contract/primitives.ts';
import { minuteMs, secondMs } from '../../time/durations.ts';
import { aggregators, type Expression, type FunctionCall, type Selector } from './expression.ts';
import { type ImportNote, Refusal, type Span } from './refusal.ts';
import { type SelectedSeries, seriesOf } from './selectors.ts';

/** How far Prometheus looks back for the newest value of a series, ms. */
export const lookbackMs = 5 * minuteMs;

/** What a condition measures of each series: one value of a window. */
export interface MeasuredWindow {
  series: SelectedSeries;
  aggregation: WindowAggregation;
  windowMs: number;
  /** How long before the evaluation the window ends, ms. */
  offsetMs: number;
  notes: ImportNote[];
}

const overTime: ReadonlyMap<string, WindowAggregation> = new Map([
  ['avg_over_time', 'avg'],
  ['sum_over_time', 'sum'],
  ['min_over_time', 'min'],
  ['max_over_time', 'max'],
  ['count_over_time', 'count'],
  ['last_over_time', 'last'],
]);
const quantiles: ReadonlyMap<number, WindowAggregation> = new Map([
  [0.5, 'p50'],
  [0.95, 'p95'],
  [0.99, 'p99'],
]);
/** Functions over several series that give the value itself where there is only one. */
const keepSingle: readonly string[] = ['sum', 'avg', 'min', 'max'];
const rates: readonly string[] = ['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'resets'];

/** @param known the metric series of the backend; null if they aren't known @throws Refusal for what isn't one value of a window */
export function windowOf(expression: Expression, known: readonly MetricSeries[] | null): MeasuredWindow {
  switch (expression.kind) {
    case 'selector':
      if (expression.rangeMs !== null) throw new Refusal('range_bare', {}, expression);
      return { series: seriesOf(expression), aggregation: 'last', windowMs: lookbackMs, offsetMs: expression.offsetMs, notes: [] };
    case 'call':
      return aggregators.includes(expression.name) ? groupedWindow(expression, known) : functionWindow(expression);
    case 'binary':
      throw new Refusal('operator', { operator: expression.operator }, expression.at);
    case 'sign':
      throw new Refusal('operator', { operator: expression.sign }, expression);
    case 'reference':
      throw new Refusal('reference_unknown', { name: expression.name }, expression);
    default:
      throw new Refusal('numbers_only', {}, expression);
  }
}

function functionWindow(call: FunctionCall): MeasuredWindow {
  const { name } = call;
  if (name === 'quantile_over_time') {
    const [share, ranged] = call.arguments;
    const aggregation = share?.kind === 'number' ? quantiles.get(share.value) : undefined;
    if (call.arguments.length !== 2 || aggregation === undefined) throw new Refusal('quantile', {}, share ?? call);
    return rangedWindow(call, ranged, aggregation);
  }
  const aggregation = overTime.get(name);
  if (aggregation !== undefined) return rangedWindow(call, call.arguments.length === 1 ? call.arguments[0] : undefined, aggregation);
  if (rates.includes(name)) throw new Refusal('function_rate', { name }, call);
  if (name === 'changes') throw new Refusal('changes', {}, call);
  if (name === 'absent' || name === 'absent_over_time') throw new Refusal('absent_compared', { name }, call);
  throw new Refusal('function', { name }, call);
}

function rangedWindow(call: FunctionCall, argument: Expression | undefined, aggregation: WindowAggregation): MeasuredWindow {
  const selector = rangeSelectorOf(call, argument);
  return { series: seriesOf(selector), aggregation, windowMs: selector.rangeMs, offsetMs: selector.offsetMs, notes: [] };
}

/** Returns the argument of a function over a window. @throws Refusal if that isn't a selector with a range */
export function rangeSelectorOf({ name, from, to }: FunctionCall, argument: Expression | undefined): Selector & { rangeMs: number } {
  if (argument?.kind !== 'selector' || argument.rangeMs === null) throw new Refusal('range_needed', { name }, argument ?? { from, to });
  const { rangeMs } = argument;
  checkWindow(rangeMs, argument);
  return { ...argument, rangeMs };
}

function checkWindow(windowMs: number, span: Span): void {
  if (windowMs < secondMs || windowMs > maxRuleDurationMs)
    throw new Refusal('window_bounds', { windowMs, minMs: secondMs, maxMs: maxRuleDurationMs }, span);
}

/** A function over several series is only what a rule evaluates where each of its groups is one series. */
function groupedWindow(call: FunctionCall, known: readonly MetricSeries[] | null): MeasuredWindow {
  const { name, grouping } = call;
  const [argument] = call.arguments;
  const refusal = new Refusal('across_series', { name }, call);
  if (argument === undefined || call.arguments.length !== 1 || grouping === null || !keepSingle.includes(name)) throw refusal;
  const window = windowOf(argument, known);
  const { metric, labels } = window.series;
  const found = (known ?? []).filter((one) => one.name === metric && hasLabels(one.labels, labels));
  const isSingle = found.every(({ labels: own }) =>
    Object.keys(own).every((label) => grouping.labels.includes(label) === (grouping.kind === 'by')),
  );
  if (found.length === 0 || !isSingle) throw refusal;
  return { ...window, notes: [...window.notes, { code: 'group_single', params: { name } }] };
}
