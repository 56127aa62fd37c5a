/**
 * Runs queries on one SQLite file for sqlite.ts, in a separate process. SQLite runs a query in one native call, which can't be interrupted
 * in a thread; a process can be killed, so a time limit always works.
 */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { hexOf } from './cells.ts';
import { endWithParent } from './end-with-parent.ts';
import { openOwnFiles } from './own-files.ts';
import type { SourceCell } from './port.ts';

export interface SqliteRequest {
  sql: string;
  from: number;
  to: number;
  timeZone: string;
  maxRows: number;
  maxBytes: number;
}

export type SqliteReply =
  /** `over` is the limit that ended the query; null for none. */
  | { kind: 'rows'; columns: { name: string; type: string }[]; rows: SourceCell[][]; over: 'rows' | 'bytes' | null }
  | { kind: 'not-a-query' }
  | { kind: 'own-file' }
  | { kind: 'failed'; code: string; message: string };

const [file = '', ownFolder, ...allowed] = process.argv.slice(2);
const ownFiles = ownFolder === undefined || ownFolder === '' ? null : openOwnFiles(ownFolder, allowed);
let open: { database: Database.Database; inode: bigint } | undefined;

/** Reopens a file that was replaced: the old handle would go on reading the deleted file. */
function current(): Database.Database {
  const inode = statSync(file, { bigint: true }).ino;
  if (open?.inode === inode) return open.database;
  open?.database.close();
  open = undefined;
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
  database.pragma('query_only = 1');
  // A 64-bit integer arrives with all its digits.
  database.defaultSafeIntegers(true);
  open = { database, inode };
  return database;
}

function cellOf(value: unknown): SourceCell {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return hexOf(value as Uint8Array);
}

/** Returns the approximate size of a row in memory, bytes. */
function sizeOf(row: readonly SourceCell[]): number {
  return row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? 16 + cell.length : 16), 0);
}

function answer(request: SqliteRequest): SqliteReply {
  try {
    if (ownFiles?.holds(file)) return { kind: 'own-file' };
    // SQLite's 'localtime' uses TZ: it must be the loader's time zone, not the backend's.
    process.env['TZ'] = request.timeZone;
    const statement = current().prepare(request.sql);
    if (!statement.reader || !statement.readonly) return { kind: 'not-a-query' };
    const columns = statement.columns().map(({ name, type }) => ({ name, type: type ?? '' }));
    const rows: SourceCell[][] = [];
    let bytes = 0;
    for (const raw of statement.raw().iterate({ from: request.from, to: request.to })) {
      if (rows.length === request.maxRows) return { kind: 'rows', columns, rows, over: 'rows' };
      const row = (raw as unknown[]).map(cellOf);
      bytes += sizeOf(row);
      if (bytes > request.maxBytes) return { kind: 'rows', columns, rows, over: 'bytes' };
      rows.push(row);
    }
    return { kind: 'rows', columns, rows, over: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: SqliteRequest) => process.send?.(answer(request)));
process.on('disconnect', () => process.exit(0));
if (process.platform !== 'win32') endWithParent();
// Ctrl-C in a terminal reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});
