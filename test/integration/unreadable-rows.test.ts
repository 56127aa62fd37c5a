import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import type { TableName } from '#backend/engines/database/tables.ts';
import { chartCopies } from '#backend/services/alerting/chart-copies.store.ts';
import { shippedCharts } from '#backend/services/charts/shipped.ts';
import { makeLoaders } from '#backend/services/loaders/index.ts';
import type { Service } from '#backend/services/service.ts';
import { makeSignals } from '#backend/services/signals/index.ts';
import { chartVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { addChart, addRule, call, firing, measure, omar, run, speedChart, speedRule } from './alerting-world.ts';
import { type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

/** Lists and reads of rows whose JSON was damaged by hand. */
onEachDatabase('a stored row that cannot be read', (open) => {
  /** Writes `text` into a column of the rows of a table, or of one of them. @returns what undoes it */
  const spoil = async (
    { engines }: DefinitionsReplica,
    table: TableName,
    column: string,
    row: Record<string, string | number>,
    text: string,
  ) => {
    const { dynamic } = engines.database.query;
    const [name, value] = Object.entries(row)[0] as [string, string | number];
    const here = dynamic.ref(name);
    const all = engines.database.query.selectFrom(table).selectAll().where(here, '=', value);
    const before = ((await all.executeTakeFirstOrThrow()) as Record<string, unknown>)[column];
    const write = (to: unknown) =>
      engines.database.query
        .updateTable(table)
        .set({ [column]: to })
        .where(here, '=', value)
        .execute();
    await write(text);
    return () => write(before);
  };
  const up = async (service: Service) => (await service.health()).status;
  const detail = async (service: Service) => (await service.health()).detail;

  test('a chart: the list leaves it out, a read reports the error, and the service starts and is degraded until it is fixed', async () => {
    const { startReplica } = await open();
    const first = await startReplica();
    await first.charts.start();
    const { items } = await call(first.charts, api.charts.list, {});
    const repair = await spoil(first, 'charts', 'definition', { code: 'belt-speed' }, '{"code":"belt-speed","title":7}');
    const { charts } = await startReplica();
    await charts.start();
    const place = 'Column definition of table charts, row code “belt-speed”, in the database can’t be read: at title: ';
    const left = (await call(charts, api.charts.list, {})).items.map(({ code }) => code);
    expect(left).toEqual(items.map(({ code }) => code).filter((code) => code !== 'belt-speed'));
    await expect(call(charts, api.charts.get, { params: { code: 'belt-speed' } })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining(place),
      hint: expect.stringContaining('Restore'),
    });
    expect(await charts.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining(place) });
    await repair();
    expect(await up(charts)).toBe('up');
    expect((await call(charts, api.charts.list, {})).items).toHaveLength(items.length);
  });

  test('a chart that an earlier version shipped: it is updated at the first start after its repair', async () => {
    const { startReplica } = await open();
    const first = await startReplica();
    const earlier = shippedCharts.map((chart) => ({ ...chart, title: 'Earlier' }));
    await first.engines.database.transaction((tx) => chartVersions(first.engines).ship(tx, earlier));
    const repair = await spoil(first, 'charts', 'definition', { code: 'host-load' }, '{}');
    const { charts } = await startReplica();
    await charts.start();
    expect(await detail(charts)).toContain('table charts, row code “host-load”');
    await repair();
    const read = () => call(charts, api.charts.get, { params: { code: 'host-load' } });
    expect(await read()).toMatchObject({ title: 'Earlier', version: 1 });
    await charts.start();
    expect(await read()).toMatchObject({ title: 'Load, 1 minute', version: 2, updatedBy: 'watchfloor' });
  });

  test('what was shipped last: it counts as unknown, and is written again by the next update', async () => {
    const { startReplica } = await open();
    const first = await startReplica();
    const earlier = shippedCharts.map((chart) => ({ ...chart, title: 'Earlier' }));
    await first.engines.database.transaction((tx) => chartVersions(first.engines).ship(tx, earlier));
    await spoil(first, 'shipped_charts', 'content', { code: 'host-load' }, '{}');
    const { charts } = await startReplica();
    await charts.start();
    expect((await call(charts, api.charts.get, { params: { code: 'host-load' } })).title).toBe('Load, 1 minute');
    expect(await up(charts)).toBe('up');
  });

  test('a dashboard and a rule: as for charts', async () => {
    const { startReplica } = await open();
    const first = await startReplica();
    await addChart(first.engines, speedChart);
    await first.dashboards.start();
    await addRule(first.engines.database, speedRule({ code: 'kept' }));
    await addRule(first.engines.database, speedRule({ code: 'lost' }));
    const mendDashboard = await spoil(first, 'dashboards', 'definition', { code: 'host-health' }, 'not JSON');
    const mendRule = await spoil(first, 'rules', 'definition', { code: 'lost' }, '{}');
    const { dashboards, service } = await startReplica();
    await dashboards.start();
    const shown = await call(dashboards, api.dashboards.list, { query: {} });
    expect(shown.items.length).toBeGreaterThan(0);
    expect(shown.items.map(({ code }) => code)).not.toContain('host-health');
    expect(await detail(dashboards)).toContain('table dashboards, row code “host-health”, in the database can’t be read: it is not JSON.');
    await expect(call(dashboards, api.dashboards.get, { params: { code: 'host-health' } })).rejects.toThrow('table dashboards');
    expect((await call(service, api.rules.list, {})).items.map(({ code }) => code)).toEqual(['kept']);
    expect(await detail(service)).toContain('table rules, row code “lost”');
    await expect(call(service, api.rules.get, { params: { code: 'lost' } })).rejects.toThrow('table rules');
    await mendDashboard();
    await mendRule();
    expect([await up(dashboards), await up(service)]).toEqual(['up', 'up']);
  });

  test('an alert: others fire and resolve, and after it is fixed it has neither fired twice nor been lost', async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    await addChart(one.engines, speedChart);
    await measure(one.engines, { 'belt-1': 0.1, 'belt-2': 1 });
    await addRule(one.engines.database, speedRule({ forMs: 0 }));
    await run(world, one, 12, { 'belt-1': 0.1, 'belt-2': 1 });
    const [lost] = await firing(one);
    const id = lost?.id ?? '';
    const repair = await spoil(one, 'alerts', 'body', { id }, '{"id":1}');
    await run(world, one, 12, { 'belt-1': 0.1, 'belt-2': 0.1 });
    expect((await firing(one)).map(({ labels }) => labels['segment'])).toEqual(['belt-2']);
    expect(await detail(one.service)).toContain(`Column body of table alerts, row id “${id}”,`);
    await expect(call(one.service, api.alerts.get, { params: { id } })).rejects.toThrow('table alerts');
    await expect(call(one.service, api.alerts.acknowledge, { params: { id }, body: { note: '' } }, omar)).rejects.toThrow('table alerts');
    await repair();
    expect((await firing(one)).map((alert) => alert.labels['segment']).sort()).toEqual(['belt-1', 'belt-2']);
    await run(world, one, 12, { 'belt-1': 1, 'belt-2': 1 });
    expect(await firing(one)).toEqual([]);
  });

  test('an entry of an alert’s history, a state of a rule and a copy of a chart: each is left out of its list', async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    await addChart(one.engines, speedChart);
    await measure(one.engines, { 'belt-1': 0.1, 'belt-2': 0.1 });
    await addRule(one.engines.database, speedRule({ forMs: 0 }));
    await run(world, one, 12, { 'belt-1': 0.1, 'belt-2': 0.1 });
    const [alert] = await firing(one);
    const read = async () => (await call(one.service, api.alerts.get, { params: { id: alert?.id ?? '' } })).events;
    const [event] = await read();
    // The service has read the charts, and doesn't replace its copy of them below.
    await call(one.service, api.rules.list, {});
    const repairs = [
      await spoil(one, 'alert_events', 'details', { id: event?.id ?? '' }, '[7]'),
      await spoil(one, 'rule_states', 'state', { series_key: alert?.seriesKey ?? '' }, ''),
      await spoil(one, 'rule_charts', 'definition', { code: 'belt-speed' }, '[]'),
    ];
    expect((await read()).map(({ id }) => id)).not.toContain(event?.id);
    const { statuses } = await call(one.service, api.rules.get, { params: { code: 'belt-speed-low' } });
    expect(statuses.map(({ seriesKey }) => seriesKey)).not.toContain(alert?.seriesKey);
    expect(statuses).toHaveLength(1);
    expect(await chartCopies(one.engines.database).read()).toEqual([]);
    const unreadable = await one.engines.database.unreadable.list('alerting');
    expect(unreadable.map(({ place }) => place.table).sort()).toEqual(['alert_events', 'rule_charts', 'rule_states']);
    expect(await detail(one.service)).toContain('2 more can’t be read.');
    for (const repair of repairs) await repair();
    expect(await up(one.service)).toBe('up');
  });

  test('a run of a loader and the settings of a source: loaders and sources are still listed', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const { database, vault } = one.engines;
    const service = makeLoaders(one.engines, one.peers);
    const settings = (text: string) => ({ settings_sealed: vault.seal(text), write_access: 'unknown', checked_at: null, updated_at: 0 });
    const source = { kind: 'sqlite', ...settings('{"kind":"sqlite"}') };
    await database.query
      .insertInto('sources')
      .values({ code: 'plant', name: 'Plant', ...source })
      .execute();
    const loader = {
      name: 'L',
      source_code: 'plant',
      sql_sealed: vault.seal('SELECT 1'),
      interval_ms: 2_000,
      history_ms: 0,
      overlap_ms: 0,
    };
    const times = { created_at: 0, updated_at: 0, updated_by: 'sara', loaded_to: null, history_from: null, history_to: null };
    const row = { code: 'l', ...loader, unit: '', time_zone: 'UTC', paused: 0, version: 1, ...times, consecutive_failures: 0 };
    await database.query.insertInto('loaders').values(row).execute();
    const counts = { rows_read: 0, rows_loaded: 0, rows_rejected: 0, reject_reason: null, rows_replaced: 0 };
    const at = { started_at: 1, duration_ms: 1, window_from: 0, window_to: 1 };
    const [older, newer] = [uuidv7(), uuidv7()];
    for (const id of [older, newer])
      await database.query
        .insertInto('loader_runs')
        .values({ id, loader_code: 'l', kind: 'live', ...at, ...counts, rounded: '{}', error: null })
        .execute();
    const repair = await spoil(one, 'loader_runs', 'rounded', { id: newer }, '{"a":"b"}');
    expect((await call(service, api.loaders.list, {})).items).toMatchObject([{ code: 'l', lastRun: { id: older } }]);
    expect((await call(service, api.loaders.runs, { params: { code: 'l' } })).items.map(({ id }) => id)).toEqual([older]);
    expect(await detail(service)).toContain(`Column rounded of table loader_runs, row id “${newer}”,`);
    await repair();
    expect((await call(service, api.sources.list, {})).items).toMatchObject([
      { code: 'plant', settings: null, problem: expect.any(String) },
    ]);
    expect(await call(service, api.sources.check, { params: { code: 'plant' } })).not.toHaveProperty('hint');
    // Damaged JSON, then damaged ciphertext: neither is blamed on the master key.
    expect(await service.health()).toMatchObject({ detail: 'The secrets of sources plant are damaged. Enter them again.' });
    const sealed = vault.seal('{"kind":"sqlite","file":"/plant.db"}');
    await database.query
      .updateTable('sources')
      .set({ settings_sealed: sealed.slice(0, -8) })
      .execute();
    expect(await service.health()).toMatchObject({ detail: 'The secrets of sources plant are damaged. Enter them again.' });
    await database.query.updateTable('sources').set(settings('{"kind":"sqlite","file":"/plant.db"}')).execute();
    expect(await up(service)).toBe('up');
  });

  test('a series: the points of the others are read, and the health report names it', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await measure(one.engines, { 'belt-1': 1, 'belt-2': 2 });
    const { signals } = one.engines;
    const service = makeSignals({ retentionDays: 1 })(one.engines, one.peers);
    const labels = async () => (await signals.series({ from: 'signal', loaderCode: 'belt-speed' })).map((each) => each.labels['segment']);
    const repair = await spoil(one, 'series', 'labels', { series_key: (await seriesKeys(one))[0] ?? '' }, '{"segment":1}');
    expect(await labels()).toEqual(['belt-2']);
    expect(await service.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('Column labels of table series') });
    await measure(one.engines, { 'belt-1': 1, 'belt-2': 2 }, 4);
    await repair();
    expect(await labels()).toEqual(['belt-1', 'belt-2']);
    expect(await up(service)).toBe('up');
    await service.stop();
  });

  const seriesKeys = async ({ engines }: DefinitionsReplica) =>
    (await engines.database.query.selectFrom('series').select('series_key').orderBy('series_key').execute()).map((row) => row.series_key);
});
