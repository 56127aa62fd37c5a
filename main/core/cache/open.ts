import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '#common/contract/errors.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { migrate } from './migrate.ts';
import { salvage } from './salvage.ts';

/** How the database opened: as it was, as a fresh file after the old one was found damaged, or without a file. */
export interface Opening {
  state: 'ok' | 'restored' | 'memory';
  /** Why it is not `ok`, in words for the person. */
  detail: string | null;
  /** What to do about it. */
  hint: string | null;
}

const retries = 3;
const retryAfterMs = 200;
/** Larger files are checked in their small, precious tables only: a whole check would hold up the start. */
const fullCheckBelowBytes = 64 * 1024 * 1024;

export function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error));
}
function isPassing(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|IOERR|PROTOCOL)/.test(sqliteCode(error));
}
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // FULL: a change that a person was told is queued must survive a power cut, too.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
}

function check(db: Database.Database, file: string): void {
  if (statSync(file).size < fullCheckBelowBytes) {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Database.SqliteError(String(found), 'SQLITE_CORRUPT');
    return;
  }
  for (const table of ['connections', 'outbox', 'settings', 'alerts']) db.prepare(`SELECT * FROM ${table}`).all();
}

function openFile(file: string): WritableDb {
  const isNew = !existsSync(file);
  const db = new Database(file);
  try {
    // Before anything that writes: a database from the future, or one that is no database, stays untouched.
    db.pragma('busy_timeout = 5000');
    migrate(db);
    configure(db);
    if (!isNew) check(db, file);
    return db as WritableDb;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openWithRetries(file: string): WritableDb {
  for (let attempt = 1; ; attempt++) {
    try {
      return openFile(file);
    } catch (error) {
      if (!isPassing(error) || attempt >= retries) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryAfterMs);
    }
  }
}

function moveAside(file: string, now: number): string {
  const aside = `${file}.corrupt-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return aside;
}

function startAfresh(file: string, damage: unknown, now: number): { db: WritableDb; opening: Opening } {
  const aside = moveAside(file, now);
  const db = openFile(file);
  const saved = salvage(aside, db);
  const drafts =
    saved.dashboard_drafts === 0 ? '' : `, ${saved.dashboard_drafts} unsaved dashboard${saved.dashboard_drafts === 1 ? '' : 's'}`;
  const kept = `${saved.outbox} queued change${saved.outbox === 1 ? '' : 's'} and ${saved.connections} connection${saved.connections === 1 ? '' : 's'}${drafts}`;
  return {
    db,
    opening: {
      state: 'restored',
      detail: `The local database was damaged (${wordsOf(damage)}). A fresh one was made; ${kept} could be saved from the old one${saved.complete ? '' : ', and others may be lost'}.`,
      hint: `The damaged file is kept as ${basename(aside)}. Check this computer's disk. Data seen before is read from the backend again.`,
    },
  };
}

function openInMemory(reason: unknown, file: string): { db: WritableDb; opening: Opening } {
  const db = new Database(':memory:');
  migrate(db);
  db.pragma('foreign_keys = ON');
  return {
    db: db as WritableDb,
    opening: {
      state: 'memory',
      detail: `The local database ${file} could not be opened (${wordsOf(reason)}). This session keeps its data in memory: queued changes are lost when the console closes.`,
      hint: `Check that the folder ${dirname(file)} can be written and its disk has room, then start the console again.`,
    },
  };
}

/**
 * Opens the console's database, come what may: a few tries, then a fresh file with what could be saved from the damaged one, then
 * memory. Each step but the first says why.
 * @throws AppError `version_conflict` when a newer console wrote the file: it is neither read nor changed.
 */
export function openDatabase(file: string, now: number): { db: WritableDb; opening: Opening } {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return { db: openWithRetries(file), opening: { state: 'ok', detail: null, hint: null } };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!isDamage(error)) return openInMemory(error, file);
    try {
      return startAfresh(file, error, now);
    } catch (second) {
      return openInMemory(second, file);
    }
  }
}

/** Opens a further connection that cannot write. */
export function openReader(file: string): ReadableDb {
  const db = new Database(file, { readonly: true });
  db.pragma('busy_timeout = 5000');
  db.pragma('query_only = ON');
  return db as unknown as ReadableDb;
}
