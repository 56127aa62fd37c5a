import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';
import type { ReadableDb, WritableDb } from './connection.ts';
import { migrate } from './migrate.ts';
import { type Salvaged, salvage } from './salvage.ts';
import type { Schema } from './schema.ts';

/** How the database opened: as it was, as a new file after the old one was found damaged, or without a file. */
export type Opening =
  | { state: 'ok' }
  /** `aside` is the new name of the damaged file. */
  | { state: 'restored'; reason: string; aside: string; saved: Salvaged }
  | { state: 'memory'; reason: string; file: string };

interface OpenDatabase {
  db: WritableDb;
  opening: Opening;
}

const maxAttempts = 3;
const retryAfterMs = 200;
/** A larger file is checked only in the schema's `checked` tables: a full check would delay the start. */
const maxFullCheckBytes = 64 * 1024 * 1024;

export function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error));
}
function isTransient(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|IOERR|PROTOCOL)/.test(sqliteCode(error));
}
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // FULL: a change that was shown as queued must survive a power cut, too.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
}

function check(db: Database.Database, file: string, { checked }: Schema): void {
  if (statSync(file).size < maxFullCheckBytes) {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Database.SqliteError(String(found), 'SQLITE_CORRUPT');
    return;
  }
  for (const table of checked) db.prepare(`SELECT * FROM ${table}`).all();
}

function openFile(file: string, schema: Schema): WritableDb {
  const isNew = !existsSync(file);
  const db = new Database(file);
  try {
    // Checked before any write: a database from a newer version, or a file that is not a database, stays unchanged.
    db.pragma('busy_timeout = 5000');
    migrate(db, schema.migrations);
    configure(db);
    if (!isNew) check(db, file, schema);
    return db as WritableDb;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openWithRetries(file: string, schema: Schema): WritableDb {
  for (let attempt = 1; ; attempt++) {
    try {
      return openFile(file, schema);
    } catch (error) {
      if (!isTransient(error) || attempt >= maxAttempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryAfterMs);
    }
  }
}

function moveAside(file: string, now: number): string {
  const aside = `${file}.corrupt-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return aside;
}

function restore(file: string, schema: Schema, damage: unknown, now: number): OpenDatabase {
  const aside = moveAside(file, now);
  const db = openFile(file, schema);
  const saved = salvage(aside, db, schema.preserved);
  return { db, opening: { state: 'restored', reason: messageOf(damage), aside: basename(aside), saved } };
}

function openInMemory(file: string, schema: Schema, reason: unknown): OpenDatabase {
  const db = new Database(':memory:');
  migrate(db, schema.migrations);
  db.pragma('foreign_keys = ON');
  return { db: db as WritableDb, opening: { state: 'memory', reason: messageOf(reason), file } };
}

/**
 * Opens a database for writing. Retries a few times, then restores what it can from a damaged file, then works in memory; each fallback
 * includes its reason.
 * @throws AppError `version_conflict` when a newer console wrote the file: it is neither read nor changed
 */
export function openForWriting(file: string, schema: Schema, now: number): OpenDatabase {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return { db: openWithRetries(file, schema), opening: { state: 'ok' } };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!isDamage(error)) return openInMemory(file, schema, error);
    try {
      return restore(file, schema, error, now);
    } catch (second) {
      return openInMemory(file, schema, second);
    }
  }
}

/** Opens a further connection that cannot write. */
export function openForReading(file: string): ReadableDb {
  const db = new Database(file, { readonly: true });
  db.pragma('busy_timeout = 5000');
  db.pragma('query_only = ON');
  return db as unknown as ReadableDb;
}
