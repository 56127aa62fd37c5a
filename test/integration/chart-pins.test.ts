import { expect, test } from 'vitest';
import { pinnedCopies } from '#backend/services/alerting/chart-copies.store.ts';
import { RuleCharts } from '#backend/services/alerting/rule-charts.ts';
import { shipRules } from '#backend/services/alerting/ship-rules.ts';
import { ChartLibrary } from '#backend/services/chart-library.ts';
import { chartVersions, ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import { addRule, call, firing, measure, omar, run, sara, speedChart, speedRule } from './alerting-world.ts';
import { type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { rules, charts } = api;
const params = { code: 'belt-speed-low' };
/** Belt 2 runs while belt 1 stands still. */
const speeds = { 'belt-1': 0.1, 'belt-2': 2 };
const ofBelt = (segmentCode: string, more: Partial<ChartDefinition> = {}): ChartDefinition => ({
  ...speedChart,
  selector: { from: 'signal', loaderCode: 'belt-speed', segmentCode },
  ...more,
});

onEachDatabase('a rule keeps the version of its chart', (open) => {
  /** Belt 1 is slow, and a rule on the chart of belt 1 fires. */
  const start = async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    await call(one.charts, charts.create, { body: ofBelt('belt-1') });
    await measure(one.engines, speeds, 20);
    const made = await call(one.service, rules.create, { body: speedRule({ forMs: 0, owner: 'sara' }) });
    expect(made).toMatchObject({ chartVersion: 1, newChartVersion: null, statuses: [{ state: 'FIRING' }] });
    return { world, one, startReplica };
  };
  const changeChart = (one: DefinitionsReplica, version: number, next: ChartDefinition) =>
    call(one.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...next, version } });
  const rule = (one: DefinitionsReplica) => call(one.service, rules.get, { params });
  const accept = (one: DefinitionsReplica, version: number, chartVersion: number, caller = sara) =>
    call(one.service, rules.update, { params, body: { ...speedRule({ forMs: 0, owner: 'sara', chartVersion }), version } }, caller);
  const alertsOf = async (one: DefinitionsReplica) =>
    (await firing(one)).map(({ labels, chartVersion, unit }) => [labels['segment'], chartVersion, unit]);

  test('until its owner accepts another one; accepting is a version that can be taken back', async () => {
    const { world, one } = await start();
    await changeChart(one, 1, ofBelt('belt-2', { unit: 'km/h' }));
    await run(world, one, 3, speeds);
    expect(await rule(one)).toMatchObject({
      version: 1,
      chartVersion: 1,
      newChartVersion: 2,
      chartUnit: 'm/s',
      statuses: [{ state: 'FIRING' }],
    });
    expect(await alertsOf(one)).toEqual([['belt-1', 1, 'm/s']]);

    await expect(accept(one, 1, 2, omar)).rejects.toMatchObject({ code: 'forbidden', field: 'chartVersion' });
    await expect(accept(one, 1, 3)).rejects.toMatchObject({ code: 'not_found', field: 'chartVersion' });
    expect(await accept(one, 1, 2)).toMatchObject({ version: 2, chartVersion: 2, newChartVersion: null, chartUnit: 'km/h' });
    await run(world, one, 3, speeds);
    expect(await firing(one)).toEqual([]);
    expect((await rule(one)).statuses).toMatchObject([{ labels: { segment: 'belt-2' }, state: 'OK' }]);

    const undone = await call(one.service, rules.rollback, { params: { ...params, version: 1 }, body: { version: 2 } });
    expect(undone).toMatchObject({ version: 3, chartVersion: 1, newChartVersion: 2 });
    expect(await alertsOf(one)).toEqual([['belt-1', 1, 'm/s']]);
    // Restoring the version in between accepts the chart once more.
    const restore = { params: { ...params, version: 2 }, body: { version: 3 } };
    await expect(call(one.service, rules.rollback, restore, omar)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await rule(one)).version).toBe(3);
  });

  test('and follows changes that cannot alter what it measures', async () => {
    const { world, one } = await start();
    await changeChart(one, 1, ofBelt('belt-1', { title: 'Speed of belt 1', unit: 'mm/s' }));
    await run(world, one, 3, speeds);
    expect(await rule(one)).toMatchObject({ version: 1, chartVersion: 1, newChartVersion: null });
    expect(await alertsOf(one)).toEqual([['belt-1', 1, 'mm/s']]);
  });

  test('in changes that do not name one: the version stays as it was', async () => {
    const { one } = await start();
    await changeChart(one, 1, ofBelt('belt-2'));
    const body = { ...speedRule({ forMs: 0, owner: 'sara', severity: 'WARNING' }), version: 1 };
    expect(await call(one.service, rules.update, { params, body }, omar)).toMatchObject({ chartVersion: 1, newChartVersion: 2 });
    // A new rule has the newest, and may name an earlier one.
    const add = (more: object) => call(one.service, rules.create, { body: speedRule({ forMs: 0, ...more }) });
    expect(await add({ code: 'newest' })).toMatchObject({ chartVersion: 2, newChartVersion: null });
    expect(await add({ code: 'earlier', chartVersion: 1 })).toMatchObject({ chartVersion: 1, newChartVersion: 2 });
  });

  test('while the charts service is away, also after a restart', async () => {
    const { world, one, startReplica } = await start();
    await changeChart(one, 1, ofBelt('belt-2'));
    await run(world, one, 1, speeds);
    await one.close();
    const two = await startReplica();
    const away = { as: () => ({ charts: { list: refuse, version: refuse } }) } as unknown as DefinitionsReplica['peers'];
    const copies = { read: async () => [{ ...ofBelt('belt-2'), version: 2 }], replace: async () => {} };
    const library = new ChartLibrary(two.engines, away, 'alerting', copies);
    const known = new RuleCharts(library, two.engines.log, pinnedCopies(two.engines.database));
    const chartOf = await known.of([{ chartCode: 'belt-speed', chartVersion: 1 }, { chartCode: 'belt-speed' }]);
    expect(chartOf({ chartCode: 'belt-speed', chartVersion: 1 })).toMatchObject({
      version: 1,
      waiting: 2,
      selector: { segmentCode: 'belt-1' },
    });
    expect(chartOf({ chartCode: 'belt-speed' })).toMatchObject({ version: 2, waiting: null, selector: { segmentCode: 'belt-2' } });
  });

  test('and reports an error when that version no longer exists', async () => {
    const { world, one } = await start();
    await addRule(one.engines.database, { ...speedRule({ code: 'lost', forMs: 0, chartVersion: 7 }) });
    await run(world, one, 1, speeds);
    const lost = await call(one.service, rules.get, { params: { code: 'lost' } });
    expect(lost.statuses).toMatchObject([
      { state: 'ERROR', reasons: [{ text: expect.stringContaining('version 7 of the chart “belt-speed”') }] },
    ]);
    expect(await alertsOf(one)).toEqual([['belt-1', 1, 'm/s']]);
  });

  test('that a release ships, and moves along with it while nobody edited either', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const ship = (chart: ChartDefinition) => startWithRelease(one, chart);
    const pins = async () => ({ chartVersion: (await rule(one)).chartVersion, version: (await rule(one)).version });
    await ship(ofBelt('belt-1'));
    expect(await pins()).toEqual({ chartVersion: 1, version: 1 });
    await ship(ofBelt('belt-2'));
    expect(await pins()).toEqual({ chartVersion: 2, version: 2 });
    // A person's version of the chart waits, also over later starts.
    await changeChart(one, 2, ofBelt('belt-1'));
    await ship(ofBelt('belt-2'));
    expect(await pins()).toEqual({ chartVersion: 2, version: 2 });
    expect((await rule(one)).newChartVersion).toBe(3);
  });
});

/** What a start of the backend does with a shipped chart and its rule. */
async function startWithRelease(one: DefinitionsReplica, chart: ChartDefinition): Promise<void> {
  const { engines } = one;
  await engines.database.transaction((tx) => chartVersions(engines).ship(tx, [chart]));
  const { items } = await call(one.charts, charts.list, {});
  const known = new Map(items.map((each) => [each.code, each]));
  await engines.database.transaction((tx) => shipRules(engines, tx, ruleVersions(engines), [speedRule({ forMs: 0 })], known));
}

async function refuse(): Promise<never> {
  throw new AppError('unavailable', 'The charts service does not answer.');
}
