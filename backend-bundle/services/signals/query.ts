import { AppError } from '#common/contract/errors.ts';
import { lttb } from '#common/timeseries/lttb.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import type { FieldName, SeriesPoints } from '../../engines/signals/port.ts';

/** A point of an answer, before the rest of its bucket or record is added. */
export interface PlainPoint {
  /** Epoch seconds. */
  timestamp: number;
  segmentCode: string;
  /** Null for a bucket that has none and got none. */
  value: number | null;
}

/** Label under which a signal's series carries its segment. */
export const segmentLabel = 'segment';

type AnyLine = Pick<SeriesPoints, 'labels'> & { t: Float64Array; v: Float64Array };

/**
 * Puts the series of one loader into the flat answer of the query API, by time, then segment. When they hold more than `most`
 * points, each is thinned by LTTB to its share, so that a busy segment does not push out a quiet one; of nulls (NaN) in a row one
 * stays, which keeps the gap.
 * @throws AppError query_too_large when there are more segments, or more gaps, than points allowed
 */
export function flatten(series: readonly AnyLine[], maxPoints: number): { points: PlainPoint[]; downsampled: boolean } {
  const total = series.reduce((sum, one) => sum + one.t.length, 0);
  if (series.length > maxPoints) {
    throw new AppError('query_too_large', `${series.length} segments do not fit into ${maxPoints} points.`, {
      field: 'limit',
      hint: 'Raise limit, or ask for one segment with segmentCode.',
    });
  }
  const downsampled = total > maxPoints;
  const kept = downsampled ? thin(series, maxPoints) : series.map(({ t }) => Array.from(t, (_, index) => index));
  const points = series.flatMap((one, i) =>
    (kept[i] ?? []).map((index) => {
      const value = one.v[index] as number;
      return {
        timestamp: (one.t[index] as number) / 1000,
        segmentCode: one.labels[segmentLabel] ?? '',
        value: Number.isNaN(value) ? null : value,
      };
    }),
  );
  points.sort((a, b) => a.timestamp - b.timestamp || (a.segmentCode < b.segmentCode ? -1 : 1));
  return { points, downsampled };
}

/** One column of lines that were read with their fields, without the points that have no value in it. */
export function columnOf(lines: readonly SeriesPoints[], name: FieldName | 'value'): SeriesPoints[] {
  return lines.flatMap(({ labels, t, v, fields }) => {
    const values = name === 'value' ? v : fields?.[name];
    if (values === undefined) throw new Error('These lines were read without their fields.');
    if (!values.some(Number.isNaN)) return [{ labels, t, v: values }];
    const kept = t.filter((_, i) => !Number.isNaN(values[i]));
    return kept.length === 0 ? [] : [{ labels, t: kept, v: values.filter((value) => !Number.isNaN(value)) }];
  });
}

/**
 * Finds the values of other lines at the points that were kept.
 * @param lines of the same segments, times ascending
 * @returns a value a point, in their order; null where there is none
 */
export function valuesAt(points: readonly PlainPoint[], lines: readonly AnyLine[]): (number | null)[] {
  const bySegment = new Map(lines.map((line) => [line.labels[segmentLabel] ?? '', line]));
  return points.map(({ timestamp, segmentCode }) => {
    const line = bySegment.get(segmentCode);
    if (!line) return null;
    const at = Math.round(timestamp * 1000);
    const index = firstAtOrAfter(line, line.t.length, at);
    const value = line.t[index] === at ? (line.v[index] as number) : Number.NaN;
    return Number.isNaN(value) ? null : value;
  });
}

/** For each series the indices that stay, ascending. */
function thin(series: readonly AnyLine[], maxPoints: number): number[][] {
  const split = series.map(({ v }) => {
    // Most lines have none; then no list of millions of indices is made.
    if (!v.some(Number.isNaN)) return { values: null, gaps: [], count: v.length };
    const [values, gaps]: [number[], number[]] = [[], []];
    for (let i = 0; i < v.length; i++) {
      if (!Number.isNaN(v[i])) values.push(i);
      else if (i === 0 || !Number.isNaN(v[i - 1])) gaps.push(i);
    }
    return { values, gaps, count: values.length };
  });
  const total = split.reduce((sum, { count }) => sum + count, 0);
  const gapCount = split.reduce((sum, { gaps }) => sum + gaps.length, 0);
  // Every segment keeps one point; what is left is shared in proportion.
  const spare = maxPoints - series.length - gapCount;
  if (spare < 0) {
    throw new AppError('query_too_large', `${gapCount} gaps do not fit into ${maxPoints} points.`, {
      field: 'bucket',
      hint: 'Ask for a wider bucket, a shorter range, or another fill.',
    });
  }
  return split.map(({ values, gaps, count }, i) => {
    const { t, v } = series[i] as AnyLine;
    const share = total === 0 ? 0 : 1 + Math.floor((spare * count) / total);
    if (values === null) return count === 0 ? [] : lttb(t, v, share);
    const pick = (column: Float64Array) => Float64Array.from(values, (index) => column[index] as number);
    const picked = count === 0 ? [] : lttb(pick(t), pick(v), share).map((index) => values[index] as number);
    return [...picked, ...gaps].sort((a, b) => a - b);
  });
}
