import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { DamagedFileError } from './row-crc.ts';

/** Up to this size every page of the file is looked at when it is opened, which takes about a second; bytes. */
const checkedWhole = 512 * 1024 * 1024;
/** Of larger files the tables that all others depend on; the rest is found by the read that meets it. */
const alwaysChecked = ['series', 'series_copy', 'days', 'wal', 'state', 'removed', 'removing', 'damaged'];

/** Looks whether the file hangs together. Its rows have checksums of their own. @throws DamagedFileError */
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

/** Errors by which SQLite says that it met bytes that make no sense. */
const damageCodes = /^(SQLITE_CORRUPT|SQLITE_NOTADB|SQLITE_IOERR_SHORT_READ|SQLITE_IOERR_DATA|SERIES_DAMAGED)/;
/** The same, where a file that is whole gives none: its schema may be lost in part. */
const damageCodesAtOpening = /^(SQLITE_ERROR|SQLITE_CONSTRAINT|SQLITE_MISMATCH|SQLITE_SCHEMA|SQLITE_FORMAT|SQLITE_TOOBIG|SQLITE_RANGE)/;

export function isDamage(error: unknown, isOpening = false): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (damageCodes.test(code) || (isOpening && damageCodesAtOpening.test(code)));
}

export const isDiskFull = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'SQLITE_FULL';
