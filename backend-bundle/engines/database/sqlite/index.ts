import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { DiskSpace } from '../../disk.ts';
import { CommitHooks } from '../commit.ts';
import { migrate } from '../migrate.ts';
import { notesOf } from '../notes.ts';
import type { AnyTx, Database, DatabaseNotes, Queries, RowColumns, Tx } from '../port.ts';
import { UnreadableRows } from '../stored-json.ts';
import type { Tables } from '../tables.ts';
import { onConflict, quote, rowCount } from '../upsert.ts';
import { Work } from '../work.ts';
import { sqliteDialect } from './dialect.ts';
import { SqliteFile } from './file.ts';
import type { BoundColumn } from './protocol.ts';

/** The control database in a SQLite file that only this process uses. */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  readonly query: Queries;
  readonly notes: DatabaseNotes;
  readonly unreadable: UnreadableRows;
  #file: SqliteFile;
  #hooks = new CommitHooks();
  #work = new Work();
  #closing: Promise<void> | null = null;

  private constructor(file: SqliteFile, log: Logger) {
    this.#file = file;
    this.query = new Kysely<Tables>({ dialect: sqliteDialect(file) });
    this.notes = notesOf(this.query);
    this.unreadable = new UnreadableRows(this.query, log);
  }

  static async open(path: string, log: Logger): Promise<SqliteDatabase> {
    const database = new SqliteDatabase(await SqliteFile.open(path, log), log);
    try {
      await migrate(database.query, 'sqlite', log);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let begun: Tx | undefined;
    const attempt = () =>
      this.query.transaction().execute((tx) => {
        begun = tx;
        this.#hooks.begin(tx);
        return this.#file.inside(() => work(tx));
      });
    const result = await this.#work.during(attempt);
    this.#hooks.committed(begun);
    return result;
  }

  async upsertMany(table: keyof Tables & string, columns: RowColumns, keys: readonly string[]): Promise<void> {
    const rows = rowCount(columns);
    if (rows === 0) return;
    const names = Object.keys(columns);
    const sql = `insert into ${quote(table)} (${names.map(quote).join(', ')}) values (${names.map(() => '?').join(', ')}) ${onConflict(names, keys)}`;
    const packed = Object.values(columns).map(pack);
    const move = packed.flatMap((column) => (column instanceof Float64Array ? [column.buffer as ArrayBuffer] : []));
    await this.#work.during(() => this.#file.writeAlone({ kind: 'each', sql, columns: packed, rows }, move));
  }

  afterCommit(tx: AnyTx, run: () => void): void {
    this.#hooks.add(tx, run);
  }

  /** One process owns the file, so no other can be notified. */
  async notify(): Promise<void> {}

  async listen(): Promise<() => Promise<void>> {
    return async () => undefined;
  }

  async caughtUp(): Promise<number> {
    return 0;
  }

  disk(): Promise<DiskSpace> {
    return this.#file.disk();
  }

  keepReserve(): Promise<void> {
    return this.#work.during(() => this.#file.keepReserve());
  }

  size(): Promise<number> {
    return this.#file.size();
  }

  close(): Promise<void> {
    this.#closing ??= this.#work.finished().then(() => this.#file.close());
    return this.#closing;
  }
}

function pack(column: readonly (string | number | null)[]): BoundColumn {
  return column.every((value) => typeof value === 'number') ? Float64Array.from(column) : column;
}
