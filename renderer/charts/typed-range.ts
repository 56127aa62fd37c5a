import type { Span } from '#renderer/link/index.ts';
import { atWall, wallOf } from './zone.ts';

export interface RangeProblem {
  kind:
    | 'empty'
    | 'unreadable'
    | 'no-such-date'
    | 'no-such-time'
    | 'unknown-unit'
    | 'many-ends'
    | 'reversed'
    | 'ahead'
    | 'too-short'
    | 'too-long';
  /** The words that are wrong, as they were typed; empty where it is the whole. */
  part: string;
}
export type ReadRange = { ok: true; span: Span } | { ok: false; problem: RangeProblem };

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Least and most a person can type, ms. */
export const shortestTypedMs = minute;
export const longestStretchMs = 2 * 366 * day;

/** Months and years have lengths of their own: these stand for them only where no calendar is at hand. */
const unitMs: Record<string, number> = { s: second, m: minute, h: hour, d: day, w: 7 * day, mo: 30 * day, y: 365 * day };
const names: Record<string, string> = {
  sec: 's',
  second: 's',
  min: 'm',
  minute: 'm',
  hr: 'h',
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'mo',
  year: 'y',
};

/** Thrown inside the reader only. */
class Wrong extends Error {
  readonly problem: RangeProblem;

  constructor(kind: RangeProblem['kind'], part = '') {
    super(kind);
    this.problem = { kind, part };
  }
}

interface Length {
  count: number;
  unit: string;
}

function unitOf(word: string): string {
  const unit = names[word.replace(/s$/, '')] ?? names[word] ?? word;
  if (!(unit in unitMs)) throw new Wrong('unknown-unit', word);
  return unit;
}

/** `6h`, `90 minutes`, `1.5h`; null where it is no length at all. */
function readLength(text: string): Length | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text);
  return match ? { count: Number(match[1]), unit: unitOf(match[2] ?? '') } : null;
}

const lengthMs = ({ count, unit }: Length): number => Math.round(count * (unitMs[unit] ?? 0));

/** A moment on the wall clock, as if it were UTC, as far back as people mean: days and more by the calendar, less by the stopwatch. */
function before(now: number, { count, unit }: Length, zone: string): number {
  const calendar = ['d', 'w', 'mo', 'y'].includes(unit) && Number.isInteger(count);
  if (!calendar) return wallOf(now - lengthMs({ count, unit }), zone);
  const wall = wallOf(now, zone);
  if (unit === 'd' || unit === 'w') return wall - lengthMs({ count, unit });
  const date = new Date(wall);
  const monthIndex = date.getUTCFullYear() * 12 + date.getUTCMonth() - (unit === 'y' ? 12 * count : count);
  const [year, month] = [Math.floor(monthIndex / 12), ((monthIndex % 12) + 12) % 12];
  // A month ago from the 31st is the last day of a shorter month.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (((wall % day) + day) % day);
}

/** Start of the unit a wall time lies in, and of the one after. Weeks start on Monday. */
function unitAround(wall: number, unit: string): { start: number; end: number } {
  const date = new Date(wall);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (unit === 'y') return { start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) };
  if (unit === 'mo') return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  if (unit === 'w') {
    const monday = Date.UTC(year, month, dayOfMonth - ((date.getUTCDay() + 6) % 7));
    return { start: monday, end: monday + 7 * day };
  }
  const width = unitMs[unit] ?? day;
  const start = Math.floor(wall / width) * width;
  return { start, end: start + width };
}

/** One end: where it starts and, for what is a stretch by itself (a day, `now/w`), where it ends, ms. */
interface End {
  start: number;
  end: number | null;
  /** For a time of day: the date it was given, or null where it waits for one; ms from midnight. */
  timeOfDay?: number;
}

const namedDays: Record<string, Length> = { today: { count: 0, unit: 'd' }, yesterday: { count: 1, unit: 'd' } };

function readTime(hours: string, minutes: string, seconds: string | undefined, text: string): number {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
  const midnight = h === 24 && m === 0 && s === 0;
  if ((h > 23 && !midnight) || m > 59 || s > 59) throw new Wrong('no-such-time', text);
  return h * hour + m * minute + s * second;
}

function readDate(year: string, month: string, dayOfMonth: string): number {
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  const date = new Date(wall);
  const kept = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(dayOfMonth);
  if (!kept) throw new Wrong('no-such-date', `${year}-${month}-${dayOfMonth}`);
  return wall;
}

function readEnd(text: string, now: number, zone: string): End {
  const relative = /^now(?:\s*-\s*([\d.]+\s*[a-z]+))?(?:\s*\/\s*([a-z]+))?$/.exec(text);
  if (relative) {
    const length = relative[1] === undefined ? null : readLength(relative[1]);
    if (relative[2] === undefined) return { start: length === null ? now : atWall(before(now, length, zone), zone), end: null };
    const wall = length === null ? wallOf(now, zone) : before(now, length, zone);
    return inZone(unitAround(wall, unitOf(relative[2])), zone);
  }
  const named = /^(today|yesterday)(?:[ t](.+))?$/.exec(text);
  if (named) {
    const date = unitAround(before(now, namedDays[named[1] ?? ''] ?? { count: 0, unit: 'd' }, zone), 'd');
    return named[2] === undefined ? inZone(date, zone) : { start: atWall(date.start + timeOnly(named[2]), zone), end: null };
  }
  const calendar = /^(this|last)\s+(week|month|year)$/.exec(text);
  if (calendar) {
    const unit = unitOf(calendar[2] ?? '');
    return inZone(unitAround(before(now, { count: calendar[1] === 'last' ? 1 : 0, unit }, zone), unit), zone);
  }
  const full = /^(\d{4})-(\d{2})-(\d{2})(?:[ t](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(z|utc|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (full) {
    const date = readDate(full[1] ?? '', full[2] ?? '', full[3] ?? '');
    if (full[4] === undefined) return inZone({ start: date, end: date + day }, zone);
    const wall = date + readTime(full[4], full[5] ?? '', full[6], text);
    return { start: full[7] === undefined ? atWall(wall, zone) : wall - offsetOf(full[7]), end: null };
  }
  const timeOfDay = timeOnly(text);
  const today = unitAround(wallOf(now, zone), 'd').start;
  return { start: atWall(today + timeOfDay, zone), end: null, timeOfDay };
}

/** @throws Wrong where it is no time of day: nothing else is left for it to be */
function timeOnly(text: string): number {
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!time) throw new Wrong('unreadable', text);
  return readTime(time[1] ?? '', time[2] ?? '', time[3], text);
}

function offsetOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * hour + Number(match[3]) * minute) : 0;
}

const inZone = ({ start, end }: { start: number; end: number }, zone: string): End => ({
  start: atWall(start, zone),
  end: atWall(end, zone),
});

/** Ends are parted by `to`, `until`, `..`, `→`, `–`, a lone hyphen, or a hyphen between two times of day. */
function endsOf(text: string): string[] {
  const hyphens = text.replace(/^(\d{1,2}:\d{2}(?::\d{2})?)-(\d{1,2}:\d{2}(?::\d{2})?)$/, '$1..$2').replace(/(\d:\d{2}) - (?=\S)/, '$1..');
  return hyphens.split(/\s*(?:\.\.+|→|–|—)\s*|\s+(?:to|until)\s+/);
}

/**
 * Reads a range as people write it: `6h`, `last 90 min`, `now-7d to now-1d`, `now-7d/d`, `yesterday`, `last week`, `2026-11-20`,
 * `2026-11-20 14:00 to 16:00`, `14:00-15:30`. Times without an offset are on the wall clock of `zone`. A time of day alone is the
 * last one there was; an end that is one belongs to the day of the start, or the next. What ends now stays live.
 */
export function readRange(input: string, now: number, zone: string): ReadRange {
  try {
    return { ok: true, span: read(input, now, zone) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.problem };
    throw error;
  }
}

function read(input: string, now: number, zone: string): Span {
  const text = input.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === '') throw new Wrong('empty');
  const length = readLength(text.replace(/^last /, '').replace(/^now ?- ?/, ''));
  if (length !== null) return live(now - atLength(now, length, zone), text);

  const [first = '', last, ...more] = endsOf(text);
  if (more.length > 0) throw new Wrong('many-ends');
  const start = readEnd(first, now, zone);
  if (last === undefined) {
    if (start.timeOfDay !== undefined && start.start > now) start.start = shiftDays(start.start, -1, zone);
    // A day, a week: all of it that has been. A moment: from then on.
    const whole = start.end !== null && !first.startsWith('now');
    return fixed(start.start, whole ? Math.min(start.end ?? now, now) : now, now, text);
  }
  if (last === 'now' && /^now\s*-[^/]*$/.test(first)) return live(now - start.start, text);
  return fixed(...ordered(start, readEnd(last, now, zone), now, zone), now, text);
}

/** Both ends, with the day that a time of day was meant on. */
function ordered(start: End, end: End, now: number, zone: string): [number, number] {
  if (end.timeOfDay === undefined) return [start.start, end.end ?? end.start];
  const startDay = unitAround(wallOf(start.start, zone), 'd').start;
  const sameDay = atWall(startDay + end.timeOfDay, zone);
  const to = sameDay > start.start ? sameDay : atWall(startDay + day + end.timeOfDay, zone);
  const back = start.timeOfDay !== undefined && start.start > now ? -1 : 0;
  return back === 0 ? [start.start, to] : [shiftDays(start.start, back, zone), shiftDays(to, back, zone)];
}

const shiftDays = (at: number, days: number, zone: string): number => atWall(wallOf(at, zone) + days * day, zone);

/** Months and years back by the calendar; anything shorter by the stopwatch, so that `7d` is the same length all year. */
const atLength = (now: number, length: Length, zone: string): number =>
  length.unit === 'mo' || length.unit === 'y' ? atWall(before(now, length, zone), zone) : now - lengthMs(length);

/** Live lengths are kept in the smallest unit of which the address can carry so many (four digits). */
function live(ms: number, text: string): Span {
  checked(ms, text);
  const unit = [minute, hour, day].find((one) => ms / one < 9_999) ?? day;
  return { lastMs: Math.round(ms / unit) * unit };
}

function fixed(from: number, to: number, now: number, text: string): Span {
  if (from > now) throw new Wrong('ahead', text);
  checked(to - from, text);
  return { from, to };
}

function checked(ms: number, text: string): void {
  if (ms <= 0) throw new Wrong('reversed', text);
  if (ms < shortestTypedMs) throw new Wrong('too-short', text);
  if (ms > longestStretchMs) throw new Wrong('too-long', text);
}
