import Database from 'better-sqlite3';
import type { WritableDb } from './db.ts';

/** What people made here and no backend has: saved first, everything else can be read again. Parents before children. */
const precious = ['connections', 'settings', 'outbox', 'dashboard_drafts'] as const;

export interface Salvaged {
  connections: number;
  settings: number;
  outbox: number;
  dashboard_drafts: number;
  /** False when reading a table broke off: rows may be missing. */
  complete: boolean;
}

type Row = Record<string, unknown>;

/** Reads rows until the damage, from both ends, so that one bad page costs only its own rows. */
function readableRows(damaged: Database.Database, table: string): { rows: Row[]; complete: boolean } {
  const rows = new Map<unknown, Row>();
  for (const order of ['ASC', 'DESC']) {
    try {
      // By rowid without an index, which may be what is damaged.
      for (const row of damaged.prepare<[], Row>(`SELECT * FROM ${table} NOT INDEXED ORDER BY rowid ${order}`).iterate()) {
        rows.set(row['id'], row);
      }
      return { rows: [...rows.values()], complete: true };
    } catch {
      // Go on from the other end.
    }
  }
  return { rows: [...rows.values()], complete: false };
}

/** A table that came after the version which wrote the file has nothing to lose. */
function isUnknown(damaged: Database.Database, table: string): boolean {
  try {
    return damaged.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) === undefined;
  } catch {
    return false;
  }
}

function insert(into: WritableDb, table: string, row: Row): boolean {
  const known = into.pragma(`table_info(${table})`) as { name: string }[];
  const columns = known.map(({ name }) => name).filter((name) => name in row);
  try {
    const values = columns.map((name) => `@${name}`).join(', ');
    return into.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${values})`).run(row).changes > 0;
  } catch {
    // A row that breaks the rules of the schema is itself damaged.
    return false;
  }
}

/** Copies what can be read of the precious tables from a damaged file into a fresh database. Never throws. */
export function salvage(damagedFile: string, into: WritableDb): Salvaged {
  const saved: Salvaged = { connections: 0, settings: 0, outbox: 0, dashboard_drafts: 0, complete: true };
  let damaged: Database.Database | undefined;
  try {
    damaged = new Database(damagedFile);
    damaged.unsafeMode(true);
    for (const table of precious) {
      if (isUnknown(damaged, table)) continue;
      const { rows, complete } = readableRows(damaged, table);
      for (const row of rows) if (insert(into, table, row)) saved[table]++;
      saved.complete &&= complete;
    }
  } catch {
    saved.complete = false;
  } finally {
    damaged?.close();
  }
  return saved;
}
