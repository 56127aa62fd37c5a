import type { Stretch } from './range.ts';

/** Columns of one line: times ascending, epoch ms. */
export interface Columns {
  readonly t: ArrayLike<number>;
  readonly v: ArrayLike<number>;
}

/** A step this many times the usual one is a gap. */
const gapFactor = 2.5;
const neighbours = 8;

function medianStep(t: ArrayLike<number>, from: number, to: number): number {
  const steps: number[] = [];
  for (let i = Math.max(1, from); i < Math.min(t.length, to); i++) steps.push((t[i] ?? 0) - (t[i - 1] ?? 0));
  if (steps.length === 0) return 0;
  steps.sort((a, b) => a - b);
  return steps[(steps.length - 1) >> 1] ?? 0;
}

/**
 * True when nothing was measured between points `i - 1` and `i`: the step is longer than 2.5 buckets and than 2.5 times
 * what is usual on either side of it. A source that changes its pace (history at 10 s, live at 2 s) has no gap there.
 */
export function isGap(t: ArrayLike<number>, i: number, bucketMs: number): boolean {
  const step = (t[i] ?? 0) - (t[i - 1] ?? 0);
  if (step <= gapFactor * bucketMs) return false;
  const before = medianStep(t, i - neighbours, i);
  const after = medianStep(t, i + 1, i + 1 + neighbours);
  const usual = Math.max(bucketMs, before, after);
  return usual > 0 && step > gapFactor * usual;
}

/** Pairs `t, v, t, v, …` for drawing, with a NaN point inside every gap so that the line breaks there. */
export function toPairs(columns: Columns, bucketMs: number): Float64Array<ArrayBuffer> {
  const { t, v } = columns;
  const n = Math.min(t.length, v.length);
  const breaks: number[] = [];
  for (let i = 1; i < n; i++) if (isGap(t, i, bucketMs)) breaks.push(i);
  const pairs = new Float64Array(2 * (n + breaks.length));
  let out = 0;
  let next = 0;
  for (let i = 0; i < n; i++) {
    if (breaks[next] === i) {
      pairs[out++] = ((t[i - 1] ?? 0) + (t[i] ?? 0)) / 2;
      pairs[out++] = Number.NaN;
      next++;
    }
    pairs[out++] = t[i] ?? 0;
    pairs[out++] = v[i] ?? Number.NaN;
  }
  return pairs;
}

/** More points than this a pixel column can't be told apart from their first, least, greatest and last. */
const pointsPerColumn = 4;

/**
 * Pairs thinned to what a line of one pixel leaves on a raster `columns` wide over `stretch`: the first, least, greatest and last point
 * of each column (M4), gaps kept. Few points come back as they are; points outside the stretch keep one neighbour on each side.
 */
export function thin(pairs: Float64Array<ArrayBuffer>, stretch: Stretch, columns: number): Float64Array<ArrayBuffer> {
  if (pairs.length / 2 <= 2 * pointsPerColumn * columns) return pairs;
  const width = (stretch.to - stretch.from) / columns;
  const kept: number[] = [];
  let column = Number.NaN;
  let marks: number[] = [];
  const flush = () => {
    for (const i of [...new Set(marks)].sort((a, b) => a - b)) kept.push(pairs[i] ?? 0, pairs[i + 1] ?? Number.NaN);
    marks = [];
  };
  for (let i = 0; i < pairs.length; i += 2) {
    const value = pairs[i + 1] ?? Number.NaN;
    const at = Math.min(columns, Math.max(-1, Math.floor(((pairs[i] ?? 0) - stretch.from) / width)));
    if (Number.isNaN(value) || at !== column || marks.length === 0) {
      flush();
      column = at;
      // First, least, greatest, last: of one point all four are the same. A gap stands for itself.
      marks = [i, i, i, i];
      if (Number.isNaN(value)) flush();
      continue;
    }
    if (value < (pairs[(marks[1] ?? i) + 1] ?? 0)) marks[1] = i;
    if (value > (pairs[(marks[2] ?? i) + 1] ?? 0)) marks[2] = i;
    marks[3] = i;
  }
  flush();
  return Float64Array.from(kept);
}

/** Index of the first time at or after `at`; the length when there is none. */
export function lowerBound(t: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = t.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((t[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the point nearest to `at`, or -1 when none is within `within` ms. */
export function nearest(t: ArrayLike<number>, at: number, within: number): number {
  const right = lowerBound(t, at);
  const left = right - 1;
  const toRight = right < t.length ? (t[right] ?? 0) - at : Number.POSITIVE_INFINITY;
  const toLeft = left >= 0 ? at - (t[left] ?? 0) : Number.POSITIVE_INFINITY;
  const best = toLeft <= toRight ? left : right;
  return Math.min(toLeft, toRight) <= within ? best : -1;
}

/** Smallest and largest finite value with a time in `span`; null when there is none. */
export function extentIn(all: readonly Columns[], span: Stretch): { min: number; max: number } | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { t, v } of all) {
    // One point beyond each end belongs to the drawn line as well.
    const start = Math.max(0, lowerBound(t, span.from) - 1);
    for (let i = start; i < t.length; i++) {
      const value = v[i] ?? Number.NaN;
      if (value < min) min = value;
      if (value > max) max = value;
      if ((t[i] ?? 0) > span.to) break;
    }
  }
  return min <= max ? { min, max } : null;
}
