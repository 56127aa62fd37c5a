import type Database from 'better-sqlite3';
import { dayMs } from '#common/time/durations.ts';
import type { ChunkStats } from '#common/timeseries/chunk.ts';
import { ByteCache } from './cache.ts';
import { DamagedFileError, rowCrc } from './row-crc.ts';
import { dayId, hourOf, idRange, statColumns } from './schema.ts';

/** Statistics of an hour or day that starts at `start`, ms. */
export interface Header extends ChunkStats {
  start: number;
  /** NaN if an earlier version wrote it for records; then the points must be read. */
  low: number;
  high: number;
  /** True if there is a roll-up by minute; never for a day. */
  rollup: boolean;
}

type Row = (number | null)[];

/** Days are read and cached in blocks of this length, ms. */
const blockMs = 64 * dayMs;
/** Size of the cache for each kind of header, bytes. */
const cached = 16 * 1024 * 1024;
/** Approximate size of a header in memory, bytes. */
const headerBytes = 300;
const sizeOf = (headers: readonly Header[]) => 100 + headers.length * headerBytes;

const count = (table: string) => `SELECT total(n), total(n) FILTER (WHERE t0 >= ? AND t1 < ?) FROM ${table} WHERE id >= ? AND id < ?`;

/**
 * Statistics of hours and days, without opening a chunk. Dashboards read the same intervals again and again, and reading rows costs more
 * than summing them. So they are cached, a day of hours or a block of days at a time, until one of them changes.
 */
export class Headers {
  /** Starts of the blocks that have days, by series. */
  readonly #blocks = new ByteCache<readonly number[]>(cached, (blocks) => 100 + blocks.length * 8);
  /** Days, by the first day of their block. */
  readonly #days = new ByteCache<readonly Header[]>(cached, sizeOf);
  /** Hours, by day. */
  readonly #hours = new ByteCache<readonly Header[]>(cached, sizeOf);
  readonly #sql;

  constructor(db: Database.Database) {
    const prepare = (text: string) => db.prepare(text);
    this.#sql = {
      hours: prepare(`SELECT id, ${statColumns}, seq, rollup, crc FROM chunks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`).raw(),
      days: prepare(`SELECT id, ${statColumns}, rev, crc FROM days WHERE id >= ? AND id < ? ORDER BY id`).raw(),
      dayIds: prepare('SELECT id FROM days WHERE id >= ? AND id < ? ORDER BY id').pluck(),
      countHours: prepare(count('chunks')).raw(),
      countDays: prepare(count('days')).raw(),
      heldBy: prepare('SELECT total(n), min(t0), max(t1) FROM days WHERE id >= ? AND id < ?').raw(),
      firstTime: prepare('SELECT t0 FROM days WHERE id >= ? AND id < ? ORDER BY id LIMIT 1').pluck(),
      lastTime: prepare('SELECT t1 FROM days WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1').pluck(),
    };
  }

  /** Reads the hours that overlap [from, to) from the table, oldest first, without the cache. */
  read(series: number, from: number, to: number, max = -1): Header[] {
    return (this.#sql.hours.all(...idRange(series, from, to), max) as Row[]).map((row) => toHeader('chunks', row));
  }

  /** Returns the hours of a day, oldest first. @param day its start, ms */
  hours(series: number, day: number): readonly Header[] {
    return this.#hours.getOr(dayId(series, day), () => this.read(series, day, day + dayMs));
  }

  /** Returns the days that overlap [from, to), oldest first. */
  days(series: number, from: number, to: number): readonly Header[] {
    const blocks = this.#blocksOf(series).filter((block) => block > from - blockMs && block < to);
    const parts = blocks.map((block) =>
      this.#days.getOr(dayId(series, block), () =>
        (this.#sql.days.all(...idRange(series, block, block + blockMs)) as Row[]).map((row) => toHeader('days', row)),
      ),
    );
    const days = parts.length === 1 ? (parts[0] as readonly Header[]) : parts.flat();
    const [first, last] = [days[0], days[days.length - 1]];
    const isWithin = !first || !last || (first.start > from - dayMs && last.start < to);
    return isWithin ? days : days.filter(({ start }) => start > from - dayMs && start < to);
  }

  /**
   * Bounds the number of points in [from, to): the points of hours (days for a long range) that lie entirely in it, and of those that
   * overlap it.
   */
  count(series: number, from: number, to: number): { min: number; max: number } {
    const byDay = to - from > 2 * dayMs;
    const ids = idRange(series, byDay ? Math.floor(from / dayMs) * dayMs : from, to);
    const [max, min] = (byDay ? this.#sql.countDays : this.#sql.countHours).get(from, to, ...ids) as [number, number];
    return { min, max };
  }

  /** Returns the number of points of a series, and the times of its oldest and newest point. */
  held(series: number): { points: number; oldest: number | null; newest: number | null } {
    const [points, oldest, newest] = this.#sql.heldBy.get(...idRange(series, 0, Infinity)) as [number, number | null, number | null];
    return { points, oldest, newest };
  }

  /** Returns the time of the oldest point, ms. */
  firstTime(series: number): number | null {
    return (this.#sql.firstTime.get(...idRange(series, 0, Infinity)) as number | undefined) ?? null;
  }

  /** Returns the time of the newest point, ms. */
  lastTime(series: number): number | null {
    return (this.#sql.lastTime.get(...idRange(series, 0, Infinity)) as number | undefined) ?? null;
  }

  /** Drops an hour and its day from the cache. Must be called whenever an hour changes. */
  forget(series: number, hour: number): void {
    this.#hours.delete(dayId(series, hour));
    this.#days.delete(dayId(series, Math.floor(hour / blockMs) * blockMs));
    this.#blocks.delete(series);
  }

  #blocksOf(series: number): readonly number[] {
    return this.#blocks.getOr(series, () => {
      const ids = this.#sql.dayIds.all(...idRange(series, 0, Infinity)) as number[];
      return [...new Set(ids.map((id) => Math.floor(hourOf(id) / blockMs) * blockMs))];
    });
  }
}

/** @throws DamagedFileError */
function toHeader(table: 'chunks' | 'days', row: Row): Header {
  const at = (i: number) => row[i] as number;
  if (rowCrc(table, row.slice(0, -1)) !== row.at(-1)) {
    throw new DamagedFileError(`The statistics of ${new Date(hourOf(at(0))).toISOString()} are damaged: their checksum does not fit.`);
  }
  return {
    start: hourOf(at(0)),
    n: at(1),
    records: at(2),
    from: at(3),
    to: at(4),
    min: at(5),
    max: at(6),
    sum: at(7),
    first: at(8),
    last: at(9),
    low: row[10] ?? Number.NaN,
    high: row[11] ?? Number.NaN,
    rollup: table === 'chunks' && at(13) === 1,
  };
}
