/** Messages to and from the thread that owns a SQLite connection. */
export type Value = string | number | bigint | null | Uint8Array;

/** A column of numbers travels as a typed array, which is moved, not copied. */
export type BoundColumn = Float64Array | readonly (string | number | null)[];

export type Request =
  | { kind: 'run'; sql: string; parameters: readonly Value[] }
  /** Ends the transaction if one is open: SQLite has already ended it by itself after some errors. */
  | { kind: 'rollback' }
  /** Runs `sql` once per row, in one transaction. */
  | { kind: 'each'; sql: string; columns: readonly BoundColumn[]; rows: number }
  /** Makes sure that the file has `bytes` bytes of free pages, and that its log is at least as long. */
  | { kind: 'reserve'; bytes: number }
  | { kind: 'close' };

export interface StatementResult {
  rows: unknown[];
  changes: number;
  insertId: number | bigint;
  /** Duration of the statement itself, ms. */
  took: number;
}

export interface StatementFailure {
  /** The name of SQLite's extended result code, such as SQLITE_CONSTRAINT_UNIQUE. */
  code: string;
  message: string;
}

export interface SqliteThreadSettings {
  file: string;
  readonly: boolean;
}

/** Written to the file's header, so that another program's database is never mistaken for ours. "WFLR" in ASCII. */
export const applicationId = 0x57464c52;
