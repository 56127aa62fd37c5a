import type { SeriesData } from '#common/contract/charts.ts';
import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import type { Interval } from '#common/timeseries/coverage.ts';
import { intersect, normalise, subtract } from '#common/timeseries/coverage.ts';
import type { ReadableDb, WritableDb } from '../cache/db.ts';
import { all, get, run } from '../cache/db.ts';
import { blockMs } from './key.ts';
import type { Points } from './points.ts';
import { fromBytes, replaceRange, toBytes, within } from './points.ts';

export interface Held {
  series: SeriesData[];
  /** What of the range was ever read, in normal form. */
  held: Interval[];
  /** Newest server time at which a part of the range was read; null when none was. */
  asOf: number | null;
  /** True when some of it was last marked as used long ago. */
  idle: boolean;
}
interface Question {
  connectionId: string;
  key: string;
  bucketMs: number;
}
interface CoverageRow extends Interval {
  asOf: number;
}

/** Use is marked this seldom, ms: a read stays a read. */
const markUseEveryMs = 3_600_000;

function queryId(db: ReadableDb, { connectionId, key }: Question): number | null {
  return (
    get<{ id: number }>(db, 'SELECT id FROM series_query WHERE connection_id = @connectionId AND key = @key', { connectionId, key })?.id ??
    null
  );
}

function coverageOf(db: ReadableDb, id: number, { from, to }: Interval): CoverageRow[] {
  return all<CoverageRow>(
    db,
    `SELECT from_ms AS "from", to_ms AS "to", as_of AS asOf FROM series_coverage
     WHERE query_id = @id AND from_ms < @to AND to_ms > @from ORDER BY from_ms`,
    { id, from, to },
  );
}

function labelsOf(key: string): Labels {
  return Object.fromEntries(JSON.parse(key) as [string, string][]);
}

interface BlockRow {
  labels: string;
  start: number;
  t: Uint8Array;
  v: Uint8Array;
  touchedAt: number;
}
function blocks(db: ReadableDb, id: number, from: number, to: number): BlockRow[] {
  return all<BlockRow>(
    db,
    `SELECT labels, start, t, v, touched_at AS touchedAt FROM series_block WHERE query_id = @id AND start >= @from AND start < @to ORDER BY start`,
    { id, from, to },
  );
}

function startOf(at: number, width: number): number {
  return Math.floor(at / width) * width;
}

/** The points of a range as they were last read, whatever their age. */
function heldSeries(db: ReadableDb, question: Question & Interval & { now: number }): Held {
  const id = queryId(db, question);
  if (id === null) return { series: [], held: [], asOf: null, idle: false };
  const { from, to, bucketMs, now } = question;
  const lines = new Map<string, { t: number[]; v: number[] }>();
  let idle = false;
  for (const block of blocks(db, id, startOf(from, blockMs(bucketMs)), to)) {
    idle ||= block.touchedAt < now - markUseEveryMs;
    const part = within({ t: fromBytes(block.t), v: fromBytes(block.v) }, from, to);
    const line = lines.get(block.labels) ?? { t: [], v: [] };
    for (const [i, at] of part.t.entries()) {
      line.t.push(at);
      line.v.push(part.v[i] ?? Number.NaN);
    }
    lines.set(block.labels, line);
  }
  const rows = coverageOf(db, id, { from, to });
  return {
    series: [...lines]
      .filter(([, { t }]) => t.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([labels, points]) => ({ labels: labelsOf(labels), ...points })),
    held: intersect([{ from, to }], normalise(rows)),
    asOf: rows.reduce<number | null>((newest, row) => Math.max(newest ?? 0, row.asOf), null),
    idle,
  };
}

/** Readings closer in time than this, ms, become one row where they touch: a live tail grows one row, not one a bucket. */
const sameReadingMs = 3_600_000;

function setCoverage(db: WritableDb, id: number, part: Interval, asOf: number | null): void {
  let whole = part;
  for (const row of coverageOf(db, id, { from: part.from - 1, to: part.to + 1 })) {
    run(db, 'DELETE FROM series_coverage WHERE query_id = @id AND from_ms = @from', { id, from: row.from });
    if (asOf !== null && Math.abs(asOf - row.asOf) < sameReadingMs)
      whole = { from: Math.min(whole.from, row.from), to: Math.max(whole.to, row.to) };
    else for (const rest of subtract([row], [part])) insertCoverage(db, id, rest, row.asOf);
  }
  if (asOf !== null && whole.from < whole.to) insertCoverage(db, id, whole, asOf);
}
function insertCoverage(db: WritableDb, id: number, { from, to }: Interval, asOf: number): void {
  run(db, 'INSERT OR REPLACE INTO series_coverage (query_id, from_ms, to_ms, as_of) VALUES (@id, @from, @to, @asOf)', {
    id,
    from,
    to,
    asOf,
  });
}

export interface Answer extends Question {
  /** The range that was asked, aligned to buckets. */
  range: Interval;
  series: SeriesData[];
  /** Server time of the answer. */
  asOf: number;
}

function storeLine(db: WritableDb, id: number, labels: string, line: Points, { range, bucketMs }: Answer, now: number): void {
  const width = blockMs(bucketMs);
  for (let start = startOf(range.from, width); start < range.to; start += width) {
    const [from, to] = [Math.max(range.from, start), Math.min(range.to, start + width)];
    const fresh = within(line, from, to);
    const row = get<{ t: Uint8Array; v: Uint8Array }>(
      db,
      'SELECT t, v FROM series_block WHERE query_id = @id AND start = @start AND labels = @labels',
      { id, start, labels },
    );
    if (row === undefined && fresh.t.length === 0) continue;
    const before = row === undefined ? { t: [], v: [] } : { t: fromBytes(row.t), v: fromBytes(row.v) };
    const { t, v } = replaceRange(before, fresh, from, to);
    run(
      db,
      `INSERT INTO series_block (query_id, labels, start, t, v, touched_at) VALUES (@id, @labels, @start, @t, @v, @now)
       ON CONFLICT (query_id, start, labels) DO UPDATE SET t = excluded.t, v = excluded.v, touched_at = excluded.touched_at`,
      { id, labels, start, t: toBytes(t), v: toBytes(v), now },
    );
  }
}

/** Takes in answers: in each range the points become exactly those of the answer. */
function storeSeries(db: WritableDb, { answers, now }: { answers: Answer[]; now: number }): void {
  for (const answer of answers) {
    const { connectionId, key, range, asOf } = answer;
    run(db, 'INSERT OR IGNORE INTO series_query (connection_id, key) SELECT id, @key FROM connections WHERE id = @connectionId', {
      connectionId,
      key,
    });
    const id = queryId(db, answer);
    if (id === null) continue;
    const lines = new Map(answer.series.map((line) => [labelsKey(line.labels), line]));
    // A line that the answer no longer has lost its points in this range.
    const had = blocks(db, id, startOf(range.from, blockMs(answer.bucketMs)), range.to);
    const gone = new Set(had.map(({ labels }) => labels).filter((labels) => !lines.has(labels)));
    for (const [labels, line] of lines) storeLine(db, id, labels, line, answer, now);
    for (const labels of gone) storeLine(db, id, labels, { t: [], v: [] }, answer, now);
    setCoverage(db, id, { from: range.from, to: Math.min(range.to, Math.max(range.from, asOf)) }, asOf);
  }
}

/** Marks what was read as used, so that it outlives what nobody looks at. */
function markUsed(db: WritableDb, { now, ...question }: Question & Interval & { now: number }): void {
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

/** Drops points, least recently used first, until those left take at most `maxBytes`. @returns the bytes dropped. */
function pruneSeries(db: WritableDb, { maxBytes }: { maxBytes: number }): number {
  const total = get<{ bytes: number | null }>(db, 'SELECT sum(length(t) + length(v)) AS bytes FROM series_block')?.bytes ?? 0;
  let excess = total - maxBytes;
  if (excess <= 0) return 0;
  // A tenth more than needed, so that the next points do not call for this again at once.
  excess += maxBytes / 10;
  let dropped = 0;
  const oldest = all<{ id: number; key: string; start: number; bytes: number }>(
    db,
    `SELECT b.query_id AS id, q.key, b.start, sum(length(b.t) + length(b.v)) AS bytes
     FROM series_block b JOIN series_query q ON q.id = b.query_id GROUP BY b.query_id, b.start ORDER BY max(b.touched_at), b.start`,
  );
  for (const { id, key, start, bytes } of oldest) {
    if (dropped >= excess) break;
    const bucketMs = (JSON.parse(key) as unknown[]).at(-1) as number;
    run(db, 'DELETE FROM series_block WHERE query_id = @id AND start = @start', { id, start });
    setCoverage(db, id, { from: start, to: start + blockMs(bucketMs) }, null);
    dropped += bytes;
  }
  run(
    db,
    'DELETE FROM series_query WHERE id NOT IN (SELECT query_id FROM series_block) AND id NOT IN (SELECT query_id FROM series_coverage)',
  );
  return dropped;
}

export const seriesReads = { heldSeries };
export const seriesWrites = { storeSeries, markUsed, pruneSeries };
