import { AppError } from '../contract/errors.ts';
import { formatNumber } from '../format.ts';

/**
 * Edges of the buckets that cover a range. Fixed widths count from the epoch; calendar days count from local midnight in a time
 * zone, so they are 23 or 25 hours long where the clocks change.
 */
export type BucketWidth = { ms: number } | { days: 1; timeZone: string };

/** Start of the bucket that holds `t` (epoch ms). @throws RangeError for an unknown time zone */
export function bucketStart(t: number, width: BucketWidth): number {
  return 'ms' in width ? Math.floor(t / width.ms) * width.ms : localMidnight(t, width.timeZone);
}

/** Start of the bucket after the one that starts at `start`. */
export function nextBucket(start: number, width: BucketWidth): number {
  if ('ms' in width) return start + width.ms;
  // No zone shifts by more than 3 hours in a day, so 30 hours on it is always tomorrow, and never the day after.
  return localMidnight(start + 30 * 3_600_000, width.timeZone);
}

/** Most edges that one call makes. A calendar day takes some microseconds to find: 50,000 days are 137 years. */
const maxEdges = { fixed: 1_000_000, days: 50_000 };

/**
 * Starts of the buckets that touch [from, to), and the end of the last: one more entry than there are buckets.
 * @throws AppError query_too_large, before any is made, when there would be too many
 */
export function bucketEdges(from: number, to: number, width: BucketWidth): Float64Array {
  const [unit, ms, limit] = 'ms' in width ? ['buckets', width.ms, maxEdges.fixed] : ['calendar days', 86_400_000, maxEdges.days];
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

/** Days of one zone that were asked for, since finding a midnight takes several calls of Intl, microseconds each. */
class CalendarDays {
  readonly #width: BucketWidth;
  readonly #starts = new Map<number, number>();
  readonly #ends = new Map<number, number>();

  constructor(timeZone: string) {
    this.#width = { days: 1, timeZone };
  }

  start(t: number): number {
    const utcDay = Math.floor(t / 86_400_000);
    let start = this.#starts.get(utcDay);
    if (start === undefined) {
      // About a century of days.
      if (this.#starts.size > 40_000) this.#starts.clear();
      start = bucketStart(utcDay * 86_400_000, this.#width);
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

/** Start and end (exclusive) of calendar days in a zone; what was asked before is answered from memory. @throws RangeError for an unknown time zone */
export function calendarDays(timeZone: string): { start(t: number): number; end(start: number): number } {
  let days = zones.get(timeZone);
  if (!days) {
    days = new CalendarDays(timeZone);
    // Refuses an unknown zone before it is kept.
    days.start(0);
    if (zones.size >= 32) zones.delete(zones.keys().next().value ?? '');
    zones.set(timeZone, days);
  }
  return days;
}

const dayMs = 86_400_000;
/** Offsets kept for one zone: 160 years of days. */
const maxOffsets = 60_000;

/** How far the clocks of one zone are ahead of UTC. Asking Intl takes some ten microseconds, so the offset at the start of each UTC day is kept. */
class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #byDay = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** @param t epoch ms. @returns ms */
  at(t: number): number {
    const day = Math.floor(t / dayMs);
    const offset = this.#atDay(day);
    // No zone changes its clocks twice in a day: where both ends agree, so does all between.
    return offset === this.#atDay(day + 1) ? offset : this.#ask(t);
  }

  #atDay(day: number): number {
    let offset = this.#byDay.get(day);
    if (offset === undefined) {
      if (this.#byDay.size >= maxOffsets) this.#byDay.clear();
      offset = this.#ask(day * dayMs);
      this.#byDay.set(day, offset);
    }
    return offset;
  }

  #ask(t: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(t)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(t / 1_000) * 1_000;
  }
}

const offsets = new Map<string, ZoneOffsets>();

/** First instant of the local day that holds `t`; where midnight does not exist that day, the instant the clocks jumped to. */
function localMidnight(t: number, timeZone: string): number {
  const local = localTime(t, timeZone);
  const day = Math.floor(local / 86_400_000);
  const guess = t - (local - day * 86_400_000);
  const isMidnight = localTime(guess, timeZone) === day * 86_400_000 && localTime(guess - 1, timeZone) < day * 86_400_000;
  if (isMidnight) return guess;
  // The offset differs between `t` and its midnight, so look for the first instant of the day between the two guesses.
  let before = guess - 3 * 3_600_000;
  let within = t;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (Math.floor(localTime(middle, timeZone) / 86_400_000) < day) before = middle;
    else within = middle;
  }
  return within;
}

/** What a wall clock in the zone shows, as if it were UTC, epoch ms. */
export function localTime(t: number, timeZone: string): number {
  let zone = offsets.get(timeZone);
  if (!zone) {
    zone = new ZoneOffsets(timeZone);
    if (offsets.size >= 32) offsets.delete(offsets.keys().next().value ?? '');
    offsets.set(timeZone, zone);
  }
  return t + zone.at(t);
}
