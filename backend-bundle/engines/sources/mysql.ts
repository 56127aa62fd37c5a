import mysql, { type PoolConnection, type RowDataPacket } from 'mysql2';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { SourceSettings, WriteAccess } from '#common/contract/sources.ts';
import { cellOf } from './cells.ts';
import { accessMessage, type Failures, failedCheck, failuresOf } from './failures.ts';
import type { SourceConnection, SourceRows } from './port.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'mysql' }>;

const connectTimeoutMs = 5_000;
/** The server ends a statement at its limit; a server that hangs is left this much later, ms. */
const graceMs = 2_000;

/** Privileges with which an account can look at things but change nothing. */
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

/** Reads the answer of SHOW GRANTS. Roles and what is not understood give `unknown`, never a clean bill. */
export function writeAccessOf(grants: readonly string[]): WriteAccess {
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
  // 1969: MariaDB's limit; 3024: MySQL's; 1317: interrupted.
  if (errno === 1969 || errno === 3024 || errno === 1317) return failures.timedOut(timeoutMs);
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

/** Takes rows one by one, so that a result that is too large is given up and never held. */
function stream(connection: PoolConnection, sql: string, values: mysql.ExecuteValues, maxRows: number): Promise<SourceRows | 'too-large'> {
  const { promise, resolve, reject } = Promise.withResolvers<SourceRows | 'too-large'>();
  let columns: string[] = [];
  const rows: SourceRows['rows'] = [];
  connection
    .execute({ sql, rowsAsArray: true }, values)
    .on('fields', (fields: mysql.FieldPacket[]) => {
      columns = fields.map((field) => field.name);
    })
    .on('result', (row: unknown) => {
      if (rows.length === maxRows) resolve('too-large');
      else if (Array.isArray(row)) rows.push(row.map(cellOf));
    })
    .on('error', reject)
    .on('end', () => resolve({ columns, rows }));
  return promise;
}

/** Reads a MySQL or MariaDB database over at most three connections. */
export function openMysql(settings: Settings, name: string, log: Logger): SourceConnection {
  const failures = failuresOf(name, settings.password);
  const pool = mysql.createPool({
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
    timezone: 'Z',
    decimalNumbers: true,
  });

  const connect = () =>
    new Promise<PoolConnection>((resolve, reject) => {
      pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    }).catch((error) => {
      throw failureOf(error, settings, connectTimeoutMs, failures);
    });

  async function limit(connection: PoolConnection, timeoutMs: number): Promise<string> {
    const version = String((await run(connection, 'SELECT version() AS version'))[0]?.['version']);
    await run(
      connection,
      version.includes('MariaDB')
        ? `SET SESSION max_statement_time = ${timeoutMs / 1000}, time_zone = '+00:00'`
        : `SET SESSION max_execution_time = ${Math.ceil(timeoutMs)}, time_zone = '+00:00'`,
    );
    return version;
  }

  /** Runs `work` in a read-only transaction that always ends; a connection in doubt is not used again. */
  async function reading<T>(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    work: (connection: PoolConnection, version: string) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const connection = await connect();
    // A query that fails because the connection is destroyed beneath it has been answered already.
    const onLost = (error: Error) => log.debug({ reason: error.message }, 'a connection was lost');
    connection.on('error', onLost);
    const { promise: interrupted, reject: interrupt } = Promise.withResolvers<never>();
    const onAbort = () => interrupt(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => interrupt(failures.timedOut(timeoutMs)), timeoutMs + graceMs);
    const steps = async () => {
      const version = await limit(connection, timeoutMs);
      await run(connection, 'START TRANSACTION READ ONLY');
      const result = await work(connection, version);
      await run(connection, 'ROLLBACK');
      return result;
    };
    try {
      const stepping = steps();
      stepping.catch(() => {});
      const result = await Promise.race([stepping, interrupted]);
      connection.release();
      return result;
    } catch (error) {
      connection.destroy();
      if (signal?.aborted) throw signal.reason;
      throw error instanceof AppError ? error : failureOf(error, settings, timeoutMs, failures);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      connection.off('error', onLost);
    }
  }

  return {
    async query({ sql, from, to, timeoutMs, maxRows, signal }) {
      const statement = parseStatement(sql, 'mysql');
      const values = statement.order.map((parameter) => mysql.TypedParameter.BIGINT(parameter === 'from' ? from : to));
      return reading(timeoutMs, signal, async (connection) => {
        const result = await stream(connection, statement.text, values, maxRows);
        if (result === 'too-large') throw failures.tooLarge(maxRows);
        return result;
      });
    },

    async check() {
      const startedAt = performance.now();
      try {
        const { version, grants } = await reading(connectTimeoutMs, undefined, async (connection, version) => ({
          version,
          grants: (await run(connection, 'SHOW GRANTS')).flatMap((row) => Object.values(row).map(String)),
        }));
        const writeAccess = writeAccessOf(grants);
        return {
          ok: true,
          latencyMs: Math.round(performance.now() - startedAt),
          serverVersion: version.includes('MariaDB') ? version : `MySQL ${version}`,
          writeAccess,
          message: accessMessage[writeAccess],
          ...(writeAccess === 'can-write' ? { hint: `Use an account with SELECT alone in place of ${settings.username}.` } : {}),
        };
      } catch (error) {
        return failedCheck(error, startedAt);
      }
    },

    close: () => new Promise((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve()))),
  };
}
