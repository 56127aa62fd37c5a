import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';
import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { ByteReader, ByteWriter } from '#common/timeseries/bytes.ts';
import { type ChunkStats, decodeChunk, encodeChunk, mergePoints, type Points, slicePoints, statsOf } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import { Buckets } from './buckets.ts';
import { overlay, Pending } from './pending.ts';
import { encodeRollup, viewMinutes } from './rollup.ts';
import { chunkId, chunkMs, endOfTime, hourOf, minuteMs, prepareSchema } from './schema.ts';

export interface SeriesRow {
  id: number;
  kind: 'signal' | 'metric';
  name: string;
  labels: Labels;
  unit: string;
}

export interface SeriesPoints {
  series: number;
  /** Any order; the last of equal times stands. */
  points: Points;
}

/** A chunk or log entry whose checksum does not fit. The rest stays readable. */
export interface Damage {
  what: string;
  reason: string;
}

/** From this many points on, an hour that has ended goes straight into its chunk: the log would only cost time. */
const directFrom = 64;
const cacheBytes = 48 * 1024 * 1024;

interface Header extends ChunkStats {
  hour: number;
  rollup: number;
}

/**
 * Series in chunks of an hour in one SQLite file, synchronous: it lives in a worker. What `append` accepted is on disk when it
 * returns; readers see it at once. One writer a file.
 */
export class ChunkStore {
  readonly damage: Damage[] = [];
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #pending = new Map<number, Map<number, Pending>>();
  readonly #cache = new Map<string, Points>();
  readonly #series = new Map<string, SeriesRow>();
  #cached = 0;
  #seq = 0;
  readonly #sql;

  /** @throws Error when the file is damaged beyond opening or was written by a newer version */
  constructor(file: string, now: () => number = Date.now) {
    this.#now = now;
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma('wal_autocheckpoint = 4000');
    this.#db.pragma('cache_size = -16000');
    prepareSchema(this.#db);
    const prepare = (text: string) => this.#db.prepare(text);
    this.#sql = {
      addSeries: prepare('INSERT INTO series (kind, name, series_key, labels, unit) VALUES (?, ?, ?, ?, ?)'),
      addLog: prepare('INSERT INTO wal (seq, crc, data) VALUES (?, ?, ?)'),
      cutLog: prepare('DELETE FROM wal WHERE seq < ?'),
      readLog: prepare('SELECT seq, crc, data FROM wal ORDER BY seq'),
      lastSeq: prepare(
        'SELECT max((SELECT coalesce(max(seq), 0) FROM wal), (SELECT coalesce(max(value), 0) FROM state WHERE key = ?)) AS seq',
      ),
      setState: prepare('INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
      getState: prepare('SELECT value FROM state WHERE key = ?'),
      putHeader: prepare('INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      putRollup: prepare('INSERT OR REPLACE INTO rollups VALUES (?, ?, ?)'),
      dropRollup: prepare('DELETE FROM rollups WHERE id = ?'),
      putData: prepare('INSERT OR REPLACE INTO data VALUES (?, ?)'),
      getData: prepare('SELECT c.crc, d.data FROM chunks c JOIN data d USING (id) WHERE c.id = ?'),
      getRollup: prepare('SELECT crc, data FROM rollups WHERE id = ?'),
      chunkSeq: prepare('SELECT seq FROM chunks WHERE id = ?').pluck(),
      hours: prepare('SELECT id FROM chunks WHERE id >= ? AND id < ? ORDER BY id').pluck(),
      headers: prepare(
        'SELECT id, n, records, t0, t1, min, max, sum, first, last, rollup FROM chunks WHERE id >= ? AND id < ? ORDER BY id',
      ).raw(),
      lastTime: prepare('SELECT t1 FROM chunks WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1').pluck(),
      old: prepare('SELECT id, n FROM chunks WHERE id >= ? AND id < ? LIMIT ?'),
      dropChunk: prepare('DELETE FROM chunks WHERE id = ?'),
      dropData: prepare('DELETE FROM data WHERE id = ?'),
    };
    for (const row of prepare('SELECT id, kind, name, labels, unit FROM series').all() as (Omit<SeriesRow, 'labels'> & {
      labels: string;
    })[]) {
      const series = { ...row, labels: JSON.parse(row.labels) as Labels };
      this.#series.set(seriesKey(series.kind, series.name, series.labels), series);
    }
    this.#replay();
  }

  /** The series with these labels, made on first sight. */
  series(kind: SeriesRow['kind'], name: string, labels: Labels, unit = ''): SeriesRow {
    const key = seriesKey(kind, name, labels);
    const known = this.#series.get(key);
    if (known) return known;
    const { lastInsertRowid } = this.#sql.addSeries.run(kind, name, labelsKey(labels), JSON.stringify(labels), unit);
    const made: SeriesRow = { id: Number(lastInsertRowid), kind, name, labels, unit };
    this.#series.set(key, made);
    return made;
  }

  allSeries(): SeriesRow[] {
    return [...this.#series.values()];
  }

  /**
   * Stores points durably, in one transaction.
   * @throws AppError validation_failed for a time out of range; SqliteError when the disk is full or fails; then nothing was stored
   */
  append(batch: readonly SeriesPoints[]): void {
    const seq = this.#seq + 1;
    const open = this.#now() - chunkMs;
    const logged: { series: number; hour: number; points: Points }[] = [];
    const direct: { series: number; hour: number; points: Points }[] = [];
    const floor = this.#floor();
    for (const { series, points } of batch) {
      for (const part of splitHours(inOrder(points))) {
        if (part.hour < floor) continue;
        if (!(part.hour >= 0 && part.hour < endOfTime)) {
          throw new AppError('validation_failed', `A point has the time ${part.points.t[0]}, which no chunk can hold.`, {
            field: 't',
            hint: 'Give epoch milliseconds.',
          });
        }
        (part.points.t.length >= directFrom && part.hour <= open ? direct : logged).push({ series, ...part });
      }
    }
    this.#db.transaction(() => {
      for (const { series, hour, points } of direct) {
        const before = overlay(this.#chunk(series, hour), this.#pending.get(series)?.get(hour));
        this.#putChunk(series, hour, before ? mergePoints(before, points) : points, seq);
      }
      if (logged.length > 0) {
        const entry = encodeEntry(logged);
        this.#sql.addLog.run(seq, crc32(entry), entry);
      } else this.#sql.setState.run('seq', seq);
    })();
    this.#seq = seq;
    for (const { series, hour } of direct) this.#forget(series, hour);
    for (const { series, hour, points } of logged) this.#hold(series, hour, points, seq);
  }

  /** Points in [from, to), ms. */
  read(series: number, from: number, to: number): Points {
    let all: Points = { t: new Float64Array(0), v: new Float64Array(0) };
    const parts: Points[] = [];
    for (const hour of this.#hours(series, from, to)) {
      const points = this.#points(series, hour);
      if (!points) continue;
      const n = points.t.length;
      const start = firstAtOrAfter({ t: points.t }, n, from);
      const end = firstAtOrAfter({ t: points.t }, n, to);
      if (end > start) parts.push(slicePoints(points, start, end));
    }
    if (parts.length === 1) all = parts[0] as Points;
    else if (parts.length > 1) all = concat(parts);
    return all;
  }

  /** Sums the points in [from, to) into the buckets between `edges`, opening only chunks that an edge cuts. */
  aggregate(series: number, from: number, to: number, edges: Float64Array): Buckets {
    const buckets = new Buckets(edges);
    const pending = this.#pending.get(series);
    const headers = this.#headers(series, from, to);
    const sealed = new Map(headers.map((header) => [header.hour, header]));
    const hours = pending
      ? [...new Set([...sealed.keys(), ...pending.keys()])].filter((hour) => hour > from - chunkMs && hour < to).sort((a, b) => a - b)
      : sealed.keys();
    for (const hour of hours) {
      const header = pending?.has(hour) ? undefined : sealed.get(hour);
      const whole = header !== undefined && header.from >= from && header.to < to;
      if (whole && buckets.holds(header.from, header.to)) buckets.addStats(header);
      else if (!(whole && header.rollup === 1 && this.#addMinutes(series, hour, buckets))) {
        const points = this.#points(series, hour);
        if (points)
          buckets.addPoints(
            points,
            firstAtOrAfter({ t: points.t }, points.t.length, from),
            firstAtOrAfter({ t: points.t }, points.t.length, to),
          );
      }
    }
    return buckets;
  }

  /** Times of hours that have points within [from, to), cut to it; null when none has. */
  extent(series: number, from: number, to: number): { from: number; to: number } | null {
    const hours = this.#hours(series, from, to);
    const first = hours[0];
    const last = hours.at(-1);
    if (first === undefined || last === undefined) return null;
    return { from: Math.max(from, first), to: Math.min(to, last + chunkMs) - 1 };
  }

  /** Time of the newest point, ms; null when the series has none. */
  lastTime(series: number): number | null {
    let newest = (this.#sql.lastTime.get(...idRange(series, 0, Infinity)) as number | undefined) ?? null;
    for (const pending of this.#pending.get(series)?.values() ?? []) {
      const t = pending.points().t.at(-1);
      if (t !== undefined && (newest === null || t > newest)) newest = t;
    }
    return newest;
  }

  /**
   * Moves up to `limit` hours that have ended from the log into chunks, oldest first. With `all`, also hours still open.
   * @returns how many moved; fewer than `limit` means there is no more to do now
   */
  seal(limit: number, all = false): number {
    const open = this.#now() - chunkMs;
    const due: { series: number; hour: number; pending: Pending }[] = [];
    for (const [series, hours] of this.#pending) {
      for (const [hour, pending] of hours) if (all || hour <= open) due.push({ series, hour, pending });
    }
    due.sort((a, b) => a.pending.since - b.pending.since || a.hour - b.hour);
    const now = due.slice(0, limit);
    if (now.length === 0) return 0;
    this.#db.transaction(() => {
      for (const { series, hour, pending } of now) {
        const points = overlay(this.#chunk(series, hour), pending);
        if (points) this.#putChunk(series, hour, points, this.#seq);
      }
      const moved = new Set(now.map(({ pending }) => pending));
      let keep = this.#seq + 1;
      for (const hours of this.#pending.values())
        for (const pending of hours.values()) if (!moved.has(pending)) keep = Math.min(keep, pending.since);
      this.#sql.setState.run('seq', this.#seq);
      this.#sql.cutLog.run(keep);
    })();
    for (const { series, hour } of now) this.#forget(series, hour);
    return now.length;
  }

  /** Deletes whole hours before `before` (ms), at most `limit` chunks. @returns points deleted */
  expire(before: number, limit = 1000): number {
    const floor = Math.floor(before / chunkMs) * chunkMs;
    let points = 0;
    const old: { id: number; n: number; series: number }[] = [];
    for (const { id: series } of this.#series.values()) {
      if (old.length >= limit) break;
      const rows = this.#sql.old.all(...idRange(series, 0, floor), limit - old.length) as { id: number; n: number }[];
      old.push(...rows.map((row) => ({ ...row, series })));
    }
    this.#db.transaction(() => {
      // From now on the log is replayed, and points are taken, only from the floor up: what was deleted cannot come back.
      this.#sql.setState.run('floor', Math.max(floor, this.#floor()));
      for (const { id, n } of old) {
        this.#sql.dropChunk.run(id);
        this.#sql.dropData.run(id);
        this.#sql.dropRollup.run(id);
        points += n;
      }
    })();
    for (const { id, series } of old) this.#uncache(series, hourOf(id));
    for (const [series, hours] of this.#pending) {
      for (const [hour, pending] of hours) {
        if (hour >= floor) continue;
        points += pending.length;
        this.#forget(series, hour);
      }
    }
    return points;
  }

  close(): void {
    if (this.#db.open) this.#db.close();
  }

  #replay(): void {
    this.#seq = (this.#sql.lastSeq.get('seq') as { seq: number }).seq;
    const floor = this.#floor();
    for (const { seq, crc, data } of this.#sql.readLog.iterate() as Iterable<{ seq: number; crc: number; data: Buffer }>) {
      if (crc32(data) !== crc) {
        this.damage.push({ what: `log entry ${seq}`, reason: 'The checksum does not fit.' });
        continue;
      }
      for (const { series, points } of decodeEntry(data)) {
        for (const { hour, points: part } of splitHours(points)) {
          // A chunk that was written at or after this entry already holds its points, or newer ones.
          const held = (this.#sql.chunkSeq.get(chunkId(series, hour)) as number | undefined) ?? 0;
          if (hour >= floor && seq > held) this.#hold(series, hour, part, seq);
        }
      }
    }
  }

  #hold(series: number, hour: number, points: Points, seq: number): void {
    const hours = this.#pending.get(series) ?? new Map<number, Pending>();
    this.#pending.set(series, hours);
    const pending = hours.get(hour) ?? new Pending(seq);
    hours.set(hour, pending);
    const { t, v, record } = points;
    for (let i = 0; i < t.length; i++) {
      if (record)
        pending.pushRecord(
          t[i] as number,
          record.count[i] as number,
          record.min[i] as number,
          record.max[i] as number,
          v[i] as number,
          record.sum[i] as number,
        );
      else pending.push(t[i] as number, v[i] as number);
    }
  }

  #forget(series: number, hour: number): void {
    this.#uncache(series, hour);
    const hours = this.#pending.get(series);
    if (hours?.delete(hour) && hours.size === 0) this.#pending.delete(series);
  }

  #putChunk(series: number, hour: number, points: Points, seq: number): void {
    const data = zstdCompressSync(encodeChunk(points));
    const rollup = encodeRollup(hour, points);
    const s = statsOf(points);
    const id = chunkId(series, hour);
    this.#sql.putHeader.run(id, seq, s.n, s.records, s.from, s.to, s.min, s.max, s.sum, s.first, s.last, crc32(data), rollup ? 1 : 0);
    this.#sql.putData.run(id, data);
    if (rollup) this.#sql.putRollup.run(id, crc32(rollup), rollup);
    else this.#sql.dropRollup.run(id);
    this.#uncache(series, hour);
  }

  /** Everything known of an hour: the chunk with what is pending over it. */
  #points(series: number, hour: number): Points | null {
    return overlay(this.#chunk(series, hour), this.#pending.get(series)?.get(hour));
  }

  #chunk(series: number, hour: number): Points | null {
    const key = `${series}:${hour}`;
    const known = this.#cache.get(key);
    if (known) {
      this.#cache.delete(key);
      this.#cache.set(key, known);
      return known;
    }
    const row = this.#sql.getData.get(chunkId(series, hour)) as { crc: number; data: Buffer } | undefined;
    if (!row) return null;
    let points: Points;
    try {
      if (crc32(row.data) !== row.crc) throw new Error('The checksum does not fit.');
      points = decodeChunk(zstdDecompressSync(row.data));
    } catch (error) {
      this.#report(`chunk of series ${series}, ${new Date(hour).toISOString()}`, error);
      return null;
    }
    this.#cache.set(key, points);
    this.#cached += sizeOf(points);
    for (const [oldest, old] of this.#cache) {
      if (this.#cached <= cacheBytes) break;
      this.#cache.delete(oldest);
      this.#cached -= sizeOf(old);
    }
    return points;
  }

  #addMinutes(series: number, hour: number, buckets: Buckets): boolean {
    // Edges ascend, so if those around the hour are whole minutes the ones the caller made inside it are as well, being evenly spaced.
    const width = (buckets.edges[1] as number) - (buckets.edges[0] as number);
    if (width % minuteMs !== 0 || (buckets.edges[0] as number) % minuteMs !== 0) return false;
    const row = this.#sql.getRollup.get(chunkId(series, hour)) as { crc: number; data: Buffer } | undefined;
    if (!row) return false;
    if (crc32(row.data) !== row.crc) {
      this.#report(`roll-up of series ${series}, ${new Date(hour).toISOString()}`, new Error('The checksum does not fit.'));
      return false;
    }
    buckets.addMinutes(hour, viewMinutes(row.data));
    return true;
  }

  #report(what: string, error: unknown): void {
    if (this.damage.some((known) => known.what === what) || this.damage.length >= 1000) return;
    this.damage.push({ what, reason: error instanceof Error ? error.message : String(error) });
  }

  #hours(series: number, from: number, to: number): number[] {
    const sealed = (this.#sql.hours.all(...idRange(series, from, to)) as number[]).map(hourOf);
    const pending = this.#pending.get(series);
    if (!pending) return sealed;
    const open = [...pending.keys()].filter((hour) => hour > from - chunkMs && hour < to);
    return [...new Set([...sealed, ...open])].sort((a, b) => a - b);
  }

  #headers(series: number, from: number, to: number): Header[] {
    const rows = this.#sql.headers.all(...idRange(series, from, to)) as (number | null)[][];
    return rows.map((row) => ({
      hour: hourOf(row[0] as number),
      n: row[1] as number,
      records: row[2] as number,
      from: row[3] as number,
      to: row[4] as number,
      min: row[5] as number,
      max: row[6] as number,
      sum: row[7] as number,
      first: row[8] ?? NaN,
      last: row[9] ?? NaN,
      rollup: row[10] as number,
    }));
  }

  #floor(): number {
    return (this.#sql.getState.get('floor') as { value: number } | undefined)?.value ?? Number.MIN_SAFE_INTEGER;
  }

  #uncache(series: number, hour: number): void {
    const key = `${series}:${hour}`;
    const known = this.#cache.get(key);
    if (known) this.#cached -= sizeOf(known);
    this.#cache.delete(key);
  }
}

/** Rows of the chunks that touch [from, to): first, and the one after the last. */
function idRange(series: number, from: number, to: number): [number, number] {
  const clamp = (t: number) => Math.min(Math.max(0, t), endOfTime);
  return [chunkId(series, clamp(Math.floor(from / chunkMs) * chunkMs)), chunkId(series, clamp(Math.ceil(to / chunkMs) * chunkMs))];
}

function seriesKey(kind: string, name: string, labels: Labels): string {
  return `${kind}\n${name}\n${labelsKey(labels)}`;
}

function sizeOf(points: Points): number {
  return points.t.byteLength * (points.record ? 6 : 2);
}

/** The points in ascending order with one point a time; the same object when they already are. */
function inOrder(points: Points): Points {
  const { t, v, record } = points;
  let ascending = true;
  for (let i = 1; i < t.length && ascending; i++) ascending = (t[i] as number) > (t[i - 1] as number);
  if (ascending) return points;
  const sorter = new Pending(0);
  for (let i = 0; i < t.length; i++) {
    if (record)
      sorter.pushRecord(
        t[i] as number,
        record.count[i] as number,
        record.min[i] as number,
        record.max[i] as number,
        v[i] as number,
        record.sum[i] as number,
      );
    else sorter.push(t[i] as number, v[i] as number);
  }
  return sorter.points();
}

function* splitHours(points: Points): Generator<{ hour: number; points: Points }> {
  const n = points.t.length;
  for (let from = 0; from < n; ) {
    const hour = Math.floor((points.t[from] as number) / chunkMs) * chunkMs;
    const to = firstAtOrAfter({ t: points.t }, n, hour + chunkMs);
    yield { hour, points: from === 0 && to === n ? points : slicePoints(points, from, to) };
    from = to;
  }
}

function concat(parts: Points[]): Points {
  const length = parts.reduce((sum, part) => sum + part.t.length, 0);
  const join = (column: (points: Points) => Float64Array) => {
    const out = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      out.set(column(part), at);
      at += part.t.length;
    }
    return out;
  };
  const all: Points = { t: join((p) => p.t), v: join((p) => p.v) };
  if (parts.some((part) => part.record)) {
    const ones = (points: Points) => new Float64Array(points.t.length).fill(1);
    all.record = {
      count: join((p) => p.record?.count ?? ones(p)),
      min: join((p) => p.record?.min ?? p.v),
      max: join((p) => p.record?.max ?? p.v),
      sum: join((p) => p.record?.sum ?? p.v),
    };
  }
  return all;
}

function encodeEntry(parts: { series: number; points: Points }[]): Uint8Array {
  const out = new ByteWriter(parts.length * 32);
  for (const { series, points } of parts) {
    const bytes = encodeChunk(points);
    out.varint(series);
    out.varint(bytes.length);
    out.bytes(bytes);
  }
  return out.finish();
}

function* decodeEntry(data: Uint8Array): Generator<SeriesPoints> {
  const input = new ByteReader(data);
  while (input.left > 0) yield { series: input.varint(), points: decodeChunk(input.bytes(input.varint())) };
}
