import { AppError } from '../contract/errors.ts';
import { formatNumber } from '../format.ts';
import { dayMs, hourMs } from '../time/durations.ts';
import { wallOf } from '../time/zone.ts';

/**
 * The width of buckets. Fixed widths are aligned to the epoch; calendar days start at local midnight in a time zone, so they are 23 or 25
 * hours long when the clocks change.
 */
export type BucketWidth = { ms: number } | { days: 1; timeZone: string };

/** Returns the start of the bucket that contains `t` (epoch ms). @throws RangeError for an unknown time zone */
export function bucketStart(t: number, width: BucketWidth): number {
  return 'ms' in width ? Math.floor(t / width.ms) * width.ms : localMidnight(t, width.timeZone);
}

/** Returns the start of the bucket after the one that starts at `start`. */
export function nextBucket(start: number, width: BucketWidth): number {
  if ('ms' in width) return start + width.ms;
  // No zone shifts by more than 3 hours in a day, so 30 hours on it is always tomorrow, and never the day after.
  return localMidnight(start + 30 * hourMs, width.timeZone);
}

/** Maximum number of edges that one call returns. A calendar day takes some microseconds to find: 50,000 days are 137 years. */
const maxEdges = { fixed: 1_000_000, days: 50_000 };

/**
 * Returns the starts of the buckets that overlap [from, to), and the end of the last: one more entry than buckets.
 * @throws AppError query_too_large, before computing any, when there would be too many
 */
export function bucketEdges(from: number, to: number, width: BucketWidth): Float64Array {
  const [unit, ms, limit] = 'ms' in width ? ['buckets', width.ms, maxEdges.fixed] : ['calendar days', dayMs, maxEdges.days];
  const count = Math.ceil((to - from) / ms);
  if (!(count <= limit)) {
    throw new AppError('query_too_large', `The range holds ${formatNumber(count)} ${unit}; the limit is ${formatNumber(limit)}.`, {
      field: 'from',
      hint: 'Ask for a shorter range or a wider bucket.',
    });
  }
  const edges: number[] = [];
  for (let edge = bucketStart(from, width); ; edge = nextBucket(edge, width)) {
    edges.push(edge);
    if (edge >= to) return Float64Array.from(edges);
  }
}

/** Caches the days of one zone, because finding a midnight takes several calls of Intl. */
class CalendarDays {
  readonly #width: BucketWidth;
  readonly #starts = new Map<number, number>();
  readonly #ends = new Map<number, number>();

  constructor(timeZone: string) {
    this.#width = { days: 1, timeZone };
  }

  start(t: number): number {
    const utcDay = Math.floor(t / dayMs);
    let start = this.#starts.get(utcDay);
    if (start === undefined) {
      // About a century of days.
      if (this.#starts.size > 40_000) this.#starts.clear();
      start = bucketStart(utcDay * dayMs, this.#width);
      this.#starts.set(utcDay, start);
    }
    for (let end = this.end(start); end <= t; end = this.end(end)) start = end;
    return start;
  }

  end(start: number): number {
    let end = this.#ends.get(start);
    if (end === undefined) {
      if (this.#ends.size > 40_000) this.#ends.clear();
      end = nextBucket(start, this.#width);
      this.#ends.set(start, end);
    }
    return end;
  }
}

const zones = new Map<string, CalendarDays>();

/**
 * Returns functions for the start and end (exclusive) of calendar days in a zone, with cached results. @throws RangeError for an unknown
 * time zone
 */
export function calendarDays(timeZone: string): { start(t: number): number; end(start: number): number } {
  let days = zones.get(timeZone);
  if (!days) {
    days = new CalendarDays(timeZone);
    // Throws for an unknown zone before it is cached.
    days.start(0);
    if (zones.size >= 32) zones.delete(zones.keys().next().value ?? '');
    zones.set(timeZone, days);
  }
  return days;
}

/** Returns the first instant of the local day that contains `t`; if midnight does not exist that day, the instant the clocks jumped to. */
function localMidnight(t: number, timeZone: string): number {
  const local = wallOf(t, timeZone);
  const day = Math.floor(local / dayMs);
  const guess = t - (local - day * dayMs);
  const isMidnight = wallOf(guess, timeZone) === day * dayMs && wallOf(guess - 1, timeZone) < day * dayMs;
  if (isMidnight) return guess;
  // The offset differs between `t` and its midnight, so look for the first instant of the day between the two guesses.
  let before = guess - 3 * hourMs;
  let within = t;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (Math.floor(wallOf(middle, timeZone) / dayMs) < day) before = middle;
    else within = middle;
  }
  return within;
}
