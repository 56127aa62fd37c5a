import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { type ChunkStats, decodeChunk, encodeChunk, statsOf } from '#common/timeseries/chunk.ts';
import type { Points } from '#common/timeseries/points.ts';
import { ByteCache } from './cache.ts';
import type { DamageLog } from './damage.ts';
import { decodeRollup, encodeRollup, type Minutes } from './rollup.ts';
import { chunkId, chunkMs, dayId, dayMs, hourOf, idRange } from './schema.ts';

/** Decoded chunks and minutes kept for the next reader, bytes. */
const pointsCached = 48 * 1024 * 1024;
const minutesCached = 16 * 1024 * 1024;
/** Fast: a higher level saves a few per cent and takes several times longer. */
const zstd = { params: { [zlib.ZSTD_c_compressionLevel]: 1 } };

/** Statistics of an hour or day, the first of whose ms is `start`. */
export interface Header extends ChunkStats {
  start: number;
  /** NaN where an earlier version wrote it for records: only the points tell. */
  low: number;
  high: number;
  /** Whether minutes are kept too. Never for a day. */
  rollup: boolean;
}

const count = (table: string) => `SELECT total(n), total(n) FILTER (WHERE t0 >= ? AND t1 < ?) FROM ${table} WHERE id >= ? AND id < ?`;
const columns = 'n, records, t0, t1, min, max, sum, first, last, low, high';

/** The chunks on disk: an hour of a series each, with its headers. Writes want a transaction around them. */
export class Sealed {
  readonly #points = new ByteCache<Points>(pointsCached, (points) => points.t.byteLength * (points.record ? 6 : 2));
  readonly #minutes = new ByteCache<Minutes>(minutesCached, ({ count }) => count * 11 * 8);
  readonly #damage: DamageLog;
  readonly #nameOf: (series: number) => string;
  readonly #sql;

  /** @param nameOf what to call a series where damage is told */
  constructor(db: Database.Database, damage: DamageLog, nameOf: (series: number) => string) {
    this.#damage = damage;
    this.#nameOf = nameOf;
    const prepare = (text: string) => db.prepare(text);
    this.#sql = {
      putHeader: prepare(
        `INSERT OR REPLACE INTO chunks (id, ${columns}, seq, crc, rollup) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      putRollup: prepare('INSERT OR REPLACE INTO rollups VALUES (?, ?, ?)'),
      putData: prepare('INSERT OR REPLACE INTO data VALUES (?, ?)'),
      putDay: prepare(`INSERT OR REPLACE INTO days (id, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      getData: prepare('SELECT c.crc, d.data FROM chunks c JOIN data d USING (id) WHERE c.id = ?'),
      getRollup: prepare('SELECT crc, data FROM rollups WHERE id = ?'),
      seq: prepare('SELECT seq FROM chunks WHERE id = ?').pluck(),
      hours: prepare('SELECT id FROM chunks WHERE id >= ? AND id < ? ORDER BY id').pluck(),
      headers: prepare(`SELECT id, ${columns}, rollup FROM chunks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`).raw(),
      countHours: prepare(count('chunks')).raw(),
      countDays: prepare(count('days')).raw(),
      days: prepare(`SELECT id, ${columns}, 0 FROM days WHERE id >= ? AND id < ? ORDER BY id`).raw(),
      lastTime: prepare('SELECT t1 FROM days WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1').pluck(),
      dropHeader: prepare('DELETE FROM chunks WHERE id = ?'),
      dropRollup: prepare('DELETE FROM rollups WHERE id = ?'),
      dropData: prepare('DELETE FROM data WHERE id = ?'),
      dropDay: prepare('DELETE FROM days WHERE id = ?'),
    };
  }

  /** Writes the chunk of an hour in place of the one before. `refreshDay` is due afterwards. @param seq last log entry it includes */
  put(series: number, hour: number, points: Points, seq: number): void {
    const id = chunkId(series, hour);
    const data = zstdCompressSync(encodeChunk(points), zstd);
    const rollup = encodeRollup(points);
    const s = statsOf(points);
    const crc = crc32(data);
    this.#sql.putHeader.run(id, ...statsRow(s), seq, crc, rollup ? 1 : 0);
    this.#sql.putData.run(id, data);
    if (rollup) this.#sql.putRollup.run(id, crc32(rollup), rollup);
    else this.#sql.dropRollup.run(id);
    this.#uncache(id);
  }

  drop(series: number, hour: number): void {
    const id = chunkId(series, hour);
    for (const statement of [this.#sql.dropHeader, this.#sql.dropData, this.#sql.dropRollup]) statement.run(id);
    this.#uncache(id);
  }

  /** Brings the row of the day that holds `hour` up to date with its hours. */
  refreshDay(series: number, hour: number): void {
    const day = Math.floor(hour / dayMs) * dayMs;
    const [first, ...rest] = this.headers(series, day, day + dayMs);
    if (!first) {
      this.#sql.dropDay.run(dayId(series, day));
      return;
    }
    for (const part of rest) {
      first.n += part.n;
      first.records += part.records;
      first.sum += part.sum;
      if (part.min < first.min) first.min = part.min;
      if (part.max > first.max) first.max = part.max;
      // One hour whose extremes are not known makes the day's unknown: NaN goes through.
      first.low = Math.min(first.low, part.low);
      first.high = Math.max(first.high, part.high);
      first.to = part.to;
      first.last = part.last;
    }
    this.#sql.putDay.run(dayId(series, day), ...statsRow(first));
  }

  /** Points of an hour. Null when it has none, and when they are damaged, which is told. */
  points(series: number, hour: number): Points | null {
    const id = chunkId(series, hour);
    const known = this.#points.get(id);
    if (known) return known;
    const row = this.#sql.getData.get(id) as { crc: number; data: Buffer } | undefined;
    const points = row && this.#checked('points', series, hour, row, (data) => decodeChunk(zstdDecompressSync(data)));
    if (!points) return null;
    this.#points.set(id, points);
    return points;
  }

  /** Null when there are none, and when they are damaged, which is told: then the points still say it all. */
  minutes(series: number, hour: number): Minutes | null {
    const id = chunkId(series, hour);
    const known = this.#minutes.get(id);
    if (known) return known;
    const row = this.#sql.getRollup.get(id) as { crc: number; data: Buffer } | undefined;
    const minutes = row && this.#checked('minutes', series, hour, row, decodeRollup);
    if (!minutes) return null;
    this.#minutes.set(id, minutes);
    return minutes;
  }

  /** The last log entry that the chunk of an hour includes; undefined without a chunk. */
  seq(series: number, hour: number): number | undefined {
    return this.#sql.seq.get(chunkId(series, hour)) as number | undefined;
  }

  /** Starts of the hours that touch [from, to) and have a chunk. */
  hours(series: number, from: number, to: number): number[] {
    return (this.#sql.hours.all(...idRange(series, from, to)) as number[]).map(hourOf);
  }

  /** Headers of the hours that touch [from, to), the oldest of them. */
  headers(series: number, from: number, to: number, most = -1): Header[] {
    return (this.#sql.headers.all(...idRange(series, from, to), most) as (number | null)[][]).map(toHeader);
  }

  /** Points in [from, to): of the hours, or days where the range is long, that lie in it wholly, and of those that touch it. */
  count(series: number, from: number, to: number): { least: number; most: number } {
    const byDay = to - from > 2 * dayMs;
    const ids = idRange(series, byDay ? Math.floor(from / dayMs) * dayMs : from, to);
    const [most, least] = (byDay ? this.#sql.countDays : this.#sql.countHours).get(from, to, ...ids) as [number, number];
    return { least, most };
  }

  /** The days that lie in [from, to) wholly, by their first and last points. */
  days(series: number, from: number, to: number): Header[] {
    const rows = (this.#sql.days.all(...idRange(series, Math.floor(from / dayMs) * dayMs, to)) as (number | null)[][]).map(toHeader);
    return rows.filter((day) => day.from >= from && day.to < to);
  }

  lastTime(series: number): number | null {
    return (this.#sql.lastTime.get(...idRange(series, 0, Infinity)) as number | undefined) ?? null;
  }

  #checked<T>(kind: string, series: number, hour: number, row: { crc: number; data: Buffer }, decode: (data: Buffer) => T): T | null {
    try {
      if (crc32(row.data) !== row.crc) throw new Error('The checksum does not fit.');
      return decode(row.data);
    } catch (error) {
      this.#damage.add(
        `${kind} of ${this.#nameOf(series)}, ${new Date(hour).toISOString()} to ${new Date(hour + chunkMs).toISOString()}`,
        error,
      );
      return null;
    }
  }

  #uncache(id: number): void {
    this.#points.delete(id);
    this.#minutes.delete(id);
  }
}

/** In the order of `columns`. SQLite keeps NaN as null. */
function statsRow({ n, records, from, to, min, max, sum, first, last, low, high }: ChunkStats): number[] {
  return [n, records, from, to, min, max, sum, first, last, low, high];
}

function toHeader(row: (number | null)[]): Header {
  const at = (i: number) => row[i] as number;
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
    rollup: at(12) === 1,
  };
}
