import type BetterSqlite3 from 'better-sqlite3';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A connection that may read. Only the worker has one. Functions that only read require nothing more. */
export type ReadableDb = BetterSqlite3.Database & { [readable]: true };
/** The one connection that may write, inside a transaction that the worker opened. */
export type WritableDb = ReadableDb & { [writable]: true };

type Value = string | number | null | Uint8Array;
type Parameters = Record<string, Value>;
const statements = new WeakMap<BetterSqlite3.Database, Map<string, BetterSqlite3.Statement>>();

function prepared(db: ReadableDb, sql: string): BetterSqlite3.Statement {
  let known = statements.get(db);
  if (known === undefined) {
    known = new Map();
    statements.set(db, known);
  }
  let statement = known.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    known.set(sql, statement);
  }
  return statement;
}

/** Returns the rows of a query. Statements are prepared once per connection; `Row` is the type that the SQL selects. */
export function all<Row>(db: ReadableDb, sql: string, parameters: Parameters = {}): Row[] {
  return prepared(db, sql).all(parameters) as Row[];
}

/** Returns the first row of a query, or undefined. */
export function get<Row>(db: ReadableDb, sql: string, parameters: Parameters = {}): Row | undefined {
  return prepared(db, sql).get(parameters) as Row | undefined;
}

/** Runs one change. @returns the number of rows changed */
export function run(db: WritableDb, sql: string, parameters: Parameters = {}): number {
  return prepared(db, sql).run(parameters).changes;
}
