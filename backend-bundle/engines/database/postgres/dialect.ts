import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { slowMs } from '../slow.ts';
import type { Work } from '../work.ts';
import { postgresError } from './errors.ts';

/** The server and pool that every part of the dialect uses. */
interface Place {
  pool: Pool;
  work: Work;
  where: string;
  log: Logger;
}

/** A Kysely dialect over a pool. Unlike Kysely's own, its errors name the server and say what to do. */
export function poolDialect(place: Place): Dialect {
  return {
    createDriver: () => new PoolDriver(place),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

class Session implements DatabaseConnection {
  #client: PoolClient;
  #where: string;
  #log: Logger;
  #end: () => void;
  #broken = false;

  constructor(client: PoolClient, end: () => void, where: string, log: Logger) {
    this.#client = client;
    this.#end = end;
    this.#where = where;
    this.#log = log;
  }

  async executeQuery<R>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    const begun = performance.now();
    try {
      const { rows, rowCount } = await this.#client.query(sql, [...parameters]);
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      throw postgresError(error, this.#where);
    } finally {
      const took = performance.now() - begun;
      if (took > slowMs) this.#log.warn({ ms: Math.round(took), sql }, 'slow statement');
    }
  }

  // biome-ignore lint/correctness/useYield: the interface requires a generator; results are read whole.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streaming is not supported: page by key instead');
  }

  async begin({ isolationLevel }: TransactionSettings): Promise<void> {
    await this.executeQuery({ sql: `begin${isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`}`, parameters: [] });
  }

  async commit(): Promise<void> {
    const { command } = await this.#client.query('commit').catch((error) => {
      throw postgresError(error, this.#where);
    });
    // After a statement failed PostgreSQL answers COMMIT with ROLLBACK, and no error.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  /** A session that can't roll back is discarded. The error that caused the rollback is the one to report. */
  async rollback(): Promise<void> {
    await this.#client.query('rollback').catch(() => {
      this.#broken = true;
    });
  }

  release(): void {
    this.#client.release(this.#broken);
    this.#end();
  }
}

class PoolDriver implements Driver {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<Session> {
    const { pool, work, where, log } = this.#place;
    const end = work.begin();
    try {
      return new Session(await pool.connect(), end, where, log);
    } catch (error) {
      end();
      throw postgresError(error, where);
    }
  }
  beginTransaction(session: Session, settings: TransactionSettings): Promise<void> {
    return session.begin(settings);
  }
  commitTransaction(session: Session): Promise<void> {
    return session.commit();
  }
  rollbackTransaction(session: Session): Promise<void> {
    return session.rollback();
  }
  async releaseConnection(session: Session): Promise<void> {
    session.release();
  }
  async destroy(): Promise<void> {}
}
