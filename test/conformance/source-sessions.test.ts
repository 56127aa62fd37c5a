/** Tests of a source's session: time zones, bytes, accounts, passwords, broken connections. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSources } from '#backend/engines/sources/open.ts';
import type { SourceConnection, SourceQuery } from '#backend/engines/sources/port.ts';
import { preview } from '#backend/services/loaders/preview.ts';
import { mapRows } from '#backend/services/loaders/rows.ts';
import { type SourceKind, sourceSettings } from '#common/contract/sources.ts';
import { startMariadb, withoutMariadb } from '../support/mariadb.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';

const sources = openSources(pino({ level: 'silent' }));
const hour = 3_600_000;
/** Characters that break parsers of URLs, shells and SQL. */
const oddPassword = 'p@ss:w/rd#1?%25&[x] "\'\\ ü€ 🔑 ';

interface Server {
  /** Opens the database `plant` as one of its accounts: `reader`, `odd` (an odd password and name), or a powerful one. */
  open(account: string, more?: Record<string, unknown>): SourceConnection;
  admin(statement: string): Promise<void>;
  oddName: string;
  powerful: readonly [account: string, named: string][];
  /** Leaves a lock on the session, and asks whether it is held. */
  takeLock: string;
  lockHeld: string;
  /** A query that returns its connection's id and runs for two seconds, and the statement that ends that connection. */
  slow: string;
  endSessions(): Promise<void>;
  setPassword(account: string, password: string): Promise<void>;
  /** Returns a query for `count` rows of `bytes` bytes. */
  wide(count: number, bytes: number): string;
  /** Rows of a column without a zone, filtered by the window as people write it. */
  localRows: string;
  /** Returns a query on a column without a zone, with one row at the local time of an offset, filtered as people write it. */
  clock(offsetHours: number): Promise<string>;
  close(): Promise<void>;
}

async function postgresqlServer(): Promise<Server> {
  const server = await startPostgres({ auth: 'scram-sha-256' });
  const url = await server.database('plant');
  const admin = async (statement: string) => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const quoted = pg.escapeLiteral(oddPassword);
  const oddName = 'od"d us€r/@:';
  await admin(`
    CREATE TABLE local (at timestamp, v int);
    INSERT INTO local SELECT timestamp '2025-11-01 12:00' + i * interval '1 hour', i FROM generate_series(0, 47) i;
    CREATE ROLE reader LOGIN PASSWORD 'reader' ; GRANT SELECT ON local TO reader;
    CREATE ROLE ${pg.escapeIdentifier(oddName)} LOGIN PASSWORD ${quoted};
    CREATE ROLE files LOGIN PASSWORD 'files'; GRANT pg_read_server_files TO files;
    CREATE ROLE signals LOGIN PASSWORD 'signals' NOINHERIT; GRANT pg_signal_backend TO signals;
    CREATE ROLE boss LOGIN PASSWORD 'boss' SUPERUSER;
    CREATE ROLE deputy LOGIN PASSWORD 'deputy' NOINHERIT; GRANT boss TO deputy;
    CREATE ROLE caller LOGIN PASSWORD 'caller'; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO caller;`);
  const base = { kind: 'postgresql', host: new URL(url).searchParams.get('host'), port: 5432, database: 'plant' };
  return {
    open: (username, more) =>
      sources.open(sourceSettings.parse({ ...base, username, password: username === oddName ? oddPassword : username, ...more }), 'Plant'),
    admin,
    oddName,
    powerful: [
      ['boss', 'boss is a superuser'],
      ['deputy', 'deputy is a member of boss'],
      ['files', 'files is a member of pg_read_server_files'],
      ['signals', 'signals is a member of pg_signal_backend'],
      ['caller', 'caller may call pg_read_file'],
    ],
    takeLock: "SELECT pg_advisory_lock(7)::text, set_config('watchfloor.mark', 'left', false) WHERE :from < :to",
    lockHeld:
      "SELECT (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'), current_setting('watchfloor.mark', true) WHERE :from < :to",
    slow: 'SELECT pg_sleep(2)::text, 1 WHERE :from < :to',
    endSessions: () => admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watchfloor'"),
    setPassword: (account, password) => admin(`ALTER ROLE ${account} PASSWORD '${password}'`),
    wide: (count, bytes) => `SELECT i AS n, repeat('x', ${bytes}) AS wide FROM generate_series(1, ${count}) i WHERE :from < :to`,
    localRows: `SELECT at AS timestamp, 'a' AS segment, v AS value FROM local
      WHERE at >= to_timestamp(:from / 1000.0) AND at < to_timestamp(:to / 1000.0) ORDER BY at`,
    async clock(offsetHours) {
      await admin(`DROP TABLE IF EXISTS clock; CREATE TABLE clock (at timestamp); GRANT SELECT ON clock TO reader;
        INSERT INTO clock VALUES (now() AT TIME ZONE 'UTC' + interval '${offsetHours} hours' - interval '1 second')`);
      return `SELECT at AS timestamp, 'a' AS segment, 1 AS value FROM clock
        WHERE at >= to_timestamp(:from / 1000.0) AND at < to_timestamp(:to / 1000.0)`;
    },
    close: () => server.close(),
  };
}

async function mysqlServer(): Promise<Server> {
  const server = await startMariadb();
  const oddName = "od'd us€r/@:";
  const quote = (text: string) => mysql.escape(text);
  await server.admin(['CREATE DATABASE plant']);
  await server.admin(
    [
      'CREATE TABLE local (at datetime, v int)',
      "INSERT INTO local SELECT '2025-11-01 12:00' + INTERVAL seq HOUR, seq FROM seq_0_to_47",
      ...['reader', 'files', 'boss', 'admin2'].map((name) => `CREATE USER ${name}@'%' IDENTIFIED BY '${name}'`),
      `CREATE USER ${quote(oddName)}@'%' IDENTIFIED BY ${quote(oddPassword)}`,
      `GRANT SELECT ON plant.* TO reader, files, boss, admin2, ${quote(oddName)}`,
      "GRANT FILE ON *.* TO files@'%'",
      "GRANT ALL ON *.* TO boss@'%'",
      "GRANT CONNECTION ADMIN ON *.* TO admin2@'%'",
    ],
    'plant',
  );
  const base = { kind: 'mysql', host: server.host, port: server.port, database: 'plant' };
  const admin = (statement: string) => server.admin([statement], 'plant');
  return {
    open: (username, more) =>
      sources.open(sourceSettings.parse({ ...base, username, password: username === oddName ? oddPassword : username, ...more }), 'Plant'),
    admin,
    oddName,
    powerful: [
      ['files', 'files has FILE on the whole server'],
      ['boss', 'boss has ALL PRIVILEGES on the whole server'],
      ['admin2', 'admin2 has CONNECTION ADMIN on the whole server'],
    ],
    takeLock: "SELECT get_lock('w', 1), @mark := 'left' WHERE :from < :to",
    lockHeld: "SELECT is_free_lock('w') = 0, @mark WHERE :from < :to",
    slow: 'SELECT sleep(2), 1 WHERE :from < :to',
    async endSessions() {
      const connection = await mysql.createConnection({ host: server.host, port: server.port, user: 'boss', password: 'boss' });
      const [rows] = await connection.query<mysql.RowDataPacket[]>(
        "SELECT id FROM information_schema.processlist WHERE user <> 'boss' AND db = 'plant'",
      );
      for (const { id } of rows) await connection.query(`KILL ${Number(id)}`).catch(() => {});
      await connection.end();
    },
    setPassword: (account, password) => admin(`ALTER USER ${account}@'%' IDENTIFIED BY '${password}'`),
    wide: (count, bytes) => `SELECT seq AS n, repeat('x', ${bytes}) AS wide FROM seq_1_to_${count} WHERE :from < :to`,
    localRows: `SELECT at AS timestamp, 'a' AS segment, v AS value FROM local
      WHERE at >= FROM_UNIXTIME(:from / 1000) AND at < FROM_UNIXTIME(:to / 1000) ORDER BY at`,
    async clock(offsetHours) {
      await server.admin(
        [
          'CREATE OR REPLACE TABLE clock (at datetime)',
          `INSERT INTO clock VALUES (UTC_TIMESTAMP() + INTERVAL ${offsetHours * 3600 - 1} SECOND)`,
        ],
        'plant',
      );
      return `SELECT at AS timestamp, 'a' AS segment, 1 AS value FROM clock
        WHERE at >= FROM_UNIXTIME(:from / 1000) AND at < FROM_UNIXTIME(:to / 1000)`;
    },
    close: () => server.close(),
  };
}

const servers: { kind: SourceKind; missing: string | null; start: () => Promise<Server> }[] = [
  { kind: 'postgresql', missing: withoutPostgres(), start: postgresqlServer },
  { kind: 'mysql', missing: withoutMariadb(), start: mysqlServer },
];

const query = { from: 0, to: 1, timeZone: 'UTC', timeoutMs: 10_000, maxRows: 20_000, maxBytes: 8_388_608, past: 'refuse' } as const;

describe.each(servers)('sessions of $kind', ({ missing, start }) => {
  if (missing !== null) return it.skip(missing);
  let server: Server;
  const opened: SourceConnection[] = [];
  const open = (account = 'reader', more: Record<string, unknown> = {}) => {
    const connection = server.open(account, more);
    opened.push(connection);
    return connection;
  };
  const ask = (connection: SourceConnection, sql: string, more: Partial<SourceQuery> = {}) => connection.query({ ...query, sql, ...more });
  beforeAll(async () => {
    server = await start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.close()));
  });
  afterAll(() => server.close());

  it('read columns without a zone in the chosen zone, each hour once, also when the clocks go back', async () => {
    const timeZone = 'America/New_York';
    // Local times from 1 November 12:00 on, with an hour that is there twice on the 2nd: only its first is in the table.
    const from = Date.parse('2025-11-01T16:00:00Z');
    const rows = await ask(open(), server.localRows, { from, to: from + 49 * hour, timeZone });
    const { signals, rejected, isZoneless } = mapRows(rows, { timeZone, now: Date.parse('2026-01-01T00:00:00Z') });
    expect([rejected, isZoneless]).toEqual([0, true]);
    const times = new Map(signals.t.map((t, i) => [signals.sum[i], new Date(t).toISOString()]));
    expect(times.size).toBe(48);
    expect(times.get(0)).toBe('2025-11-01T16:00:00.000Z');
    expect(times.get(13)).toBe('2025-11-02T05:00:00.000Z');
    expect(times.get(14)).toBe('2025-11-02T07:00:00.000Z');
    expect(times.get(47)).toBe('2025-11-03T16:00:00.000Z');
    const utc = await ask(open(), server.localRows, { from: Date.parse('2025-11-01T12:00:00Z'), to: Date.parse('2025-11-01T14:00:00Z') });
    expect(mapRows(utc, { timeZone: 'UTC', now: Date.now() }).signals.t).toEqual([12, 13].map((h) => Date.UTC(2025, 10, 1, h)));
  });

  it('report in a preview that a column has no zone, and how far off its newest row is', async () => {
    const signal = AbortSignal.timeout(30_000);
    const connection = open();
    const zoneOf = async (sql: string, timeZone: string) => {
      const { problems } = await preview(connection, { sql, timeZone, now: Date.now(), signal });
      return problems.map(({ message }) => message);
    };
    const unfit = 'The query returned no rows for the last hour.';
    const ahead = await server.clock(5.5);
    expect(await zoneOf(ahead, 'UTC')).toEqual([
      unfit,
      '"timestamp" has no time zone; it is read as UTC. The newest row is 5 h 30 min ahead of now.',
    ]);
    expect(await zoneOf(ahead, 'Asia/Kolkata')).toEqual(['"timestamp" has no time zone; it is read as Asia/Kolkata.']);
    const behind = await server.clock(-9);
    expect(await zoneOf(behind, 'UTC')).toEqual([
      unfit,
      '"timestamp" has no time zone; it is read as UTC. The newest row is 9 h behind now.',
    ]);
  });

  it('refuse too many bytes, whatever the number of rows, and work afterwards', async () => {
    const connection = open();
    await expect(ask(connection, server.wide(19_000, 100_000))).rejects.toMatchObject({
      code: 'query_too_large',
      message: 'Source "Plant" has more than 8 MB of rows in this window.',
    });
    expect((await ask(connection, server.wide(50, 100_000))).rows).toHaveLength(50);
    // One cell that is larger than everything may be.
    await expect(ask(connection, server.wide(1, 15_000_000))).rejects.toMatchObject({ code: 'query_too_large' });
    expect((await ask(connection, server.wide(2, 10))).rows).toHaveLength(2);
  });

  it('read only the rows and bytes that a preview shows, and use little memory', async () => {
    const connection = open();
    const before = process.memoryUsage().rss;
    const few = await ask(connection, server.wide(19_000, 100_000), { past: 'cut', maxRows: 50, maxBytes: 1_048_576 });
    expect(few.cut).toBe(true);
    expect(few.rows.length).toBeGreaterThan(0);
    expect(few.rows.length).toBeLessThanOrEqual(10);
    const fifty = await ask(connection, server.wide(19_000, 10), { past: 'cut', maxRows: 50 });
    expect([fifty.rows.length, fifty.cut]).toEqual([50, true]);
    const all = await ask(connection, server.wide(50, 10), { past: 'cut', maxRows: 50 });
    expect([all.rows.length, all.cut]).toEqual([50, false]);
    // 19,000 rows of 100 KB are 1.9 GB.
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('leave no lock and no setting behind', async () => {
    const connection = open();
    await ask(connection, server.takeLock);
    expect((await ask(connection, server.lockHeld)).rows.map(([held, mark]) => [Number(held), mark || null])).toEqual([[0, null]]);
  });

  it('refuse an account that can do more than read, by name, unless that is confirmed', async () => {
    for (const [account, named] of server.powerful) {
      const refused = {
        code: 'validation_failed',
        field: 'settings.allowPowerfulAccount',
        message: expect.stringContaining(`the account ${named}`),
      };
      await expect(ask(open(account), server.wide(1, 1)), account).rejects.toMatchObject(refused);
      expect(await open(account).check()).toMatchObject({ ok: false, message: expect.stringContaining(named), hint: expect.any(String) });
      expect((await ask(open(account, { allowPowerfulAccount: true }), server.wide(1, 1))).rows).toHaveLength(1);
    }
    expect(await open().check()).toMatchObject({ ok: true });
  });

  it('accept any password and name, and never show them', async () => {
    expect((await ask(open(server.oddName), server.wide(1, 1))).rows).toHaveLength(1);
    const wrong = open(server.oddName, { password: `${oddPassword}x` });
    const error = await ask(wrong, server.wide(1, 1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'source_unreachable' });
    expect(JSON.stringify([String(error), await wrong.check()])).not.toContain('p@ss');
  });

  it('that the server ends fail their query with the cause, and the next query reconnects', async () => {
    const connection = open();
    await ask(connection, server.wide(1, 1));
    // While it is idle.
    await server.endSessions();
    await sleep(100);
    expect((await ask(connection, server.wide(1, 1))).rows).toHaveLength(1);
    // While a query runs.
    const running = ask(connection, server.slow).then(
      () => 'ended',
      (reason: unknown) => reason,
    );
    await sleep(300);
    await server.endSessions();
    expect(await running).toMatchObject({ code: 'source_unreachable', hint: expect.any(String) });
    expect((await ask(connection, server.wide(1, 1))).rows).toHaveLength(1);
  });

  it('work after the password changes on the server', async () => {
    const connection = open();
    await ask(connection, server.wide(1, 1));
    await server.setPassword('reader', 'rotated');
    await server.endSessions();
    await sleep(100);
    await expect(ask(connection, server.wide(1, 1))).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('refused the sign-in'),
    });
    expect((await ask(open('reader', { password: 'rotated' }), server.wide(1, 1))).rows).toHaveLength(1);
    await server.setPassword('reader', 'reader');
    expect((await ask(connection, server.wide(1, 1))).rows).toHaveLength(1);
  });
});

describe('sessions of sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-sessions-'));
  const file = join(folder, 'plant.db');
  const db = new Database(file);
  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const wide = (count: number, bytes: number) =>
    `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${count}) SELECT i, printf('%.*c', ${bytes}, 'x') FROM s WHERE :from < :to`;
  const withConnection = async (
    work: (ask: (sql: string, more?: Partial<SourceQuery>) => ReturnType<SourceConnection['query']>) => Promise<void>,
  ) => {
    db.exec('CREATE TABLE IF NOT EXISTS one (n)');
    const connection = sources.open({ kind: 'sqlite', file }, 'Plant');
    await work((sql, more = {}) => connection.query({ ...query, sql, ...more })).finally(() => connection.close());
  };

  it('limit the bytes of a result, and of a preview', () =>
    withConnection(async (ask) => {
      await expect(ask(wide(19_000, 100_000))).rejects.toMatchObject({ code: 'query_too_large', message: expect.stringContaining('8 MB') });
      const few = await ask(wide(19_000, 100_000), { past: 'cut', maxRows: 50, maxBytes: 1_048_576 });
      expect([few.rows.length, few.cut]).toEqual([10, true]);
      expect((await ask(wide(50, 10), { past: 'cut', maxRows: 50 })).cut).toBe(false);
    }));

  it('read local time in the zone of the loader, whatever that of the process is', async () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Asia/Tokyo';
    try {
      await withConnection(async (ask) => {
        const local = "SELECT strftime('%H:%M', '2025-07-01 12:00:00', 'localtime') WHERE :from < :to";
        expect((await ask(local)).rows).toEqual([['12:00']]);
        expect((await ask(local, { timeZone: 'America/New_York' })).rows).toEqual([['08:00']]);
        expect((await ask(local, { timeZone: 'Asia/Kolkata' })).rows).toEqual([['17:30']]);
      });
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('report that the file is locked, and read it when it no longer is', () =>
    withConnection(async (ask) => {
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE; INSERT INTO one VALUES (1)');
      await expect(ask('SELECT n FROM one WHERE :from < :to')).rejects.toMatchObject({
        code: 'source_unreachable',
        message: expect.stringContaining('could not be read just now'),
      });
      db.exec('COMMIT');
      db.pragma('locking_mode = NORMAL');
      db.prepare('SELECT count(*) FROM one').get();
      expect((await ask('SELECT n FROM one WHERE :from < :to')).rows).toEqual([[1]]);
    }));
});
