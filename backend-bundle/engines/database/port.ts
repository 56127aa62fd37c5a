import type { Kysely, Transaction } from 'kysely';
import type { DiskSpace } from '../disk.ts';
import type { UnreadableRows } from './stored-json.ts';
import type { Owner, TablesOf } from './tables.ts';

export type Dialect = 'sqlite' | 'postgres';
/** Reads and single writes on the tables of one owner. Using another owner's table does not compile. */
export type Queries<O extends Owner = Owner> = Kysely<TablesOf<O>>;
/** A transaction on the tables of one owner. */
export type Tx<O extends Owner = Owner> = Transaction<TablesOf<O>>;
/** A transaction on the tables of any owner: for engines that add their own rows to it. */
export type AnyTx = Pick<Transaction<never>, 'isTransaction'>;
/** A transaction or query handle on the tables of any owner. */
export type AnyQueries = Pick<Kysely<never>, 'isTransaction'>;

/** Columns of equal length, with one entry per row. */
export type RowColumns = Record<string, readonly (string | number | null)[]>;

/** Facts about the installation, stored beside its data. */
export interface DatabaseNotes {
  /** Returns the id of this deployment: created once and stored in the database, so it is the same in every process. */
  instanceId(): Promise<string>;
  /** Returns when control data was recreated while the points were kept, epoch ms; null when never. */
  recreatedAt(): Promise<number | null>;
}

/**
 * The control database: definitions, alerts, users, events, and, where several processes share it, points. Every adapter has the same query
 * layer and migrations. A service gets a handle to its own tables only.
 */
export interface Database<O extends Owner = Owner> {
  readonly dialect: Dialect;
  /** For the compiler only: a handle to one owner's tables can't be passed where all tables are required. */
  readonly owner?: (owner: O) => void;
  /** For reads and single writes. */
  readonly query: Queries<O>;
  readonly notes: DatabaseNotes;
  /** The rows that this process left out of lists because they couldn't be read. */
  readonly unreadable: UnreadableRows;
  /**
   * Runs `work` in one serialisable transaction. Retries when the database reports a conflict, so `work` must have no effect outside the
   * transaction, and must write through its `tx` only: SQLite refuses writes through `query` inside, because they would wait for ever.
   * @throws AppError disk_full, unavailable
   */
  transaction<T>(work: (tx: Tx<O>) => Promise<T>): Promise<T>;
  /**
   * Inserts many rows at once, replacing those with equal `keys`, in one transaction.
   * @param columns up to 50,000 rows; of rows with equal keys the last one is stored
   * @throws AppError payload_too_large past 50,000 rows; disk_full, unavailable
   */
  upsertMany(table: keyof TablesOf<O> & string, columns: RowColumns, keys: readonly string[]): Promise<void>;
  /**
   * Calls `run` after `tx` has committed, and never when it was rolled back. A transaction that was retried calls it once.
   * @throws Error when `tx` did not come from `transaction`
   */
  afterCommit(tx: AnyTx, run: () => void): void;
  /** Sends `text` to the processes that listen on this database now. Does nothing on SQLite, which only one process uses. */
  notify(channel: string, text: string): Promise<void>;
  /** Receives what other processes (never this one) send on `channel`. @returns a function that stops listening */
  listen(channel: string, listener: (text: string) => void): Promise<() => Promise<void>>;
  /**
   * Resolves once everything that other processes sent before this call has been received here.
   * @returns the number of the listening session; notifications sent between two sessions are lost
   * @throws AppError unavailable when there is no listening session
   */
  caughtUp(): Promise<number>;
  /** Returns the disk that holds the database; null when it is on another computer. */
  disk(): Promise<DiskSpace | null>;
  /**
   * Reserves space in the database files, so that people can still sign in and alerts are still stored for a while after the disk is full.
   * Does nothing while there is enough, or when the disk has no space to spare.
   */
  keepReserve(): Promise<void>;
  /** Returns the size on disk for the health report, bytes. */
  size(): Promise<number>;
  /** Finishes running work and closes; safe to call twice. */
  close(): Promise<void>;
}

/** Returns whether a statement failed because a row with the same key exists, on either adapter. */
export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}
