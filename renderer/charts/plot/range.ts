import type { Interval } from '#common/time/intervals.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Minimum and maximum length of an interval on a chart, ms. */
export const minIntervalMs = 10;
export const maxIntervalMs = 2 * 366 * day;

/** Relative ranges offered without typing. */
export const presets = [
  { text: '1h', lastMs: hour },
  { text: '6h', lastMs: 6 * hour },
  { text: '24h', lastMs: day },
  { text: '7d', lastMs: 7 * day },
  { text: '30d', lastMs: 30 * day },
] as const;

const bucketSteps = [1, 2, 5, 10, 15, 30]
  .map((n) => n * second)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * minute))
  .concat([1, 2, 3, 6, 12].map((n) => n * hour))
  .concat(day);

/** Bucket widths that can be chosen, ms. */
export const bucketChoices: readonly number[] = bucketSteps;

/** Minimum width of a bucket on screen, pixels: closer points couldn’t be distinguished. */
const pixelsPerBucket = 2;

/** Returns the narrowest bucket, ms, that keeps points at least about two pixels apart in a plot of `widthPx`. */
export function chooseBucket(lengthMs: number, widthPx: number): number {
  const maxBuckets = Math.max(1, Math.floor(widthPx / pixelsPerBucket));
  return bucketSteps.find((step) => lengthMs / step <= maxBuckets) ?? bucketSteps.at(-1) ?? day;
}

/** Widens an interval to whole buckets, so that a query a moment later asks for the same buckets. */
export function alignInterval(interval: Interval, bucketMs: number): Interval {
  if (bucketMs <= 0) return interval;
  return { from: Math.floor(interval.from / bucketMs) * bucketMs, to: Math.ceil(interval.to / bucketMs) * bucketMs };
}

/** Scales an interval about `at`, which keeps its place on screen. A `factor` below 1 zooms in. */
export function zoomInterval(interval: Interval, at: number, factor: number): Interval {
  const width = interval.to - interval.from;
  const wanted = Math.min(maxIntervalMs, Math.max(minIntervalMs, width * factor));
  const share = width === 0 ? 0.5 : (at - interval.from) / width;
  const from = Math.round(at - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves an interval by a share of its width, but never to start after `now`. */
export function panInterval(interval: Interval, share: number, now: number): Interval {
  const width = interval.to - interval.from;
  const from = Math.min(Math.round(interval.from + share * width), now - minIntervalMs);
  return { from, to: from + width };
}

/** Merges overlapping and adjacent intervals, in order; drops empty ones. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { from, to } of [...intervals].filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Clips `one` to `whole`; `to` isn't after `from` if they don't overlap. */
export const within = (one: Interval, { from, to }: Interval): Interval => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) });

/** True if the missing intervals cover all of `whole`. */
export const isAllMissing = (missing: readonly Interval[], whole: Interval): boolean =>
  mergeIntervals(missing).some((one) => one.from <= whole.from && one.to >= whole.to);

/**
 * Returns the unknown parts of an interval: the missing ones and, while its live end isn't kept up to date, everything after the last
 * answer.
 * @param asOf time of the last answer, ms; null if there was none
 */
export function unknownIn(interval: Interval, missing: readonly Interval[], asOf: number | null, current: boolean): Interval[] {
  if (current) return mergeIntervals(missing);
  return mergeIntervals([...missing, { from: Math.max(interval.from, asOf ?? interval.from), to: interval.to }]);
}
