import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { openingId, type WorkerReply } from '#common/workers/client.ts';
import {
  applicationId,
  type Request,
  type SqliteThreadSettings,
  type StatementFailure,
  type StatementResult,
  type Value,
} from './protocol.ts';

/**
 * The thread that owns one connection. better-sqlite3 is synchronous: in a thread, a slow statement or fsync doesn't block the main event
 * loop.
 */
const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
const { file, readonly } = workerData as SqliteThreadSettings;

/** How long a statement waits for a lock that another process holds, ms. */
const busyMs = 5_000;
const maxCached = 500;
const cache = new Map<string, Sqlite.Statement<Value[]>>();

function open(): Sqlite.Database {
  const db = new Sqlite(file, { readonly, timeout: busyMs });
  if (!readonly) {
    verify(db);
    db.pragma('journal_mode = WAL');
    db.pragma(`application_id = ${applicationId}`);
  }
  // An acknowledged write is on the disk: WAL's usual NORMAL may lose the last transactions when power fails.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // Without it INSERT OR REPLACE deletes rows behind the back of the triggers that make tables append-only.
  db.pragma('recursive_triggers = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('journal_size_limit = 67108864');
  return db;
}

/**
 * Refuses a file that is damaged or not ours, before anything is written. Reads one snapshot: another process that starts at the same time
 * may drop a table between two statements, as migrations do.
 */
const verify = (db: Sqlite.Database): void => db.transaction(verifySnapshot)(db);

function verifySnapshot(db: Sqlite.Database): void {
  const tables = db.prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").pluck().all();
  const id = db.pragma('application_id', { simple: true });
  if (tables.length > 0 && id !== applicationId)
    throw Object.assign(new Error('file is a database of another program'), { code: 'SQLITE_FOREIGN' });
  for (const table of tables) {
    // Points are too many to read at every start, and a damaged page there is found by the query that meets it.
    if (table === 'points') continue;
    const found = db.pragma(`quick_check("${table}")`, { simple: true });
    if (found !== 'ok') throw Object.assign(new Error(String(found)), { code: 'SQLITE_CORRUPT' });
  }
}

function prepared(db: Sqlite.Database, sql: string): Sqlite.Statement<Value[]> {
  const known = cache.get(sql);
  if (known !== undefined) return known;
  if (cache.size >= maxCached) cache.clear();
  const statement = db.prepare<Value[]>(sql);
  cache.set(sql, statement);
  return statement;
}

/** Binds whole numbers as integers. better-sqlite3 binds every number as REAL, so that `t / ?` would not be an integer division. */
function bind(value: Value): Value {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function run(db: Sqlite.Database, sql: string, parameters: readonly Value[]): Omit<StatementResult, 'took'> {
  const statement = prepared(db, sql);
  const bound = parameters.map(bind);
  if (statement.reader) {
    const rows = statement.all(...bound);
    return { rows, changes: statement.readonly ? 0 : rows.length, insertId: 0 };
  }
  const { changes, lastInsertRowid } = statement.run(...bound);
  return { rows: [], changes, insertId: lastInsertRowid };
}

function each(db: Sqlite.Database, request: Extract<Request, { kind: 'each' }>): Omit<StatementResult, 'took'> {
  const statement = prepared(db, request.sql);
  const { columns, rows } = request;
  const row: Value[] = new Array(columns.length);
  db.transaction(() => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns.length; c++) row[c] = columns[c]?.[r] ?? null;
      statement.run(row as never);
    }
  }).immediate();
  return { rows: [], changes: rows, insertId: 0 };
}

function handle(db: Sqlite.Database, request: Request): Omit<StatementResult, 'took'> {
  switch (request.kind) {
    case 'run':
      return run(db, request.sql, request.parameters);
    case 'each':
      return each(db, request);
    case 'rollback':
      if (db.inTransaction) db.exec('rollback');
      break;
    case 'reserve':
      reserve(db, request.bytes);
      break;
    case 'close':
      db.close();
  }
  return { rows: [], changes: 0, insertId: 0 };
}

let isReserved = false;

/**
 * Writes the bytes and deletes them. While this connection is open, the file keeps the pages as free pages and the log keeps its length, so
 * no other program can use that space.
 */
function reserve(db: Sqlite.Database, bytes: number): void {
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  const free = db.pragma('freelist_count', { simple: true }) as number;
  if (isReserved && free * pageBytes >= bytes / 2) return;
  // The table is dropped by the next transaction. The bytes are written again when the file has the pages but the log is new.
  db.exec('CREATE TABLE IF NOT EXISTS reserve (data BLOB)');
  db.prepare('INSERT INTO reserve VALUES (zeroblob(?))').run(bytes);
  db.pragma('wal_checkpoint(PASSIVE)');
  db.exec('DROP TABLE reserve');
  db.pragma('wal_checkpoint(PASSIVE)');
  // The log is checkpointed well before it would have to grow.
  db.pragma(`wal_autocheckpoint = ${Math.max(16, Math.min(1_000, Math.floor(bytes / pageBytes / 4)))}`);
  isReserved = true;
}

function failure(error: unknown): StatementFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_ERROR';
  // Some ways of running out of space are reported as I/O errors (growing the shared-memory file, flushing).
  return { code: code.startsWith('SQLITE_IOERR') && diskIsFull() ? 'SQLITE_FULL' : code, message };
}

function diskIsFull(): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 4 * 1024 * 1024;
  } catch {
    return false;
  }
}

function foldLog(db: Sqlite.Database): void {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // The next write reports the problem.
  }
}

const reply = (message: WorkerReply<StatementFailure>) => port.postMessage(message);

try {
  const db = open();
  port.on('message', ({ id, request }: { id: number; request: Request }) => {
    const begun = performance.now();
    try {
      const answer = handle(db, request);
      reply({ id, value: { ...answer, took: performance.now() - begun } satisfies StatementResult });
    } catch (error) {
      reply({ id, failure: failure(error) });
      // The log may be full while the file still has free pages.
      if (!readonly && db.open && !db.inTransaction && isReserved) foldLog(db);
    }
    if (request.kind === 'close') port.close();
  });
  reply({ id: openingId });
} catch (error) {
  reply({ id: openingId, failure: failure(error) });
  port.close();
}
