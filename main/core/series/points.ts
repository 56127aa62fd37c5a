import { lowerBound } from '#common/timeseries/lower-bound.ts';

/** Points of one line in columns of equal length, times ascending, epoch ms. */
export interface PointArrays {
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

export const noPoints: PointArrays = { t: new Float64Array(0), v: new Float64Array(0) };

/** The points with `from <= t < to`, sharing memory. */
export function within({ t, v }: PointArrays, from: number, to: number): PointArrays {
  const [first, end] = [lowerBound(t, from), lowerBound(t, to)];
  return { t: t.subarray(first, end), v: v.subarray(first, end) };
}

/** One after the other, alone in their memory. */
export function concat(parts: readonly PointArrays[]): PointArrays {
  const length = parts.reduce((sum, { t }) => sum + t.length, 0);
  const [t, v] = [new Float64Array(length), new Float64Array(length)];
  let at = 0;
  for (const part of parts) {
    t.set(part.t, at);
    v.set(part.v, at);
    at += part.t.length;
  }
  return { t, v };
}

/** `points` with everything in `[from, to)` replaced by `fresh`, which lies in there. */
export function replaceRange(points: PointArrays, fresh: PointArrays, from: number, to: number): PointArrays {
  if (points.t.length === 0) return fresh;
  return concat([within(points, Number.NEGATIVE_INFINITY, from), fresh, within(points, to, Number.POSITIVE_INFINITY)]);
}
