/** An interval, epoch ms, half-open. */
export interface Stretch {
  from: number;
  to: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The shortest and the longest interval that a chart shows, ms. */
export const minStretchMs = 10;
export const maxStretchMs = 2 * 366 * day;

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

/** Widths a person can choose from, ms. */
export const bucketChoices: readonly number[] = bucketSteps;

/** Screen pixels a bucket takes at least: closer points could not be told apart. */
const pixelsPerBucket = 2;

/** The narrowest bucket, ms, that leaves every point about two pixels of a plot `widthPx` wide. */
export function chooseBucket(spanMs: number, widthPx: number): number {
  const most = Math.max(1, Math.floor(widthPx / pixelsPerBucket));
  return bucketSteps.find((step) => spanMs / step <= most) ?? bucketSteps.at(-1) ?? day;
}

/** Widens a stretch to whole buckets, so that asking again a moment later asks for the same buckets. */
export function alignStretch(span: Stretch, bucketMs: number): Stretch {
  if (bucketMs <= 0) return span;
  return { from: Math.floor(span.from / bucketMs) * bucketMs, to: Math.ceil(span.to / bucketMs) * bucketMs };
}

/** Scales a stretch about `at`, which keeps its place on screen. A `factor` below 1 zooms in. */
export function zoomStretch(span: Stretch, at: number, factor: number): Stretch {
  const width = span.to - span.from;
  const wanted = Math.min(maxStretchMs, Math.max(minStretchMs, width * factor));
  const share = width === 0 ? 0.5 : (at - span.from) / width;
  const from = Math.round(at - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves a stretch by a share of its width, never so that it starts after `now`. */
export function panStretch(span: Stretch, share: number, now: number): Stretch {
  const width = span.to - span.from;
  const from = Math.min(Math.round(span.from + share * width), now - minStretchMs);
  return { from, to: from + width };
}

/** The same time as fewest stretches, in order: what overlaps or touches becomes one; what is empty is left out. */
export function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, to } of [...stretches].filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** What of `one` lies in `whole`; `to` is not after `from` where nothing does. */
export const within = (one: Stretch, { from, to }: Stretch): Stretch => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) });

/** True when nothing of `whole` lies outside the missing stretches. */
export const isAllMissing = (missing: readonly Stretch[], whole: Stretch): boolean =>
  mergeStretches(missing).some((one) => one.from <= whole.from && one.to >= whole.to);

/**
 * What of a stretch nobody knows: the parts that could not be had, and while its live edge is not being kept up to date, all after
 * the last answer.
 * @param asOf when the last answer came, ms; null when none did
 */
export function unknownIn(stretch: Stretch, missing: readonly Stretch[], asOf: number | null, current: boolean): Stretch[] {
  if (current) return mergeStretches(missing);
  return mergeStretches([...missing, { from: Math.max(stretch.from, asOf ?? stretch.from), to: stretch.to }]);
}
