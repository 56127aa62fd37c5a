import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSources } from '#backend/engines/sources/open.ts';
import type { SourceConnection } from '#backend/engines/sources/port.ts';
import type { SourceKind, SourceSettings } from '#common/contract/sources.ts';
import { startMariadb, withoutMariadb } from '../support/mariadb.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';

const sources = openSources(pino({ level: 'silent' }));
const t0 = 1_700_000_000_000;
const count = 1_000;
const password = 'pa55-never-shown';
const limits = { timeZone: 'UTC', timeoutMs: 10_000, maxRows: 10_000, maxBytes: 50_000_000, past: 'refuse' } as const;

/** A real database of one kind, with `events(t, belt, v)`: one row per second from `t0`. */
interface Plant {
  /** An account that may only read, and one that may write. */
  reader: SourceSettings;
  writer: SourceSettings;
  /** Invalid settings, each with a part of the expected message. */
  broken: readonly (readonly [SourceSettings, string])[];
  /** Runs until it is stopped. */
  endless: string;
  /** Queries that look harmless but would write. */
  writes: readonly string[];
  /** One row of every type: number, text, big integer, decimal, time of t0, true, nothing. */
  types: { sql: string; row: (string | number | null)[] };
  rowCount(): Promise<number>;
  /** Makes the database vanish as in a crash, and come back. */
  vanish(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

async function sqlitePlant(): Promise<Plant> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-source-'));
  const file = join(folder, 'plant.db');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE events (t INTEGER PRIMARY KEY, belt TEXT, v REAL)');
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?)');
  db.transaction(() => {
    for (let i = 0; i < count; i++) insert.run(t0 + i * 1000, 'belt-1', i / 2);
  })();
  writeFileSync(join(folder, 'not.db'), 'this is no database, only some text that is long enough to be looked at'.repeat(20));
  const settings = (name: string): SourceSettings => ({ kind: 'sqlite', file: join(folder, name) });
  return {
    reader: settings('plant.db'),
    writer: settings('plant.db'),
    broken: [
      [settings('missing.db'), 'there is no file'],
      [settings('not.db'), 'not a readable SQLite database'],
    ],
    endless: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i >= :from AND i < :to',
    writes: ['WITH d AS (SELECT t FROM events WHERE t >= :from AND t < :to) DELETE FROM events WHERE t IN (SELECT t FROM d) RETURNING *'],
    types: {
      sql: `SELECT 1.5, 'text', 9007199254740991, 0.25, ${t0}, 'true', NULL WHERE :from < :to`,
      row: [1.5, 'text', 9_007_199_254_740_991, 0.25, t0, 'true', null],
    },
    rowCount: async () => db.prepare<[], { n: number }>('SELECT count(*) AS n FROM events').get()?.n ?? -1,
    vanish: async () => {
      db.pragma('wal_checkpoint(TRUNCATE)');
      renameSync(file, `${file}.away`);
    },
    comeBack: async () => renameSync(`${file}.away`, file),
    close: async () => {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgresqlPlant(): Promise<Plant> {
  const server = await startPostgres();
  const url = await server.database('plant');
  const admin = async (sql: string) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`
    CREATE TABLE events (t bigint PRIMARY KEY, belt text, v double precision);
    INSERT INTO events SELECT ${t0} + i * 1000, 'belt-1', i / 2.0 FROM generate_series(0, ${count - 1}) i;
    CREATE FUNCTION sneak() RETURNS bigint LANGUAGE sql AS 'INSERT INTO events VALUES (1) RETURNING t';
    CREATE ROLE reader LOGIN PASSWORD '${password}'; GRANT SELECT ON events TO reader;
    CREATE ROLE writer LOGIN PASSWORD '${password}'; GRANT SELECT, INSERT, DELETE ON events TO writer;`);
  const host = new URL(url).searchParams.get('host') ?? '';
  const settings = (username: string, more: Partial<Extract<SourceSettings, { kind: 'postgresql' }>> = {}): SourceSettings => ({
    kind: 'postgresql',
    host,
    port: 5432,
    database: 'plant',
    username,
    password,
    tls: false,
    allowPowerfulAccount: false,
    ...more,
  });
  return {
    reader: settings('reader'),
    writer: settings('writer'),
    broken: [
      [settings('nobody'), 'refused the sign-in'],
      [settings('reader', { database: 'elsewhere' }), '"elsewhere" does not exist'],
      [settings('reader', { host: '127.0.0.1', port: 1 }), 'no answer from 127.0.0.1:1'],
      [settings('reader', { host: 'no-such-host.invalid' }), 'no answer from no-such-host.invalid'],
    ],
    endless: 'SELECT pg_sleep(60) WHERE :from < :to',
    writes: [
      'SELECT sneak() WHERE :from < :to',
      'WITH d AS (DELETE FROM events WHERE t >= :from AND t < :to RETURNING *) SELECT * FROM d',
      'SELECT * INTO copy FROM events WHERE t >= :from AND t < :to',
    ],
    types: {
      sql: `SELECT 1.5::float8, 'text', 9007199254740991::bigint, 0.25::numeric, to_timestamp(${t0 / 1000}), true::text, NULL WHERE :from < :to`,
      row: [1.5, 'text', 9_007_199_254_740_991, 0.25, '2023-11-14 22:13:20+00', 'true', null],
    },
    rowCount: async () => Number((await admin('SELECT count(*) AS n FROM events')).rows[0].n),
    vanish: () => server.kill(),
    comeBack: () => server.start(),
    close: () => server.close(),
  };
}

async function mysqlPlant(): Promise<Plant> {
  const server = await startMariadb();
  await server.admin(['CREATE DATABASE plant']);
  await server.admin(
    [
      'CREATE TABLE events (t bigint PRIMARY KEY, belt varchar(20), v double)',
      `INSERT INTO events SELECT ${t0} + seq * 1000, 'belt-1', seq / 2 FROM seq_0_to_${count - 1}`,
      'CREATE FUNCTION sneak() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO events VALUES (1, 1, 1); RETURN 1; END',
      `CREATE USER reader@'%' IDENTIFIED BY '${password}'`,
      'GRANT SELECT ON plant.* TO reader',
      `CREATE USER writer@'%' IDENTIFIED BY '${password}'`,
      'GRANT ALL ON plant.* TO writer',
    ],
    'plant',
  );
  const settings = (username: string, more: Partial<Extract<SourceSettings, { kind: 'mysql' }>> = {}): SourceSettings => ({
    kind: 'mysql',
    host: server.host,
    port: server.port,
    database: 'plant',
    username,
    password,
    tls: false,
    allowPowerfulAccount: false,
    ...more,
  });
  return {
    reader: settings('reader'),
    writer: settings('writer'),
    broken: [
      [settings('reader', { password: 'wrong-password-9' }), 'refused the sign-in'],
      [settings('reader', { database: 'elsewhere' }), 'elsewhere'],
      [settings('reader', { port: 1 }), 'no answer from 127.0.0.1:1'],
    ],
    endless: 'SELECT count(*) FROM seq_1_to_100000000 a, seq_1_to_1000 b WHERE a.seq % 7 < :from AND b.seq % 3 < :to',
    writes: ['SELECT sneak() WHERE :from < :to'],
    types: {
      sql: `SELECT 1.5e0, 'text', 9007199254740991, 0.25, FROM_UNIXTIME(${t0 / 1000}), 'true', NULL WHERE :from < :to`,
      row: [1.5, 'text', 9_007_199_254_740_991, 0.25, '2023-11-14 22:13:20', 'true', null],
    },
    rowCount: async () => {
      const connection = sources.open(settings('reader'), 'count');
      const { rows } = await connection.query({
        sql: 'SELECT count(*) FROM events WHERE :from < :to',
        from: 0,
        to: 1,
        ...limits,
        maxRows: 1,
      });
      await connection.close();
      return Number(rows[0]?.[0]);
    },
    vanish: () => server.kill(),
    comeBack: () => server.start(),
    close: () => server.close(),
  };
}

const plants: { kind: SourceKind; missing: string | null; open: () => Promise<Plant> }[] = [
  { kind: 'sqlite', missing: null, open: sqlitePlant },
  { kind: 'postgresql', missing: withoutPostgres(), open: postgresqlPlant },
  { kind: 'mysql', missing: withoutMariadb(), open: mysqlPlant },
];

const events = 'SELECT t AS timestamp, belt AS segment, v AS value FROM events WHERE t >= :from AND t < :to ORDER BY t';

describe.each(plants)('$kind', ({ missing, open: openPlant }) => {
  if (missing !== null) return it.skip(missing);
  let plant: Plant;
  const opened: SourceConnection[] = [];
  const open = (settings: SourceSettings) => {
    const connection = sources.open(settings, 'Plant');
    opened.push(connection);
    return connection;
  };
  const ask = (
    connection: SourceConnection,
    sql: string,
    more: { to?: number; maxRows?: number; timeoutMs?: number; signal?: AbortSignal } = {},
  ) => connection.query({ ...limits, sql, from: t0, to: t0 + count * 1000, ...more });

  beforeAll(async () => {
    plant = await openPlant();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.close()));
  });
  afterAll(() => plant.close());

  it('answers a half-open window with columns and rows', async () => {
    const { columns, rows } = await ask(open(plant.reader), events, { to: t0 + 3_000 });
    expect(columns.map(({ name }) => name)).toEqual(['timestamp', 'segment', 'value']);
    expect(rows).toEqual([
      [t0, 'belt-1', 0],
      [t0 + 1_000, 'belt-1', 0.5],
      [t0 + 2_000, 'belt-1', 1],
    ]);
  });

  it('gives numbers, text, epoch ms and null', async () => {
    const { rows } = await ask(open(plant.reader), plant.types.sql);
    expect(rows).toEqual([plant.types.row]);
  });

  it('binds repeated parameters, with arithmetic, and not in text', async () => {
    const { rows } = await ask(
      open(plant.reader),
      `SELECT ':from', :from / 1000, :to - :from /* :x */ FROM events WHERE t = :from AND t < :to`,
    );
    // MySQL divides into a decimal, which keeps its four digits.
    expect(rows.map((row) => row.map((cell) => (cell === ':from' ? cell : Number(cell))))).toEqual([[':from', t0 / 1000, count * 1000]]);
  });

  it('refuses more rows than allowed, and works afterwards', async () => {
    const connection = open(plant.reader);
    expect((await ask(connection, events, { maxRows: count })).rows).toHaveLength(count);
    await expect(ask(connection, events, { maxRows: count - 1 })).rejects.toMatchObject({
      code: 'query_too_large',
      message: expect.stringContaining('"Plant" has more than 999 rows'),
    });
    expect((await ask(connection, events)).rows).toHaveLength(count);
  });

  it('stops a query at its time limit, blocks nothing in the meantime, and works afterwards', async () => {
    const connection = open(plant.reader);
    await ask(connection, events);
    let beats = 0;
    const beat = setInterval(() => {
      beats += 1;
    }, 10);
    await expect(ask(connection, plant.endless, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('"Plant" did not answer the query within 500 ms'),
    });
    clearInterval(beat);
    // None would pass while a query is waited for in this thread.
    expect(beats).toBeGreaterThan(1);
    expect((await ask(connection, events)).rows).toHaveLength(count);
  });

  it('stops at once when the caller cancels', async () => {
    const connection = open(plant.reader);
    await expect(ask(connection, plant.endless, { signal: AbortSignal.timeout(200), timeoutMs: 3_000 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect((await ask(connection, events)).rows).toHaveLength(count);
    await expect(ask(connection, events, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });

  it('changes nothing, whatever the account may do', async () => {
    const connection = open(plant.writer);
    for (const sql of [...plant.writes, 'DELETE FROM events WHERE t >= :from AND t < :to', `${events}; DELETE FROM events`]) {
      await expect(ask(connection, sql)).rejects.toMatchObject({ code: 'sql_rejected', field: 'sql', hint: expect.any(String) });
    }
    expect(await plant.rowCount()).toBe(count);
    expect((await ask(connection, events)).rows).toHaveLength(count);
  });

  it.each([
    ['SELECT nothing FROM events WHERE t >= :from AND t < :to', 'nothing'],
    ['SELECT t FROM nowhere WHERE t >= :from AND t < :to', 'nowhere'],
    ['SELECT t FROM events WHEREVER t >= :from AND t < :to', 'syntax'],
  ])('names what is wrong with %s', async (sql, message) => {
    const connection = open(plant.reader);
    await expect(ask(connection, sql)).rejects.toMatchObject({
      code: 'sql_rejected',
      message: expect.stringMatching(new RegExp(`^Source "Plant" refused the SQL: .*${message}`, 's')),
    });
    expect((await ask(connection, events)).rows).toHaveLength(count);
  });

  it('says why it cannot be reached, and never its password', async () => {
    for (const [settings, message] of plant.broken) {
      const connection = open(settings);
      const error = await ask(connection, events).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining(message), hint: expect.any(String) });
      const check = await connection.check();
      expect(check).toMatchObject({
        ok: false,
        writeAccess: 'unknown',
        message: expect.stringContaining('"Plant"'),
        hint: expect.any(String),
      });
      if (settings.kind !== 'sqlite') expect(JSON.stringify([String(error), check])).not.toContain(settings.password);
    }
  });

  it('answers many at once', async () => {
    const connection = open(plant.reader);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(connection, events)));
    expect(answers.map(({ rows }) => rows.length)).toEqual(answers.map(() => count));
  });

  it('works again after an outage', async () => {
    const connection = open(plant.reader);
    await ask(connection, events);
    await plant.vanish();
    try {
      await expect(ask(connection, events)).rejects.toMatchObject({ code: 'source_unreachable' });
    } finally {
      await plant.comeBack();
    }
    expect((await ask(connection, events)).rows).toHaveLength(count);
  });

  it('checks: reachable, how fast, which version', async () => {
    const check = await open(plant.reader).check();
    expect(check).toMatchObject({ ok: true, serverVersion: expect.stringMatching(/\d+\.\d+/) });
    expect(check.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it('flags an account that can write', async () => {
    expect(await open(plant.writer).check()).toMatchObject({ ok: true, writeAccess: 'can-write', hint: expect.any(String) });
    if (plant.reader.kind !== 'sqlite') expect(await open(plant.reader).check()).toMatchObject({ ok: true, writeAccess: 'read-only' });
  });

  it('closes', async () => {
    const connection = sources.open(plant.reader, 'Plant');
    await ask(connection, events);
    await connection.close();
  });
});

describe('sqlite alone', () => {
  it('refuses a path that is not absolute', () => {
    expect(() => sources.open({ kind: 'sqlite', file: 'plant.db' }, 'Plant')).toThrow(
      expect.objectContaining({ code: 'validation_failed', field: 'settings.file' }),
    );
  });

  it('reads the file that is there now, not one that was replaced', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-source-'));
    const file = join(folder, 'a.db');
    const make = (value: number) => {
      const db = new Database(`${file}.new`);
      db.exec(`CREATE TABLE x (v INTEGER); INSERT INTO x VALUES (${value})`);
      db.close();
      renameSync(`${file}.new`, file);
    };
    const connection = sources.open({ kind: 'sqlite', file }, 'Plant');
    try {
      const read = () => connection.query({ ...limits, sql: 'SELECT v FROM x WHERE :from < :to', from: 0, to: 1 });
      make(1);
      expect((await read()).rows).toEqual([[1]]);
      make(2);
      expect((await read()).rows).toEqual([[2]]);
    } finally {
      await connection.close();
      rmSync(folder, { recursive: true });
    }
  });

  it.runIf(existsSync('/proc/self/task'))('leaves no process behind when it is closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-source-'));
    const file = join(folder, 'a.db');
    new Database(file).exec('CREATE TABLE x (v INTEGER)').close();
    chmodSync(file, 0o444);
    const connection = sources.open({ kind: 'sqlite', file }, 'Plant');
    await connection.check();
    const children = () =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
        .split(' ')
        .filter((pid) => pid !== '').length;
    expect(children()).toBe(1);
    await connection.close();
    expect(children()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
