import { renameSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProducer } from '#backend/conveyor/producer.ts';
import { shipConveyor } from '#backend/services/loaders/index.ts';
import { loaders } from '#common/contract/loaders.ts';
import { hidden, sources } from '#common/contract/sources.ts';
import { migratedDatabase, migratedFile } from '../support/migrated.ts';
import { withoutPostgres } from '../support/postgres.ts';
import { addLoader, makeFolder, makePlant, type Plant, type Replica, runs, sql, startReplica, stored, until } from './loaders-world.ts';

const hour = 3_600_000;
const day = 24 * hour;

describe.each(['sqlite', 'postgres'] as const)('loaders on %s', (dialect) => {
  const missing = dialect === 'postgres' ? withoutPostgres() : null;
  if (missing !== null) return it.skip(missing);
  let databaseUrl: string | undefined;
  let folder: string;
  let remove: () => void;
  let plant: Plant;
  const running: Replica[] = [];

  beforeEach(async () => {
    ({ folder, remove } = makeFolder());
    if (dialect === 'postgres') databaseUrl = await migratedDatabase();
    else await migratedFile(`${folder}/data/watchfloor.db`);
    plant = makePlant(folder);
  });
  afterEach(async () => {
    for (const replica of running.splice(0)) await replica.stop();
    plant.close();
    remove();
  });
  const start = async () => {
    const replica = await startReplica({ data: `${folder}/data`, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
    running.push(replica);
    return replica;
  };
  const stop = async (replica: Replica) => {
    running.splice(running.indexOf(replica), 1);
    await replica.stop();
  };
  const loader = (replica: Replica, code = 'speed') => replica.call(loaders.get, { params: { code } });
  const state = async (replica: Replica, code = 'speed') => (await loader(replica, code)).state;
  /** Waits while a loader of one second runs twice: another one that could run has had its time. */
  const moreRuns = async (replica: Replica, code: string) => {
    const before = (await runs(replica, code)).length;
    await until(`more runs of ${code}`, async () => (await runs(replica, code)).length >= before + 2);
  };
  /** A reading of two belts a second, from `from` to now. */
  const fill = (from: number, to = Date.now()) => {
    const rows: [number, string, number][] = [];
    for (let t = Math.ceil(from / 1_000) * 1_000; t < to; t += 1_000) rows.push([t, 'a', t % 7_000], [t, 'b', -(t % 7_000)]);
    plant.add(rows);
  };
  /** Checks that the stored signals equal the source's rows. */
  const expectEqual = async (replica: Replica, code = 'speed') => {
    const row = await replica.engines.database.query
      .selectFrom('loaders')
      .select('history_from')
      .where('code', '=', code)
      .executeTakeFirst();
    const records = await stored(replica, code);
    const got = records.t.map((t, i) => `${t} ${records.segment[i]} ${records.sum[i]}`).sort();
    const since = row?.history_from ?? 0;
    const rows = plant.db
      .prepare<[number], { t: number; belt: string; v: number }>('SELECT t, belt, v FROM readings WHERE t >= ?')
      .all(since);
    expect(got).toEqual(rows.map(({ t, belt, v }) => `${t} ${belt} ${v}`).sort());
  };

  it('loads live data at once and history in the background, each row once', async () => {
    fill(Date.now() - 8 * hour - 60_000);
    const replica = await start();
    await addLoader(replica, plant, { historyMs: 8 * hour });
    await until('a live run', async () => (await loader(replica)).loadedTo !== null, 60_000);
    await until('history is loaded', async () => (await loader(replica)).historyProgress === 1, 90_000);
    await expectEqual(replica);
    const kinds = replica.said
      .filter(({ type }) => type === 'loader.progress')
      .map(({ payload }) => payload as { historyProgress: number });
    const progress = kinds.map(({ historyProgress }) => historyProgress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(replica.said.some(({ type }) => type === 'signals.stored')).toBe(true);
    plant.add([[Date.now() - 500, 'a', 42]]);
    await until('the new row is there', async () => (await stored(replica)).sum.includes(42), 60_000);
  }, 120_000);

  it('continues with history after a restart where it stopped', async () => {
    fill(Date.now() - 10 * hour - 60_000);
    const first = await start();
    await addLoader(first, plant, { historyMs: 10 * hour });
    await until('some history', async () => (await runs(first)).some((run) => run.kind === 'history' && run.rowsLoaded > 0));
    await stop(first);
    const second = await start();
    const before = await loader(second);
    expect(before.historyProgress).toBeGreaterThan(0);
    await until('the rest', async () => (await loader(second)).historyProgress === 1, 90_000);
    await expectEqual(second);
  }, 120_000);

  it('reports that a source is down, loads others, and fills the gap when it is back', async () => {
    fill(Date.now() - 10_000);
    const replica = await start();
    await addLoader(replica, plant);
    const other = makePlant(folder, 'other.db');
    await addLoader(replica, other, { code: 'other', sourceCode: 'other' });
    await until('it runs', async () => (await loader(replica)).loadedTo !== null);

    renameSync(plant.file, `${plant.file}.away`);
    await until('it fails', async () => (await state(replica)) === 'failing');
    const failing = await loader(replica);
    expect(failing.lastRun?.error).toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('"Plant"'),
      hint: expect.any(String),
    });
    expect(await replica.service.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('speed') });
    const received = replica.said.findLast(({ type }) => type === 'loader.changed');
    expect(received?.payload).toMatchObject({ loader: { code: 'speed', state: 'failing', sql: hidden } });
    other.add([[Date.now(), 'x', 7]]);
    await until('the other loads on', async () => (await stored(replica, 'other')).sum.includes(7));
    expect(await state(replica, 'other')).toBe('running');

    fill(Date.now() - 5_000);
    renameSync(`${plant.file}.away`, plant.file);
    await until('it runs again', async () => (await state(replica)) === 'running');
    await expect.poll(async () => (await stored(replica)).t.length, { timeout: 60_000 }).toBe(plant.count());
    await expectEqual(replica);
    other.close();
  });

  it('rejects bad rows with the reason of the first, and loads the others', async () => {
    const now = Date.now() - 5_000;
    plant.add([
      [now, 'a', 1],
      [now, 'b', 'ERR'],
      [now + 1, 'a', null],
    ]);
    const replica = await start();
    await addLoader(replica, plant);
    await until('a run', async () => (await runs(replica)).length > 0);
    const first = (await runs(replica)).at(-1);
    expect(first).toMatchObject({
      rowsRead: 3,
      rowsLoaded: 1,
      rowsRejected: 2,
      rejectReason: 'Row 2: "value" is "ERR", not a number.',
      error: null,
    });
    expect(await state(replica)).toBe('running');
    expect((await stored(replica)).sum).toEqual([1]);
  });

  it('stores segments unchanged, each as its own series', async () => {
    const now = Date.now() - 5_000;
    const numbers = ['007', '7', '1e3', '0x10', '9400053101570534', '105990000000000009', '105990000000000010', '+1', '1.0', '1'];
    const words = ['true', 'null', 'NaN', '2025-01-02', ' ', ' a', 'a ', 'a', 'A', 'EU-West', 'eu-west', 'straße', 'strasse'];
    const odd = ['é', 'e\u0301', '🙂', '🙃', 'İ', 'i', 'ı', '__proto__', 'constructor', 'a\\b', 'a"b', '%', '_', 'x'.repeat(128)];
    const segments = [...numbers, ...words, ...odd];
    plant.add(segments.map((segment, i) => [now, segment, i] as const));
    const replica = await start();
    await addLoader(replica, plant);
    await until('a run', async () => (await runs(replica)).length > 0);
    expect((await runs(replica)).at(-1)).toMatchObject({
      rowsRead: segments.length,
      rowsLoaded: segments.length,
      rowsRejected: 0,
      rowsReplaced: 0,
    });
    const { segment, sum } = await stored(replica);
    expect(new Map(segment.map((name, i) => [name, sum[i]]))).toEqual(new Map(segments.map((name, i) => [name, i])));
    for (const name of ['a', 'a ', 'é', 'EU-West']) {
      const one = await replica.engines.signals.records('speed', { from: now, to: now + 1, segment: name, limit: 10 });
      expect([name, one.sum]).toEqual([name, [segments.indexOf(name)]]);
    }
  });

  it('refuses a definition that cannot work, and says which column is missing', async () => {
    const replica = await start();
    await addLoader(replica, plant);
    const define = (text: string) =>
      replica.call(loaders.create, { body: { code: 'bad', name: 'Bad', sourceCode: 'plant', sql: text, intervalMs: 1_000 } });
    await expect(define('SELECT t AS timestamp, v AS value FROM readings WHERE t >= :from AND t < :to')).rejects.toMatchObject({
      code: 'sql_rejected',
      message: expect.stringContaining('no column "segment"; it returns timestamp, value'),
    });
    await expect(define('SELECT * FROM nowhere WHERE t >= :from AND t < :to')).rejects.toMatchObject({
      code: 'sql_rejected',
      message: expect.stringContaining('nowhere'),
    });
    await expect(define('DELETE FROM readings WHERE t >= :from AND t < :to')).rejects.toMatchObject({ code: 'sql_rejected' });
    await expect(
      replica.call(loaders.create, { body: { code: 'speed', name: 'x', sourceCode: 'plant', sql, intervalMs: 1_000 } }),
    ).rejects.toMatchObject({ code: 'conflict', field: 'code' });
    await expect(
      replica.call(loaders.create, { body: { code: 'new', name: 'x', sourceCode: 'nowhere', sql, intervalMs: 1_000 } }),
    ).rejects.toMatchObject({ code: 'not_found', field: 'sourceCode' });
    await expect(replica.call(loaders.get, { params: { code: 'bad' } })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('reports when the source changes: a missing column', async () => {
    const replica = await start();
    plant.db.exec('CREATE VIEW feed AS SELECT t AS timestamp, belt AS segment, v AS value FROM readings');
    await addLoader(replica, plant, { sql: 'SELECT * FROM feed WHERE timestamp >= :from AND timestamp < :to' });
    await until('it runs', async () => (await loader(replica)).loadedTo !== null);
    plant.db.exec('DROP VIEW feed; CREATE VIEW feed AS SELECT t AS timestamp, belt, v AS value FROM readings');
    await until('it fails', async () => (await state(replica)) === 'failing');
    expect((await loader(replica)).lastRun?.error).toMatchObject({ code: 'sql_rejected', message: expect.stringContaining('"segment"') });
  });

  it('does nothing while paused, runs once when asked, and loads what it missed when resumed', async () => {
    fill(Date.now() - 10_000);
    const replica = await start();
    await addLoader(replica, plant);
    await addLoader(replica, plant, { code: 'other' });
    await until('it runs', async () => (await loader(replica)).loadedTo !== null);
    expect((await replica.call(loaders.pause, { params: { code: 'speed' } }, 'OPERATOR')).state).toBe('paused');
    const before = (await runs(replica)).length;
    fill(Date.now() - 3_000);
    await moreRuns(replica, 'other');
    // A running one may have ended.
    expect((await runs(replica)).length).toBeLessThanOrEqual(before + 1);

    const run = await replica.call(loaders.run, { params: { code: 'speed' } }, 'OPERATOR');
    expect(run).toMatchObject({ loaderCode: 'speed', kind: 'live', error: null });
    expect(run.rowsLoaded).toBeGreaterThan(0);
    expect(await state(replica)).toBe('paused');

    plant.add([[Date.now(), 'a', 42]]);
    expect((await replica.call(loaders.resume, { params: { code: 'speed' } }, 'OPERATOR')).state).toBe('running');
    await until('everything is there', async () => (await stored(replica)).t.length === plant.count());
    await expectEqual(replica);
  });

  it('catches up over a gap with more rows than one query may return', async () => {
    fill(Date.now() - 10_000);
    const first = await start();
    await addLoader(first, plant);
    await until('it runs', async () => (await loader(first)).loadedTo !== null);
    await stop(first);
    // As if it had been down for ten hours: 72,000 rows.
    const gapFrom = Date.now() - 10 * hour;
    fill(gapFrom);
    const second = await startReplica({ data: `${folder}/data`, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
    running.push(second);
    await second.call(loaders.pause, { params: { code: 'speed' } });
    // A run that had begun would write its own progress over this.
    await second.service.stop();
    await second.engines.database.query
      .updateTable('loaders')
      .set({ loaded_to: gapFrom, history_from: gapFrom, history_to: gapFrom })
      .execute();
    await stop(second);
    const third = await start();
    await third.call(loaders.resume, { params: { code: 'speed' } });
    await until('it has caught up', async () => Date.now() - ((await loader(third)).loadedTo ?? 0) < 5_000, 60_000);
    // Read at once: only the newest 50 runs are kept, and from now on there is one every second.
    const live = (await runs(third)).filter((run) => run.rowsRead > 5_000);
    await expectEqual(third);
    expect(live.length).toBeGreaterThan(3);
    expect(Math.max(...live.map((run) => run.rowsRead))).toBeLessThanOrEqual(20_000);
  }, 120_000);

  it('keeps a definition’s version, hides the SQL, and reloads history when it changes', async () => {
    plant.add([[Date.now() - 5_000, 'a', 3]]);
    const replica = await start();
    await addLoader(replica, plant, { historyMs: hour });
    expect(await loader(replica)).toMatchObject({ version: 1, sql, updatedBy: 'admin' });
    for (const role of ['OPERATOR', 'VIEWER'] as const) {
      expect((await replica.call(loaders.get, { params: { code: 'speed' } }, role)).sql).toBe(hidden);
      expect((await replica.call(loaders.list, {}, role)).items[0]?.sql).toBe(hidden);
    }
    const row = await replica.engines.database.query.selectFrom('loaders').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('readings');
    await until('it runs', async () => (await stored(replica)).sum.includes(3));

    const body = { code: 'speed', name: 'Doubled', sourceCode: 'plant', sql: hidden, intervalMs: 1_000, historyMs: hour };
    const update = (more: object) => replica.call(loaders.update, { params: { code: 'speed' }, body: { ...body, version: 1, ...more } });
    expect(await update({})).toMatchObject({ version: 2, name: 'Doubled', sql });
    await expect(update({})).rejects.toMatchObject({
      code: 'version_conflict',
      field: 'version',
      message: expect.stringContaining('at version 2, not 1'),
    });
    await expect(update({ version: 2, code: 'other' })).rejects.toMatchObject({ code: 'validation_failed', field: 'code' });
    await expect(update({ version: 2, sql: 'SELECT 1 WHERE :from < :to' })).rejects.toMatchObject({ code: 'sql_rejected' });
    expect(await update({ version: 2, sql: sql.replace('v AS value', '2 * v AS value') })).toMatchObject({ version: 3, loadedTo: null });
    await until('the new values are there', async () => (await stored(replica)).sum.includes(6));
    expect((await stored(replica)).sum).toEqual([6]);
  });

  it('is deleted with its runs; its signals stay', async () => {
    plant.add([[Date.now() - 5_000, 'a', 3]]);
    const replica = await start();
    await addLoader(replica, plant);
    await until('it runs', async () => (await stored(replica)).t.length === 1);
    await replica.call(loaders.remove, { params: { code: 'speed' } });
    await expect(loader(replica)).rejects.toMatchObject({ code: 'not_found' });
    await expect(replica.call(loaders.run, { params: { code: 'speed' } })).rejects.toMatchObject({ code: 'not_found' });
    expect(await replica.engines.database.query.selectFrom('loader_runs').selectAll().execute()).toEqual([]);
    expect((await stored(replica)).t).toHaveLength(1);
    await until('everyone was notified', () => replica.said.some(({ type }) => type === 'loader.deleted'));
    const actions = await replica.engines.database.query.selectFrom('audit').select(['action', 'actor', 'entity']).execute();
    expect(actions).toContainEqual({ action: 'loader.deleted', actor: 'admin', entity: 'speed' });
  });

  it('keeps 50 runs, and among them the last that failed', async () => {
    const replica = await start();
    await addLoader(replica, plant, { intervalMs: day });
    renameSync(plant.file, `${plant.file}.away`);
    const run = () => replica.call(loaders.run, { params: { code: 'speed' } });
    expect((await run()).error?.code).toBe('source_unreachable');
    renameSync(`${plant.file}.away`, plant.file);
    for (let i = 0; i < 55; i++) expect((await run()).error).toBeNull();
    const kept = await runs(replica);
    expect(kept).toHaveLength(50);
    expect(kept.filter((each) => each.error !== null)).toHaveLength(1);
    expect(kept.map((each) => each.id)).toEqual(
      kept
        .map((each) => each.id)
        .toSorted()
        .toReversed(),
    );
  });

  // A data folder belongs to one process; several share PostgreSQL.
  it.skipIf(dialect === 'sqlite')(
    'of two processes one runs a loader, and the other takes over',
    async () => {
      const first = await start();
      await addLoader(first, plant);
      const second = await start();
      await until('it has run often', async () => (await runs(first)).length >= 5);
      // One run a second, not two.
      const seen = (await runs(second)).map((run) => run.startedAt).toSorted((a, b) => a - b);
      for (let i = 2; i < seen.length; i++) expect((seen[i] ?? 0) - (seen[i - 2] ?? 0)).toBeGreaterThan(1_200);
      await expect(second.call(loaders.run, { params: { code: 'speed' } })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('Another backend process'),
      });
      // A change through one reaches the other.
      await second.call(loaders.pause, { params: { code: 'speed' } });
      await addLoader(first, plant, { code: 'other' });
      await until('the first pauses', async () => {
        const before = (await runs(first)).length;
        await moreRuns(first, 'other');
        return (await runs(first)).length === before;
      });
      await second.call(loaders.resume, { params: { code: 'speed' } });
      await stop(first);
      const handedOver = Date.now();
      await until('the second runs it', async () => (await runs(second)).some((run) => run.startedAt > handedOver), 60_000);
    },
    60_000,
  );

  it('loads the conveyor while its history is still being written', async () => {
    const file = `${folder}/data/conveyor.db`;
    const replica = await startReplica({ data: `${folder}/data`, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
    running.push(replica);
    await shipConveyor(replica.engines, file);
    await shipConveyor(replica.engines, file);
    const stopping = new AbortController();
    await replica.service.stop();
    await replica.service.start();
    await until('there is no conveyor yet', async () => (await state(replica, 'belt-speed')) === 'failing');
    const producing = runProducer({ file, signal: stopping.signal, log: pino({ level: 'silent' }), historyMs: 2 * day });
    const codes = ['belt-speed', 'belt-current', 'belt-items', 'belt-rejects'];
    await until('first live rows', async () => (await stored(replica, 'belt-speed')).t.length > 0, 60_000);
    // The shipped history is 30 days, the plant has two: the rest is found empty after a while.
    const expected = (2 * day * 3) / 10_000;
    for (const code of codes) {
      // All rows are read once: reading them repeatedly would take as long as loading.
      const reached = (2 * day - 60_000) / (30 * day);
      await until(`the history of ${code}`, async () => (await loader(replica, code)).historyProgress >= reached, 120_000);
      await until(`all of ${code}`, async () => (await stored(replica, code)).t.length >= expected, 60_000);
    }
    stopping.abort();
    await producing;
    const speed = await stored(replica, 'belt-speed');
    expect(new Set(speed.segment)).toEqual(new Set(['belt-1', 'belt-2', 'belt-3']));
    expect(speed.avg.every((value) => value > 0 && value <= 1.15)).toBe(true);
    const items = await stored(replica, 'belt-items');
    expect(items.avg.every((value) => value >= 0 && value < 400)).toBe(true);
    const rejects = await stored(replica, 'belt-rejects');
    expect(Math.max(...rejects.avg)).toBeLessThan(40);
  }, 300_000);

  describe('sources', () => {
    const server = { kind: 'mysql' as const, host: '127.0.0.1', port: 1, database: 'd', username: 'u', password: 'pa55word-kept' };

    it('never show a password, and keep it where *** comes back', async () => {
      const replica = await start();
      const create = await replica.call(sources.create, { body: { code: 'm', name: 'M', settings: server } });
      expect(create).toMatchObject({ settings: { password: hidden }, writeAccess: 'unknown', checkedAt: null });
      await replica.call(sources.update, {
        params: { code: 'm' },
        body: { code: 'm', name: 'M2', settings: { ...server, port: 2, password: hidden } },
      });
      expect((await replica.call(sources.list)).items).toMatchObject([{ name: 'M2', settings: { port: 2, password: hidden } }]);
      const row = await replica.engines.database.query.selectFrom('sources').selectAll().executeTakeFirstOrThrow();
      expect(row.settings_sealed).not.toContain('pa55word');
      expect(replica.engines.vault.open(row.settings_sealed)).toContain('pa55word-kept');
      const check = await replica.call(sources.check, { params: { code: 'm' } });
      expect(check).toMatchObject({ ok: false, message: expect.stringContaining('no answer from 127.0.0.1:2') });
    });

    it('refuse what cannot work, and removal while they are used', async () => {
      const replica = await start();
      const create = (settings: object) => replica.call(sources.create, { body: { code: 's', name: 'S', settings: settings as never } });
      await expect(create({ ...server, password: hidden })).rejects.toMatchObject({
        code: 'validation_failed',
        field: 'settings.password',
      });
      await expect(create({ kind: 'sqlite', file: 'relative.db' })).rejects.toMatchObject({
        code: 'validation_failed',
        field: 'settings.file',
      });
      await addLoader(replica, plant);
      await expect(
        replica.call(sources.create, { body: { code: 'plant', name: 'S', settings: { kind: 'sqlite', file: '/x' } } }),
      ).rejects.toMatchObject({ code: 'conflict', field: 'code' });
      await expect(replica.call(sources.remove, { params: { code: 'plant' } })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('speed'),
      });
      await replica.call(loaders.remove, { params: { code: 'speed' } });
      await replica.call(sources.remove, { params: { code: 'plant' } });
      expect((await replica.call(sources.list)).items).toEqual([]);
      await expect(replica.call(sources.check, { params: { code: 'plant' } })).rejects.toMatchObject({ code: 'not_found' });
    });

    it('remember whether the account can write', async () => {
      const replica = await start();
      await addLoader(replica, plant);
      expect(await replica.call(sources.check, { params: { code: 'plant' } })).toMatchObject({ ok: true, writeAccess: 'can-write' });
      expect((await replica.call(sources.list)).items).toMatchObject([{ writeAccess: 'can-write', checkedAt: expect.any(Number) }]);
    });

    it('take effect in running loaders when they change', async () => {
      const replica = await start();
      await addLoader(replica, plant);
      const moved = makePlant(folder, 'moved.db');
      moved.add([[Date.now(), 'moved', 5]]);
      await replica.call(sources.update, {
        params: { code: 'plant' },
        body: { code: 'plant', name: 'Plant', settings: { kind: 'sqlite', file: moved.file } },
      });
      await until('rows of the new place', async () => (await stored(replica)).segment.includes('moved'), 60_000);
      moved.close();
    });
  });

  it('previews SQL and problems of its rows, and stores nothing', async () => {
    const now = Date.now() - 60_000;
    plant.add(Array.from({ length: 80 }, (_, i) => [now + i, 'a', i === 3 ? 'ERR' : i] as const));
    const replica = await start();
    await replica.call(sources.create, { body: { code: 'plant', name: 'Plant', settings: { kind: 'sqlite', file: plant.file } } });
    const preview = (text: string) => replica.call(loaders.preview, { body: { sourceCode: 'plant', sql: text } });
    const good = await preview(sql);
    expect(good).toMatchObject({ columns: ['timestamp', 'segment', 'value'], rowsRead: 50, more: true });
    expect(good.rows).toHaveLength(50);
    expect(good.problems).toEqual([{ message: '1 of 50 rows would be rejected. Row 4: "value" is "ERR", not a number.' }]);
    expect((await preview('SELECT t, v FROM readings WHERE t >= :from AND t < :to')).problems[0]?.message).toContain(
      '"timestamp", "segment", "value"',
    );
    expect((await preview(`${sql} AND 0`)).problems[0]?.message).toContain('no rows');
    await expect(preview('SELECT 1')).rejects.toMatchObject({ code: 'sql_rejected', field: 'sql' });
    await expect(replica.call(loaders.preview, { body: { sourceCode: 'none', sql } })).rejects.toMatchObject({ code: 'not_found' });
    expect((await stored(replica)).t).toEqual([]);
  });
});
