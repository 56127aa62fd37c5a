import type { RelativeRange } from '../contract/range.ts';
import { dayMs, hourMs, minuteMs, weekMs } from './durations.ts';
import { atWall, wallOf } from './zone.ts';

/** Units of time as Grafana writes them: `m` is a minute, `M` a month, `Q` a quarter of a year. */
export type TimeUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'y';

/** Lengths of the units, ms; those of `M`, `Q` and `y` are approximations for uses without a calendar. */
export const unitMs: Readonly<Record<TimeUnit, number>> = {
  s: 1_000,
  m: minuteMs,
  h: hourMs,
  d: dayMs,
  w: weekMs,
  M: 30 * dayMs,
  Q: 91 * dayMs,
  y: 365 * dayMs,
};

const names: Readonly<Record<string, TimeUnit>> = {
  s: 's',
  sec: 's',
  second: 's',
  m: 'm',
  min: 'm',
  minute: 'm',
  h: 'h',
  hr: 'h',
  hour: 'h',
  d: 'd',
  day: 'd',
  w: 'w',
  week: 'w',
  mo: 'M',
  month: 'M',
  q: 'Q',
  quarter: 'Q',
  y: 'y',
  yr: 'y',
  year: 'y',
};

/** Returns the unit a word names, or null. Case matters only for `m` (minute) and `M` (month). */
export function findUnit(word: string): TimeUnit | null {
  if (word === 'M') return 'M';
  const lower = word.toLowerCase();
  // The plural of a whole word; a lone `s` is the second.
  const singular = lower.length > 2 ? lower.replace(/s$/, '') : lower;
  return Object.hasOwn(names, singular) ? (names[singular] ?? null) : null;
}

/** Maximum shift: beyond any data, and within the range of every calendar. */
const maxShiftMs = 300 * unitMs.y;
const monthsIn: Partial<Record<TimeUnit, number>> = { M: 1, Q: 3, y: 12 };

/** Shifts a time by a number of units: days and longer units by the calendar of `zone`, others by their fixed length. */
export function shiftTime(at: number, count: number, unit: TimeUnit, zone: string): number {
  if (Math.abs(count) * unitMs[unit] > maxShiftMs) return at + Math.sign(count) * maxShiftMs;
  const byCalendar = Number.isInteger(count) && unitMs[unit] >= dayMs;
  if (!byCalendar) return at + Math.round(count * unitMs[unit]);
  const wall = wallOf(at, zone);
  const months = monthsIn[unit];
  if (months === undefined) return atWall(wall + count * unitMs[unit], zone);
  const date = new Date(wall);
  const monthIndex = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * months;
  const [year, month] = [Math.floor(monthIndex / 12), ((monthIndex % 12) + 12) % 12];
  // One month before the 31st is the last day of the shorter month.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return atWall(Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (((wall % dayMs) + dayMs) % dayMs), zone);
}

/**
 * Returns the start of the unit that contains a time in `zone`, and of the next one, ms. Weeks start on Monday, quarters in January, April,
 * July and October.
 */
export function unitAround(at: number, unit: TimeUnit, zone: string): { from: number; to: number } {
  const wall = wallOf(at, zone);
  if (unitMs[unit] < dayMs) {
    // Counted from the time itself: when clocks go back an hour occurs twice, and this finds the right one.
    const from = at - (((wall % unitMs[unit]) + unitMs[unit]) % unitMs[unit]);
    return { from, to: from + unitMs[unit] };
  }
  const date = new Date(wall);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const months = monthsIn[unit];
  if (months !== undefined) {
    const first = Math.floor(month / months) * months;
    return { from: atWall(Date.UTC(year, first), zone), to: atWall(Date.UTC(year, first + months), zone) };
  }
  const start = Date.UTC(year, month, dayOfMonth - (unit === 'w' ? (date.getUTCDay() + 6) % 7 : 0));
  return { from: atWall(start, zone), to: atWall(start + unitMs[unit], zone) };
}

/** Returns the ms since midnight; hours may be up to 24. */
const timeOfDay = (text: string): number =>
  text.split(':').reduce((sum, part, i) => sum + Number(part) * ([hourMs, minuteMs, 1_000][i] ?? 0), 0);

/**
 * Returns the time of one end of a relative range, ms.
 * @param text as described by `timeExpression` of the contract
 * @param end rounding goes to the start of the unit for the first end, and to its end for the second
 */
export function evaluateTime(text: string, end: 'from' | 'to', now: number, zone: string): number {
  const [dayName, time] = text.split(' ');
  if (time !== undefined) {
    const midnight = unitAround(shiftTime(now, dayName === 'yesterday' ? -1 : 0, 'd', zone), 'd', zone).from;
    return atWall(wallOf(midnight, zone) + timeOfDay(time), zone);
  }
  if (!text.startsWith('now')) return Date.parse(text);
  let at = now;
  for (const [, sign, count, unit, rounded] of text.matchAll(/([+-])([\d.]+)([smhdwMQy])|\/([smhdwMQy])/g)) {
    if (rounded !== undefined) at = unitAround(at, rounded as TimeUnit, zone)[end];
    else at = shiftTime(at, (sign === '-' ? -1 : 1) * Number(count), unit as TimeUnit, zone);
  }
  return at;
}

/** Returns the current interval of a relative range, ms. It may be empty: `now/d` to `now` at midnight. */
export function evaluateRange({ from, to }: RelativeRange, now: number, zone: string): { from: number; to: number } {
  return { from: evaluateTime(from, 'from', now, zone), to: evaluateTime(to, 'to', now, zone) };
}
