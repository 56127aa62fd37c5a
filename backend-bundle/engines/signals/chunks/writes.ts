import type { Labels } from '#common/contract/primitives.ts';
import { concatPoints, type Points, sortPoints } from '#common/timeseries/points.ts';
import type { MetricPoints, SignalColumns } from '../port.ts';
import type { CatalogueSeries } from './catalogue.ts';
import type { SeriesHour } from './entry.ts';
import { isComplete, splitHours } from './hours.ts';
import { chunkMs } from './schema.ts';

/** Identifies a series by name; it is created when first used. */
export interface SeriesName {
  kind: CatalogueSeries['kind'];
  name: string;
  labels: Labels;
  unit: string;
}

export interface SeriesWrite extends SeriesName {
  points: Points;
}

/** Points of a series, which is given by name, or by number if that is known. */
export interface AnyWrite {
  series: SeriesName | number;
  /** In any order; of points with the same time the last one is kept. Times are non-negative integers, values are finite. */
  points: Points;
}

/** Returns the records of one loader as one write per segment, in order of arrival. */
export function signalWrites(loaderCode: string, records: SignalColumns): SeriesWrite[] {
  const rowsOf = new Map<string, number[]>();
  for (const [row, segment] of records.segment.entries()) {
    const rows = rowsOf.get(segment);
    if (rows) rows.push(row);
    else rowsOf.set(segment, [row]);
  }
  return Array.from(rowsOf, ([segment, rows]) => {
    const column = (values: readonly number[]) => {
      const out = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
      return out;
    };
    const { t, avg, count, min, max, sum } = records;
    return {
      kind: 'signal',
      name: loaderCode,
      labels: { loader: loaderCode, segment },
      unit: '',
      points: { t: column(t), v: column(avg), record: { count: column(count), min: column(min), max: column(max), sum: column(sum) } },
    };
  });
}

export function metricWrites(metrics: readonly MetricPoints[]): SeriesWrite[] {
  return metrics.map(({ name, unit, labels, points }) => {
    const n = points.length;
    const columns: Points = { t: new Float64Array(n), v: new Float64Array(n) };
    points.forEach(([t, value], i) => {
      columns.t[i] = t;
      columns.v[i] = value;
    });
    return { kind: 'metric', name, labels, unit, points: columns };
  });
}

/** Groups points by the number of their series, in order of arrival, so that a series given twice in a batch is one write. */
export function bySeries(ids: readonly number[], writes: readonly AnyWrite[]): Map<number, Points[]> {
  const parts = new Map<number, Points[]>();
  for (const [i, { points }] of writes.entries()) {
    const id = ids[i] as number;
    if (points.t.length === 0) continue;
    const known = parts.get(id);
    if (known) known.push(points);
    else parts.set(id, [points]);
  }
  return parts;
}

/** With at least this many points, an ended hour is written directly to its chunk: the log would only cost time. */
const directFrom = 64;

/**
 * Splits points into hours, and separates hours that are written directly to their chunk from those that are logged first.
 * @param closed hours that start at or before this time have ended, ms
 */
export function partsOf(written: ReadonlyMap<number, readonly Points[]>, closed: number): { direct: SeriesHour[]; logged: SeriesHour[] } {
  const direct: SeriesHour[] = [];
  const logged: SeriesHour[] = [];
  for (const [series, parts] of written) {
    const only = parts.length === 1 ? parts[0] : undefined;
    const at = only?.t[0];
    if (only?.t.length === 1 && at !== undefined) {
      // The common case of live points: one point each for a thousand series every second.
      logged.push({ series, hour: Math.floor(at / chunkMs) * chunkMs, points: only });
      continue;
    }
    const hours = splitHours(sortPoints(concatPoints(parts)));
    for (const [i, { hour, points }] of hours.entries()) {
      // The next batch probably continues the last hour of this one, so sealing it now would be wasted.
      const done = hour <= closed && points.t.length >= directFrom && (i < hours.length - 1 || isComplete(hour, points));
      (done ? direct : logged).push({ series, hour, points });
    }
  }
  return { direct, logged };
}
