import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { belts } from './simulation.ts';

export type ConveyorFile = Database.Database;

/** One row of sensor readings. Counts cover the `period_s` seconds that end at `t` (epoch ms). */
export interface ReadingRow {
  belt: string;
  t: number;
  speed: number | string | null;
  current: number | string | null;
  items: number | string | null;
  rejects: number | string | null;
  period_s: number;
}
export interface FaultRow {
  belt: string;
  kind: string;
  since: number;
  by_name: string;
}
export interface ProducerRow {
  wanted_running: number;
  written_at: number | null;
  period_ms: number;
  pid: number | null;
}
/** History written so far is [filled_to, until_t); complete when filled_to <= from_t. */
export interface HistoryRow {
  from_t: number;
  until_t: number;
  filled_to: number;
}

/** How long a statement waits for another process's short transaction, ms. */
const busyTimeoutMs = 2_000;

// Columns accept unreadable values too, as a real plant's database does.
const schema = `
  CREATE TABLE IF NOT EXISTS readings (
    belt TEXT NOT NULL, t INTEGER NOT NULL, speed REAL, current REAL, items REAL, rejects REAL, period_s REAL NOT NULL,
    PRIMARY KEY (belt, t)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS belts (belt TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS faults (belt TEXT PRIMARY KEY, kind TEXT NOT NULL, since INTEGER NOT NULL, by_name TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS producer (
    id INTEGER PRIMARY KEY CHECK (id = 1), wanted_running INTEGER NOT NULL, written_at INTEGER, period_ms INTEGER NOT NULL, pid INTEGER
  );
  CREATE TABLE IF NOT EXISTS history (id INTEGER PRIMARY KEY CHECK (id = 1), from_t INTEGER NOT NULL, until_t INTEGER NOT NULL, filled_to INTEGER NOT NULL);
`;

/** Opens the plant's database for writing, creating the file and its tables if they are missing. */
export function createConveyorFile(file: string, periodMs: number): ConveyorFile {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file, { timeout: busyTimeoutMs });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database
    .transaction(() => {
      database.exec(schema);
      const addBelt = database.prepare('INSERT OR IGNORE INTO belts (belt, name) VALUES (?, ?)');
      for (const belt of belts) addBelt.run(belt.code, belt.name);
      database.prepare('INSERT OR IGNORE INTO producer (id, wanted_running, period_ms) VALUES (1, 1, ?)').run(periodMs);
    })
    .immediate();
  return database;
}

/** Opens the plant's existing database, for its control tables. @throws SqliteError when there is none */
export function openConveyorFile(file: string): ConveyorFile {
  return new Database(file, { fileMustExist: true, timeout: busyTimeoutMs });
}
