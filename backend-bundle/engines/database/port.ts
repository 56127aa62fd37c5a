import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Queries = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** Columns of equal length, one entry a row. */
export type Columns = Record<string, readonly (string | number | null)[]>;

/**
 * The control database: definitions, alerts, users, events; and, until the time-series engine, points. One query layer
 * and one set of migrations over every adapter.
 */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  /** For reads and single writes. */
  readonly query: Queries;
  /**
   * Runs `work` in one serialisable unit: all of it or nothing. Retries by itself when the engine asks for it, so `work` must have
   * no effect outside the transaction.
   * @throws AppError disk_full, unavailable
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Inserts many rows at once, replacing those with equal `keys`, in one transaction.
   * @param columns rows by column, up to 50,000 rows
   */
  upsertMany(table: keyof Tables & string, columns: Columns, keys: readonly string[]): Promise<void>;
  /** Bytes on disk, for the health report. */
  size(): Promise<number>;
  /** Finishes what was begun and closes; safe to call twice. */
  close(): Promise<void>;
}
