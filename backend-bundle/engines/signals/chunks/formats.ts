import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { blobCrc, type CheckedTable, rowCrc } from './row-crc.ts';

const expired =
  'CREATE TABLE expired (series INTEGER NOT NULL, seq INTEGER NOT NULL, before INTEGER NOT NULL, PRIMARY KEY (series, seq)) STRICT, WITHOUT ROWID';
const deletions = [
  `CREATE TABLE removed (series INTEGER NOT NULL, seq INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
     PRIMARY KEY (series, seq, start)) STRICT, WITHOUT ROWID`,
  'CREATE TABLE removing (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT',
];
const stats = 'n, records, t0, t1, min, max, sum, first, last, low, high';

/**
 * Migrates a file of an earlier format to format 4, in one transaction. Format 2 added the extremes of values to those of records. They are
 * the same for metrics; for signals they stay unknown (null) until the hour is written again, and the points are read instead. Format 3
 * added deletion of intervals. Format 4 added a checksum to every row, and a second copy of every name.
 * @param create creates the tables of format 4
 */
export function bringUpToDate(db: Database.Database, found: number, hoursASeries: number, create: () => void): void {
  if (found < 2) {
    db.exec(expired);
    for (const table of ['days', 'chunks']) {
      db.exec(`ALTER TABLE ${table} ADD COLUMN low REAL`);
      db.exec(`ALTER TABLE ${table} ADD COLUMN high REAL`);
      db.exec(`UPDATE ${table} SET low = min, high = max WHERE id / ${hoursASeries} IN (SELECT id FROM series WHERE kind = 'metric')`);
    }
  }
  if (found < 3) {
    for (const statement of deletions) db.exec(statement);
    db.exec('INSERT INTO removed SELECT series, seq, 0, before FROM expired');
    db.exec('DROP TABLE expired');
  }
  addChecksums(db, create);
}

const tables = ['series', 'days', 'chunks', 'rollups', 'data', 'wal', 'removed', 'removing', 'state'];

function addChecksums(db: Database.Database, create: () => void): void {
  db.function('row_crc', { varargs: true, deterministic: true }, (table, text, ...values) =>
    rowCrc(table as CheckedTable, values as number[], text as string),
  );
  // Data that is already damaged must not get a valid checksum.
  db.function('data_crc', { deterministic: true }, (id, data, seq, crc) =>
    crc32(data as Buffer) === crc ? blobCrc('data', [id as number, seq as number, 0], data as Buffer) : 0,
  );
  db.function('wal_crc', { deterministic: true }, (seq, prev, data, crc) =>
    crc32(data as Buffer) === crc ? blobCrc('wal', [seq as number, prev as number], data as Buffer) : 0,
  );
  for (const table of tables) db.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  create();
  const series = `SELECT id, kind, name, series_key, labels, unit, last_at,
    row_crc('series', json_array(kind, name, series_key, labels, unit), id, last_at) FROM old_series`;
  const removed = 'series, seq, start, stop';
  for (const statement of [
    `INSERT INTO series ${series}`,
    `INSERT INTO series_copy ${series}`,
    `INSERT INTO days SELECT id, ${stats}, 0, row_crc('days', '', id, ${stats}, 0) FROM old_days`,
    `INSERT INTO chunks SELECT id, ${stats}, seq, rollup, row_crc('chunks', '', id, ${stats}, seq, rollup) FROM old_chunks`,
    'INSERT INTO rollups SELECT id, crc, data FROM old_rollups',
    'INSERT INTO data SELECT id, data, seq, 0, data_crc(id, data, seq, crc) FROM old_data JOIN old_chunks USING (id)',
    `INSERT INTO wal SELECT seq, prev, wal_crc(seq, prev, data, crc), data
       FROM (SELECT *, lag(seq, 1, 0) OVER (ORDER BY seq) AS prev FROM old_wal)`,
    `INSERT INTO removed SELECT ${removed}, row_crc('removed', '', ${removed}) FROM old_removed`,
    "INSERT INTO removing SELECT id, series, start, stop, row_crc('removing', '', id, series, start, stop) FROM old_removing",
    "INSERT INTO state SELECT key, value, row_crc('state', key, value) FROM old_state",
  ])
    db.exec(statement);
  for (const table of tables) db.exec(`DROP TABLE old_${table}`);
}
