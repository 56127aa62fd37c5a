import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { dayMs } from '#common/time/durations.ts';
import { addStats, type ChunkStats, decodeChunk, encodeChunk, type OpenChunk, openChunk, wholeChunk } from '#common/timeseries/chunk.ts';
import type { Points } from '#common/timeseries/points.ts';
import { ByteCache } from './cache.ts';
import type { DamageLog } from './damage.ts';
import { Headers } from './headers.ts';
import { without } from './pending.ts';
import { decodeRollup, type Minutes, summariseHour } from './rollup.ts';
import { blobCrc, rowCrc } from './row-crc.ts';
import { chunkId, chunkMs, dayId, statColumns } from './schema.ts';

/** Size of the cache of decoded chunks and minutes, bytes. */
const pointsCached = 48 * 1024 * 1024;
const minutesCached = 16 * 1024 * 1024;
/** Size of the cache of packed chunks, any part of which is decoded quickly, bytes. */
const packedCached = 32 * 1024 * 1024;
/** Fast: a higher level saves a few per cent and takes several times longer. */
const zstd = { params: { [zlib.ZSTD_c_compressionLevel]: 1 } };
/** Packed points are read several times faster, and in parts, so they may be this many times as large as compressed ones. */
const packedWorth = 1.1;
/** First byte of what zstd writes; a packed chunk begins with the version of its format. */
const zstdMagic = 0x28;

/** The chunks on disk, one per hour and series, with their headers. Writes must run in a transaction. */
export class Sealed {
  readonly headers: Headers;
  readonly #points = new ByteCache<Points>(pointsCached, (points) => points.t.byteLength * (points.record ? 6 : 2));
  readonly #packed = new ByteCache<OpenChunk>(packedCached, ({ held }) => held + 500);
  readonly #minutes = new ByteCache<Minutes>(minutesCached, ({ count }) => count * 11 * 8);
  readonly #damage: DamageLog;
  readonly #nameOf: (series: number) => string;
  #revision = 0;
  readonly #sql;

  /** @param nameOf returns the name of a series for damage reports */
  constructor(db: Database.Database, damage: DamageLog, nameOf: (series: number) => string) {
    this.headers = new Headers(db);
    this.#damage = damage;
    this.#nameOf = nameOf;
    const prepare = (text: string) => db.prepare(text);
    this.#sql = {
      putHeader: prepare(
        `INSERT OR REPLACE INTO chunks (id, ${statColumns}, seq, rollup, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      putRollup: prepare('INSERT OR REPLACE INTO rollups VALUES (?, ?, ?)'),
      putData: prepare('INSERT OR REPLACE INTO data (id, data, seq, rev, crc) VALUES (?, ?, ?, ?, ?)'),
      putDay: prepare(`INSERT OR REPLACE INTO days (id, ${statColumns}, rev, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      // Plain arrays: building objects takes longer than reading the rows.
      getData: prepare('SELECT data, seq, rev, crc FROM data WHERE id = ?').raw(),
      getRollup: prepare('SELECT crc, data FROM rollups WHERE id = ?').raw(),
      seq: prepare('SELECT seq FROM chunks WHERE id = ?').pluck(),
      dropHeader: prepare('DELETE FROM chunks WHERE id = ?'),
      dropRollup: prepare('DELETE FROM rollups WHERE id = ?'),
      dropData: prepare('DELETE FROM data WHERE id = ?'),
      dropDay: prepare('DELETE FROM days WHERE id = ?'),
    };
  }

  /** Writes the chunk of an hour, replacing the previous one. Call `refreshDays` afterwards. @param seq last log entry it includes */
  put(series: number, hour: number, points: Points, seq: number): void {
    const id = chunkId(series, hour);
    const compressed = zstdCompressSync(encodeChunk(points), zstd);
    const packed = encodeChunk(points, true);
    const data = packed.length <= compressed.length * packedWorth ? packed : compressed;
    const { stats, rollup } = summariseHour(points);
    const header = [id, ...statsRow(stats), seq, rollup ? 1 : 0];
    this.#sql.putHeader.run(...header, rowCrc('chunks', header));
    const rev = this.#nextRevision();
    this.#sql.putData.run(id, data, seq, rev, blobCrc('data', [id, seq, rev], data));
    if (rollup) this.#sql.putRollup.run(id, crc32(rollup), rollup);
    else this.#sql.dropRollup.run(id);
    this.#forget(series, hour);
  }

  drop(series: number, hour: number): void {
    const id = chunkId(series, hour);
    for (const statement of [this.#sql.dropHeader, this.#sql.dropData, this.#sql.dropRollup]) statement.run(id);
    this.#forget(series, hour);
  }

  /**
   * Removes the points in [from, to), ms, from the chunk of an hour. An unreadable chunk is deleted entirely, because its header would go
   * on counting the deleted points. Call `refreshDays` afterwards. @returns the number of points deleted
   */
  cut(series: number, hour: number, from: number, to: number): number {
    const points = this.points(series, hour);
    const kept = points && without(points, from, to);
    if (!points || !kept || kept.t.length === 0) {
      this.drop(series, hour);
      return points?.t.length ?? 0;
    }
    // It still includes the log up to the same entry, and no further.
    if (kept.t.length < points.t.length) this.put(series, hour, kept, this.seq(series, hour) ?? 0);
    return points.t.length - kept.t.length;
  }

  /** Updates the rows of the days that contain these hours. */
  refreshDays(parts: readonly { series: number; hour: number }[]): void {
    const days = new Map(parts.map((part) => [dayId(part.series, part.hour), part]));
    for (const { series, hour } of days.values()) this.#refreshDay(series, hour);
  }

  #refreshDay(series: number, hour: number): void {
    const day = Math.floor(hour / dayMs) * dayMs;
    this.headers.forget(series, hour);
    const [first, ...rest] = this.headers.read(series, day, day + dayMs);
    if (!first) {
      this.#sql.dropDay.run(dayId(series, day));
      return;
    }
    for (const part of rest) addStats(first, part);
    const row = [dayId(series, day), ...statsRow(first), this.#nextRevision()];
    this.#sql.putDay.run(...row, rowCrc('days', row));
  }

  /** Returns the points of an hour; null when it has none, or when they are damaged, which is reported. */
  points(series: number, hour: number): Points | null {
    const known = this.#points.get(chunkId(series, hour));
    if (known) return known;
    const chunk = this.#open(series, hour);
    if (!chunk) return null;
    const points = chunk.slice(0, chunk.length);
    this.#points.set(chunkId(series, hour), points);
    return points;
  }

  /** Opens the chunk of an hour to decode parts of it; null when it has none, or when it is damaged, which is reported. */
  open(series: number, hour: number): OpenChunk | null {
    const known = this.#points.get(chunkId(series, hour));
    return known ? wholeChunk(known) : this.#open(series, hour);
  }

  #open(series: number, hour: number): OpenChunk | null {
    const id = chunkId(series, hour);
    const known = this.#packed.get(id);
    if (known) return known;
    const row = this.#sql.getData.get(id) as [data: Buffer, seq: number, rev: number, crc: number] | undefined;
    if (row === undefined && this.seq(series, hour) === undefined) return null;
    return this.#checked('points', series, hour, () => {
      if (row === undefined) throw new Error('They are missing.');
      const [data, seq, rev, crc] = row;
      if (blobCrc('data', [id, seq, rev], data) !== crc) throw new Error('The checksum does not fit.');
      if (!isCompressed(data)) {
        const chunk = openChunk(data);
        this.#packed.set(id, chunk);
        return chunk;
      }
      const points = decodeHour(data);
      this.#points.set(id, points);
      return wholeChunk(points);
    });
  }

  /**
   * Returns the minutes of an hour; null when there are none, or when they are damaged, which is reported. The points then give the same
   * result.
   */
  minutes(series: number, hour: number): Minutes | null {
    const id = chunkId(series, hour);
    const known = this.#minutes.get(id);
    if (known) return known;
    const row = this.#sql.getRollup.get(id) as [crc: number, data: Buffer] | undefined;
    if (row === undefined) return null;
    const minutes = this.#checked('minutes', series, hour, () => {
      if (crc32(row[1]) !== row[0]) throw new Error('The checksum does not fit.');
      return decodeRollup(row[1]);
    });
    if (!minutes) return null;
    this.#minutes.set(id, minutes);
    return minutes;
  }

  /** Returns the last log entry that the chunk of an hour includes; undefined without a chunk. */
  seq(series: number, hour: number): number | undefined {
    return this.#sql.seq.get(chunkId(series, hour)) as number | undefined;
  }

  #checked<T>(kind: 'points' | 'minutes', series: number, hour: number, decode: () => T): T | null {
    try {
      return decode();
    } catch (error) {
      const to = hour + chunkMs;
      const what = `${kind} of ${this.#nameOf(series)}, ${new Date(hour).toISOString()} to ${new Date(to).toISOString()}`;
      // Losing the minutes loses nothing: they are computed from the points.
      this.#damage.add(what, error, kind === 'points' ? { series, from: hour, to } : undefined);
      return null;
    }
  }

  /** Increases with every call, also across a restart unless the clock was set back. */
  #nextRevision(): number {
    this.#revision = Math.max(this.#revision + 1, Date.now() * 1_000);
    return this.#revision;
  }

  #forget(series: number, hour: number): void {
    const id = chunkId(series, hour);
    this.#points.delete(id);
    this.#packed.delete(id);
    this.#minutes.delete(id);
    this.headers.forget(series, hour);
  }
}

const isCompressed = (data: Buffer) => data[0] === zstdMagic;

/** Decodes the stored points of an hour. @throws CorruptError and other errors for damaged bytes */
export function decodeHour(data: Buffer): Points {
  return decodeChunk(isCompressed(data) ? zstdDecompressSync(data) : data);
}

/** In the order of `statColumns`. SQLite keeps NaN as null. */
function statsRow({ n, records, from, to, min, max, sum, first, last, low, high }: ChunkStats): number[] {
  return [n, records, from, to, min, max, sum, first, last, low, high];
}
