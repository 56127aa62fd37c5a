import pg from 'pg';
import type { Logger } from 'pino';
import type { AppError } from '#common/contract/errors.ts';
import type { SourceSettings } from '#common/contract/sources.ts';
import { cellOf } from './cells.ts';
import { accessMessage, type Failures, failedCheck, failuresOf } from './failures.ts';
import type { SourceConnection } from './port.ts';
import { parseStatement } from './statement.ts';

type Settings = Extract<SourceSettings, { kind: 'postgresql' }>;

const connectTimeoutMs = 5_000;
/** The server ends a statement at its limit; a server that hangs is left this much later, ms. */
const graceMs = 2_000;

const oid = { int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, numeric: 1700, date: 1082, timestamp: 1114, timestamptz: 1184 };
const numbers = new Set([oid.int8, oid.int2, oid.int4, oid.float4, oid.float8, oid.numeric]);
const times = new Set([oid.date, oid.timestamp, oid.timestamptz]);

/** Reads a time as the session prints it (ISO, UTC); what has no epoch ms, as `infinity`, stays text. */
function epochOf(text: string): number | string {
  const iso = text.replace(' ', 'T').replace(/\+00$/, '');
  const at = Date.parse(iso.includes('T') ? `${iso}Z` : iso);
  return Number.isNaN(at) ? text : at;
}

const parsers = {
  getTypeParser: (type: number) => (text: string) => {
    if (numbers.has(type)) return cellOf(Number(text));
    return times.has(type) ? epochOf(text) : text;
  },
};

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
  if (code === '25006') return failures.rejected(`${message}.`, 'A loader may only read: write one SELECT.', error);
  if (code === '42501') return failures.rejected(`${message}.`, `Grant SELECT on it to ${settings.username}.`, error);
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|58|XX)/.test(code)) {
    return failures.rejected(`${message}.`, 'Check table and column names; the query runs on PostgreSQL.', error);
  }
  return failures.unreachable(`no answer from ${where} (${message}).`, 'Check host, port and firewall, and that the server runs.', error);
}

/** Reads a PostgreSQL database over at most three connections. */
export function openPostgresql(settings: Settings, name: string, log: Logger): SourceConnection {
  const failures = failuresOf(name, settings.password);
  const pool = new pg.Pool({
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
  pool.on('error', (error) => log.debug({ reason: error.message }, 'an idle connection was lost'));

  /** Runs `work` in a read-only transaction that always ends; a connection in doubt is not used again. */
  async function reading<T>(timeoutMs: number, signal: AbortSignal | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw failureOf(error, settings, connectTimeoutMs, failures);
    }
    let dropped = false;
    const drop = () => {
      if (!dropped) client.release(true);
      dropped = true;
    };
    const { promise: interrupted, reject: interrupt } = Promise.withResolvers<never>();
    const onAbort = () => interrupt(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => interrupt(failures.timedOut(timeoutMs)), timeoutMs + graceMs);
    const steps = async () => {
      await client.query(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`,
      );
      const result = await work(client);
      await client.query('ROLLBACK');
      return result;
    };
    try {
      const stepping = steps();
      stepping.catch(() => {});
      return await Promise.race([stepping, interrupted]);
    } catch (error) {
      if (error instanceof Error && error.name === 'AppError') {
        drop();
        throw error;
      }
      if (signal?.aborted) {
        drop();
        throw signal.reason;
      }
      // Ended by the server with an error: the connection is sound once rolled back.
      await client.query('ROLLBACK').catch(drop);
      throw failureOf(error, settings, timeoutMs, failures);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (!dropped) client.release();
    }
  }

  return {
    async query({ sql, from, to, timeoutMs, maxRows, signal }) {
      const { text } = parseStatement(sql, 'postgresql');
      const result = await reading(timeoutMs, signal, async (client) => {
        // A cursor takes queries only, and gives no more rows than are asked for.
        await client.query({ text: `DECLARE watchfloor NO SCROLL CURSOR FOR ${text}`, values: [from, to] });
        return client.query<(string | number | null)[]>({
          text: `FETCH ${maxRows + 1} FROM watchfloor`,
          rowMode: 'array',
          types: parsers,
        });
      });
      if (result.rows.length > maxRows) throw failures.tooLarge(maxRows);
      return { columns: result.fields.map((field) => field.name), rows: result.rows };
    },

    async check() {
      const startedAt = performance.now();
      try {
        const { rows } = await reading(connectTimeoutMs, undefined, (client) =>
          client.query<{ version: string; can_write: boolean }>(canWrite),
        );
        const writeAccess = rows[0]?.can_write === false ? 'read-only' : 'can-write';
        return {
          ok: true,
          latencyMs: Math.round(performance.now() - startedAt),
          serverVersion: `PostgreSQL ${rows[0]?.version}`,
          writeAccess,
          message: accessMessage[writeAccess],
          ...(writeAccess === 'can-write' ? { hint: `Use an account with SELECT alone in place of ${settings.username}.` } : {}),
        };
      } catch (error) {
        return failedCheck(error, startedAt);
      }
    },

    close: () => pool.end(),
  };
}
