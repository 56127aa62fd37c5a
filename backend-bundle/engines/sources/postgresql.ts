import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { SourceCheck, SourceSettings } from '#common/contract/sources.ts';
import { checkResult } from './check.ts';
import { type Failures, failuresOf } from './failures.ts';
import { Interruption } from './interruption.ts';
import { type Meter, meterOf } from './meter.ts';
import type { SourceCell, SourceConnection, SourceQuery, SourceRows } from './port.ts';
import { columnsOf, exactTypes } from './postgresql-types.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'postgresql' }>;

const connectTimeoutMs = 5_000;

/** Number of rows of the first fetch, and target size of later ones, bytes. */
const firstFetch = { refuse: 200, cut: 1 };
const fetchBytes = 4_194_304;
const maxRowsPerFetch = 10_000;

/**
 * Returns the session settings for one query. Settings of the server, database or account must not change how values are written: fewer
 * digits of a float, another order of day and month.
 */
function settingsOf({ timeoutMs, timeZone }: { timeoutMs: number; timeZone: string }): string {
  const set: Record<string, string> = {
    statement_timeout: String(Math.ceil(timeoutMs)),
    TimeZone: timeZone,
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    bytea_output: 'hex',
    client_encoding: 'UTF8',
  };
  return Object.entries(set)
    .map(([name, value]) => `SET LOCAL ${name} = ${pg.escapeLiteral(value)}`)
    .join('; ');
}

/** Roles and functions that let SQL read the server's files, run programs on it or end other sessions. */
const powers = `
  SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS superuser,
    ARRAY(
      SELECT rolname::text FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER') AND rolname <> session_user AND (rolsuper OR rolname IN (
        'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend')) ORDER BY 1
    ) AS roles,
    ARRAY(
      SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'lo_import', 'lo_export')
        AND has_function_privilege(session_user, oid, 'EXECUTE') ORDER BY 1
    ) AS functions`;

const canWrite = `
  SELECT current_setting('server_version') AS version,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    OR has_database_privilege(current_database(), 'CREATE')
    OR EXISTS (SELECT FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND has_schema_privilege(oid, 'CREATE'))
    OR EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
    ) AS can_write`;

function failureOf(error: unknown, settings: Settings, timeoutMs: number, failures: Failures): AppError {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const where = `${settings.host}:${settings.port}`;
  if (code === '57014') return failures.timedOut(timeoutMs);
  if (code.startsWith('28')) {
    return failures.unreachable(
      `${where} refused the sign-in (${message}).`,
      'Check username and password, and pg_hba.conf on the server.',
      error,
    );
  }
  if (code === '3D000') return failures.unreachable(`${message}.`, 'Check the name of the database.', error);
  if (code === '53300') {
    return failures.unreachable(`${where} has no free connection (${message}).`, 'Raise max_connections, or end idle sessions.', error);
  }
  if (code === '22023' && message.includes('TimeZone')) {
    return failures.unreachable(`${message}.`, 'The server does not know the time zone of this loader; choose another name for it.', error);
  }
  if (code === '25006') return failures.rejected(`${message}.`, 'A loader may only read: write one SELECT.', error);
  if (code === '42501') return failures.rejected(`${message}.`, `Grant SELECT on it to ${settings.username}.`, error);
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|58|XX)/.test(code)) {
    return failures.rejected(`${message}.`, 'Check table and column names; the query runs on PostgreSQL.', error);
  }
  return failures.unreachable(`no answer from ${where} (${message}).`, 'Check host, port and firewall, and that the server runs.', error);
}

/** Clears what a query left in the session: locks, settings, temporary tables. */
async function clear(client: pg.PoolClient): Promise<void> {
  await client.query('ROLLBACK');
  await client.query('DISCARD ALL');
}

/** The driver does not type its connection, which holds the socket. */
function socketOf(client: pg.PoolClient): Duplex {
  return (client as unknown as { connection: { stream: Duplex } }).connection.stream;
}

/** A PostgreSQL source with at most three connections. */
export class PostgresqlSource implements SourceConnection {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #failures: Failures;
  readonly #pool: pg.Pool;
  /** Connections whose account has been checked. */
  readonly #trusted = new WeakSet<pg.PoolClient>();
  readonly #typeNames = new Map<number, string>();

  constructor(settings: Settings, name: string, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#failures = failuresOf(name, settings.password);
    this.#pool = new pg.Pool({
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: settings.username,
      password: settings.password,
      ssl: settings.tls,
      max: 3,
      connectionTimeoutMillis: connectTimeoutMs,
      idleTimeoutMillis: 30_000,
      application_name: 'watchfloor',
      allowExitOnIdle: true,
    });
    this.#pool.on('error', (error) => log.debug({ reason: error.message }, 'an idle connection was lost'));
  }

  async query(query: SourceQuery): Promise<SourceRows> {
    const answer: SourceRows = { source: 'postgresql', columns: [], rows: [], cut: false };
    parseStatement(query.sql, 'postgresql');
    try {
      await this.#reading(query, async (client, interrupt) => {
        const meter = meterOf(socketOf(client), query.maxBytes, () => interrupt(this.#failures.tooManyBytes(query.maxBytes)));
        try {
          await this.#fetchAll(client, answer, query, meter);
        } finally {
          meter.stop();
        }
      });
    } catch (error) {
      const isPastLimit = error instanceof AppError && error.code === 'query_too_large';
      if (!isPastLimit || query.past === 'refuse' || answer.rows.length === 0) throw error;
      answer.cut = true;
    }
    return answer;
  }

  check(): Promise<SourceCheck> {
    return checkResult(async () => {
      const { rows } = await this.#reading({ timeoutMs: connectTimeoutMs, timeZone: 'UTC' }, (client) =>
        client.query<{ version: string; can_write: boolean }>(canWrite),
      );
      return {
        serverVersion: `PostgreSQL ${rows[0]?.version}`,
        writeAccess: rows[0]?.can_write === false ? 'read-only' : 'can-write',
        hint: `Use an account with SELECT alone in place of ${this.#settings.username}.`,
      };
    });
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** Runs `work` in a read-only transaction that always ends; a connection in doubt is not used again. */
  async #reading<T>(
    { timeoutMs, timeZone, signal }: { timeoutMs: number; timeZone: string; signal?: AbortSignal | undefined },
    work: (client: pg.PoolClient, interrupt: (error: AppError) => void) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const client = await this.#connect();
    // A broken connection has already failed its query; without a listener the event would end the process.
    const onLost = (error: Error) => this.#log.debug({ reason: error.message }, 'a connection was lost');
    client.on('error', onLost);
    let dropped = false;
    const drop = () => {
      if (!dropped) client.release(true);
      dropped = true;
    };
    const interruption = new Interruption({ timeoutMs, signal }, this.#failures);
    const steps = async () => {
      await client.query(`BEGIN READ ONLY; ${settingsOf({ timeoutMs, timeZone })}`);
      await this.#checkPowers(client);
      return work(client, (error) => interruption.interrupt(error));
    };
    try {
      const result = await interruption.race(steps());
      await interruption.race(clear(client)).catch(drop);
      return result;
    } catch (error) {
      if (error instanceof AppError) {
        drop();
        throw error;
      }
      if (signal?.aborted) {
        drop();
        throw signal.reason;
      }
      // The server ended the statement with an error: the connection can be used again after it is cleared.
      await clear(client).catch(drop);
      throw failureOf(error, this.#settings, timeoutMs, this.#failures);
    } finally {
      interruption.close();
      if (!dropped) {
        client.off('error', onLost);
        client.release();
      }
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw failureOf(error, this.#settings, connectTimeoutMs, this.#failures);
    }
  }

  /** @throws AppError validation_failed for an account that can do more than a loader may */
  async #checkPowers(client: pg.PoolClient): Promise<void> {
    const { allowPowerfulAccount, username } = this.#settings;
    if (allowPowerfulAccount || this.#trusted.has(client)) return;
    const { rows } = await client.query<{ superuser: boolean; roles: string[]; functions: string[] }>(powers);
    const { superuser = true, roles = [], functions = [] } = rows[0] ?? {};
    if (superuser) throw this.#failures.tooPowerful(username, 'is a superuser');
    if (roles.length > 0) throw this.#failures.tooPowerful(username, `is a member of ${roles.join(', ')}`);
    if (functions.length > 0) throw this.#failures.tooPowerful(username, `may call ${functions.join(', ')}`);
    this.#trusted.add(client);
  }

  /**
   * Reads rows from a cursor, which accepts only queries and returns no more rows than requested, so that a result that is too large is
   * abandoned and never held in memory. Rows read so far are in `answer`, even if this throws.
   */
  async #fetchAll(client: pg.PoolClient, answer: SourceRows, query: SourceQuery, meter: Meter): Promise<void> {
    const { sql, from, to, maxRows, maxBytes, past } = query;
    const { text } = parseStatement(sql, 'postgresql');
    await client.query({ text: `DECLARE watchfloor NO SCROLL CURSOR FOR ${text}`, values: [from, to] });
    for (let size = firstFetch[past]; ; ) {
      const wanted = Math.min(size, maxRows + 1 - answer.rows.length);
      const { fields, rows } = await client.query<SourceCell[]>({
        text: `FETCH ${wanted} FROM watchfloor`,
        rowMode: 'array',
        types: exactTypes,
      });
      if (answer.columns.length === 0) answer.columns = await columnsOf(client, fields, this.#typeNames);
      const room = maxRows - answer.rows.length;
      for (const row of rows.slice(0, room)) answer.rows.push(row);
      if (rows.length > room) throw this.#failures.tooLarge(maxRows);
      if (rows.length < wanted) return;
      if (meter.bytes > maxBytes) throw this.#failures.tooManyBytes(maxBytes);
      const aRow = Math.max(1, meter.bytes / Math.max(1, answer.rows.length));
      size = Math.max(1, Math.min(size * 4, maxRowsPerFetch, Math.floor(fetchBytes / aRow)));
    }
  }
}
