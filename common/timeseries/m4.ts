import type { Extremes, Pyramid } from './pyramid.ts';

/** The times of a column: regular ones need no array. */
export type TimeColumn = { t0: number; dt: number } | { t: Float64Array };

/**
 * Returns the index of the first of `length` ascending times at or after `time` (ms), which must be at `start` or later. O(1) when regular,
 * otherwise logarithmic in its distance from `start`.
 */
export function firstAtOrAfter(times: TimeColumn, length: number, time: number, start = 0): number {
  if ('t' in times) {
    const { t } = times;
    let low = start;
    let high = length;
    for (let step = 64; low + step < length; step *= 2) {
      if ((t[low + step] as number) >= time) {
        high = low + step;
        break;
      }
      low += step;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((t[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const { t0, dt } = times;
  let index = Math.min(length, Math.max(start, Math.ceil((time - t0) / dt)));
  // Division rounds; the times themselves decide.
  while (index > start && t0 + (index - 1) * dt >= time) index -= 1;
  while (index < length && t0 + index * dt < time) index += 1;
  return index;
}

/** Returns the time (ms) of the value at `index`. */
export function timeAt(times: TimeColumn, index: number): number {
  return 't' in times ? (times.t[index] as number) : times.t0 + index * times.dt;
}

/** Up to four points per pixel column, as indices into the values; −1 in `first` marks an empty column. */
export interface M4 {
  columns: number;
  first: Int32Array;
  last: Int32Array;
  min: Float64Array;
  max: Float64Array;
}

/** Allocates a reusable result for up to `columns` columns. */
export function roomForM4(columns: number): M4 {
  return {
    columns,
    first: new Int32Array(columns),
    last: new Int32Array(columns),
    min: new Float64Array(columns),
    max: new Float64Array(columns),
  };
}

const found: Extremes = { min: 0, max: 0 };

/**
 * Finds the first, last, least and greatest value in each of `columns` equal columns of [from, to) (ms), which draw exactly the same line
 * as all points on a raster of that width (Jugel et al., "M4", VLDB 2014). O(columns · log n) with the pyramid. A column whose values are
 * all absent still has first and last, and min above max.
 * @param out result to reuse, at least `columns` wide; by default a new one
 */
export function m4(times: TimeColumn, pyramid: Pyramid, from: number, to: number, columns: number, out = roomForM4(columns)): M4 {
  out.columns = columns;
  const length = pyramid.length;
  let start = firstAtOrAfter(times, length, from);
  for (let column = 0; column < columns; column++) {
    const end = firstAtOrAfter(times, length, from + ((column + 1) * (to - from)) / columns, start);
    if (end > start) {
      pyramid.range(start, end, found);
      out.first[column] = start;
      out.last[column] = end - 1;
      out.min[column] = found.min;
      out.max[column] = found.max;
    } else {
      out.first[column] = -1;
      out.last[column] = -1;
      out.min[column] = 0;
      out.max[column] = 0;
    }
    start = end;
  }
  return out;
}
