import type { SourceCheck, SourceSettings } from '#common/contract/sources.ts';

export interface SourceQuery {
  /** SQL with `:from` and `:to`, which are bound as parameters, never pasted. */
  sql: string;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  timeoutMs: number;
  /** Refused past this many rows. */
  maxRows: number;
  signal?: AbortSignal;
}

export interface SourceRows {
  columns: string[];
  /** Row-major; bigint and numeric come as numbers, dates as epoch ms, everything else as text or null. */
  rows: (string | number | null)[][];
}

/**
 * A database that loaders read. Every query runs in a read-only transaction with a statement timeout.
 * @throws AppError source_unreachable, sql_rejected, timeout, query_too_large: each names the source and the fix
 */
export interface SourceConnection {
  query(query: SourceQuery): Promise<SourceRows>;
  check(): Promise<SourceCheck>;
  close(): Promise<void>;
}

export interface Sources {
  open(settings: SourceSettings, name: string): SourceConnection;
}
