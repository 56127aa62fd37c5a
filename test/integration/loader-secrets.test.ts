/** The data that an administrator can read through a source, and the effect of a lost master key. */
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shipConveyor } from '#backend/services/loaders/index.ts';
import { loaders } from '#common/contract/loaders.ts';
import { hidden, sources } from '#common/contract/sources.ts';
import { addLoader, makeFolder, makePlant, type Plant, type Replica, runs, sql, startReplica, stored, until } from './loaders-world.ts';

let folder: string;
let data: string;
let remove: () => void;
let plant: Plant;
let running: Replica | undefined;

beforeEach(() => {
  ({ folder, remove } = makeFolder());
  data = join(folder, 'data');
  mkdirSync(data);
  plant = makePlant(folder);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  plant.close();
  remove();
});
const start = async () => {
  running = await startReplica({ data });
  return running;
};

describe('a SQLite source', () => {
  const create = (replica: Replica, file: string, code = 'own') =>
    replica.call(sources.create, { body: { code, name: 'Own', settings: { kind: 'sqlite', file } } });
  const refused = { code: 'validation_failed', field: 'settings.file', hint: expect.any(String) };

  it('cannot be a file of the data folder, by any path or link', async () => {
    const replica = await start();
    mkdirSync(join(data, 'inner'));
    writeFileSync(join(data, 'inner', 'later.db'), '');
    symlinkSync(join(data, 'watchfloor.db'), join(folder, 'link.db'));
    symlinkSync(join(folder, 'link.db'), join(folder, 'link-of-link.db'));
    symlinkSync(data, join(folder, 'linked-folder'));
    linkSync(join(data, 'watchfloor.db'), join(folder, 'hard.db'));
    symlinkSync(join(folder, 'hard.db'), join(folder, 'link-of-hard.db'));
    const paths = [
      join(data, 'watchfloor.db'),
      join(data, 'series.db'),
      join(data, 'not-there-yet.db'),
      join(data, 'inner', 'later.db'),
      `${data}/../data/./watchfloor.db`,
      `${data}//watchfloor.db`,
      join(folder, 'link.db'),
      join(folder, 'link-of-link.db'),
      join(folder, 'linked-folder', 'watchfloor.db'),
      join(folder, 'hard.db'),
      join(folder, 'link-of-hard.db'),
      `/proc/self/root${data}/watchfloor.db`,
      `/proc/self/cwd/${relative(process.cwd(), join(data, 'watchfloor.db'))}`,
      `file:${data}/watchfloor.db`,
      relative(process.cwd(), join(data, 'watchfloor.db')),
    ];
    for (const path of paths) await expect(create(replica, path), path).rejects.toMatchObject(refused);
    expect((await replica.call(sources.list)).items).toEqual([]);
    await expect(create(replica, plant.file)).resolves.toMatchObject({ code: 'own' });
    await expect(
      replica.call(sources.update, {
        params: { code: 'own' },
        body: { code: 'own', name: 'x', settings: { kind: 'sqlite', file: join(data, 'watchfloor.db') } },
      }),
    ).rejects.toMatchObject(refused);
  });

  it('that becomes one later is refused when it is read', async () => {
    const replica = await start();
    const file = join(folder, 'swapped.db');
    symlinkSync(plant.file, file);
    await create(replica, file);
    const preview = () => replica.call(loaders.preview, { body: { sourceCode: 'own', sql } });
    expect((await preview()).columns).toEqual(['timestamp', 'segment', 'value']);
    rmSync(file);
    symlinkSync(join(data, 'watchfloor.db'), file);
    await expect(preview()).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('belongs to this backend'),
    });
    rmSync(file);
    linkSync(join(data, 'watchfloor.db'), file);
    await expect(preview()).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await replica.call(sources.check, { params: { code: 'own' } })).toMatchObject({ ok: false });
  });

  it('cannot attach another file or load code', async () => {
    const replica = await start();
    await create(replica, plant.file);
    // Each with the message of the check that refuses it: the file is read-only as well, so another check would hide a missing one.
    const attempts = [
      [`ATTACH '${data}/watchfloor.db' || :from || :to AS own`, 'begins with ATTACH'],
      [`SELECT 1 WHERE :from < :to; ATTACH '${data}/watchfloor.db' AS own`, 'more than one statement'],
      ['VACUUM INTO "/tmp/never.db" || :from || :to', 'begins with VACUUM'],
      ['WITH old AS (SELECT 1 WHERE :from < :to) DELETE FROM readings RETURNING 1', 'would change the database'],
      ["SELECT load_extension('x') WHERE :from < :to", 'not authorized'],
      ["SELECT readfile('/etc/passwd') WHERE :from < :to", 'no such function'],
    ] as const;
    for (const [attempt, why] of attempts) {
      await expect(replica.call(loaders.preview, { body: { sourceCode: 'own', sql: attempt } }), attempt).rejects.toMatchObject({
        code: 'sql_rejected',
        message: expect.stringContaining(why),
      });
    }
  });

  it('may be the shipped one in the data folder, but not a link in its place', async () => {
    const replica = await start();
    const file = join(data, 'conveyor.db');
    makePlant(data, 'conveyor.db').close();
    await shipConveyor(replica.engines, file);
    expect(await replica.call(sources.check, { params: { code: 'conveyor' } })).toMatchObject({ ok: true });
    rmSync(file);
    symlinkSync(join(data, 'watchfloor.db'), file);
    expect(await replica.call(sources.check, { params: { code: 'conveyor' } })).toMatchObject({ ok: false });
    rmSync(file);
    linkSync(join(data, 'watchfloor.db'), file);
    expect(await replica.call(sources.check, { params: { code: 'conveyor' } })).toMatchObject({ ok: false });
  });

  it('is previewed in the audit, with who and when but without the SQL', async () => {
    const replica = await start();
    await create(replica, plant.file);
    await replica.call(loaders.preview, { body: { sourceCode: 'own', sql } });
    const entries = await replica.engines.database.query.selectFrom('audit').selectAll().where('action', '=', 'loader.previewed').execute();
    expect(entries).toMatchObject([{ actor: 'admin', entity: 'own', detail: expect.stringMatching(/^\{"sqlSha256":"[0-9a-f]{64}"\}$/) }]);
  });
});

describe('a lost master key', () => {
  const server = { kind: 'mysql' as const, host: '127.0.0.1', port: 1, database: 'd', username: 'u', password: 'kept' };
  const problem = 'The secret can’t be read. Enter it again.';

  /** A backend with a loader, a server source and the shipped source, started again without its key. */
  const loseKey = async () => {
    const first = await start();
    makePlant(data, 'conveyor.db').close();
    await shipConveyor(first.engines, join(data, 'conveyor.db'));
    plant.add([[Date.now() - 5_000, 'a', 1]]);
    await addLoader(first, plant);
    await first.call(sources.create, { body: { code: 'm', name: 'M', settings: server } });
    await first.stop();
    rmSync(join(data, 'master.key'));
    return start();
  };

  it('leaves sources and loaders listed, each with what to do', async () => {
    const replica = await loseKey();
    const { items } = await replica.call(sources.list);
    expect(items.map(({ code, settings, problem: said }) => [code, settings, said])).toEqual(
      ['conveyor', 'm', 'plant'].map((code) => [code, null, problem]),
    );
    expect(items.map(({ kind }) => kind)).toEqual(['sqlite', 'mysql', 'sqlite']);
    const listed = await replica.call(loaders.list);
    expect(listed.items).toHaveLength(5);
    for (const item of listed.items) expect(item).toMatchObject({ sql: hidden, problem, problemReason: 'key-missing' });
    expect(await replica.call(loaders.get, { params: { code: 'speed' } }, 'VIEWER')).toMatchObject({ sql: hidden, problem });
    expect(await replica.call(sources.check, { params: { code: 'm' } })).toMatchObject({
      ok: false,
      message: problem,
      hint: 'Or put the old master.key back and restart.',
    });
    await expect(replica.call(loaders.preview, { body: { sourceCode: 'm', sql } })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The settings of source "M" can’t be read: the master key that it was stored with is missing.',
    });
    await until('a run says so', async () => (await runs(replica)).some((run) => run.error?.message.includes('can’t be read')));
    expect(await replica.service.health()).toMatchObject({
      status: 'degraded',
      detail: expect.stringMatching(
        /^The secrets of sources conveyor, m, plant and loaders belt-current, belt-items, belt-rejects, belt-speed, speed can’t be read with this master key\. Put the old master\.key back and restart, or enter them again\. Failing: /,
      ),
    });
  });

  it('is resolved by entering the secrets again', async () => {
    const replica = await loseKey();
    const put = (settings: object) =>
      replica.call(sources.update, { params: { code: 'm' }, body: { code: 'm', name: 'M', settings: settings as never } });
    await expect(put({ ...server, password: hidden })).rejects.toMatchObject({ code: 'validation_failed', field: 'settings.password' });
    expect(await put(server)).toMatchObject({ settings: { ...server, password: hidden } });
    expect((await put(server)).problem).toBeUndefined();
    await replica.call(sources.update, {
      params: { code: 'plant' },
      body: { code: 'plant', name: 'Plant', settings: { kind: 'sqlite', file: plant.file } },
    });
    const { version } = await replica.call(loaders.get, { params: { code: 'speed' } });
    const body = { code: 'speed', name: 'Speed', sourceCode: 'plant', intervalMs: 1_000, version };
    await expect(replica.call(loaders.update, { params: { code: 'speed' }, body: { ...body, sql: hidden } })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'sql',
    });
    const repaired = await replica.call(loaders.update, { params: { code: 'speed' }, body: { ...body, sql } });
    expect(repaired).toMatchObject({ sql });
    expect(repaired.problem).toBeUndefined();
    plant.add([[Date.now(), 'a', 7]]);
    await until('it loads again', async () => (await stored(replica)).sum.includes(7));
  });

  it('is distinguished from a damaged secret', async () => {
    const replica = await start();
    await addLoader(replica, plant);
    const { query } = replica.engines.database;
    const row = await query.selectFrom('loaders').select('sql_sealed').where('code', '=', 'speed').executeTakeFirstOrThrow();
    await query
      .updateTable('loaders')
      .set({ sql_sealed: row.sql_sealed.slice(0, -8) })
      .where('code', '=', 'speed')
      .execute();
    expect(await replica.call(loaders.get, { params: { code: 'speed' } })).toMatchObject({
      sql: hidden,
      problem,
      problemReason: 'damaged',
    });
  });

  it('does not keep a moved folder from starting', async () => {
    const replica = await loseKey();
    await shipConveyor(replica.engines, join(folder, 'elsewhere', 'conveyor.db'));
    expect((await replica.call(sources.list)).items).toHaveLength(3);
  });
});

describe('rows that can’t be stored', () => {
  it('are rejected with their column, the others are loaded, and the preview says so', async () => {
    const replica = await start();
    const now = Date.now() - 5_000;
    plant.db.exec('CREATE TABLE sums (t, belt, n, v)');
    const insert = plant.db.prepare('INSERT INTO sums VALUES (?, ?, ?, 1.0)');
    insert.run(now, 'good', 3);
    insert.run(Date.parse('9999-12-31T00:00:00Z'), 'late', 3);
    insert.run(now, 'many', 1e18);
    insert.run(now + 1, 'good', 4);
    const summary =
      'SELECT t AS timestamp, belt AS segment, n AS record_count, v AS min, v AS max, v AS avg, v AS sum FROM sums WHERE t >= :from AND :to > 0';
    await addLoader(replica, plant, { sql: summary });
    await until('a run', async () => (await runs(replica)).length > 0);
    expect((await runs(replica)).at(-1)).toMatchObject({
      rowsRead: 4,
      rowsLoaded: 2,
      rowsRejected: 2,
      error: null,
      rejectReason: expect.stringContaining('"timestamp" is 253402214400000'),
    });
    expect((await stored(replica)).count).toEqual([3, 4]);
    const { problems } = await replica.call(loaders.preview, { body: { sourceCode: 'plant', sql: summary } });
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining(
          '2 of 4 rows would be rejected. Row 2: "timestamp" is 253402214400000, which is past the year 3883',
        ),
      },
    ]);
  });

  it('and duplicate or rounded rows are counted by the run and shown by the preview', async () => {
    const replica = await start();
    const now = Date.now() - 5_000;
    plant.db.exec('CREATE TABLE twice (t, belt, v)');
    const insert = plant.db.prepare('INSERT INTO twice VALUES (?, ?, ?)');
    insert.run(now, 'a', 1);
    insert.run(now, 'a', 2);
    insert.run(now, 105990000000000009n, 9007199254740993n);
    insert.run(now, 105990000000000010n, 3);
    const twice = sql.replace('readings', 'twice');
    await addLoader(replica, plant, { sql: twice });
    await until('a run', async () => (await runs(replica)).length > 0);
    expect((await runs(replica)).at(-1)).toMatchObject({
      rowsRead: 4,
      rowsLoaded: 3,
      rowsRejected: 0,
      rowsReplaced: 1,
      rounded: { value: 1 },
    });
    const { segment } = await stored(replica);
    expect(segment.toSorted()).toEqual(['105990000000000009', '105990000000000010', 'a']);
    const { problems } = await replica.call(loaders.preview, { body: { sourceCode: 'plant', sql: twice } });
    expect(problems).toEqual([
      { message: '1 row would be replaced by a later one of the same time and segment.', hint: expect.stringContaining('GROUP BY') },
      { message: '"value": 1 value has more digits than a number here holds; rounded to about 16.', hint: expect.any(String) },
    ]);
  });
});
