import type { Interval } from '#common/time/intervals.ts';
import type { Clock } from '#common/time/zone.ts';
import { lowerBound } from '#common/timeseries/lower-bound.ts';
import type { PlotPoints } from '#renderer/charts/plot/points.ts';
import { mergeIntervals, within } from '#renderer/charts/plot/range.ts';

/** Earlier times that a chart can be compared with: the same time yesterday, last week or last month, by the calendar. */
export const comparisons = ['day', 'week', 'month'] as const;
export type Comparison = (typeof comparisons)[number];

interface Day {
  year: number;
  month: number;
  day: number;
}

function dayOf(at: number, clock: Clock): Day {
  const date = new Date(at);
  return clock === 'utc'
    ? { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() }
    : { year: date.getFullYear(), month: date.getMonth(), day: date.getDate() };
}

function startOf({ year, month, day }: Day, clock: Clock): number {
  return clock === 'utc' ? Date.UTC(year, month, day) : new Date(year, month, day).getTime();
}

/** Returns the calendar day that `day` is compared with; a month without that date uses its last one. */
function before({ year, month, day }: Day, by: Comparison): Day {
  if (by !== 'month') return { year, month, day: day - (by === 'day' ? 1 : 7) };
  const longest = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month: month - 1, day: Math.min(day, longest) };
}

/** An interval of the past and the offset, ms, that moves it over the present. */
interface Move {
  from: number;
  to: number;
  by: number;
}

/** Returns the moves that lay the past over `interval`, one per calendar day, so that clock changes in between shift nothing. */
export function movesOver(interval: Interval, comparison: Comparison, clock: Clock): Move[] {
  const moves: Move[] = [];
  let day = dayOf(interval.from, clock);
  for (let start = startOf(day, clock); start < interval.to; ) {
    const next = { ...day, day: day.day + 1 };
    const end = startOf(next, clock);
    const source = before(day, comparison);
    const sourceStart = startOf(source, clock);
    const by = start - sourceStart;
    const sourceEnd = startOf({ ...source, day: source.day + 1 }, clock);
    const from = Math.max(sourceStart, interval.from - by);
    const to = Math.min(sourceEnd, end - by, interval.to - by);
    const last = moves.at(-1);
    if (last && last.by === by && last.to === from) last.to = to;
    else if (to > from) moves.push({ from, to, by });
    day = dayOf(end, clock);
    start = end;
  }
  return moves;
}

/** Returns the past interval that a comparison reads, ms, in whole steps of `stepMs`, so that it stays the same while time passes. */
export function comparedInterval(interval: Interval, comparison: Comparison, clock: Clock, stepMs: number): Interval {
  const moves = movesOver(interval, comparison, clock);
  const from = Math.min(...moves.map((one) => one.from));
  const to = Math.max(...moves.map((one) => one.to));
  return { from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs };
}

/** Returns the damaged intervals of the past that is compared with `interval`, at their original times. */
export function damagedBefore(damaged: readonly Interval[], interval: Interval, comparison: Comparison, clock: Clock): Interval[] {
  const moves = movesOver(interval, comparison, clock);
  return mergeIntervals(moves.flatMap((move) => damaged.map((one) => within(one, move))));
}

/** Returns past points moved to the times of `interval` that they are compared with. */
export function layOver(
  { t, v }: PlotPoints,
  interval: Interval,
  comparison: Comparison,
  clock: Clock,
): { t: Float64Array; v: Float64Array } {
  const times: number[] = [];
  const values: number[] = [];
  for (const { from, to, by } of movesOver(interval, comparison, clock)) {
    for (let i = lowerBound(t, from); i < t.length; i++) {
      const at = t[i] ?? 0;
      if (at >= to) break;
      times.push(at + by);
      values.push(v[i] ?? Number.NaN);
    }
  }
  return { t: Float64Array.from(times), v: Float64Array.from(values) };
}
