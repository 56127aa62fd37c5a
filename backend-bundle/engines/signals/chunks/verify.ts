import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { DamagedFileError } from './row-crc.ts';

/** Files up to this size are checked page by page when they are opened, which takes about a second; bytes. */
const checkedWhole = 512 * 1024 * 1024;
/** Tables checked in larger files, because all others depend on them. Other damage is found when it is read. */
const alwaysChecked = ['series', 'series_copy', 'days', 'wal', 'state', 'removed', 'removing', 'damaged'];

/** Checks the structure of the file. Its rows have checksums of their own. @throws DamagedFileError */
export function verify(db: Database.Database, file: string): void {
  const tables = new Set(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]);
  const isOurs = tables.has('series') && tables.has('chunks');
  if (tables.size > 0 && !(isOurs && (db.pragma('user_version', { simple: true }) as number) > 0)) {
    throw new DamagedFileError('It holds tables that are not those of a series file.');
  }
  const checks =
    statSync(file).size <= checkedWhole
      ? ['quick_check(1)', ...(isOurs ? ['integrity_check("series")'] : [])]
      : ['integrity_check("series")', ...alwaysChecked.filter((table) => tables.has(table)).map((table) => `quick_check("${table}")`)];
  for (const check of checks) {
    const found = db.pragma(check, { simple: true });
    if (found !== 'ok') throw new DamagedFileError(String(found));
  }
}

/** Errors with which SQLite reports damaged bytes. */
const damageCodes = /^(SQLITE_CORRUPT|SQLITE_NOTADB|SQLITE_IOERR_SHORT_READ|SQLITE_IOERR_DATA|SERIES_DAMAGED)/;
/** Errors that also mean damage while the file is opened: part of its schema may be lost. */
const damageCodesAtOpening = /^(SQLITE_ERROR|SQLITE_CONSTRAINT|SQLITE_MISMATCH|SQLITE_SCHEMA|SQLITE_FORMAT|SQLITE_TOOBIG|SQLITE_RANGE)/;

export function isDamage(error: unknown, isOpening = false): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (damageCodes.test(code) || (isOpening && damageCodesAtOpening.test(code)));
}

export const isDiskFull = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'SQLITE_FULL';
