/** What the thread that owns a SQLite connection is asked, and how it answers. */
export type Value = string | number | bigint | null | Uint8Array;

/** A column of numbers travels as a typed array, which is moved, not copied. */
export type BoundColumn = Float64Array | readonly (string | number | null)[];

export type Request =
  | { kind: 'run'; sql: string; parameters: readonly Value[] }
  /** Ends the transaction if one is open: SQLite has already ended it by itself after some errors. */
  | { kind: 'rollback' }
  /** `sql` once a row, all in one transaction. */
  | { kind: 'each'; sql: string; columns: readonly BoundColumn[]; rows: number }
  /** Makes sure that so many bytes of pages are free within the file, and that its log is as long. */
  | { kind: 'reserve'; bytes: number }
  | { kind: 'close' };

export interface StatementResult {
  rows: unknown[];
  changes: number;
  insertId: number | bigint;
  /** Time the statement itself took, ms. */
  took: number;
}

export interface StatementFailure {
  /** SQLite's extended result code by name, as SQLITE_CONSTRAINT_UNIQUE. */
  code: string;
  message: string;
}

export interface SqliteThreadSettings {
  file: string;
  readonly: boolean;
}

/** Written into the file's header, so that another program's database is never taken for ours. "WFLR" */
export const applicationId = 0x57464c52;
