import Database from 'better-sqlite3';
import type { WritableDb } from './connection.ts';

export interface Salvaged {
  /** The number of rows saved, by table. */
  rows: Record<string, number>;
  /** False when reading a table failed half-way: rows may be missing. */
  isComplete: boolean;
}

type Row = Record<string, unknown>;

/** Reads rows until the damage, from both ends, so that one bad page costs only its own rows. */
function readableRows(damaged: Database.Database, table: string): { rows: Row[]; isComplete: boolean } {
  const rows = new Map<unknown, Row>();
  for (const order of ['ASC', 'DESC']) {
    try {
      // By rowid, without an index, because indexes may be damaged.
      for (const row of damaged.prepare<[], Row>(`SELECT * FROM ${table} NOT INDEXED ORDER BY rowid ${order}`).iterate()) {
        rows.set(row['id'], row);
      }
      return { rows: [...rows.values()], isComplete: true };
    } catch {
      // Continue from the other end.
    }
  }
  return { rows: [...rows.values()], isComplete: false };
}

/** Returns whether the version that wrote the file did not have this table yet, so that nothing can be lost. */
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
    // A row that violates the schema is itself damaged.
    return false;
  }
}

/** Copies what can be read of some tables from a damaged file into a new database. Never throws. */
export function salvage(damagedFile: string, into: WritableDb, tables: readonly string[]): Salvaged {
  const saved: Salvaged = { rows: Object.fromEntries(tables.map((table) => [table, 0])), isComplete: true };
  let damaged: Database.Database | undefined;
  try {
    damaged = new Database(damagedFile);
    damaged.unsafeMode(true);
    for (const table of tables) {
      if (isUnknown(damaged, table)) continue;
      const { rows, isComplete } = readableRows(damaged, table);
      saved.rows[table] = rows.filter((row) => insert(into, table, row)).length;
      saved.isComplete &&= isComplete;
    }
  } catch {
    saved.isComplete = false;
  } finally {
    damaged?.close();
  }
  return saved;
}
