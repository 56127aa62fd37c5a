import type { SeriesLine } from '#common/contract/console/series.ts';
import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { intersect, normalise, subtract } from '#common/time/intervals.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { all, get, run } from '../database/connection.ts';
import { pack, unpack } from './block.ts';
import type { ReadInterval } from './confirmed.ts';
import { blockMs } from './key.ts';
import { concat, noPoints, type PointArrays, replaceRange, within } from './points.ts';

export interface CachedSeries {
  series: SeriesLine[];
  /** The intervals of the range that were ever read, in normal form. */
  held: Interval[];
  /** Newest server time at which a part of the range was read; null if none was. */
  asOf: number | null;
  /** True when some of it was last marked as used long ago. */
  idle: boolean;
  /** Intervals for which the backend said that points are or may be missing, in normal form. */
  damaged: Interval[];
  /** Starts of the intervals whose points can't be read here; they are neither in `series` nor in `held`. */
  unreadable: number[];
}
interface CachedQuery {
  connectionId: string;
  key: string;
  bucketMs: number;
}

/** The time of last use is stored at most this often, ms, so that most reads don't write. */
const markUseEveryMs = hourMs;

function queryId(db: ReadableDb, { connectionId, key }: CachedQuery): number | null {
  return (
    get<{ id: number }>(db, 'SELECT id FROM series_query WHERE connection_id = @connectionId AND key = @key', { connectionId, key })?.id ??
    null
  );
}

interface CoverageRow extends Interval {
  /** When the newest and the oldest query of this row were made, by the backend's clock. */
  asOf: number;
  readAt: number;
}

function coverageOf(db: ReadableDb, id: number, { from, to }: Interval): CoverageRow[] {
  return all<CoverageRow>(
    db,
    `SELECT from_ms AS "from", to_ms AS "to", as_of AS asOf, read_at AS readAt FROM series_coverage
     WHERE query_id = @id AND from_ms < @to AND to_ms > @from ORDER BY from_ms`,
    { id, from, to },
  );
}

function labelsOf(key: string): Labels {
  return Object.fromEntries(JSON.parse(key) as [string, string][]);
}

/** The intervals that the backend reported as damaged, where they overlap a range. */
function damageOf(db: ReadableDb, id: number, { from, to }: Interval): Interval[] {
  return all<Interval>(
    db,
    `SELECT from_ms AS "from", to_ms AS "to" FROM series_damage WHERE query_id = @id AND from_ms < @to AND to_ms > @from ORDER BY from_ms`,
    { id, from, to },
  );
}

/** In the range of an answer, only that answer says what is damaged. */
function setDamage(db: WritableDb, id: number, range: Interval, damaged: readonly Interval[]): void {
  const left = damageOf(db, id, range).flatMap((row) => {
    run(db, 'DELETE FROM series_damage WHERE query_id = @id AND from_ms = @from', { id, from: row.from });
    return subtract([row], [range]);
  });
  for (const { from, to } of [...left, ...intersect([range], normalise(damaged))]) {
    run(db, 'INSERT INTO series_damage (query_id, from_ms, to_ms) VALUES (@id, @from, @to)', { id, from, to });
  }
}

interface BlockRow {
  labels: string;
  start: number;
  chunk: Uint8Array;
  crc: number;
  touchedAt: number;
}
function blocks(db: ReadableDb, id: number, from: number, to: number): BlockRow[] {
  return all<BlockRow>(
    db,
    `SELECT labels, start, chunk, crc, touched_at AS touchedAt FROM series_block
     WHERE query_id = @id AND start >= @from AND start < @to ORDER BY start`,
    { id, from, to },
  );
}

function startOf(at: number, width: number): number {
  return Math.floor(at / width) * width;
}

/** Returns the points of a range as they were last read, whatever their age. */
function heldSeries(db: ReadableDb, question: CachedQuery & Interval & { now: number }): CachedSeries {
  const id = queryId(db, question);
  if (id === null) return { series: [], held: [], asOf: null, idle: false, damaged: [], unreadable: [] };
  const { from, to, bucketMs, now } = question;
  const width = blockMs(bucketMs);
  const lines = new Map<string, PointArrays[]>();
  const unreadable = new Set<number>();
  let idle = false;
  for (const block of blocks(db, id, startOf(from, width), to)) {
    idle ||= block.touchedAt < now - markUseEveryMs;
    const points = unpack(block);
    if (points === null) {
      unreadable.add(block.start);
      continue;
    }
    const part = within(points, from, to);
    if (part.t.length === 0) continue;
    const line = lines.get(block.labels) ?? [];
    lines.set(block.labels, line);
    line.push(part);
  }
  const rows = coverageOf(db, id, { from, to });
  const holes = normalise([...unreadable].map((start) => ({ from: start, to: start + width })));
  return {
    series: [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([labels, parts]) => ({ labels: labelsOf(labels), ...concat(parts) })),
    held: subtract(intersect([{ from, to }], normalise(rows)), holes),
    asOf: rows.reduce<number | null>((newest, row) => Math.max(newest ?? 0, row.asOf), null),
    idle,
    damaged: intersect([{ from, to }], normalise(damageOf(db, id, { from, to }))),
    unreadable: [...unreadable],
  };
}

/** Returns the intervals of a query that were ever read, and when. */
function readingsOf(db: ReadableDb, question: CachedQuery): ReadInterval[] {
  const id = queryId(db, question);
  if (id === null) return [];
  const rows = coverageOf(db, id, { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER });
  return rows.map(({ from, to, readAt }) => ({ from, to, asOf: readAt }));
}

/** When the oldest query after `since` was made, by the backend's clock; null if there is none. */
function oldestReading(db: ReadableDb, { connectionId, since }: { connectionId: string; since: number }): number | null {
  const row = get<{ readAt: number | null }>(
    db,
    `SELECT min(read_at) AS readAt FROM series_coverage c JOIN series_query q ON q.id = c.query_id
     WHERE q.connection_id = @connectionId AND read_at >= @since`,
    { connectionId, since },
  );
  return row?.readAt ?? null;
}

/** Adjacent intervals read within this time of each other become one row, ms, so that a live chart doesn't add a row for every bucket. */
const sameReadingMs = hourMs;

function setCoverage(db: WritableDb, id: number, part: Interval, asOf: number | null): void {
  let whole = part;
  let readAt = asOf;
  for (const row of coverageOf(db, id, { from: part.from - 1, to: part.to + 1 })) {
    run(db, 'DELETE FROM series_coverage WHERE query_id = @id AND from_ms = @from', { id, from: row.from });
    if (asOf !== null && Math.abs(asOf - row.asOf) < sameReadingMs) {
      whole = { from: Math.min(whole.from, row.from), to: Math.max(whole.to, row.to) };
      // Intervals that this part replaces completely are as new as the part.
      if (row.from < part.from || row.to > part.to) readAt = Math.min(readAt ?? asOf, row.readAt);
    } else for (const rest of subtract([row], [part])) insertCoverage(db, id, { ...row, ...rest });
  }
  if (asOf !== null && readAt !== null && whole.from < whole.to) insertCoverage(db, id, { ...whole, asOf, readAt });
}
function insertCoverage(db: WritableDb, id: number, row: CoverageRow): void {
  run(db, 'INSERT OR REPLACE INTO series_coverage (query_id, from_ms, to_ms, as_of, read_at) VALUES (@id, @from, @to, @asOf, @readAt)', {
    ...{ from: row.from, to: row.to, asOf: row.asOf, readAt: row.readAt },
    id,
  });
}

interface ReceivedSeries extends CachedQuery {
  /** The range that was asked, aligned to buckets. */
  range: Interval;
  series: SeriesLine[];
  /** Server time of the answer. */
  asOf: number;
  /** Intervals for which the backend said that points are or may be missing. */
  damaged: readonly Interval[];
}

function storeLine(db: WritableDb, id: number, labels: string, line: PointArrays, { range, bucketMs }: ReceivedSeries, now: number): void {
  const width = blockMs(bucketMs);
  for (let start = startOf(range.from, width); start < range.to; start += width) {
    const [from, to] = [Math.max(range.from, start), Math.min(range.to, start + width)];
    const fresh = within(line, from, to);
    const isWhole = from === start && to === start + width;
    const row = isWhole ? undefined : blockOf(db, id, start, labels);
    // Intervals that can't be read have been dropped before.
    const before = (row && unpack(row)) ?? noPoints;
    const points = replaceRange(before, fresh, from, to);
    if (points.t.length === 0) {
      run(db, 'DELETE FROM series_block WHERE query_id = @id AND start = @start AND labels = @labels', { id, start, labels });
      continue;
    }
    const { chunk, crc } = pack(points);
    run(
      db,
      `INSERT INTO series_block (query_id, labels, start, chunk, crc, touched_at) VALUES (@id, @labels, @start, @chunk, @crc, @now)
       ON CONFLICT (query_id, start, labels) DO UPDATE SET chunk = excluded.chunk, crc = excluded.crc, touched_at = excluded.touched_at`,
      { id, labels, start, chunk, crc, now },
    );
  }
}

function blockOf(db: ReadableDb, id: number, start: number, labels: string): BlockRow | undefined {
  return get<BlockRow>(
    db,
    `SELECT labels, start, chunk, crc, touched_at AS touchedAt FROM series_block WHERE query_id = @id AND start = @start AND labels = @labels`,
    { id, start, labels },
  );
}

/** Drops unreadable intervals that are only partly overwritten: otherwise their points would seem not to exist. */
function dropUnreadableEdges(db: WritableDb, id: number, { range, bucketMs }: ReceivedSeries): void {
  const width = blockMs(bucketMs);
  for (const start of new Set([startOf(range.from, width), startOf(range.to - 1, width)])) {
    if (start >= range.from && start + width <= range.to) continue;
    if (blocks(db, id, start, start + 1).some((block) => unpack(block) === null)) dropBlock(db, id, start, width);
  }
}

/** Deletes the points of all series in one interval, and the record that they were read. */
function dropBlock(db: WritableDb, id: number, start: number, width: number): void {
  run(db, 'DELETE FROM series_block WHERE query_id = @id AND start = @start', { id, start });
  setCoverage(db, id, { from: start, to: start + width }, null);
  setDamage(db, id, { from: start, to: start + width }, []);
}

/** Drops unreadable intervals, so that they are requested again. */
function dropUnreadable(db: WritableDb, { starts, ...question }: CachedQuery & { starts: readonly number[] }): void {
  const id = queryId(db, question);
  if (id === null) return;
  for (const start of starts) dropBlock(db, id, start, blockMs(question.bucketMs));
}

/** Stores answers: in each range the points become exactly those of the answer. */
function storeSeries(db: WritableDb, { answers, now }: { answers: ReceivedSeries[]; now: number }): void {
  for (const answer of answers) {
    const { connectionId, key, range, asOf } = answer;
    run(db, 'INSERT OR IGNORE INTO series_query (connection_id, key) SELECT id, @key FROM connections WHERE id = @connectionId', {
      connectionId,
      key,
    });
    const id = queryId(db, answer);
    if (id === null) continue;
    dropUnreadableEdges(db, id, answer);
    const lines = new Map(answer.series.map((line) => [labelsKey(line.labels), line]));
    // A series that the answer doesn't have has no points in this range any more.
    const had = all<{ labels: string }>(
      db,
      'SELECT DISTINCT labels FROM series_block WHERE query_id = @id AND start >= @from AND start < @to',
      { id, from: startOf(range.from, blockMs(answer.bucketMs)), to: range.to },
    );
    const gone = had.map(({ labels }) => labels).filter((labels) => !lines.has(labels));
    for (const [labels, line] of lines) storeLine(db, id, labels, line, answer, now);
    for (const labels of gone) storeLine(db, id, labels, noPoints, answer, now);
    setDamage(db, id, range, answer.damaged);
    setCoverage(db, id, { from: range.from, to: Math.min(range.to, Math.max(range.from, asOf)) }, asOf);
  }
}

/** Marks what was read as used, so that it is kept longer than unused data. */
function markUsed(db: WritableDb, { now, ...question }: CachedQuery & Interval & { now: number }): void {
  const id = queryId(db, question);
  if (id === null) return;
  const from = startOf(question.from, blockMs(question.bucketMs));
  run(db, 'UPDATE series_block SET touched_at = @now WHERE query_id = @id AND start >= @from AND start < @to', {
    id,
    from,
    to: question.to,
    now,
  });
}

/** Drops points, least recently used first, until the rest takes at most `maxBytes`. @returns the bytes dropped. */
function pruneSeries(db: WritableDb, { maxBytes }: { maxBytes: number }): number {
  const total = get<{ bytes: number | null }>(db, 'SELECT sum(length(chunk)) AS bytes FROM series_block')?.bytes ?? 0;
  let excess = total - maxBytes;
  if (excess <= 0) return 0;
  // A tenth more than needed, so that the next points don't require this again immediately.
  excess += maxBytes / 10;
  let dropped = 0;
  const oldest = all<{ id: number; key: string; start: number; bytes: number }>(
    db,
    `SELECT b.query_id AS id, q.key, b.start, sum(length(b.chunk)) AS bytes
     FROM series_block b JOIN series_query q ON q.id = b.query_id GROUP BY b.query_id, b.start ORDER BY max(b.touched_at), b.start`,
  );
  for (const { id, key, start, bytes } of oldest) {
    if (dropped >= excess) break;
    const bucketMs = (JSON.parse(key) as unknown[]).at(-1) as number;
    dropBlock(db, id, start, blockMs(bucketMs));
    dropped += bytes;
  }
  run(
    db,
    'DELETE FROM series_query WHERE id NOT IN (SELECT query_id FROM series_block) AND id NOT IN (SELECT query_id FROM series_coverage)',
  );
  return dropped;
}

export const seriesOperations = {
  reads: { heldSeries, oldestReading, readingsOf },
  writes: { dropUnreadable, markUsed, pruneSeries, storeSeries },
  transfers: { heldSeries: ({ series }: CachedSeries) => series.flatMap(({ t, v }) => [t.buffer, v.buffer]) },
};
