import { AppError } from '#common/contract/errors.ts';
import { lttb } from '#common/timeseries/lttb.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import type { FieldName, SeriesPoints } from '../../engines/signals/port.ts';

/** A point of an answer, without the other fields of its bucket or record. */
export interface PlainPoint {
  /** Epoch seconds. */
  timestamp: number;
  segmentCode: string;
  /** Null for a bucket without a value that was not filled. */
  value: number | null;
}

/** The label that contains the segment of a signal's series. */
export const segmentLabel = 'segment';

type AnyLine = Pick<SeriesPoints, 'labels'> & { t: Float64Array; v: Float64Array };

/**
 * Turns the series of one loader into the flat answer of the query API, by time, then segment. If they have more than `maxPoints` points,
 * each is downsampled with LTTB to its share, so that a busy segment does not displace a quiet one. Of consecutive nulls (NaN) one is kept,
 * which preserves the gap.
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

/** Returns one field of series that were read with their fields, without points that lack it. */
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
 * Returns the values of other series at the points that were kept.
 * @param lines of the same segments, times ascending
 * @returns one value per point, in their order; null if there is none
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

/** Returns the indices to keep of each series, ascending. */
function thin(series: readonly AnyLine[], maxPoints: number): number[][] {
  const split = series.map(({ v }) => {
    // Most series have no gaps; this avoids a list of millions of indices.
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
  // Every segment keeps one point; the rest is divided in proportion.
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
