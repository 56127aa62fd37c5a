import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteFile } from './file.ts';
import type { Value } from './protocol.ts';

/** A Kysely dialect over a {@link SqliteFile}. */
export function sqliteDialect(file: SqliteFile): Dialect {
  return {
    createDriver: () => new SqliteDriver(file),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new ManyConnections(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Kysely's own adapter runs one statement at a time, because it assumes one connection; `SqliteFile` has several. */
class ManyConnections extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** One unit of work of Kysely: a single statement, or a transaction, which holds the writer from start to end. */
class Unit implements DatabaseConnection {
  #file: SqliteFile;
  #transaction: { generation: number; release(): void } | null = null;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    const request = { kind: 'run', sql, parameters: parameters as Value[] } as const;
    const answer =
      this.#transaction !== null
        ? await this.#file.write(request, this.#transaction.generation)
        : query.kind === 'SelectQueryNode' || /^\s*select\b/i.test(sql)
          ? await this.#file.read(request)
          : await this.#file.writeAlone(request);
    return { rows: answer.rows as R[], numAffectedRows: BigInt(answer.changes), insertId: BigInt(answer.insertId) };
  }

  // biome-ignore lint/correctness/useYield: the interface requires a generator; SQLite results are read whole.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streaming is not supported: page by key instead');
  }

  async begin(): Promise<void> {
    const release = await this.#file.takeWriter();
    try {
      // IMMEDIATE takes the write lock at once: a transaction that reads first could otherwise fail at its first write.
      await this.#file.write({ kind: 'run', sql: 'begin immediate', parameters: [] });
      this.#transaction = { generation: this.#file.generation, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async rollback(): Promise<void> {
    await this.#file.write({ kind: 'rollback' });
  }

  end(): void {
    this.#transaction?.release();
    this.#transaction = null;
  }
}

class SqliteDriver implements Driver {
  #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<Unit> {
    return new Unit(this.#file);
  }
  async beginTransaction(unit: Unit): Promise<void> {
    await unit.begin();
  }
  async commitTransaction(unit: Unit): Promise<void> {
    await unit.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(unit: Unit): Promise<void> {
    await unit.rollback();
  }
  async releaseConnection(unit: Unit): Promise<void> {
    unit.end();
  }
  async destroy(): Promise<void> {}
}
