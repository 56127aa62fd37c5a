import type { Interval } from '#common/time/intervals.ts';
import { lowerBound } from '#common/timeseries/lower-bound.ts';
import type { PlotPoints } from '#renderer/charts/plot/points.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';

/** Statistics of one line over the visible range. */
export interface Stats {
  last: number | null;
  lastAt: number | null;
  min: number | null;
  /** Mean of the points drawn; each bucket counts the same. */
  avg: number | null;
  max: number | null;
  /** Last minus first. */
  change: number | null;
  /** Change as a share of the first value; null when that is zero. */
  changeShare: number | null;
}

export const noStats: Stats = { last: null, lastAt: null, min: null, avg: null, max: null, change: null, changeShare: null };

function extremeOf({ t, v }: PlotPoints, { from, to }: Interval, pick: (a: number, b: number) => number, start: number): number {
  let found = start;
  for (let i = lowerBound(t, from); i < t.length && (t[i] ?? 0) < to; i++) {
    const value = v[i] ?? Number.NaN;
    if (Number.isFinite(value)) found = pick(found, value);
  }
  return found;
}

/** Computes statistics of the finite points in `interval`. Minimum and maximum use the extremes of each bucket if known. */
export function statsOf({ t, v, extremes }: PlotPoints & Pick<ChartSeries, 'extremes'>, interval: Interval): Stats {
  let first: number | null = null;
  let last: number | null = null;
  let lastAt: number | null = null;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let n = 0;
  for (let i = lowerBound(t, interval.from); i < t.length; i++) {
    const at = t[i] ?? 0;
    if (at >= interval.to) break;
    const value = v[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    first ??= value;
    last = value;
    lastAt = at;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    n++;
  }
  if (n === 0 || first === null || last === null) return noStats;
  if (extremes) {
    min = Math.min(min, extremeOf(extremes.least, interval, Math.min, min));
    max = Math.max(max, extremeOf(extremes.greatest, interval, Math.max, max));
  }
  const change = last - first;
  return { last, lastAt, min, avg: sum / n, max, change, changeShare: first === 0 ? null : change / Math.abs(first) };
}
