/**
 * Runs queries on one SQLite file for sqlite.ts, in a process of its own: SQLite computes inside one native call that a
 * thread cannot be torn out of, but a process can be killed, so a time limit always holds.
 */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { cellOf } from './cells.ts';

export interface SqliteRequest {
  sql: string;
  from: number;
  to: number;
  maxRows: number;
}

export type SqliteReply =
  | { kind: 'rows'; columns: string[]; rows: (string | number | null)[][] }
  | { kind: 'too-large' }
  | { kind: 'not-a-query' }
  | { kind: 'failed'; code: string; message: string };

const file = process.argv[2] ?? '';
let open: { database: Database.Database; inode: bigint } | undefined;

/** A file that was replaced is opened anew: the old handle would go on reading what is no longer there. */
function current(): Database.Database {
  const inode = statSync(file, { bigint: true }).ino;
  if (open?.inode === inode) return open.database;
  open?.database.close();
  open = undefined;
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
  database.pragma('query_only = 1');
  open = { database, inode };
  return database;
}

function answer(request: SqliteRequest): SqliteReply {
  try {
    const statement = current().prepare(request.sql);
    if (!statement.reader || !statement.readonly) return { kind: 'not-a-query' };
    const columns = statement.columns().map((column) => column.name);
    const rows: (string | number | null)[][] = [];
    for (const row of statement.raw().iterate({ from: request.from, to: request.to })) {
      if (rows.length === request.maxRows) return { kind: 'too-large' };
      rows.push((row as unknown[]).map(cellOf));
    }
    return { kind: 'rows', columns, rows };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: SqliteRequest) => process.send?.(answer(request)));
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C reaches the whole group; the parent decides when this ends.
process.on('SIGINT', () => {});
