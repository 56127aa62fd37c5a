import type Database from 'better-sqlite3';
import { endOfTimeMs } from '#common/contract/times.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';
import { bringUpToDate } from './formats.ts';
import { DamagedFileError } from './row-crc.ts';

/** Chunks are aligned to this, ms. */
export const chunkMs = hourMs;

/** Maximum number of hours per series, 2^24; with 2^29 series, ids stay below 2^53. */
const hoursASeries = endOfTimeMs / chunkMs;

/** Times must be before this, ms. */
export const endOfTime = endOfTimeMs;

/** Returns the id of a chunk's row. Chunks of a series are adjacent and in order of time. */
export function chunkId(series: number, hour: number): number {
  return series * hoursASeries + hour / chunkMs;
}

/** Returns the hour (epoch ms) of a row. */
export function hourOf(id: number): number {
  return (id % hoursASeries) * chunkMs;
}

/** Returns the series of a row. */
export function seriesOf(id: number): number {
  return Math.floor(id / hoursASeries);
}

/** Returns the id of a day's row, on the same scale as those of its hours. */
export function dayId(series: number, t: number): number {
  return chunkId(series, Math.floor(t / dayMs) * dayMs);
}

/** Returns the ids of the chunks that overlap [from, to): the first, and the one after the last. */
export function idRange(series: number, from: number, to: number): [number, number] {
  const clamp = (t: number) => Math.min(Math.max(0, t), endOfTime);
  return [chunkId(series, clamp(Math.floor(from / chunkMs) * chunkMs)), chunkId(series, clamp(Math.ceil(to / chunkMs) * chunkMs))];
}

/** Returns whether the hour that starts at `hour` overlaps [from, to). */
export function touches(hour: number, from: number, to: number): boolean {
  return hour > from - chunkMs && hour < to;
}

const stats =
  'n INTEGER NOT NULL, records REAL NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, ' +
  'min REAL NOT NULL, max REAL NOT NULL, sum REAL NOT NULL, first REAL NOT NULL, last REAL NOT NULL, low REAL, high REAL';

/** The columns of `stats`, as rows are read and written. */
export const statColumns = 'n, records, t0, t1, min, max, sum, first, last, low, high';

/** A checksum of the row's other columns. */
const crc = 'crc INTEGER NOT NULL';

/**
 * Headers are small so that aggregates read little: one row per day for years, one row per hour for days, and minutes only if they have
 * enough points to be worth it. Data is read only for edges and raw points. Every row has a checksum and identifies itself, and the names
 * of series are stored twice, so that a damaged file can be salvaged without its B-trees.
 */
const statements = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, series_key TEXT NOT NULL,
     labels TEXT NOT NULL, unit TEXT NOT NULL, last_at INTEGER NOT NULL, ${crc}, UNIQUE (kind, name, series_key)) STRICT`,
  // `rev` increases with every write: of two versions of a row in a damaged file, the one with the greater `rev` is right.
  `CREATE TABLE days (id INTEGER PRIMARY KEY, ${stats}, rev INTEGER NOT NULL, ${crc}) STRICT`,
  `CREATE TABLE chunks (id INTEGER PRIMARY KEY, ${stats}, seq INTEGER NOT NULL, rollup INTEGER NOT NULL, ${crc}) STRICT`,
  `CREATE TABLE rollups (id INTEGER PRIMARY KEY, ${crc}, data BLOB NOT NULL) STRICT`,
  `CREATE TABLE data (id INTEGER PRIMARY KEY, data BLOB NOT NULL, seq INTEGER NOT NULL, rev INTEGER NOT NULL, ${crc}) STRICT`,
  // `prev` is the number of the previous write in the log.
  `CREATE TABLE wal (seq INTEGER PRIMARY KEY, prev INTEGER NOT NULL, ${crc}, data BLOB NOT NULL) STRICT`,
  // Points of a series from writes up to `seq` are deleted in [start, stop).
  `CREATE TABLE removed (series INTEGER NOT NULL, seq INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, ${crc},
     PRIMARY KEY (series, seq, start)) STRICT, WITHOUT ROWID`,
  // Series whose points in [start, stop) must still be deleted from chunks.
  `CREATE TABLE removing (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, ${crc}) STRICT`,
  `CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL, ${crc}) STRICT, WITHOUT ROWID`,
  // Points that could not be saved when the file was damaged. Series 0 stands for all.
  `CREATE TABLE damaged (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
     what TEXT NOT NULL, reason TEXT NOT NULL) STRICT`,
  `CREATE TABLE series_copy (
     id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, series_key TEXT NOT NULL,
     labels TEXT NOT NULL, unit TEXT NOT NULL, last_at INTEGER NOT NULL, ${crc}) STRICT`,
];
const formatVersion = 4;
/** A greater format number is damage, not a newer version. */
const latestPossible = 1_000;

/** Creates or migrates the tables. @throws Error for a file written by a newer version, which is left unchanged */
export function prepareSchema(db: Database.Database): void {
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found < 0 || found > latestPossible) throw new DamagedFileError(`There is no format ${found}.`);
  if (found > formatVersion) {
    throw new Error(
      `The series file has format ${found}; this version reads up to ${formatVersion}. Update Watchfloor, or restore the file from before the update.`,
    );
  }
  if (found === formatVersion) return;
  db.transaction(() => {
    if (found === 0) for (const statement of statements) db.exec(statement);
    else
      bringUpToDate(db, found, hoursASeries, () => {
        for (const statement of statements) db.exec(statement);
      });
    db.pragma(`user_version = ${formatVersion}`);
  })();
}
