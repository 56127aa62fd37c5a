import type { Clock } from '#common/time/zone.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const month = 30 * day;
const year = 365 * day;

const fixedSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * day),
];
/** Steps in months, for calendar ticks. */
const calendarSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600];

const offsetMs = (at: number, clock: Clock): number => (clock === 'utc' ? 0 : -new Date(at).getTimezoneOffset() * minute);

export interface TimeTicks {
  at: number[];
  /** Distance between ticks, ms; approximate for months. */
  step: number;
}

/** Returns the times to label: whole steps of the local clock, also across changes of its offset; months and years by the calendar. */
export function timeTicks(from: number, to: number, maxCount: number, clock: Clock): TimeTicks {
  const longest = (to - from) / Math.max(1, maxCount);
  const step = fixedSteps.find((one) => one >= longest);
  return step === undefined ? calendarTicks(from, to, longest, clock) : clockTicks(from, to, step, clock);
}

function clockTicks(from: number, to: number, step: number, clock: Clock): TimeTicks {
  return { at: step < day ? timesOfDay(from, to, step, clock) : midnights(from, to, step, clock), step };
}

/**
 * Returns whole steps of the clock within a day. When the clock is set back, an hour and its labels occur twice; when it is set forward, an
 * hour is missing.
 */
function timesOfDay(from: number, to: number, step: number, clock: Clock): number[] {
  const at: number[] = [];
  // Between two changes of the clock, ticks are one step apart.
  for (let start = from; start <= to && at.length <= maxTicks; ) {
    const offset = offsetMs(start, clock);
    const end = nextOffsetChange(start, to, clock);
    for (let time = Math.ceil((start + offset) / step) * step - offset; time < end && time <= to && at.length <= maxTicks; time += step) {
      if (time - (at.at(-1) ?? Number.NEGATIVE_INFINITY) >= step * minShare) at.push(time);
    }
    start = end;
  }
  return at;
}

const maxTicks = 200;
/** Minimum distance of ticks around a clock change, as a share of the step, so that their labels don't touch. */
const minShare = 0.8;

/** Returns the first time after `start` with another offset; Infinity if there is none up to `to`. */
function nextOffsetChange(start: number, to: number, clock: Clock): number {
  if (clock === 'utc') return Number.POSITIVE_INFINITY;
  const offset = offsetMs(start, clock);
  for (let before = start; before <= to; before += day) {
    let [low, high] = [before, Math.min(before + day, to + 1)];
    if (offsetMs(high, clock) === offset) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetMs(middle, clock) === offset) low = middle;
      else high = middle;
    }
    return high;
  }
  return Number.POSITIVE_INFINITY;
}

/** Returns midnights that are whole steps of days apart, whatever the clock does between them. */
function midnights(from: number, to: number, step: number, clock: Clock): number[] {
  const at: number[] = [];
  const start = Math.ceil((from + offsetMs(from, clock)) / step) * step;
  for (let wall = start; at.length <= maxTicks; wall += step) {
    // The offset at that local time: estimated once, then corrected.
    const guess = wall - offsetMs(wall - offsetMs(from, clock), clock);
    const time = wall - offsetMs(guess, clock);
    // Written this way round, the loop also ends for NaN.
    if (!(time <= to)) break;
    if (time >= from && time > (at.at(-1) ?? Number.NEGATIVE_INFINITY)) at.push(time);
  }
  return at;
}

function calendarTicks(from: number, to: number, longest: number, clock: Clock): TimeTicks {
  const months = calendarSteps.find((one) => one * month >= longest) ?? 1_200;
  // Months are counted from January 2000, so that two-digit years never mean the last century.
  const startOf = (index: number) => (clock === 'utc' ? Date.UTC(2000, index) : new Date(2000, index).getTime());
  const date = new Date(from);
  const year0 = clock === 'utc' ? date.getUTCFullYear() : date.getFullYear();
  const first = Math.floor(((year0 - 2000) * 12) / months) * months;
  const at: number[] = [];
  for (let index = first; at.length <= 200; index += months) {
    const time = startOf(index);
    if (time > to) break;
    if (time >= from) at.push(time);
  }
  return { at, step: months >= 12 ? (months / 12) * year : months * month };
}

const hourMinute: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
/** Time formats, from the longest step of ticks to the shortest. */
const wordings = {
  year: { year: 'numeric' },
  yearMonth: { month: 'short', year: 'numeric' },
  month: { month: 'short' },
  day: { day: 'numeric', month: 'short' },
  minute: hourMinute,
  second: { ...hourMinute, second: '2-digit' },
  millisecond: { ...hourMinute, second: '2-digit', fractionalSecondDigits: 3 },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
type Wording = keyof typeof wordings;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Formats clock fields given as if they were UTC, so that text and ticks always follow the same clock. Formatters are cached, because
 * creating one costs far more than using it.
 */
function formatWall(wall: number, locale: string, wording: Wording): string {
  const key = `${wording} ${locale}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...wordings[wording], timeZone: 'UTC' });
    formats.set(key, format);
  }
  return format.format(wall);
}

/** Returns a time label as short as the step allows: with milliseconds if needed, the date at midnight, the year in January. */
export function timeLabel(at: number, step: number, { locale, clock }: { locale: string; clock: Clock }): string {
  const wall = at + offsetMs(at, clock);
  if (step >= year) return formatWall(wall, locale, 'year');
  if (step >= month) return formatWall(wall, locale, new Date(wall).getUTCMonth() === 0 ? 'yearMonth' : 'month');
  if (step >= day || wall % day === 0) return formatWall(wall, locale, 'day');
  const time = formatWall(wall, locale, step < second ? 'millisecond' : step < minute ? 'second' : 'minute');
  return clock === 'local' && isRepeated(at) ? `${time} ${offsetName(offsetMs(at, clock))}` : time;
}

/** True if the clock showed the same time shortly before, because it was set back in between. */
function isRepeated(at: number): boolean {
  const offset = offsetMs(at, 'local');
  const putBack = offsetMs(at - 3 * hour, 'local') - offset;
  return putBack > 0 && offsetMs(at - putBack, 'local') === offset + putBack;
}

/** Formats an offset from UTC: `+1`, `−3:30`. */
function offsetName(offset: number): string {
  const minutes = Math.abs(offset) / minute;
  const rest = minutes % 60;
  return `${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
