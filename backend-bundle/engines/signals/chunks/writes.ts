import type { Labels } from '#common/contract/primitives.ts';
import type { Points } from '#common/timeseries/points.ts';
import type { MetricPoints, SignalColumns } from '../port.ts';
import type { Series } from './catalogue.ts';

/** What a series is known by; it is made on first sight. */
export interface SeriesName {
  kind: Series['kind'];
  name: string;
  labels: Labels;
  unit: string;
}

export interface SeriesWrite extends SeriesName {
  points: Points;
}

/** Points of a series by its name, or by its number where that is known. */
export interface AnyWrite {
  series: SeriesName | number;
  /** Any order; the last of equal times stands. Times are whole and not negative, values are finite. */
  points: Points;
}

/** Records of one loader as one write a segment, in order of arrival. */
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

/** Points by number of their series, in order of arrival: what is written twice in one batch is one write. */
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
