import type { Condition } from '#common/contract/conditions.ts';
import type { SeriesLine } from '#common/contract/console/series.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { BacktestTimes } from '#common/rules/backtest.ts';
import type { PointColumns } from '#common/rules/points.ts';
import { dayMs, hourMs, secondMs } from '#common/time/durations.ts';
import { gcd } from '#common/timeseries/gcd.ts';

/** The columns of points that are read from the backend one by one. `raw` are the points as stored, which percentiles need. */
export const columns = ['sum', 'count', 'min', 'max', 'last', 'raw'] as const;
export type HistoryColumn = (typeof columns)[number];

/** Returns the columns that some conditions need. */
export function columnsFor(conditions: readonly Condition[]): Set<HistoryColumn> {
  const needed = new Set<HistoryColumn>(['count']);
  for (const condition of conditions) {
    if (condition.kind === 'unchanged') needed.add('min').add('max');
    if (!('aggregation' in condition)) continue;
    const { aggregation } = condition;
    if (aggregation === 'avg') needed.add('sum');
    else if (aggregation.startsWith('p')) return new Set(['raw']);
    else needed.add(aggregation as HistoryColumn);
  }
  return needed;
}

type TimedRule = Pick<RuleInput, 'conditions' | 'evaluateEveryMs' | 'delayMs'>;

/** Intervals between evaluations, ms: whole parts of the day, so that slots and windows begin with an evaluation. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * secondMs);
const maxEvaluations = 45_000;
/** Maximum number of buckets that are read for one series. With more, the backtest covers less time. */
const maxBuckets = 400_000;

export interface HistoryPlan {
  times: BacktestTimes;
  /** Start of what is read: earlier than the first evaluation by as much as the conditions look back, ms. */
  readFrom: number;
  bucketMs: number;
  /** The range is shorter than wanted, because the rule's windows need many buckets. */
  isShortened: boolean;
}

/** Plans a backtest of the last `rangeMs`. */
export function planHistory(rule: TimedRule, rangeMs: number, now: number): HistoryPlan {
  const wanted = Math.max(rule.evaluateEveryMs, rangeMs / maxEvaluations);
  const everyMs = steps.find((step) => step >= wanted) ?? hourMs;
  const lookBackMs = Math.max(...rule.conditions.map(lookBack)) + (rule.delayMs ?? 0);
  const edges = rule.conditions.flatMap((condition) => [condition.windowMs, condition.kind === 'change' ? condition.agoMs : 0]);
  const common = [everyMs, rule.delayMs ?? 0, ...edges].reduce(gcd, 0);
  const bucketMs = columnsFor(rule.conditions).has('raw') ? 0 : Math.max(secondMs, common);
  const coveredMs = Math.max(hourMs, Math.min(rangeMs, maxBuckets * Math.max(secondMs, bucketMs) - lookBackMs));
  const to = Math.floor(now / everyMs) * everyMs;
  const from = Math.ceil((to - coveredMs) / everyMs) * everyMs;
  const unit = Math.max(secondMs, bucketMs);
  const readFrom = Math.max(0, Math.floor((from - lookBackMs) / unit) * unit);
  return { times: { from, to, everyMs }, readFrom, bucketMs, isShortened: coveredMs < rangeMs };
}

const periodMs = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs } as const;

/** How long before an evaluation a condition looks back, ms. */
function lookBack(condition: Condition): number {
  const { windowMs } = condition;
  if (condition.kind === 'change') return windowMs + condition.agoMs;
  if (condition.kind === 'range') return windowMs + condition.days * dayMs + hourMs;
  // A day more, because clocks change.
  if (condition.kind === 'baseline') return windowMs + condition.count * periodMs[condition.every] + (condition.slotMs ?? 0) + dayMs;
  return windowMs;
}

/** The points of one series for a backtest. */
export interface SeriesHistory {
  labels: Labels;
  points: PointColumns;
}

/**
 * Joins columns that were read one by one. Where a point arrived between two reads, a bucket that one of them lacks is left out. Columns
 * that were not read have no values.
 */
export function joinColumns(read: ReadonlyMap<HistoryColumn, readonly SeriesLine[]>): SeriesHistory[] {
  const raw = read.get('raw');
  if (raw) return raw.map(({ labels, t, v }) => ({ labels, points: { t, last: v, count: v.map(() => 1), sum: v, min: v, max: v } }));
  const [first, ...others] = [...read.values()];
  return (first ?? []).flatMap(({ labels, t }) => {
    const key = labelsKey(labels);
    const rest = others.map((lines) => lines.find((line) => labelsKey(line.labels) === key));
    if (rest.includes(undefined)) return [];
    const common = rest.reduce((times, line) => (line && sameTimes(times, line.t) ? times : commonTimes(times, line?.t ?? [])), t);
    const column = (name: HistoryColumn) =>
      valuesAt(
        common,
        read.get(name)?.find((line) => labelsKey(line.labels) === key),
      );
    const points = { t: common, last: column('last'), count: column('count'), sum: column('sum'), min: column('min'), max: column('max') };
    return [{ labels, points }];
  });
}

const sameTimes = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((time, i) => time === b[i]);

function commonTimes(a: Float64Array<ArrayBuffer>, b: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const other = new Set(Array.from(b));
  return a.filter((time) => other.has(time));
}

function valuesAt(times: Float64Array, line: SeriesLine | undefined): Float64Array {
  if (line === undefined) return new Float64Array(times.length).fill(Number.NaN);
  if (sameTimes(times, line.t)) return line.v;
  const byTime = new Map(Array.from(line.t, (time, i) => [time, line.v[i] ?? Number.NaN]));
  return times.map((time) => byTime.get(time) ?? Number.NaN);
}

/** Returns the conditions without their thresholds: on what is left, measurements depend. */
export function measuredPart({ conditions, timeZone, delayMs, evaluateEveryMs }: RuleInput) {
  const measured = conditions.map((condition) => {
    if (!('operator' in condition)) return condition;
    const { levels: _levels, clear: _clear, upper: _upper, weight: _weight, ...rest } = condition;
    return { ...rest, operator: '>' as const, threshold: 0 };
  });
  return { conditions: measured, timeZone, delayMs, evaluateEveryMs };
}
