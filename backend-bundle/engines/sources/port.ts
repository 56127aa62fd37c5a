import type { SourceCheck, SourceKind, SourceSettings } from '#common/contract/sources.ts';

export interface SourceQuery {
  /** SQL with `:from` and `:to`, which are bound as parameters. */
  sql: string;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  /** IANA time zone of the session. Columns without a time zone are compared with `:from` and `:to` in it. */
  timeZone: string;
  timeoutMs: number;
  maxRows: number;
  /** Maximum size of the result as the source sends it, bytes. Limits memory use. */
  maxBytes: number;
  /** At either limit, `refuse` fails the query and `cut` returns the rows received so far. */
  past: 'refuse' | 'cut';
  signal?: AbortSignal;
}

/**
 * The kind of a column's cells. `any` is decided cell by cell (SQLite); `other` is a type that is never a number or a time, such as an
 * array or an address. Except for numbers, cells are text as the database writes it:
 * - `number`: a number, or its exact text if a JavaScript number would change a digit
 * - `time`: date, time and offset; `local-time`: date and time without one; `interval`: `1 day 02:03:04.5`
 */
export type ColumnKind = 'any' | 'number' | 'text' | 'boolean' | 'time' | 'local-time' | 'interval' | 'json' | 'other';

export interface SourceColumn {
  name: string;
  kind: ColumnKind;
  /** The database's own name of the type, for messages. */
  type: string;
}

export type SourceCell = string | number | null;

export interface SourceRows {
  /** The kind of database that answered. */
  source: SourceKind;
  columns: SourceColumn[];
  /** Row-major. */
  rows: SourceCell[][];
  /** True if rows were left out because of a limit. */
  cut: boolean;
}

/**
 * A database that loaders read. Every query runs in a read-only transaction with a statement timeout, in a session that was cleared after
 * the previous query.
 * @throws AppError source_unreachable, sql_rejected, timeout, query_too_large: each names the source and the fix
 */
export interface SourceConnection {
  query(query: SourceQuery): Promise<SourceRows>;
  check(): Promise<SourceCheck>;
  close(): Promise<void>;
}

export interface Sources {
  /** Opens a source without connecting to it. @throws AppError validation_failed for settings that can never work */
  open(settings: SourceSettings, name: string): SourceConnection;
}
