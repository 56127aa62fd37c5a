import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { Pool, types } from 'pg';
import type { Logger } from 'pino';
import { CommitHooks } from '../commit.ts';
import { checkSchema, migrate } from '../migrate.ts';
import { notesOf } from '../notes.ts';
import type { AnyTx, Database, DatabaseNotes, Queries, RowColumns, Tx } from '../port.ts';
import { UnreadableRows } from '../stored-json.ts';
import type { Owner, Tables } from '../tables.ts';
import { onConflict, quote, rowCount } from '../upsert.ts';
import { Work } from '../work.ts';
import { poolDialect } from './dialect.ts';
import { checkUrl, placeOf, postgresError, sqlState, wantsRetry } from './errors.ts';
import { PostgresListener } from './listener.ts';
import { joinParts, splitText } from './parts.ts';
import { readLayout, separateSchemas, withSearchPath } from './schemas.ts';

const sessions = 8;
const tries = 8;

/** The driver returns bigint and numeric as text, because they may not fit a number. Ours do: times, counts, and sums of counts. */
const asNumbers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.INT8 || oid === types.builtins.NUMERIC
      ? Number
      : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
};

export interface PostgresLocation {
  /** `postgres://user:password@host:port/name` */
  url: string;
  /** The only service in this process; absent when all services run in it. */
  service?: Owner;
  /** Permanently gives each service its own schema. */
  separate?: boolean;
}

/** The database on a PostgreSQL server, shared by every process of the stack. */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  readonly query: Queries;
  readonly notes: DatabaseNotes;
  readonly unreadable: UnreadableRows;
  #pool: Pool;
  #where: string;
  #hooks = new CommitHooks();
  #work = new Work();
  #listener: PostgresListener;
  #origin = randomUUID();
  #types = new Map<string, Promise<Map<string, string>>>();
  #closing: Promise<void> | null = null;

  private constructor(url: string, log: Logger) {
    const server = { connectionString: url, application_name: 'watchfloor', keepAlive: true, connectionTimeoutMillis: 5_000 };
    this.#where = placeOf(url);
    this.#pool = new Pool({
      ...server,
      max: sessions,
      statement_timeout: 30_000,
      // A process that hangs in a transaction must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      types: asNumbers,
    });
    // Idle sessions report errors here too; a new one is opened when needed.
    this.#pool.on('error', () => undefined);
    // A session that breaks while in use fails its query, where the error is handled; without a listener the event would end the process.
    this.#pool.on('connect', (client) => client.on('error', (error) => log.warn({ err: error }, 'lost a session of the database')));
    this.#listener = new PostgresListener(server, log);
    this.query = new Kysely<Tables>({ dialect: poolDialect({ pool: this.#pool, work: this.#work, where: this.#where, log }) });
    this.notes = notesOf(this.query);
    this.unreadable = new UnreadableRows(this.query, log);
  }

  static async open({ url, service, separate = false }: PostgresLocation, log: Logger): Promise<PostgresDatabase> {
    checkUrl(url);
    const layout = await readLayout(url).catch((error: unknown) => {
      throw postgresError(error, placeOf(url));
    });
    const database = new PostgresDatabase(layout.isSeparate ? withSearchPath(url, layout, service) : url, log);
    try {
      // The account of a single service may not change tables; the account that owns them migrates them.
      if (layout.isSeparate && service !== undefined) await checkSchema(database.query);
      else await migrate(database.query, 'postgres', log);
      if (service === undefined && (layout.isSeparate || separate)) {
        const without = await separateSchemas(database.query);
        if (separate && without.length > 0) log.warn({ roles: without }, 'roles that do not exist were given no rights');
      }
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let begun: Tx | undefined;
    const attempt = () =>
      this.query
        .transaction()
        .setIsolationLevel('serializable')
        .execute((tx) => {
          begun = tx;
          this.#hooks.begin(tx);
          return work(tx);
        });
    const result = await this.#work.during(() => this.#retrying(attempt));
    this.#hooks.committed(begun);
    return result;
  }

  async upsertMany(table: keyof Tables & string, columns: RowColumns, keys: readonly string[]): Promise<void> {
    if (rowCount(columns) > 0) await this.#work.during(() => this.#upsert(table, columns, keys));
  }

  async #upsert(table: keyof Tables & string, columns: RowColumns, keys: readonly string[]): Promise<void> {
    const names = Object.keys(columns);
    const typeOf = await this.#typesOf(table);
    const list = names.map(quote).join(', ');
    const arrays = names.map((name, i) => `$${i + 1}::${typeOf.get(name) ?? 'text'}[]`).join(', ');
    const insert = `insert into ${quote(table)} (${list})`;
    const conflict = onConflict(names, keys);
    const values = Object.values(columns);
    const run = (sql: string) => this.#retrying(() => this.#run(sql, values));
    try {
      await run(`${insert} select * from unnest(${arrays}) ${conflict}`);
    } catch (error) {
      if (sqlState(error) !== '21000') throw error;
      // Two rows have the same key. This is rare, so duplicates are only removed here, keeping the last one.
      const by = keys.map(quote).join(', ');
      await run(`${insert} select distinct on (${by}) ${list}
        from unnest(${arrays}) with ordinality as given (${list}, given_order) order by ${by}, given_order desc ${conflict}`);
    }
  }

  afterCommit(tx: AnyTx, run: () => void): void {
    this.#hooks.add(tx, run);
  }

  async notify(channel: string, text: string): Promise<void> {
    for (const part of splitText(this.#origin, text)) await this.#run('select pg_notify($1, $2)', [channel, part]);
  }

  async listen(channel: string, listener: (text: string) => void): Promise<() => Promise<void>> {
    try {
      return await this.#listener.listen(channel, joinParts(this.#origin, listener));
    } catch (error) {
      throw postgresError(error, this.#where);
    }
  }

  async caughtUp(): Promise<number> {
    try {
      return await this.#listener.caughtUp();
    } catch (error) {
      throw postgresError(error, this.#where);
    }
  }

  async disk(): Promise<null> {
    return null;
  }

  /** This process does not manage the server's disk. */
  async keepReserve(): Promise<void> {}

  async size(): Promise<number> {
    const [row] = await this.#run<{ size: number }>('select pg_database_size(current_database()) as size', []);
    return row?.size ?? 0;
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      // A pool that ends drops the callers that wait for a session.
      await this.#work.finished();
      await Promise.all([this.#listener.close(), this.#pool.end()]);
    })();
    return this.#closing;
  }

  async #run<R>(sql: string, values: readonly unknown[]): Promise<R[]> {
    try {
      const { rows } = await this.#pool.query(sql, [...values]);
      return rows;
    } catch (error) {
      throw postgresError(error, this.#where);
    }
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === tries || !wantsRetry(error)) throw error;
        await sleep(Math.random() * 5 * 2 ** attempt);
      }
    }
  }

  #typesOf(table: string): Promise<Map<string, string>> {
    const known = this.#types.get(table);
    if (known !== undefined) return known;
    const asked = this.#run<{ name: string; type: string }>(
      'select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attnum > 0',
      [table],
    ).then((rows) => new Map(rows.map(({ name, type }) => [name, type])));
    asked.catch(() => this.#types.delete(table));
    this.#types.set(table, asked);
    return asked;
  }
}
