import type { Pyramid } from './pyramid.ts';

/** Times of a column: regular ones need no array. */
export type TimeColumn = { t0: number; dt: number } | { t: Float64Array };

/** Index of the first of `length` ascending times at or after `time` (ms). O(1) when regular, O(log n) otherwise. */
export function firstAtOrAfter(times: TimeColumn, length: number, time: number): number {
  if ('t' in times) {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times.t[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return Math.min(length, Math.max(0, Math.ceil((time - times.t0) / times.dt)));
}

/** Time (ms) of the value at `index`. */
export function timeAt(times: TimeColumn, index: number): number {
  return 't' in times ? (times.t[index] as number) : times.t0 + index * times.dt;
}

/** Up to four points a pixel column, by index into the values; −1 in `first` marks an empty column. */
export interface M4 {
  columns: number;
  first: Int32Array;
  last: Int32Array;
  min: Float64Array;
  max: Float64Array;
}

/**
 * First, last, least and greatest value of each of `columns` equal parts of [from, to) (ms): exactly what a line drawn through
 * all points leaves on a raster of that width (Jugel et al., "M4", VLDB 2014). O(columns · log n) by the pyramid.
 */
export function m4(times: TimeColumn, pyramid: Pyramid, from: number, to: number, columns: number): M4 {
  const out: M4 = {
    columns,
    first: new Int32Array(columns).fill(-1),
    last: new Int32Array(columns).fill(-1),
    min: new Float64Array(columns),
    max: new Float64Array(columns),
  };
  const length = pyramid.length;
  let start = firstAtOrAfter(times, length, from);
  for (let column = 0; column < columns; column++) {
    const end = firstAtOrAfter(times, length, from + ((column + 1) * (to - from)) / columns);
    if (end > start) {
      const { min, max } = pyramid.range(start, end);
      out.first[column] = start;
      out.last[column] = end - 1;
      out.min[column] = min;
      out.max[column] = max;
    }
    start = end;
  }
  return out;
}
