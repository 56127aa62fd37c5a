import { AppError } from '#common/contract/errors.ts';
import { lttb } from '#common/timeseries/lttb.ts';
import type { Line } from '../../engines/signals/port.ts';

export interface QueryPoint {
  /** Epoch seconds. */
  timestamp: number;
  segmentCode: string;
  value: number;
}

/** Label under which a signal's series carries its segment. */
export const segmentLabel = 'segment';

/**
 * Puts the series of one loader into the flat answer of the query API, by time, then segment. When they hold more than `most`
 * points, each is thinned by LTTB to its share, so that a busy segment does not push out a quiet one.
 * @throws AppError query_too_large when there are more segments than points allowed
 */
export function flatten(series: readonly Line[], most: number): { points: QueryPoint[]; downsampled: boolean } {
  const total = series.reduce((sum, one) => sum + one.t.length, 0);
  if (series.length > most) {
    throw new AppError('query_too_large', `${series.length} segments do not fit into ${most} points.`, {
      field: 'limit',
      hint: 'Raise limit, or ask for one segment with segmentCode.',
    });
  }
  const downsampled = total > most;
  // Every segment keeps one point; what is left is shared in proportion.
  const spare = most - series.length;
  const points = series.flatMap((one) => {
    const share = downsampled ? 1 + Math.floor((spare * one.t.length) / total) : one.t.length;
    return lttb(one.t, one.v, share).map((index) => ({
      timestamp: (one.t[index] ?? 0) / 1000,
      segmentCode: one.labels[segmentLabel] ?? '',
      value: one.v[index] ?? 0,
    }));
  });
  points.sort((a, b) => a.timestamp - b.timestamp || (a.segmentCode < b.segmentCode ? -1 : 1));
  return { points, downsampled };
}
