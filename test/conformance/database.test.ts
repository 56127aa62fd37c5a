import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { migrate } from '#backend/engines/database/migrate.ts';
import { migrations } from '#backend/engines/database/migrations/index.ts';
import { openDatabase } from '#backend/engines/database/open.ts';
import { type Database, isUniqueViolation } from '#backend/engines/database/port.ts';
import { onEachAdapter, silent, until } from './adapters.ts';

const points = (rows: [series: number, t: number, value: number][]) => ({
  series_id: rows.map(([series]) => series),
  t: rows.map(([, t]) => t),
  count: rows.map(() => 1),
  min: rows.map(([, , value]) => value),
  max: rows.map(([, , value]) => value),
  avg: rows.map(([, , value]) => value),
  sum: rows.map(([, , value]) => value),
});
const pointKeys = ['series_id', 't'];

const shippedTables = ['shipped_charts', 'shipped_dashboards', 'shipped_rules', 'shipped_sources', 'shipped_loaders'] as const;
/** The content last shipped by code. */
async function shippedOf(database: Database, table: (typeof shippedTables)[number]): Promise<Record<string, unknown>> {
  const rows = await database.query.selectFrom(table).selectAll().execute();
  return Object.fromEntries(rows.map(({ code, content }) => [code, content === null ? null : JSON.parse(content)]));
}

const put = (database: Database, key: string, value = '') => database.query.insertInto('meta').values({ key, value }).execute();
const keysOf = async (database: Database) =>
  (await database.query.selectFrom('meta').select('key').orderBy('key').execute()).map(({ key }) => key);
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

onEachAdapter('database', ({ dialect, fresh, open }) => {
  it('returns plain rows, integers above 32 bits and sums as numbers', async () => {
    const database = await open();
    await database.upsertMany(
      'points',
      points([
        [1, 1_790_000_000_000, 0.25],
        [1, 1_790_000_000_001, 1e-300],
      ]),
      pointKeys,
    );
    const row = await database.query
      .selectFrom('points')
      .select(['t', 'avg'])
      .select((eb) => [eb.fn.countAll<number>().over().as('n'), eb.fn.sum<number>('count').over().as('counted')])
      .orderBy('t')
      .executeTakeFirstOrThrow();
    expect(row).toStrictEqual({ t: 1_790_000_000_000, avg: 0.25, n: 2, counted: 2 });
  });

  it('divides integers without a remainder, with bound and literal ones', async () => {
    const database = await open();
    const { rows } = await sql`select cast(7 as bigint) / cast(${2} as bigint) as bound, 7 / 2 as written`.execute(database.query);
    expect(rows).toStrictEqual([{ bound: 3, written: 3 }]);
  });

  it('stores all of a transaction or nothing, and calls back only after the commit', async () => {
    const database = await open();
    const calls: string[] = [];
    const failed = database.transaction(async (tx) => {
      await tx.insertInto('meta').values({ key: 'a', value: '' }).execute();
      database.afterCommit(tx, () => calls.push('a'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    const answer = await database.transaction(async (tx) => {
      await tx.insertInto('meta').values({ key: 'b', value: '' }).execute();
      database.afterCommit(tx, () => calls.push('b'));
      expect(calls).toEqual([]);
      return 'done';
    });
    expect([answer, calls, await keysOf(database)]).toEqual(['done', ['b'], ['b']]);
  });

  it('can be used after a failed statement in a transaction', async () => {
    const database = await open();
    await put(database, 'a');
    expect(
      isUniqueViolation(await errorOf(database.transaction((tx) => tx.insertInto('meta').values({ key: 'a', value: '' }).execute()))),
    ).toBe(true);
    await database.transaction((tx) => tx.insertInto('meta').values({ key: 'b', value: '' }).execute());
    expect(await keysOf(database)).toEqual(['a', 'b']);
  });

  it('loses no update when many transactions read and then write the same row', async () => {
    const location = await fresh();
    const databases = dialect === 'postgres' ? [await open(location), await open(location)] : [await open(location)];
    const [database] = databases as [Database];
    await put(database, 'counter', '0');
    const bump = (on: Database) =>
      on.transaction(async (tx) => {
        const { value } = await tx.selectFrom('meta').select('value').where('key', '=', 'counter').executeTakeFirstOrThrow();
        await tx
          .updateTable('meta')
          .set({ value: String(Number(value) + 1) })
          .where('key', '=', 'counter')
          .execute();
      });
    // Four at once: more would need more tries against each other than a busy server is given.
    for (let round = 0; round < 6; round++) await Promise.all([0, 1, 2, 3].map((i) => bump(databases[i % databases.length] as Database)));
    const row = await database.query.selectFrom('meta').select('value').where('key', '=', 'counter').executeTakeFirst();
    expect(row?.value).toBe('24');
  });

  it('shows readers what was committed, while a transaction is open', async () => {
    const database = await open();
    await database.transaction(async (tx) => {
      await tx.insertInto('meta').values({ key: 'a', value: '' }).execute();
      expect(await keysOf(database)).toEqual([]);
    });
    expect(await keysOf(database)).toEqual(['a']);
  });

  it('upserts many: new rows, replaced rows, equal keys in one batch, text and null', async () => {
    const database = await open();
    await database.upsertMany(
      'points',
      points([
        [1, 10, 1],
        [1, 20, 2],
      ]),
      pointKeys,
    );
    await database.upsertMany(
      'points',
      points([
        [1, 20, 3],
        [2, 10, 4],
        [2, 10, 5],
      ]),
      pointKeys,
    );
    const stored = await database.query.selectFrom('points').select(['series_id', 't', 'avg']).orderBy('series_id').orderBy('t').execute();
    expect(stored.map((row) => [row.series_id, row.t, row.avg])).toEqual([
      [1, 10, 1],
      [1, 20, 3],
      [2, 10, 5],
    ]);

    const runs = { id: ['x', 'y'], name: ['"', "'é"], secret_hash: ['1', '2'], created_at: [1, 2], last_used_at: [null, 7] };
    await database.upsertMany('api_keys', runs, ['id']);
    const keys = await database.query.selectFrom('api_keys').select(['name', 'last_used_at']).orderBy('id').execute();
    expect(keys).toEqual([
      { name: '"', last_used_at: null },
      { name: "'é", last_used_at: 7 },
    ]);
  });

  it('stores nothing of a batch with a bad row, and refuses too many rows', async () => {
    const database = await open();
    const bad = {
      ...points([
        [1, 10, 1],
        [1, 20, 2],
      ]),
      min: [1, null],
    };
    await expect(database.upsertMany('points', bad, pointKeys)).rejects.toThrow(/null/i);
    await expect(database.upsertMany('points', { ...points([[1, 10, 1]]), t: [] }, pointKeys)).rejects.toThrow('different length');
    const many = points(Array.from({ length: 50_001 }, (_, i) => [1, i, 0]));
    await expect(database.upsertMany('points', many, pointKeys)).rejects.toMatchObject({ code: 'payload_too_large' });
    await database.upsertMany('points', points([]), pointKeys);
    expect(await database.query.selectFrom('points').selectAll().execute()).toEqual([]);
  });

  it('allows one FIRING alert per rule and series, and any number of resolved ones', async () => {
    const database = await open();
    const fire = (id: string, state: string) =>
      database.query
        .insertInto('alerts')
        .values({
          id,
          state,
          rule_code: 'r',
          series_key: 's',
          severity: 'INFO',
          fired_at: 1,
          resolved_at: null,
          changed_at: 1,
          version: 1,
          body: '{}',
        })
        .execute();
    await fire('1', 'RESOLVED');
    await fire('2', 'RESOLVED');
    await fire('3', 'FIRING');
    expect(isUniqueViolation(await errorOf(fire('4', 'FIRING')))).toBe(true);
  });

  it('refuses to change or delete audit entries', async () => {
    const database = await open();
    const entry = { id: '1', at: 1, actor: 'ada', action: 'rule.created', entity: 'r', detail: '{}' };
    await database.query.insertInto('audit').values(entry).execute();
    const attempts = [
      () => database.query.updateTable('audit').set({ actor: 'eve' }).execute(),
      () => database.query.deleteFrom('audit').execute(),
      () =>
        dialect === 'sqlite'
          ? sql`insert or replace into audit (id, at, actor, action, entity, detail) values ('1', 1, 'eve', '', '', '')`.execute(
              database.query,
            )
          : sql`truncate audit`.execute(database.query),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('append-only');
    expect(await database.query.selectFrom('audit').selectAll().execute()).toEqual([entry]);
  });

  it('distinguishes a missing parent from a duplicate key', async () => {
    const database = await open();
    const orphan = errorOf(
      database.query
        .insertInto('alert_events')
        .values({ id: '1', alert_id: 'none', at: 1, kind: 'fired', by_name: null, note: '' })
        .execute(),
    );
    expect(await orphan).toBeInstanceOf(Error);
    expect(isUniqueViolation(await orphan)).toBe(false);
  });

  it('is migrated once, however many processes open it at the same time', async () => {
    const location = await fresh();
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(location)));
    const { rows } = await sql<{ version: number }>`select version from schema_migrations order by version`.execute(
      (databases[0] as Database).query,
    );
    expect(rows.map((row) => row.version)).toEqual(migrations.map((migration) => migration.version));
  });

  it('refuses a database of a newer version with both versions and a fix, and does not change it', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    await put(database, 'kept');
    await sql`insert into schema_migrations (version, name, applied_at, product_version) values (99, 'later', 1, '7.5.0')`.execute(
      database.query,
    );
    await database.close();
    await expect(openDatabase(location, silent)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`schema 99.*7\\.5\\.0.*0\\.1\\.0.*up to ${migrations.length}\\.`)),
      hint: expect.stringContaining('7.5.0'),
    });
  });

  it('migrates loaders and runs of the second schema: in UTC, with nothing replaced or rounded', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    await sql`alter table loaders drop column time_zone`.execute(query);
    for (const column of ['rows_replaced', 'rounded']) await sql`alter table loader_runs drop column ${sql.id(column)}`.execute(query);
    await sql`delete from schema_migrations where version = 3`.execute(query);
    await sql`insert into sources (code, name, kind, settings_sealed, write_access, updated_at) values ('s', 'S', 'sqlite', 'x', 'unknown', 1)`.execute(
      query,
    );
    await sql`insert into loaders (code, name, source_code, sql_sealed, interval_ms, history_ms, overlap_ms, unit, paused, version, created_at,
      updated_at, updated_by, consecutive_failures) values ('old', 'Old', 's', 'x', 1000, 0, 0, '', 0, 1, 1, 1, 'admin', 0)`.execute(query);
    await sql`insert into loader_runs (id, loader_code, kind, started_at, duration_ms, window_from, window_to, rows_read, rows_loaded,
      rows_rejected) values ('r', 'old', 'live', 1, 1, 1, 2, 3, 3, 0)`.execute(query);
    await database.close();

    const migrated = await open(location);
    expect(await migrated.query.selectFrom('loaders').selectAll().execute()).toMatchObject([{ code: 'old', time_zone: 'UTC' }]);
    expect(await migrated.query.selectFrom('loader_runs').selectAll().execute()).toMatchObject([
      { id: 'r', rows_replaced: 0, rounded: '{}' },
    ]);
  });

  it('migrates charts of the first schema to their own first version', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the first release left it.
    for (const table of ['chart_versions', 'dashboard_versions', 'dashboard_stars', 'dashboard_thumbnails', 'dashboards', 'charts'])
      await sql`drop table ${sql.table(table)}`.execute(query);
    if (dialect === 'postgres')
      for (const table of ['chart_versions', 'dashboard_versions'])
        await sql`drop function ${sql.id(`${table}_append_only`)}`.execute(query);
    await sql`delete from schema_migrations where version = 2`.execute(query);
    await sql`create table charts (code text primary key, definition text not null, updated_at bigint not null)`.execute(query);
    const definition = JSON.stringify({ code: 'old', title: 'Old', selector: { from: 'signal', loaderCode: 'old' } });
    await sql`insert into charts (code, definition, updated_at) values ('old', ${definition}, 5)`.execute(query);
    await database.close();

    const migrated = await open(location);
    const record = { version: 1, created_at: 5, created_by: 'watchfloor', updated_at: 5, updated_by: 'watchfloor' };
    expect(await migrated.query.selectFrom('charts').selectAll().execute()).toEqual([{ code: 'old', definition, ...record }]);
    const history = [{ code: 'old', version: 1, at: 5, by_name: 'watchfloor', note: 'shipped', definition }];
    expect(await migrated.query.selectFrom('chart_versions').selectAll().execute()).toEqual(history);
    await expect(migrated.query.deleteFrom('chart_versions').execute()).rejects.toThrow('append-only');
  });

  it('moves data of the third schema’s common table to the tables of their services', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    for (const table of [...shippedTables, 'rule_charts', 'own_keys']) await sql`drop table ${sql.table(table)}`.execute(query);
    await sql`delete from schema_migrations where version in (4, 7)`.execute(query);
    const kept = {
      instance_id: 'i',
      'alerting.shipped-rules': '["a","b"]',
      'loaders.conveyor-seeded': '/data/conveyor.db',
      agent_key: 'sealed',
    };
    for (const [key, value] of Object.entries(kept)) await put(database, key, value);
    await database.close();

    const migrated = await open(location);
    // From there the seventh schema took on what was shipped.
    expect(await shippedOf(migrated, 'shipped_rules')).toEqual({ a: null, b: null });
    expect(await shippedOf(migrated, 'shipped_sources')).toEqual({
      conveyor: { code: 'conveyor', settings: { kind: 'sqlite', file: '/data/conveyor.db' } },
    });
    expect(await migrated.query.selectFrom('own_keys').selectAll().execute()).toEqual([{ name: 'agent', secret_sealed: 'sealed' }]);
    expect(await keysOf(migrated)).toEqual(['instance_id']);
    expect(await migrated.notes.instanceId()).toBe('i');
  });

  it('keeps the English notes of alert histories of the fourth schema', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    await sql`alter table alert_events drop column details`.execute(query);
    await sql`delete from schema_migrations where version = 5`.execute(query);
    await sql`insert into alerts (id, rule_code, series_key, state, severity, fired_at, changed_at, version, body)
      values ('a', 'r', '[]', 'FIRING', 'HIGH', 1, 1, 1, '{}')`.execute(query);
    await sql`insert into alert_events (id, alert_id, at, kind, note) values ('e', 'a', 1, 'fired', 'avg over 20 s is 0.52 m/s.')`.execute(
      query,
    );
    await database.close();

    const migrated = await open(location);
    expect(await migrated.query.selectFrom('alert_events').select(['id', 'note', 'details']).execute()).toEqual([
      { id: 'e', note: 'avg over 20 s is 0.52 m/s.', details: null },
    ]);
  });

  it('migrates rules of the fifth schema with their version number, which starts their history', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    await sql`drop table rule_versions`.execute(query);
    if (dialect === 'postgres') await sql`drop function rule_versions_append_only`.execute(query);
    for (const column of ['created_at', 'created_by']) await sql`alter table rules drop column ${sql.id(column)}`.execute(query);
    await sql`delete from schema_migrations where version = 6`.execute(query);
    const old = [
      { code: 'changed', version: 3, updated_by: 'sara' },
      { code: 'made', version: 1, updated_by: 'sara' },
      { code: 'shipped', version: 1, updated_by: 'watchfloor' },
    ];
    for (const { code, version, updated_by } of old)
      await sql`insert into rules (code, definition, version, updated_at, updated_by, evaluated_at)
        values (${code}, ${`{"code":"${code}"}`}, ${version}, 5, ${updated_by}, 7)`.execute(query);
    await database.close();

    const migrated = await open(location);
    expect(await migrated.query.selectFrom('rules').selectAll().orderBy('code').execute()).toEqual(
      old.map((row) => ({
        ...row,
        definition: `{"code":"${row.code}"}`,
        created_at: 5,
        created_by: row.updated_by,
        updated_at: 5,
        evaluated_at: 7,
      })),
    );
    expect(await migrated.query.selectFrom('rule_versions').selectAll().orderBy('code').execute()).toEqual(
      old.map(({ code, version, updated_by }) => ({
        code,
        version,
        at: 5,
        by_name: updated_by,
        note: code === 'made' ? 'created' : code,
        definition: `{"code":"${code}"}`,
      })),
    );
    await expect(migrated.query.deleteFrom('rule_versions').execute()).rejects.toThrow('append-only');
  });

  it('pins the rules of the eighth schema to the versions that their charts have', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    await sql`drop table pinned_charts`.execute(query);
    await sql`alter table rule_charts drop column version`.execute(query);
    await sql`delete from schema_migrations where version = 9`.execute(query);
    const record = { created_at: 1, created_by: 'sara', updated_at: 1, updated_by: 'sara' };
    // The chart's definition contains the text by which a rule names its chart.
    const chart = { code: 'speed', title: '"chartCode":"none"' };
    await query
      .insertInto('charts')
      .values({ code: 'speed', definition: JSON.stringify(chart), version: 4, ...record })
      .execute();
    await sql`insert into rule_charts (code, definition) values ('speed', '{}'), ('gone', '{}')`.execute(query);
    const labels = { chartCode: 'none' };
    const rule = (code: string, chartCode: string) => ({
      code,
      name: 'Says "chartCode":"none"',
      chartCode,
      matchLabels: labels,
      runbook: 'ü\u0000',
    });
    const damaged = '{"code":"damaged","chartCode":"speed"';
    const texts = { kept: JSON.stringify(rule('kept', 'speed')), missing: JSON.stringify(rule('missing', 'gone')), damaged };
    for (const [code, definition] of Object.entries(texts))
      await query
        .insertInto('rules')
        .values({ code, definition, version: 2, ...record, evaluated_at: null })
        .execute();
    await query.insertInto('shipped_rules').values({ code: 'kept', content: texts.kept }).execute();
    await query.insertInto('shipped_rules').values({ code: 'forgotten', content: null }).execute();
    await database.close();

    const migrated = await open(location);
    const rules = await migrated.query.selectFrom('rules').select(['code', 'definition', 'version']).execute();
    const definitionOf = (code: string) => rules.find((one) => one.code === code)?.definition ?? '';
    expect(JSON.parse(definitionOf('kept'))).toEqual({ ...rule('kept', 'speed'), chartVersion: 4 });
    // Nothing is known about these: a rule without its chart, and one that can't be read.
    expect([definitionOf('missing'), definitionOf('damaged')]).toEqual([texts.missing, texts.damaged]);
    expect(rules.map(({ version }) => version)).toEqual([2, 2, 2]);
    expect(await shippedOf(migrated, 'shipped_rules')).toEqual({ kept: { ...rule('kept', 'speed'), chartVersion: 4 }, forgotten: null });
    const copies = await migrated.query.selectFrom('rule_charts').select(['code', 'version']).orderBy('code').execute();
    expect(copies).toEqual([
      { code: 'gone', version: 0 },
      { code: 'speed', version: 4 },
    ]);
  });

  it('carries over from the sixth schema what was shipped, with the content that was stored for it last where that is known', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    // Back to how the release before left it.
    for (const table of shippedTables) await sql`drop table ${sql.table(table)}`.execute(query);
    await sql`create table rule_seeds (code text primary key)`.execute(query);
    await sql`create table source_seeds (code text primary key, file text not null)`.execute(query);
    await sql`delete from schema_migrations where version = 7`.execute(query);
    const history = [
      ['renewed', 1, 'watchfloor', 'shipped', '{"title":"old"}'],
      ['renewed', 2, 'watchfloor', 'shipped', '{"title":"new"}'],
      ['changed', 1, 'watchfloor', 'shipped', '{"title":"shipped"}'],
      ['changed', 2, 'sara', 'changed', '{"title":"ours"}'],
      ['deleted', 1, 'watchfloor', 'shipped', '{"title":"gone"}'],
      ['deleted', 2, 'sara', 'deleted', '{"title":"gone"}'],
      ['made', 1, 'sara', 'created', '{"title":"made"}'],
    ] as const;
    for (const table of ['chart_versions', 'dashboard_versions', 'rule_versions'] as const)
      for (const [code, version, by_name, note, definition] of history)
        await query.insertInto(table).values({ code, version, at: 1, by_name, note, definition }).execute();
    for (const code of ['renewed', 'changed', 'deleted', 'made', 'forgotten'])
      await sql`insert into rule_seeds (code) values (${code})`.execute(query);
    const file = '/data/it’s "here"\\conveyor.db';
    await sql`insert into source_seeds (code, file) values ('conveyor', ${file})`.execute(query);
    await database.close();

    const migrated = await open(location);
    const known = { renewed: { title: 'new' }, changed: { title: 'shipped' }, deleted: { title: 'gone' } };
    expect(await shippedOf(migrated, 'shipped_charts')).toEqual(known);
    expect(await shippedOf(migrated, 'shipped_dashboards')).toEqual(known);
    expect(await shippedOf(migrated, 'shipped_rules')).toEqual({ ...known, made: null, forgotten: null });
    expect(await shippedOf(migrated, 'shipped_sources')).toEqual({ conveyor: { code: 'conveyor', settings: { kind: 'sqlite', file } } });
    expect(await shippedOf(migrated, 'shipped_loaders')).toEqual({
      'belt-speed': null,
      'belt-current': null,
      'belt-items': null,
      'belt-rejects': null,
    });
    const { rows } = await sql<{ tables: number }>`select count(*) as tables from ${
      dialect === 'sqlite' ? sql`sqlite_master` : sql`(select relname as name from pg_class) as known`
    } where name in ('rule_seeds', 'source_seeds')`.execute(migrated.query);
    expect(rows).toEqual([{ tables: 0 }]);
  });

  it('of the sixth schema that never had a conveyor carries over no source or loaders', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const { query } = database;
    for (const table of shippedTables) await sql`drop table ${sql.table(table)}`.execute(query);
    await sql`create table rule_seeds (code text primary key)`.execute(query);
    await sql`create table source_seeds (code text primary key, file text not null)`.execute(query);
    await sql`delete from schema_migrations where version = 7`.execute(query);
    await database.close();

    const migrated = await open(location);
    for (const table of shippedTables) expect(await shippedOf(migrated, table)).toEqual({});
  });

  it('rolls back a failed migration, and continues there after it is fixed', async () => {
    const database = await open();
    const next = (statement: string) => ({
      version: 1_000,
      name: 'next',
      up: async (run: (typed: ReturnType<typeof sql>) => Promise<void>) => {
        await run(sql`create table extra (id integer)`);
        await run(sql.raw(statement));
      },
    });
    await put(database, 'kept');
    await expect(migrate(database.query, dialect, silent, [...migrations, next('insert into nowhere values (1)')])).rejects.toThrow(
      'nowhere',
    );
    await migrate(database.query, dialect, silent, [...migrations, next('insert into extra values (1)')]);
    const { rows } = await sql`select id from extra`.execute(database.query);
    expect([rows, await keysOf(database)]).toEqual([[{ id: 1 }], ['kept']]);
  });

  it('logs the text of a slow statement, without its parameters', async () => {
    const lines: string[] = [];
    const database = await openDatabase(await fresh(), pino({ level: 'warn' }, { write: (line) => lines.push(line) }));
    const slow =
      dialect === 'postgres'
        ? sql`select pg_sleep(0.3), ${'hunter2'}::text`
        : sql`select count(*), ${'hunter2'} from (
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000000) select i from n)`;
    await slow.execute(database.query);
    await database.close();
    expect(lines.join()).toContain('slow statement');
    expect(lines.join()).not.toContain('hunter2');
  });

  it('finishes running work when it is closed, and may be closed twice', async () => {
    const location = await fresh();
    const database = await openDatabase(location, silent);
    const begun = database.transaction(async (tx) => {
      for (let i = 0; i < 20; i++)
        await tx
          .insertInto('meta')
          .values({ key: `k${i}`, value: '' })
          .execute();
    });
    const batch = database.upsertMany('points', points([[1, 1, 1]]), pointKeys);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([database.close(), database.close(), begun, batch]);
    const again = await open(location);
    expect(await keysOf(again)).toHaveLength(20);
    expect(await again.query.selectFrom('points').select('t').execute()).toEqual([{ t: 1 }]);
  });

  it('knows its size', async () => {
    const database = await open();
    const before = await database.size();
    await database.upsertMany('points', points(Array.from({ length: 20_000 }, (_, i) => [1, i, i])), pointKeys);
    expect(await database.size()).toBeGreaterThan(before + 200_000);
  });

  it('sends texts of any length to the other processes on it only', async () => {
    const location = await fresh();
    const here = await open(location);
    const there = await open(location);
    const heard: Record<string, string[]> = { here: [], there: [], elsewhere: [] };
    await here.listen('news', (text) => heard['here']?.push(text));
    const unlisten = await there.listen('news', (text) => heard['there']?.push(text));
    await there.listen('other', (text) => heard['elsewhere']?.push(text));
    const long = '𝄞é"\n'.repeat(5_000);
    for (const text of ['', 'short', long]) await here.notify('news', text);
    const session = await there.caughtUp();
    if (dialect === 'postgres') expect(heard['there']).toHaveLength(3);
    expect(await there.caughtUp()).toBe(session);
    await unlisten();
    await here.notify('news', 'after');
    await there.notify('news', 'back');
    if (dialect === 'postgres') await until('an answer', () => heard['here']?.length === 1);
    // A SQLite file belongs to one process, so there are no others to notify.
    const expected = dialect === 'postgres' ? { here: ['back'], there: ['', 'short', long] } : { here: [], there: [] };
    expect(heard).toEqual({ ...expected, elsewhere: [] });
  });
});
