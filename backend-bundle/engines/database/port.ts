import type { Kysely, Transaction } from 'kysely';
import type { DiskSpace } from '../disk.ts';
import type { UnreadableRows } from './stored-json.ts';
import type { Owner, TablesOf } from './tables.ts';

export type Dialect = 'sqlite' | 'postgres';
/** Reads and single writes on the tables of one owner. Naming a table of another does not compile. */
export type Queries<O extends Owner = Owner> = Kysely<TablesOf<O>>;
/** A transaction on the tables of one owner. */
export type Tx<O extends Owner = Owner> = Transaction<TablesOf<O>>;
/** A transaction, whosever tables it may name: for engines that add rows of their own to it. */
export type AnyTx = Pick<Transaction<never>, 'isTransaction'>;
/** The same, or a handle without a transaction. */
export type AnyQueries = Pick<Kysely<never>, 'isTransaction'>;

/** Columns of equal length, one entry a row. */
export type RowColumns = Record<string, readonly (string | number | null)[]>;

/** Facts about the installation, stored beside its data. */
export interface DatabaseNotes {
  /** The name of this deployment: made once, kept in its database, the same from every process. */
  instanceId(): Promise<string>;
  /** When control data was begun anew beside points that were kept, epoch ms; null when never. */
  startedAnewAt(): Promise<number | null>;
}

/**
 * The control database: definitions, alerts, users, events; and points, where several processes share it. One query layer
 * and one set of migrations over every adapter. A service is given the database of its own tables alone.
 */
export interface Database<O extends Owner = Owner> {
  readonly dialect: Dialect;
  /** For the compiler alone: what asks for the tables of all is not satisfied with those of one. */
  readonly owner?: (owner: O) => void;
  /** For reads and single writes. */
  readonly query: Queries<O>;
  readonly notes: DatabaseNotes;
  /** What lists of this process left out. */
  readonly unreadable: UnreadableRows;
  /**
   * Runs `work` in one serialisable unit: all of it or nothing. Retries by itself when the engine asks for it, so `work` must have
   * no effect outside the transaction, and must write through its `tx` alone: SQLite refuses `query` writes inside, which would wait for ever.
   * @throws AppError disk_full, unavailable
   */
  transaction<T>(work: (tx: Tx<O>) => Promise<T>): Promise<T>;
  /**
   * Inserts many rows at once, replacing those with equal `keys`, in one transaction.
   * @param columns rows by column, up to 50,000 rows; of rows with equal keys the last one stays
   * @throws AppError payload_too_large past 50,000 rows; disk_full, unavailable
   */
  upsertMany(table: keyof TablesOf<O> & string, columns: RowColumns, keys: readonly string[]): Promise<void>;
  /**
   * Calls `run` once `tx` has committed; never when it was rolled back. A transaction that was tried again counts once.
   * @throws Error when `tx` did not come from `transaction`
   */
  afterCommit(tx: AnyTx, run: () => void): void;
  /** Says `text` to the other processes on this database that listen now; lost on the rest. SQLite has no others to tell. */
  notify(channel: string, text: string): Promise<void>;
  /** Hears what other processes (never this one) say on `channel`. @returns what ends it */
  listen(channel: string, listener: (text: string) => void): Promise<() => Promise<void>>;
  /**
   * Resolves once everything that other processes said before this call has been heard here.
   * @returns the number of the session that listens; what was said between two sessions is lost
   * @throws AppError unavailable when nobody listens now
   */
  caughtUp(): Promise<number>;
  /** The disk it is on; null where that is not this computer's. */
  disk(): Promise<DiskSpace | null>;
  /**
   * Keeps room within its own files, so that people can sign in and alerts are stored for a good while after the disk is full. Does nothing
   * while there is enough, and where the disk has no room to spare.
   */
  keepReserve(): Promise<void>;
  /** Bytes on disk, for the health report. */
  size(): Promise<number>;
  /** Finishes what was begun and closes; safe to call twice. */
  close(): Promise<void>;
}

/** Whether a statement failed because a row with the same key exists, on either adapter. */
export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}
