import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';

const stats =
  'n INTEGER NOT NULL, records REAL NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, ' +
  'min REAL NOT NULL, max REAL NOT NULL, sum REAL NOT NULL, first REAL NOT NULL, last REAL NOT NULL, low REAL, high REAL';
const columns = 'id, n, records, t0, t1, min, max, sum, first, last, low, high';

/** For tests: converts a file of format 4 to format 3. */
export function makeFormat3(db: Database.Database): void {
  db.function('crc32', (data) => crc32(data as Buffer));
  const tables = ['series', 'days', 'chunks', 'rollups', 'data', 'wal', 'removed', 'removing', 'state'];
  for (const table of tables) db.exec(`ALTER TABLE ${table} RENAME TO new_${table}`);
  for (const statement of [
    `CREATE TABLE series (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, series_key TEXT NOT NULL,
       labels TEXT NOT NULL, unit TEXT NOT NULL, last_at INTEGER NOT NULL, UNIQUE (kind, name, series_key)) STRICT`,
    `CREATE TABLE days (id INTEGER PRIMARY KEY, ${stats}) STRICT`,
    `CREATE TABLE chunks (id INTEGER PRIMARY KEY, ${stats}, seq INTEGER NOT NULL, crc INTEGER NOT NULL, rollup INTEGER NOT NULL) STRICT`,
    'CREATE TABLE rollups (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT',
    'CREATE TABLE data (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT',
    'CREATE TABLE wal (seq INTEGER PRIMARY KEY, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT',
    `CREATE TABLE removed (series INTEGER NOT NULL, seq INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
       PRIMARY KEY (series, seq, start)) STRICT, WITHOUT ROWID`,
    'CREATE TABLE removing (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT',
    'CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    'INSERT INTO series SELECT id, kind, name, series_key, labels, unit, last_at FROM new_series',
    `INSERT INTO days SELECT ${columns} FROM new_days`,
    `INSERT INTO chunks SELECT ${columns}, new_chunks.seq, crc32(data), rollup FROM new_chunks JOIN new_data USING (id)`,
    'INSERT INTO rollups SELECT id, crc, data FROM new_rollups',
    'INSERT INTO data SELECT id, data FROM new_data',
    'INSERT INTO wal SELECT seq, crc32(data), data FROM new_wal',
    'INSERT INTO removed SELECT series, seq, start, stop FROM new_removed',
    'INSERT INTO removing SELECT id, series, start, stop FROM new_removing',
    "INSERT INTO state SELECT key, value FROM new_state WHERE key IN ('seq', 'sealed_at')",
    ...tables.map((table) => `DROP TABLE new_${table}`),
    'DROP TABLE damaged',
    'DROP TABLE series_copy',
    'PRAGMA user_version = 3',
  ])
    db.exec(statement);
}
