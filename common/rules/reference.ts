import type { BaselineCondition, Condition, RangeCondition, WindowAggregation } from '../contract/conditions.ts';
import { dayMs, hourMs, minuteMs, weekMs } from '../time/durations.ts';
import type { Interval } from '../time/intervals.ts';
import { atWall, wallOf } from '../time/zone.ts';
import { quantile } from '../timeseries/percentile.ts';

/** The points of a window as one value. */
export interface WindowValue {
  value: number;
  points: number;
}

/** Reads one series. Windows are half-open, epoch ms. */
export interface SeriesWindows {
  /** @returns null if there is no point in the window */
  valueOf(aggregation: WindowAggregation, window: Interval): WindowValue | null;
}

/** The conditions that compare with earlier data, from which a reference is computed. */
export type ReferencedCondition = BaselineCondition | RangeCondition;
export const isReferenced = (condition: Condition): condition is ReferencedCondition =>
  condition.kind === 'baseline' || condition.kind === 'range';

/**
 * What a condition compares with. For a baseline the median of earlier windows, in `low` and `high`, and their spread: the median absolute
 * deviation, scaled so that it equals the standard deviation where values are distributed normally. For a range, its ends.
 */
export interface Reference {
  low: number;
  high: number;
  spread: number;
  /** Number of earlier windows with points. */
  samples: number;
}

/** Consistency factor of the median absolute deviation: 1 / Φ⁻¹(¾). */
const normalMad = 1.4826;
/** Minimum number of windows with points from which a spread is computed, and a range. */
const minSpreadSamples = 3;
const minRangeSamples = 30;
/** How long the range of a condition is used before it is computed again, ms. */
const rangeEveryMs = hourMs;

/**
 * Identifies the reference of a condition at a time. As long as it stays the same, so does the reference, except for points that arrive
 * late.
 * @param end end of the evaluated window, epoch ms
 */
export function referenceKey(condition: ReferencedCondition, end: number, zone: string): number {
  if (condition.kind === 'range') return Math.floor((end - condition.windowMs) / rangeEveryMs) * rangeEveryMs;
  return condition.slotMs === undefined ? end : slotStart(end, condition.slotMs, zone);
}

/** Returns the earlier windows that a condition compares with, the newest first. None of them ends after the evaluated window begins. */
export function referenceWindows(condition: ReferencedCondition, end: number, zone: string): Interval[] {
  const { windowMs } = condition;
  if (condition.kind === 'range') {
    const last = referenceKey(condition, end, zone);
    const stepMs = Math.max(windowMs, minuteMs);
    const count = Math.floor((condition.days * dayMs) / stepMs);
    return Array.from({ length: count }, (_, i) => ({ from: last - i * stepMs - windowMs, to: last - i * stepMs }));
  }
  const { count, slotMs, every } = condition;
  const wall = slotMs === undefined ? wallOf(end, zone) : Math.floor(wallOf(end - 1, zone) / slotMs) * slotMs + slotMs;
  const perSlot = slotMs === undefined ? 1 : Math.max(1, Math.floor(slotMs / windowMs));
  return Array.from({ length: count }, (_, i) => {
    const to = atWall(earlier(wall, every, i + 1), zone);
    return Array.from({ length: perSlot }, (_, k) => ({ from: to - (k + 1) * windowMs, to: to - k * windowMs }));
  }).flat();
}

/** Returns what a condition compares with; null if too few earlier windows have points. */
export function computeReference(
  condition: ReferencedCondition,
  series: SeriesWindows,
  end: number,
  zone: string,
): Reference | { samples: number; needed: number } {
  const values: number[] = [];
  for (const window of referenceWindows(condition, end, zone)) {
    const found = series.valueOf(condition.aggregation, window);
    if (found !== null && Number.isFinite(found.value)) values.push(found.value);
  }
  const samples = values.length;
  const needed = neededSamples(condition);
  if (samples < needed) return { samples, needed };
  if (condition.kind === 'range') {
    const outside = (1 - condition.share) / 2;
    const all = Float64Array.from(values);
    const [low, high] = [quantile(all, outside), quantile(all, 1 - outside)];
    const widened = (condition.widen ?? 0) * (high - low);
    return { low: low - widened, high: high + widened, spread: high - low, samples };
  }
  const median = quantile(Float64Array.from(values), 0.5);
  const deviations = Float64Array.from(values, (value) => Math.abs(value - median));
  return { low: median, high: median, spread: normalMad * quantile(deviations, 0.5), samples };
}

function neededSamples(condition: ReferencedCondition): number {
  if (condition.kind === 'range') return minRangeSamples;
  return condition.as === 'sigmas' ? minSpreadSamples : 1;
}

const slotStart = (end: number, slotMs: number, zone: string): number => atWall(Math.floor(wallOf(end - 1, zone) / slotMs) * slotMs, zone);

/** Returns a wall-clock time some days, weeks or calendar months earlier. A day that the month doesn't have becomes its last. */
function earlier(wall: number, every: BaselineCondition['every'], count: number): number {
  if (every === 'day') return wall - count * dayMs;
  if (every === 'week') return wall - count * weekMs;
  const date = new Date(wall);
  const month = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - count, 1));
  const lastDay = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  return month.getTime() + (Math.min(date.getUTCDate(), lastDay) - 1) * dayMs + (wall % dayMs);
}
