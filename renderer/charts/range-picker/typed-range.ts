import { evaluateRange, evaluateTime, findUnit, shiftTime, type TimeUnit, unitAround, unitMs } from '#common/time/expression.ts';
import { atWall, wallOf } from '#common/time/zone.ts';
import { maxIntervalMs } from '#renderer/charts/plot/range.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';

interface RangeProblem {
  kind:
    | 'empty'
    | 'unreadable'
    | 'no-such-date'
    | 'no-such-time'
    | 'unknown-unit'
    | 'fiscal-unit'
    | 'many-ends'
    | 'reversed'
    | 'ahead'
    | 'too-short'
    | 'too-long';
  /** The wrong words, as typed; empty if the whole text is wrong. */
  part: string;
}
export type ReadRange = { ok: true; range: ViewRange } | { ok: false; problem: RangeProblem };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Minimum length of a typed range, ms. */
const minTypedMs = minute;

/** Thrown and caught inside this file. */
class Wrong extends Error {
  readonly problem: RangeProblem;

  constructor(kind: RangeProblem['kind'], part = '') {
    super(kind);
    this.problem = { kind, part };
  }
}

interface Clock {
  now: number;
  zone: string;
}

interface Length {
  count: number;
  unit: TimeUnit;
}

function unitOf(word: string): TimeUnit {
  const unit = findUnit(word);
  if (unit !== null) return unit;
  throw new Wrong(/^f[qy]$/i.test(word) ? 'fiscal-unit' : 'unknown-unit', word);
}

/** Parses `6h`, `90 minutes`, `1.5h`, `3M`; null if it isn't a length. */
function readLength(text: string): Length | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text);
  return match ? { count: Number(match[1]), unit: unitOf(match[2] ?? '') } : null;
}

/** One end of a typed range. */
interface End {
  /** Its time now, ms: where it starts and, for expressions that are an interval (a day, `now/w`), where it ends. */
  start: number;
  end: number | null;
  /** An end that moves with the clock, in the contract's notation; absent for a fixed time. */
  moving?: string;
  /** The end if the expression is the whole range: `yesterday` ends with yesterday, `today` now. */
  alone?: string;
  /** A time of day without a date, ms since midnight. */
  timeOfDay?: number;
  /** The named day that a time of day was given with. */
  dayName?: 'today' | 'yesterday';
}

function readTime(hours: string, minutes: string, seconds: string | undefined, text: string): number {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
  const midnight = h === 24 && m === 0 && s === 0;
  if ((h > 23 && !midnight) || m > 59 || s > 59) throw new Wrong('no-such-time', text);
  return h * hour + m * minute + s * 1_000;
}

function readDate(year: string, month: string, dayOfMonth: string): number {
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  const date = new Date(wall);
  const kept = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(dayOfMonth);
  if (!kept) throw new Wrong('no-such-date', `${year}-${month}-${dayOfMonth}`);
  return wall;
}

function movingEnd(moving: string, { now, zone }: Clock, alone = 'now'): End {
  const start = evaluateTime(moving, 'from', now, zone);
  const end = evaluateTime(moving, 'to', now, zone);
  return { start, end: end === start ? null : end, moving, alone };
}

/** Parses `now` with offsets and roundings: `now - 90 min`, `now-1M/M`, `now/d+8h`. */
function readNow(text: string, clock: Clock): End | null {
  if (!/^now(?:\s*[-+/].*)?$/i.test(text)) return null;
  const rest = text.slice(3);
  const steps = [...rest.matchAll(/\s*(?:([-+])\s*(\d+(?:\.\d+)?)\s*([a-z]+)|\/\s*([a-z]+))/giy)];
  if (steps.reduce((sum, [all]) => sum + all.length, 0) < rest.trimEnd().length) throw new Wrong('unreadable', text);
  const printed = steps.map(([, sign, count, unit, rounded]) => {
    if (rounded !== undefined) return `/${unitOf(rounded)}`;
    // The notation allows six digits.
    const fitting = Number(count) < 1e6 ? String(Math.round(Number(count) * 1_000) / 1_000) : null;
    if (fitting === null) throw new Wrong('too-long', text);
    return `${sign}${fitting}${unitOf(unit ?? '')}`;
  });
  return movingEnd(`now${printed.join('')}`, clock);
}

const ofDay = { today: 'now/d', yesterday: 'now-1d/d' } as const;
const twoDigits = (value: number) => String(value).padStart(2, '0');
const printTime = (ms: number) => {
  const seconds = (ms / 1_000) % 60;
  return `${twoDigits(Math.floor(ms / hour))}:${twoDigits(((ms / minute) % 60) | 0)}${seconds === 0 ? '' : `:${twoDigits(seconds)}`}`;
};

function readEnd(text: string, clock: Clock): End {
  const { now, zone } = clock;
  const relative = readNow(text, clock);
  if (relative) return relative;
  const named = /^(today|yesterday)(?:[ t](.+))?$/i.exec(text);
  if (named) {
    const dayName = named[1]?.toLowerCase() as 'today' | 'yesterday';
    if (named[2] === undefined) return movingEnd(ofDay[dayName], clock, dayName === 'today' ? 'now' : ofDay.yesterday);
    return { ...movingEnd(`${dayName} ${printTime(timeOnly(named[2]))}`, clock), end: null, dayName };
  }
  const calendar = /^(this|last)\s+(week|month|quarter|year)$/i.exec(text);
  if (calendar) {
    const unit = unitOf(calendar[2] ?? '');
    const last = `now-1${unit}/${unit}`;
    return calendar[1]?.toLowerCase() === 'last' ? movingEnd(last, clock, last) : movingEnd(`now/${unit}`, clock);
  }
  const full = /^(\d{4})-(\d{2})-(\d{2})(?:[ t](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(z|utc|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (full) {
    const date = readDate(full[1] ?? '', full[2] ?? '', full[3] ?? '');
    if (full[4] === undefined) return { start: atWall(date, zone), end: atWall(date + day, zone) };
    const wall = date + readTime(full[4], full[5] ?? '', full[6], text);
    return { start: full[7] === undefined ? atWall(wall, zone) : wall - offsetOf(full[7]), end: null };
  }
  const timeOfDay = timeOnly(text);
  const today = wallOf(unitAround(now, 'd', zone).from, zone);
  return { start: atWall(today + timeOfDay, zone), end: null, timeOfDay };
}

/** Parses a time of day, the last form left to try. @throws Wrong if it isn't one */
function timeOnly(text: string): number {
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!time) throw new Wrong('unreadable', text);
  return readTime(time[1] ?? '', time[2] ?? '', time[3], text);
}

function offsetOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * hour + Number(match[3]) * minute) : 0;
}

/** Splits a text into its ends: at `to`, `until`, `..`, `~`, `→`, `–`, a lone hyphen, or a hyphen between two times of day. */
function endsOf(text: string): string[] {
  const hyphens = text.replace(/^(\d{1,2}:\d{2}(?::\d{2})?)-(\d{1,2}:\d{2}(?::\d{2})?)$/, '$1..$2').replace(/(\d:\d{2}) - (?=\S)/, '$1..');
  return hyphens.split(/\s*(?:\.\.+|~|→|–|—)\s*|\s+(?:to|until)\s+/i);
}

/**
 * Parses a range as people write it: `6h`, `last 90 min`, `3M`, `now-7d to now-1d`, `now-1M/M to now/M`, `yesterday`, `last week`,
 * `2026-11-20`, `2026-11-20 14:00 to 16:00`, `14:00-15:30`. Units are those of Grafana: `m` is a minute and `M` a month. Times without an
 * offset are local times in `zone`. A time of day alone means its last occurrence; as an end it belongs to the day of the start, or the
 * next. Ranges relative to now or today stay relative; only a range that ends at a fixed time is fixed.
 */
export function readRange(input: string, now: number, zone: string): ReadRange {
  try {
    return { ok: true, range: read(input, { now, zone }) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.problem };
    throw error;
  }
}

function read(input: string, clock: Clock): ViewRange {
  const { now, zone } = clock;
  const text = input.trim().replace(/\s+/g, ' ');
  if (text === '') throw new Wrong('empty');
  const length = readLength(text.replace(/^last /i, '').replace(/^now ?- ?/i, ''));
  if (length !== null) return lastOf(length, clock, text);

  const [first = '', last, ...more] = endsOf(text);
  if (more.length > 0) throw new Wrong('many-ends');
  const start = readEnd(first, clock);
  if (start.timeOfDay !== undefined && start.start > now && (last === undefined || /^now$/i.test(last))) {
    start.start = shiftTime(start.start, -1, 'd', zone);
  }
  if (last === undefined) {
    if (start.moving !== undefined) return moving(start.moving, start.alone ?? 'now', clock, text);
    // A day means all of it so far; a moment means from then on.
    if (start.end !== null) return fixed(start.start, Math.min(start.end, now), now, text);
    return moving(fixedText(start.start), 'now', clock, text);
  }
  const lengthBack = /^now$/i.test(last) && /^now ?- ?(.+)$/i.exec(first)?.[1];
  const back = lengthBack ? readLength(lengthBack) : null;
  if (back !== null) return lastOf(back, clock, text);
  const end = readEnd(last, clock);
  const following = start.dayName !== undefined && end.timeOfDay !== undefined ? dayAfter(start, end.timeOfDay, zone) : end.moving;
  if (following !== undefined) return moving(start.moving ?? fixedText(start.start), following, clock, text);
  return fixed(...ordered(start, end, clock), now, text);
}

/** Finds the second time of `yesterday 14:00 to 16:00`: on the same day, or on the next; undefined if that is tomorrow. */
function dayAfter(start: End, timeOfDay: number, zone: string): string | undefined {
  const midnight = unitAround(start.start, 'd', zone).from;
  if (atWall(wallOf(midnight, zone) + timeOfDay, zone) > start.start) return `${start.dayName} ${printTime(timeOfDay)}`;
  return start.dayName === 'yesterday' ? `today ${printTime(timeOfDay)}` : undefined;
}

/** Returns both ends, choosing the day of each time of day. */
function ordered(start: End, end: End, { now, zone }: Clock): [number, number] {
  if (end.timeOfDay === undefined) return [start.start, end.end ?? end.start];
  const startDay = wallOf(unitAround(start.start, 'd', zone).from, zone);
  const sameDay = atWall(startDay + end.timeOfDay, zone);
  const to = sameDay > start.start ? sameDay : atWall(startDay + day + end.timeOfDay, zone);
  const back = start.timeOfDay !== undefined && start.start > now ? -1 : 0;
  return back === 0 ? [start.start, to] : [shiftTime(start.start, back, 'd', zone), shiftTime(to, back, 'd', zone)];
}

const fixedText = (at: number) => new Date(at).toISOString();

/**
 * Returns the range of the last so much time, relative to now. Up to weeks it has a fixed length; months and longer follow the calendar.
 * Lengths use the smallest unit that fits the four digits of the address.
 */
function lastOf({ count, unit }: Length, clock: Clock, text: string): ViewRange {
  if (Number.isInteger(count) && unitMs[unit] > unitMs.w) {
    if (count >= 1e6) throw new Wrong('too-long', text);
    return moving(`now-${count}${unit}`, 'now', clock, text);
  }
  const ms = Math.round(count * unitMs[unit]);
  checked(ms, text);
  const width = [minute, hour, day].find((one) => ms / one < 9_999) ?? day;
  return { lastMs: Math.round(ms / width) * width };
}

function moving(from: string, to: string, { now, zone }: Clock, text: string): ViewRange {
  const means = evaluateRange({ from, to }, now, zone);
  const ms = means.to - means.from;
  const grows = /[/ ]/.test(`${from}${to}`);
  // A range that starts with the current day or hour is empty at its first moment.
  if (grows && ms >= 0 && ms < minTypedMs && means.from <= now) return { from, to, timeZone: zone };
  if (means.from > now) throw new Wrong('ahead', text);
  checked(ms, text);
  return { from, to, timeZone: zone };
}

function fixed(from: number, to: number, now: number, text: string): ViewRange {
  if (from > now) throw new Wrong('ahead', text);
  checked(to - from, text);
  return { from, to };
}

function checked(ms: number, text: string): void {
  if (!(ms > 0)) throw new Wrong('reversed', text);
  if (ms < minTypedMs) throw new Wrong('too-short', text);
  if (ms > maxIntervalMs) throw new Wrong('too-long', text);
}
