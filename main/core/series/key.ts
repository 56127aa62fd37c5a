import type { PanelQuery } from '#common/contract/console/series.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { alignToBuckets } from '#common/time/intervals.ts';
import { calendarDays } from '#common/timeseries/buckets.ts';

/** Identifies a query without its range: queries with the same key share cached points. The bucket width comes last. */
export function keyOf({ selector, aggregation, bucketMs, timeZone }: Omit<PanelQuery, 'from' | 'to'>): string {
  const what =
    selector.from === 'signal'
      ? ['signal', selector.loaderCode, selector.segmentCode ?? null]
      : ['metric', selector.name, labelsKey(selector.labels)];
  return JSON.stringify([...what, aggregation, ...(timeZone === undefined ? [] : [timeZone]), bucketMs]);
}

const bucketsInBlock = 512;
const blockOfStoredPointsMs = hourMs;
/** Length of the intervals in which points are stored, ms. */
export function blockMs(bucketMs: number): number {
  return bucketMs === 0 ? blockOfStoredPointsMs : bucketMs * bucketsInBlock;
}

/** Buckets of a fixed width, points as stored (0), or calendar days of a zone. */
export type Bucketing = Pick<PanelQuery, 'bucketMs' | 'timeZone'>;

/** Start of the bucket that `at` lies in. */
export function bucketOf(at: number, { bucketMs, timeZone }: Bucketing): number {
  if (timeZone !== undefined) return calendarDays(timeZone).start(at);
  return alignToBuckets({ from: at, to: at }, bucketMs).from;
}

/** Widened to whole buckets. */
export function outward({ from, to }: Interval, { bucketMs, timeZone }: Bucketing): Interval {
  if (timeZone === undefined) return alignToBuckets({ from, to }, bucketMs);
  const days = calendarDays(timeZone);
  const last = days.start(to);
  return { from: days.start(from), to: last === to ? to : days.end(last) };
}

/** Narrowed to whole buckets; may be empty. */
export function inward({ from, to }: Interval, buckets: Bucketing): Interval {
  return { from: outward({ from, to: from }, buckets).to, to: bucketOf(to, buckets) };
}
