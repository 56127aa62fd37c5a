import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** Chart definitions through the console's core, against the real backend: while someone else changes them, and offline. */
const backendFolder = temporaryFolder();
const consoleFolder = temporaryFolder();
let backend: TestBackend;
let core: TestConsole;
let other: SignedIn;
let connectionId: string;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--no-conveyor'] });
  core = await openTestConsole(consoleFolder.path, backend.url);
  ({ id: connectionId } = await core.connection());
  await eventually('the connection is live', async () => (await core.connection()).state === 'live', 60_000);
  other = await backend.login('OPERATOR');
});
afterAll(async () => {
  await core.close();
  await backend.stop();
  backendFolder.remove();
  consoleFolder.remove();
});

const charts = () => core.handlers.charts;
const list = async () => (await charts().list({ connectionId }, neverAborts)).charts;
const definition = (code: string, more: Partial<ChartDefinition> = {}): ChartDefinition =>
  chartDefinition.parse({ code, title: 'Furnace', unit: '°C', selector: { from: 'signal', loaderCode: 'furnace' }, ...more });
const create = (code: string, more?: Partial<ChartDefinition>) =>
  charts().create({ connectionId, chart: definition(code, more) }, neverAborts);
const codeOf = (work: Promise<unknown> | unknown) =>
  Promise.resolve(work).then(
    () => 'nothing was refused',
    (error: { code?: string }) => error.code,
  );

describe('the life of a definition', () => {
  test('it is created, listed and changed with events; a code can only be used once', async () => {
    const made = await create('furnace');
    expect(made).toMatchObject({ version: 1, createdBy: 'admin' });
    expect((await list()).map(({ code }) => code)).toContain('furnace');
    expect(await codeOf(create('furnace'))).toBe('conflict');

    const received = core.received.length;
    const changed = await charts().update(
      { connectionId, chart: { ...definition('furnace', { title: 'Furnace 1' }), version: 1 } },
      neverAborts,
    );
    expect(changed).toMatchObject({ version: 2, title: 'Furnace 1' });
    await eventually('the windows hear of it', () =>
      core.received
        .slice(received)
        .some(
          ({ service, event, payload }) =>
            service === 'charts' &&
            event === 'changed' &&
            (payload as { charts: ChartDefinition[] }).charts.some(({ code, title }) => code === 'furnace' && title === 'Furnace 1'),
        ),
    );
  });

  test('a change based on an older version is refused and changes nothing', async () => {
    await create('raced');
    await other.client.charts.update({ params: { code: 'raced' }, body: { ...definition('raced', { title: 'Theirs' }), version: 1 } });
    const mine = charts().update({ connectionId, chart: { ...definition('raced', { title: 'Mine' }), version: 1 } }, neverAborts);
    expect(await codeOf(mine)).toBe('version_conflict');
    const { value } = await charts().get({ connectionId, code: 'raced' }, neverAborts);
    expect(value).toMatchObject({ title: 'Theirs', version: 2, updatedBy: other.session.user.username });
  });

  test('charts created by others appear in the list automatically', async () => {
    await list();
    const received = core.received.length;
    await other.client.charts.create({ body: definition('elsewhere') });
    await eventually('the list is notified', () =>
      core.received
        .slice(received)
        .some(
          ({ service, event, payload }) =>
            service === 'charts' &&
            event === 'changed' &&
            (payload as { charts: ChartDefinition[] }).charts.some(({ code }) => code === 'elsewhere'),
        ),
    );
    expect((await list()).map(({ code }) => code)).toContain('elsewhere');
  });

  test('its history can be read, and earlier versions restored', async () => {
    await create('history');
    await charts().update({ connectionId, chart: { ...definition('history', { unit: 'K' }), version: 1 } }, neverAborts);
    const versions = await charts().versions({ connectionId, code: 'history' }, neverAborts);
    expect(versions.value.map(({ version, note }) => [version, note])).toEqual([
      [2, 'changed'],
      [1, 'created'],
    ]);
    const first = await charts().version({ connectionId, code: 'history', version: 1 }, neverAborts);
    expect(first.value?.body.unit).toBe('°C');
    const back = await charts().rollback({ connectionId, code: 'history', to: 1, version: 2 }, neverAborts);
    expect(back).toMatchObject({ version: 3, unit: '°C' });
    await eventually(
      'the history grows',
      async () => (await charts().versions({ connectionId, code: 'history' }, neverAborts)).value.length === 3,
    );
    expect(await codeOf(charts().rollback({ connectionId, code: 'history', to: 2, version: 2 }, neverAborts))).toBe('version_conflict');
  });

  test('it can only be deleted when nothing uses it, and its usage is listed', async () => {
    await create('used');
    const dashboard = dashboardBody.parse({ code: 'board', title: 'Board' });
    await other.client.dashboards.create({ body: dashboard });
    const put = await charts().addToDashboard({ connectionId, dashboard: 'board', panel: { kind: 'library', chart: 'used' } }, neverAborts);
    expect(put.panels).toMatchObject([{ kind: 'library', chart: 'used', place: { x: 0, y: 0 } }]);
    const rule = ruleInput.parse({
      code: 'too-hot',
      name: 'Too hot',
      chartCode: 'used',
      conditions: [{ kind: 'threshold', aggregation: 'max', windowMs: 60_000, operator: '>', threshold: 900 }],
      severity: 'HIGH',
    });
    expect(await core.handlers.alerts.createRule({ connectionId, rule }, neverAborts)).toMatchObject({ code: 'too-hot', version: 1 });
    const usage = await eventually('the use is known', async () => {
      const value = (await charts().usage({ connectionId }, neverAborts)).value?.['used'];
      return value && value.dashboards.length > 0 && value.rules.length > 0 ? value : null;
    });
    expect(usage).toEqual({ dashboards: [{ code: 'board', title: 'Board' }], rules: [{ code: 'too-hot', name: 'Too hot' }] });
    expect(await codeOf(charts().remove({ connectionId, code: 'used' }, neverAborts))).toBe('conflict');

    await other.client.rules.remove({ params: { code: 'too-hot' } });
    await other.client.dashboards.remove({ params: { code: 'board' } });
    await charts().remove({ connectionId, code: 'used' }, neverAborts);
    expect((await list()).map(({ code }) => code)).not.toContain('used');
  });

  test('a chart is added to a dashboard even if it was changed in the meantime', async () => {
    await other.client.dashboards.create({ body: dashboardBody.parse({ code: 'shared', title: 'Shared' }) });
    const { code: _, pinned: __, ...drawing } = definition('own');
    const panel = { kind: 'chart' as const, drawing };
    await charts().addToDashboard({ connectionId, dashboard: 'shared', panel }, neverAborts);
    const twice = await charts().addToDashboard({ connectionId, dashboard: 'shared', panel }, neverAborts);
    expect(twice.panels.map(({ place }) => [place.x, place.y])).toEqual([
      [0, 0],
      [12, 0],
    ]);
    expect(new Set(twice.panels.map(({ id }) => id)).size).toBe(2);
  });

  test('the published schema is a JSON schema of definitions', async () => {
    const { value } = await charts().schema({ connectionId }, neverAborts);
    expect(value).toMatchObject({ type: 'object', required: expect.arrayContaining(['code', 'title', 'selector']) });
  });
});

test('without the backend the cached copies stay readable, and a change is refused with the reason', async () => {
  await create('kept');
  await charts().update({ connectionId, chart: { ...definition('kept', { unit: 'K' }), version: 1 } }, neverAborts);
  const before = await list();
  await charts().versions({ connectionId, code: 'kept' }, neverAborts);
  await charts().version({ connectionId, code: 'kept', version: 1 }, neverAborts);
  await charts().usage({ connectionId }, neverAborts);
  await backend.kill();
  await eventually('contact is lost', async () => (await core.connection()).state === 'offline', 60_000);

  // Not only from memory: a console that starts now knows as much.
  await core.close();
  core = await openTestConsole(consoleFolder.path, backend.url);
  const { charts: known, asOf } = await charts().list({ connectionId }, neverAborts);
  expect(known).toEqual(before);
  expect(asOf).toBeLessThan(Date.now());
  expect((await charts().get({ connectionId, code: 'kept' }, neverAborts)).value).toMatchObject({ unit: 'K', version: 2 });
  expect((await charts().versions({ connectionId, code: 'kept' }, neverAborts)).value.map(({ version }) => version)).toEqual([2, 1]);
  expect((await charts().version({ connectionId, code: 'kept', version: 1 }, neverAborts)).value?.body.unit).toBe('°C');
  expect((await charts().usage({ connectionId }, neverAborts)).value).toHaveProperty('belt-speed');
  expect(await codeOf(create('never'))).toBe('unavailable');
});
