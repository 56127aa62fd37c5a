import type { SourceKind } from '#common/contract/sources.ts';
import { endOfTimeMs, findPointTimeProblem, findUnitMistake } from '#common/contract/times.ts';
import type { LocalClock } from '#common/time/local-clock.ts';
import type { SourceCell } from '../../engines/sources/port.ts';
import { readDecimal } from './decimals.ts';
import { type ColumnPlace, toTimeHints } from './layout.ts';

const maxSegmentLength = 128;
/** Days since 4714 BC, as SQLite's julianday() counts: the years 763 to 3501. */
const julianDays = { from: 2_000_000, to: 3_000_000 };

/** Thrown for a row that can't be used; the other rows are still read. */
export class Rejected {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The settings with which rows are read. */
export interface RowContext {
  source: SourceKind;
  clock: LocalClock;
  /** Epoch ms; times may be at most a day ahead of it. */
  now: number;
  /** Called for each number that lost digits. */
  onRounded(column: string): void;
}

function shown(cell: SourceCell | undefined): string {
  if (cell === null || cell === undefined) return 'empty';
  const text = typeof cell === 'string' ? `"${cell}"` : String(cell);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const interval =
  /^(?=.)(?:(?<years>[+-]?\d+) years? ?)?(?:(?<months>[+-]?\d+) mons? ?)?(?:(?<days>[+-]?\d+) days? ?)?(?:(?<sign>[+-]?)(?<h>\d+):(?<m>\d\d):(?<s>\d\d(?:\.\d+)?))?$/;

/** Returns the seconds of an interval in the format of PostgreSQL and MySQL; null for one with months, whose length varies. */
function secondsIn(text: string): number | null {
  const groups = interval.exec(text)?.groups;
  if (groups === undefined) return null;
  const { years, months, days = '0', sign, h = '0', m = '0', s = '0' } = groups;
  if (years !== undefined || months !== undefined) return null;
  const time = Number(h) * 3600 + Number(m) * 60 + Number(s);
  return Number(days) * 86_400 + (sign === '-' ? -time : time);
}

const dateTime =
  /^(?<y>\d{4,6})-(?<mo>\d\d)-(?<d>\d\d)(?:[ T](?<h>\d\d):(?<mi>\d\d):(?<s>\d\d)(?<f>\.\d+)?)?(?:(?<sign>[+-])(?<oh>\d\d)(?::?(?<om>\d\d))?(?::?(?<os>\d\d))?)?$/;

/**
 * Returns the epoch ms of a date and time as a database writes it, in `clock`'s zone if it has no offset; null for anything else, such as
 * 0000-00-00.
 */
function instantOf(text: string, clock: LocalClock): number | null {
  const groups = dateTime.exec(text)?.groups;
  if (groups === undefined) return null;
  const part = (name: string) => Number(groups[name] ?? 0);
  const [year, month, day, hour, minute, second] = ['y', 'mo', 'd', 'h', 'mi', 's'].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(wall);
  // Otherwise nonexistent days and hours would be carried over into the next.
  if (year < 100 || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day || read.getUTCHours() !== hour) return null;
  const fractionMs = Number(groups['f'] ?? 0) * 1000;
  if (groups['sign'] === undefined) return clock.toInstant(wall) + fractionMs;
  const offset = (part('oh') * 3600 + part('om') * 60 + part('os')) * 1000;
  return wall + fractionMs - (groups['sign'] === '-' ? -offset : offset);
}

/** Returns a finite number from a cell of any suitable kind. */
export function numberIn(cell: SourceCell | undefined, { name, kind }: ColumnPlace, reading: RowContext): number {
  const column = name.toLowerCase();
  const refuse = (why: string): never => {
    throw new Rejected(`"${column}" is ${shown(cell)}, ${why}`);
  };
  if (cell === null || cell === undefined) return refuse('not a number');
  if (kind === 'boolean' && (cell === 't' || cell === 'f')) return cell === 't' ? 1 : 0;
  if (typeof cell === 'string' && kind === 'interval') {
    return secondsIn(cell) ?? refuse('an interval with months or years, which have no fixed length');
  }
  if (typeof cell === 'string' && (kind === 'time' || kind === 'local-time')) {
    return instantOf(cell, reading.clock) ?? refuse('which is no time');
  }
  const read = typeof cell === 'number' ? { value: cell, isRounded: false } : readDecimal(cell);
  if (read === null) return refuse('not a number');
  if (!Number.isFinite(read.value)) return refuse('too large for a number');
  if (read.isRounded) reading.onRounded(column);
  return read.value;
}

/** Returns the time of a cell, epoch ms, rounded to integers. */
export function timeIn(cell: SourceCell | undefined, place: ColumnPlace, reading: RowContext): number {
  const hint = toTimeHints[reading.source];
  const refuse = (why: string): never => {
    throw new Rejected(`"timestamp" is ${shown(cell)}${why}`);
  };
  if (cell === null || cell === undefined) return refuse(', not a time');
  const isTime = place.kind === 'time' || place.kind === 'local-time';
  const exact = typeof cell === 'number' ? cell : isTime ? instantOf(cell, reading.clock) : (readDecimal(cell)?.value ?? null);
  if (exact === null) return refuse(isTime ? ', which is no time' : `, not epoch milliseconds. ${hint.replace(/\.$/, '')}`);
  const at = Math.round(exact);
  if (!isTime && exact >= julianDays.from && exact < julianDays.to) {
    return refuse(': it looks like a Julian day; write (timestamp - 2440587.5) * 86400000');
  }
  const mistake = isTime ? null : findUnitMistake(at, 'milliseconds');
  if (mistake !== null) return refuse(`, which ${mistake.problem}`);
  if (at >= endOfTimeMs) return refuse(', which is past the year 3883');
  const wrong = at < 0 ? { problem: 'is before 1970' } : findPointTimeProblem(at, reading.now);
  if (wrong !== null) return refuse(`, which ${wrong.problem}`);
  return at;
}

/** Returns the segment of a cell, unchanged. */
export function segmentIn(cell: SourceCell | undefined): string {
  const text = typeof cell === 'number' ? String(cell) : cell;
  if (text === null || text === undefined || text === '') throw new Rejected('"segment" is empty');
  if (text.length > maxSegmentLength) throw new Rejected(`"segment" is ${shown(text)}, longer than ${maxSegmentLength} characters`);
  if (text.includes('\0')) throw new Rejected(`"segment" is ${shown(text.replaceAll('\0', '\\0'))}, which holds a character of the code 0`);
  return text;
}
