import type { SeriesSelector } from '#common/contract/charts.ts';
import type { Condition, WindowAggregation } from '#common/contract/conditions.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import { type Measurement, measure, windowOf } from '#common/rules/measure.ts';
import { type PointColumns, PointWindows } from '#common/rules/points.ts';
import {
  computeReference,
  isReferenced,
  type ReferencedCondition,
  referenceKey,
  referenceWindows,
  type SeriesWindows,
  type WindowValue,
} from '#common/rules/reference.ts';
import { dayMs } from '#common/time/durations.ts';
import { type Interval, normalise } from '#common/time/intervals.ts';
import { gcd } from '#common/timeseries/gcd.ts';
import type { FieldName, SeriesPoints, SeriesSummary, SignalStore } from '../../engines/signals/port.ts';

/** The measurements of one series, in the order of the rule's conditions. */
export interface MeasuredSeries {
  labels: Labels;
  /** Time of its newest point, ms. */
  lastAt: number;
  measurements: Measurement[];
}

/** The part of a rule that says which points are read. */
export interface MeasuredRule {
  code: string;
  version: number;
  conditions: Condition[];
  timeZone: string;
}

type Store = Pick<SignalStore, 'summarise' | 'query'>;
type ReferenceResult = ReturnType<typeof computeReference>;

/** The aggregations that a summary of a range has; the others need its points. */
const summarised = ['avg', 'sum', 'min', 'max'] as const;
type Summarised = (typeof summarised)[number];
const isSummarised = (aggregation: WindowAggregation): aggregation is Summarised => (summarised as readonly string[]).includes(aggregation);

/** Maximum number of points that one rule reads one by one at an evaluation, over all series. */
const maxPoints = 1_000_000;
/** Minimum width of the store's buckets, ms. */
const minBucketMs = 1_000;

/**
 * References of rules: what their conditions compare with. Each is computed when its slot begins and kept until the next, because it needs
 * days or weeks of points.
 */
export class ReferenceCache {
  readonly #kept = new Map<string, { key: number; bySeries: Map<string, ReferenceResult> }>();

  async of(
    store: Store,
    selector: SeriesSelector,
    rule: MeasuredRule,
    index: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Map<string, ReferenceResult>> {
    const condition = rule.conditions[index] as ReferencedCondition;
    const key = referenceKey(condition, end, rule.timeZone);
    const place = `${rule.code}/${index}`;
    const question = JSON.stringify([rule.version, selector]);
    const kept = this.#kept.get(`${place}/${question}`);
    if (kept?.key === key) return kept.bySeries;
    const bySeries = await readReferences(store, selector, condition, end, rule.timeZone, signal);
    for (const old of this.#kept.keys()) if (old.startsWith(`${place}/`)) this.#kept.delete(old);
    this.#kept.set(`${place}/${question}`, { key, bySeries });
    return bySeries;
  }
}

/**
 * Measures the conditions of a rule for every series of its chart that has ever had a point.
 * @param end end of the windows, epoch ms
 * @throws whatever the store throws: timeout, query_too_large
 */
export async function measureSeries(
  store: Store,
  references: ReferenceCache,
  rule: MeasuredRule,
  selector: SeriesSelector,
  end: number,
  signal: AbortSignal,
): Promise<MeasuredSeries[]> {
  const recent = await readRecent(store, selector, rule.conditions, end, signal);
  const known = new Map<Condition, Map<string, ReferenceResult>>();
  for (const [index, condition] of rule.conditions.entries())
    if (isReferenced(condition)) known.set(condition, await references.of(store, selector, rule, index, end, signal));
  return recent.map(({ labels, lastAt, windows }) => {
    const key = labelsKey(labels);
    const referenceOf = (condition: ReferencedCondition) => known.get(condition)?.get(key) ?? { samples: 0, needed: 1 };
    return { labels, lastAt, measurements: rule.conditions.map((condition) => measure(condition, windows, referenceOf, end)) };
  });
}

/** Measures the conditions where there is no series. */
export const measureNothing = (conditions: readonly Condition[], end: number): Measurement[] =>
  conditions.map((condition) => measure(condition, { valueOf: () => null }, () => ({ samples: 0, needed: 1 }), end));

const placeOf = ({ from, to }: Interval): string => `${from}-${to}`;

/** Reads the windows that conditions evaluate now. Each is read once, however many conditions share it. */
async function readRecent(store: Store, selector: SeriesSelector, conditions: readonly Condition[], end: number, signal: AbortSignal) {
  const summaries = new Map<string, Map<string, SeriesSummary>>();
  const points = new Map<string, Map<string, SeriesWindows>>();
  for (const { aggregation, window } of conditions.flatMap((condition) => windowsOf(condition, end))) {
    const place = placeOf(window);
    if (!summaries.has(place)) {
      const all = await store.summarise({ selector, ...window }, { signal });
      summaries.set(place, new Map(all.map((one) => [labelsKey(one.labels), one])));
    }
    if (aggregation === 'points' || isSummarised(aggregation) || points.has(place)) continue;
    points.set(place, await readPoints(store, selector, [window], 0, signal));
  }
  const [newest = new Map<string, SeriesSummary>()] = [...summaries.values()].toReversed();
  return [...newest].map(([key, { labels, lastAt }]) => {
    const windows: SeriesWindows = {
      valueOf(aggregation, window) {
        const place = placeOf(window);
        return points.get(place)?.get(key)?.valueOf(aggregation, window) ?? ofSummary(summaries.get(place)?.get(key), aggregation);
      },
    };
    return { labels, lastAt, windows };
  });
}

/** Returns the windows of a condition and what is needed of them; `points`: only their number. */
function windowsOf(condition: Condition, end: number): { aggregation: WindowAggregation | 'points'; window: Interval }[] {
  const window = windowOf(condition, end);
  if (condition.kind === 'absent' || condition.kind === 'unchanged') return [{ aggregation: 'points', window }];
  const { aggregation } = condition;
  if (condition.kind !== 'change') return [{ aggregation, window }];
  return [0, condition.agoMs].map((ago) => ({ aggregation, window: { from: window.from - ago, to: window.to - ago } }));
}

function ofSummary(summary: SeriesSummary | undefined, aggregation: WindowAggregation): WindowValue | null {
  if (summary === undefined || summary.points === 0) return null;
  const value = isSummarised(aggregation) ? summary[aggregation] : summary.points;
  return value === null ? null : { value, points: summary.points };
}

/** Computes what a condition compares with, of every series. */
async function readReferences(
  store: Store,
  selector: SeriesSelector,
  condition: ReferencedCondition,
  end: number,
  zone: string,
  signal: AbortSignal,
): Promise<Map<string, ReferenceResult>> {
  const windows = referenceWindows(condition, end, zone);
  const series = await readWindows(store, selector, condition.aggregation, windows, signal);
  return new Map([...series].map(([key, one]) => [key, computeReference(condition, one, end, zone)]));
}

/** Reads earlier windows in buckets where none crosses the edge of a window, otherwise one by one. */
async function readWindows(
  store: Store,
  selector: SeriesSelector,
  aggregation: WindowAggregation,
  windows: readonly Interval[],
  signal: AbortSignal,
): Promise<Map<string, SeriesWindows>> {
  const bucketMs = windows.reduce((common, { from, to }) => gcd(gcd(common, from), to), dayMs);
  const isPercentile = aggregation.startsWith('p');
  if (isPercentile || bucketMs >= minBucketMs) return readPoints(store, selector, windows, isPercentile ? 0 : bucketMs, signal);
  if (!isSummarised(aggregation)) return readPoints(store, selector, windows, 0, signal);
  const series = new Map<string, Map<string, WindowValue | null>>();
  for (const window of windows) {
    for (const summary of await store.summarise({ selector, ...window }, { signal })) {
      const key = labelsKey(summary.labels);
      const values = series.get(key) ?? new Map<string, WindowValue | null>();
      series.set(key, values.set(placeOf(window), ofSummary(summary, aggregation)));
    }
  }
  return new Map([...series].map(([key, values]) => [key, { valueOf: (_, window) => values.get(placeOf(window)) ?? null }]));
}

/** Reads the points of some windows, or their buckets. @param bucketMs 0 for the points as stored */
async function readPoints(
  store: Store,
  selector: SeriesSelector,
  windows: readonly Interval[],
  bucketMs: number,
  signal: AbortSignal,
): Promise<Map<string, SeriesWindows>> {
  const parts = new Map<string, SeriesPoints[]>();
  for (const interval of normalise(windows)) {
    const aggregation = bucketMs === 0 ? 'raw' : 'last';
    for (const one of await store.query({ selector, ...interval, aggregation, bucketMs, maxPoints, withFields: true }, { signal })) {
      const key = labelsKey(one.labels);
      parts.set(key, [...(parts.get(key) ?? []), one]);
    }
  }
  return new Map([...parts].map(([key, found]) => [key, new PointWindows(join(found))]));
}

function join(parts: readonly SeriesPoints[]): PointColumns {
  const column = (of: (part: SeriesPoints) => Float64Array<ArrayBuffer> | undefined) => {
    const [first] = parts;
    if (parts.length === 1 && first) return of(first) ?? new Float64Array(0);
    return Float64Array.from(parts.flatMap((part) => [...(of(part) ?? [])]));
  };
  const field = (name: FieldName) => column(({ fields }) => fields?.[name]);
  return {
    t: column(({ t }) => t),
    last: column(({ v }) => v),
    count: field('count'),
    sum: field('sum'),
    min: field('min'),
    max: field('max'),
  };
}
