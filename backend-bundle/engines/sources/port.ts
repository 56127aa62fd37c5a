import type { SourceCheck, SourceKind, SourceSettings } from '#common/contract/sources.ts';

export interface SourceQuery {
  /** SQL with `:from` and `:to`, which are bound as parameters, never pasted. */
  sql: string;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  /** IANA zone of the session: columns without a zone of their own are compared with `:from` and `:to` in it. */
  timeZone: string;
  timeoutMs: number;
  maxRows: number;
  /** Bounds what is held in memory, counted as the source sends it. */
  maxBytes: number;
  /** What happens past either limit: the query is refused, or what came until then is the answer. */
  past: 'refuse' | 'cut';
  signal?: AbortSignal;
}

/**
 * What the cells of a column are. `any` is decided cell by cell (SQLite); `other` is a type that is text and never a number or a time,
 * as an array or an address. The cells of all but numbers are text as the database writes it:
 * - `number`: a number, or its exact text where a number here would change a digit
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
  /** Which database answered. */
  source: SourceKind;
  columns: SourceColumn[];
  /** Row-major. */
  rows: SourceCell[][];
  /** Whether there was more than the limits let through. */
  cut: boolean;
}

/**
 * A database that loaders read. Every query runs in a read-only transaction with a statement timeout, on a session without anything left
 * of the query before.
 * @throws AppError source_unreachable, sql_rejected, timeout, query_too_large: each names the source and the fix
 */
export interface SourceConnection {
  query(query: SourceQuery): Promise<SourceRows>;
  check(): Promise<SourceCheck>;
  close(): Promise<void>;
}

export interface Sources {
  /** Connects to nothing. @throws AppError validation_failed for settings that can never work */
  open(settings: SourceSettings, name: string): SourceConnection;
}
