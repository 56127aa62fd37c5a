import { lowerBound } from '#common/timeseries/lower-bound.ts';

export { isGap } from '#renderer/charts/engine/gaps.ts';

/** The points of one line: times ascending, epoch ms. */
export interface PlotPoints {
  readonly t: ArrayLike<number>;
  readonly v: ArrayLike<number>;
}

/** Returns the index of the point nearest to `at`, or -1 if none is within `within` ms. */
export function nearest(t: ArrayLike<number>, at: number, within: number): number {
  const right = lowerBound(t, at);
  const left = right - 1;
  const toRight = right < t.length ? (t[right] ?? 0) - at : Number.POSITIVE_INFINITY;
  const toLeft = left >= 0 ? at - (t[left] ?? 0) : Number.POSITIVE_INFINITY;
  const best = toLeft <= toRight ? left : right;
  return Math.min(toLeft, toRight) <= within ? best : -1;
}
