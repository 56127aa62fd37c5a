import type Database from 'better-sqlite3';

/** Chunks are aligned to this, ms. */
export const chunkMs = 3_600_000;
export const minuteMs = 60_000;

/** Hours a series has room for: the year 3883, and 2^29 series stay below 2^53. */
const hoursASeries = 2 ** 24;

/** Times before this fit, ms. */
export const endOfTime = hoursASeries * chunkMs;

/** Row of a chunk: chunks of a series lie side by side in order of time. */
export function chunkId(series: number, hour: number): number {
  return series * hoursASeries + hour / chunkMs;
}

/** The hour (epoch ms) of a row. */
export function hourOf(id: number): number {
  return (id % hoursASeries) * chunkMs;
}

/**
 * Headers stay small so that aggregates over days and years read little; roll-ups are kept only where a minute holds enough
 * points to be worth it; data is read for edges and raw points only.
 */
const statements = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, series_key TEXT NOT NULL,
     labels TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE (kind, name, series_key)) STRICT`,
  `CREATE TABLE chunks (
     id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
     n INTEGER NOT NULL, records REAL NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL,
     min REAL NOT NULL, max REAL NOT NULL, sum REAL NOT NULL, first REAL, last REAL,
     crc INTEGER NOT NULL, rollup INTEGER NOT NULL) STRICT`,
  'CREATE TABLE rollups (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT',
  'CREATE TABLE data (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT',
  'CREATE TABLE wal (seq INTEGER PRIMARY KEY, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT',
  'CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
];
const formatVersion = 1;

/** Opens or makes the tables. @throws Error for a file written by a newer version, which is left as it is */
export function prepareSchema(db: Database.Database): void {
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found > formatVersion) {
    throw new Error(
      `The series file has format ${found}; this version reads up to ${formatVersion}. Update Watchfloor, or restore the file from before the update.`,
    );
  }
  if (found === formatVersion) return;
  db.transaction(() => {
    for (const statement of statements) db.exec(statement);
    db.pragma(`user_version = ${formatVersion}`);
  })();
}
