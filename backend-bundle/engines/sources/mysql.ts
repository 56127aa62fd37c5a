import type { Duplex } from 'node:stream';
import mysql, { type PoolConnection, type RowDataPacket } from 'mysql2';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { SourceCheck, SourceSettings, WriteAccess } from '#common/contract/sources.ts';
import { LocalClock } from '#common/time/local-clock.ts';
import { checkResult } from './check.ts';
import { type Failures, failuresOf } from './failures.ts';
import { Interruption } from './interruption.ts';
import { meterOf } from './meter.ts';
import { cellOf, columnOf } from './mysql-types.ts';
import type { SourceCell, SourceColumn, SourceConnection, SourceQuery, SourceRows } from './port.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'mysql' }>;

const connectTimeoutMs = 5_000;

/** Privileges that let an account read but not change anything. */
const harmless = new Set([
  'USAGE',
  'SELECT',
  'SHOW VIEW',
  'SHOW DATABASES',
  'PROCESS',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
]);

/** Parses the output of SHOW GRANTS. Roles and unrecognised grants give `unknown`, never `read-only`. */
function writeAccessOf(grants: readonly string[]): WriteAccess {
  let access: WriteAccess = grants.length === 0 ? 'unknown' : 'read-only';
  for (const grant of grants) {
    const list = /^GRANT (.+?) ON /i.exec(grant)?.[1];
    if (list === undefined) access = 'unknown';
    else if (
      list
        .replaceAll(/\([^)]*\)/g, '')
        .split(',')
        .some((privilege) => !harmless.has(privilege.trim().toUpperCase()))
    ) {
      return 'can-write';
    }
  }
  return access;
}

function failureOf(error: unknown, settings: Settings, timeoutMs: number, failures: Failures): AppError {
  const { code = '', errno = 0, sqlState = '', message = String(error) } = error as Partial<mysql.QueryError>;
  const where = `${settings.host}:${settings.port}`;
  // 1969: MariaDB's limit; 3024: MySQL's.
  if (errno === 1969 || errno === 3024) return failures.timedOut(timeoutMs);
  if (errno === 1317 || errno === 1927) {
    return failures.unreachable(
      `${where} ended the query (${message}).`,
      'Someone ended it on the server; it is retried automatically.',
      error,
    );
  }
  if (errno === 1045 || errno === 1698) {
    return failures.unreachable(`${where} refused the sign-in (${message}).`, 'Check username and password.', error);
  }
  if (errno === 1049 || errno === 1044) return failures.unreachable(`${message}.`, 'Check the name of the database and its grants.', error);
  if (errno === 1040 || errno === 1203) {
    return failures.unreachable(`${where} has no free connection (${message}).`, 'Raise max_connections, or end idle sessions.', error);
  }
  if (errno === 1792) return failures.rejected(`${message}.`, 'A loader may only read: write one SELECT.', error);
  if (errno === 1142 || errno === 1143) return failures.rejected(`${message}.`, `Grant SELECT on it to ${settings.username}.`, error);
  if (sqlState !== '' && !sqlState.startsWith('08') && code.startsWith('ER_')) {
    return failures.rejected(`${message}.`, 'Check table and column names; the query runs on MySQL.', error);
  }
  return failures.unreachable(`no answer from ${where} (${message}).`, 'Check host, port and firewall, and that the server runs.', error);
}

function run(connection: PoolConnection, sql: string): Promise<RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

/** Clears what the previous query left in the session: locks, variables, temporary tables. */
function reset(connection: PoolConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.reset((error) => (error ? reject(error) : resolve()));
  });
}

/** The driver does not type its socket. */
function socketOf(connection: PoolConnection): Duplex {
  return (connection as unknown as { stream: Duplex }).stream;
}

/** The result of a statement; `over` is the limit that ended it. */
interface Read {
  columns: SourceColumn[];
  rows: SourceCell[][];
  over: 'rows' | 'bytes' | null;
}

/** Reads rows one by one, so that a result that is too large is abandoned and never held in memory. */
function stream(
  connection: PoolConnection,
  { text, values, offset }: { text: string; values: mysql.ExecuteValues; offset: string },
  limits: { maxRows: number; maxBytes: number },
): Promise<Read> {
  const { promise, resolve, reject } = Promise.withResolvers<Read>();
  const read: Read = { columns: [], rows: [], over: null };
  let ended = false;
  const end = (over: Read['over']) => {
    if (ended) return;
    ended = true;
    meter.stop();
    resolve({ ...read, over });
  };
  const meter = meterOf(socketOf(connection), limits.maxBytes, () => end('bytes'));
  connection
    .execute({ sql: text, rowsAsArray: true }, values)
    .on('fields', (fields: mysql.FieldPacket[]) => {
      read.columns = fields.map(columnOf);
    })
    .on('result', (row: unknown) => {
      if (ended) return;
      if (read.rows.length === limits.maxRows) end('rows');
      else if (Array.isArray(row)) read.rows.push(row.map((value, i) => cellOf(value, read.columns[i] as SourceColumn, offset)));
    })
    .on('error', (error: unknown) => {
      meter.stop();
      reject(error);
    })
    .on('end', () => end(null));
  return promise;
}

/** Global privileges that let SQL read the server's files or end other sessions. */
const powerful = new Set(['ALL PRIVILEGES', 'SUPER', 'FILE', 'CONNECTION ADMIN', 'CONNECTION_ADMIN', 'SYSTEM_USER']);

/** Parses the output of SHOW GRANTS. @returns the powerful privileges of the account */
function powersOf(grants: readonly string[]): string[] {
  return grants.flatMap((grant) => {
    const list = /^GRANT (.+?) ON \*\.\* TO /i.exec(grant)?.[1] ?? '';
    return list
      .split(',')
      .map((privilege) => privilege.trim().toUpperCase())
      .filter((privilege) => powerful.has(privilege));
  });
}

/** Formats an offset in ms as `+05:30`, which MySQL accepts as a session's time zone without time zone tables. */
function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Sets the limits of a session for one query. @returns the server's version */
async function prepare(connection: PoolConnection, timeoutMs: number, offset: string): Promise<string> {
  const version = String((await run(connection, 'SELECT version() AS version'))[0]?.['version']);
  await run(
    connection,
    version.includes('MariaDB')
      ? `SET SESSION max_statement_time = ${timeoutMs / 1000}, time_zone = '${offset}'`
      : `SET SESSION max_execution_time = ${Math.ceil(timeoutMs)}, time_zone = '${offset}'`,
  );
  // A reset session has the server's default character set, in which an emoji may become a question mark.
  await run(connection, 'SET NAMES utf8mb4');
  return version;
}

async function grantsOf(connection: PoolConnection): Promise<string[]> {
  return (await run(connection, 'SHOW GRANTS')).flatMap((row) => Object.values(row).map(String));
}

/** A MySQL or MariaDB source with at most three connections. */
export class MysqlSource implements SourceConnection {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #failures: Failures;
  readonly #pool: mysql.Pool;
  /** Connections whose account has been checked. */
  readonly #trusted = new WeakSet<object>();

  constructor(settings: Settings, name: string, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#failures = failuresOf(name, settings.password);
    this.#pool = mysql.createPool({
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: settings.username,
      password: settings.password,
      ...(settings.tls ? { ssl: { rejectUnauthorized: true } } : {}),
      connectionLimit: 3,
      maxIdle: 3,
      idleTimeout: 30_000,
      connectTimeout: connectTimeoutMs,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      jsonStrings: true,
    });
  }

  async query(query: SourceQuery): Promise<SourceRows> {
    const answer: SourceRows = { source: 'mysql', columns: [], rows: [], cut: false };
    for (const piece of new LocalClock(query.timeZone).pieces(query.from, query.to)) {
      const { columns, rows, over } = await this.#readPiece(query, piece, answer.rows.length);
      answer.columns = columns;
      for (const row of rows) answer.rows.push(row);
      if (over !== null) return { ...answer, cut: true };
    }
    return answer;
  }

  check(): Promise<SourceCheck> {
    return checkResult(() =>
      this.#reading({ timeoutMs: connectTimeoutMs, offset: '+00:00' }, async (connection, version) => {
        await this.#checkPowers(connection);
        return {
          serverVersion: version.includes('MariaDB') ? version : `MySQL ${version}`,
          writeAccess: writeAccessOf(await grantsOf(connection)),
          hint: `Use an account with SELECT alone in place of ${this.#settings.username}.`,
        };
      }),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => this.#pool.end((error) => (error ? reject(error) : resolve())));
  }

  /** Reads one interval in which the session has a single UTC offset. @throws AppError query_too_large unless `past` is `cut` */
  async #readPiece(query: SourceQuery, piece: { from: number; to: number; offsetMs: number }, held: number): Promise<Read> {
    const { timeoutMs, maxBytes, past, signal } = query;
    const maxRows = query.maxRows - held;
    const { text, order } = parseStatement(query.sql, 'mysql');
    const values = order.map((parameter) => mysql.TypedParameter.BIGINT(piece[parameter]));
    const offset = offsetText(piece.offsetMs);
    let cut: Read | null = null;
    try {
      return await this.#reading({ timeoutMs, offset, signal }, async (connection) => {
        await this.#checkPowers(connection);
        const read = await stream(connection, { text, values, offset }, { maxRows, maxBytes });
        if (read.over === null) return read;
        if (past === 'cut' && read.rows.length > 0) cut = read;
        // Thrown in both cases: the connection is still receiving, so it must not be used again.
        throw read.over === 'rows' ? this.#failures.tooLarge(query.maxRows) : this.#failures.tooManyBytes(maxBytes);
      });
    } catch (error) {
      if (cut !== null) return cut;
      throw error;
    }
  }

  /** Runs `work` in a read-only transaction that always ends; a connection in doubt is not used again. */
  async #reading<T>(
    { timeoutMs, offset, signal }: { timeoutMs: number; offset: string; signal?: AbortSignal | undefined },
    work: (connection: PoolConnection, version: string) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const connection = await this.#connect();
    const interruption = new Interruption({ timeoutMs, signal }, this.#failures);
    // A statement whose rows are read one by one does not notice when the connection ends.
    const onLost = (error: Error) => {
      this.#log.debug({ reason: error.message }, 'a connection was lost');
      interruption.interrupt(failureOf(error, this.#settings, timeoutMs, this.#failures));
    };
    connection.on('error', onLost);
    const steps = async () => {
      const version = await prepare(connection, timeoutMs, offset);
      await run(connection, 'START TRANSACTION READ ONLY');
      const result = await work(connection, version);
      await run(connection, 'ROLLBACK');
      await reset(connection);
      return result;
    };
    try {
      const result = await interruption.race(steps());
      connection.off('error', onLost);
      connection.release();
      return result;
    } catch (error) {
      // Destroyed, not ended: otherwise the driver would go on reading what the server sends.
      connection.destroy();
      socketOf(connection).destroy();
      if (signal?.aborted) throw signal.reason;
      throw error instanceof AppError ? error : failureOf(error, this.#settings, timeoutMs, this.#failures);
    } finally {
      interruption.close();
    }
  }

  #connect(): Promise<PoolConnection> {
    return new Promise<PoolConnection>((resolve, reject) => {
      this.#pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    }).catch((error) => {
      throw failureOf(error, this.#settings, connectTimeoutMs, this.#failures);
    });
  }

  /** @throws AppError validation_failed for an account that can do more than a loader may */
  async #checkPowers(connection: PoolConnection): Promise<void> {
    const { allowPowerfulAccount, username } = this.#settings;
    if (allowPowerfulAccount || this.#trusted.has(connection)) return;
    const powers = powersOf(await grantsOf(connection));
    if (powers.length > 0) throw this.#failures.tooPowerful(username, `has ${powers.join(', ')} on the whole server`);
    this.#trusted.add(connection);
  }
}
