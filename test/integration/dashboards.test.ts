import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedCharts } from '#backend/services/charts/shipped.ts';
import { shippedDashboards } from '#backend/services/dashboards/shipped/index.ts';
import { dashboardVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import type { DashboardInput } from '#common/contract/dashboards.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { exportDashboard } from '#common/dashboards/format.ts';
import { call, omar, sara, speedChart } from './alerting-world.ts';
import { audited, changes, type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { charts, dashboards } = api;
type PanelInput = NonNullable<DashboardInput['panels']>[number];

const drawn = (id: string, title: string, y = 0): PanelInput => ({
  id,
  kind: 'chart',
  place: { x: 0, y, w: 12, h: 8 },
  drawing: { title, selector: { from: 'metric', name: 'host_cpu_percent' } },
});
const plant: DashboardInput = { code: 'plant', title: 'Plant', folder: 'North', panels: [drawn('cpu', 'CPU'), drawn('mem', 'Memory', 8)] };
const params = { code: 'plant' };
const create = (replica: DefinitionsReplica, body: DashboardInput = plant) => call(replica.dashboards, dashboards.create, { body });
const update = (replica: DefinitionsReplica, version: number, change: Partial<DashboardInput>, caller = sara) =>
  call(replica.dashboards, dashboards.update, { params, body: { ...plant, ...change, version } }, caller);

onEachDatabase('dashboards', (open) => {
  test('are created, changed, deleted and created again, and their history continues', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    expect(await create(one)).toMatchObject({ ...dashboardBody.parse(plant), version: 1, createdBy: 'sara' });
    expect(await update(one, 1, { title: 'The plant' }, omar)).toMatchObject({
      merged: false,
      dashboard: { title: 'The plant', version: 2 },
    });
    await call(one.dashboards, dashboards.remove, { params });
    await expect(call(one.dashboards, dashboards.get, { params })).rejects.toMatchObject({ code: 'not_found' });
    expect((await create(one)).version).toBe(4);
    expect(await changes(one)).toEqual(
      [1, 2, null, 4].map((version) => `dashboard.changed plant ${version} ${version === 2 ? 'omar' : 'sara'}`),
    );
    expect((await audited(one, 'plant')).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'sara dashboard.created',
      'omar dashboard.updated',
      'sara dashboard.deleted',
      'sara dashboard.created',
    ]);
    const back = await call(one.dashboards, dashboards.rollback, { params: { ...params, version: 2 }, body: { version: 4 } });
    expect(back).toMatchObject({ title: 'The plant', version: 5 });
    await expect(one.engines.database.query.deleteFrom('dashboard_versions').execute()).rejects.toThrow('append-only');
    await expect(one.engines.database.query.updateTable('dashboard_versions').set({ note: 'x' }).execute()).rejects.toThrow('append-only');
  });

  test('two people change different parts at once: both changes are there', async () => {
    const { startReplica } = await open();
    const [one, other] = [await startReplica(), await startReplica()];
    await create(one);
    const [moved, edited] = await Promise.all([
      update(one, 1, { panels: [{ ...drawn('cpu', 'CPU'), place: { x: 12, y: 0, w: 12, h: 8 } }, drawn('mem', 'Memory', 8)] }),
      update(
        other,
        1,
        { title: 'New title', panels: [drawn('cpu', 'Processor'), drawn('mem', 'Memory', 8), drawn('disk', 'Disk', 16)] },
        omar,
      ),
    ]);
    expect([moved.merged, edited.merged].toSorted()).toEqual([false, true]);
    const now = await call(one.dashboards, dashboards.get, { params });
    expect(now).toMatchObject({ version: 3, title: 'New title' });
    expect(now.panels.map((panel) => [panel.id, panel.place.x, panel.kind === 'chart' && panel.drawing.title])).toEqual([
      ['cpu', 12, 'Processor'],
      ['mem', 0, 'Memory'],
      ['disk', 0, 'Disk'],
    ]);
    const { items } = await call(one.dashboards, dashboards.versions, { params });
    expect(items.map(({ note }) => note)).toEqual(['merged', 'changed', 'created']);
  });

  test('two people change the same part: the second gets a conflict that names it, and loses nothing', async () => {
    const { startReplica } = await open();
    const [one, other] = [await startReplica(), await startReplica()];
    await create(one);
    const theirs = { panels: [drawn('cpu', 'Theirs'), drawn('mem', 'Memory', 8)], tags: ['a'] };
    await update(one, 1, theirs, omar);
    const mine = { title: 'Mine', panels: [drawn('cpu', 'Mine'), drawn('mem', 'Memory', 8)] };
    await expect(update(other, 1, mine)).rejects.toMatchObject({
      code: 'version_conflict',
      message: expect.stringMatching(
        /You and omar both changed panel “Theirs” \(drawing\.title\) of dashboard “Plant”.*version 2.*version 1/,
      ),
    });
    expect(await call(one.dashboards, dashboards.get, { params })).toMatchObject({ version: 2, title: 'Plant', tags: ['a'] });
    // With their version of that place taken over, the rest of the draft is saved.
    expect(await update(other, 2, { ...theirs, title: 'Mine' })).toMatchObject({ merged: false, dashboard: { version: 3, title: 'Mine' } });
    // The same change sent twice is one change.
    expect(await update(other, 2, { ...theirs, title: 'Mine' })).toMatchObject({ merged: false, dashboard: { version: 3 } });
    await expect(update(other, 7, { title: 'From nowhere' })).rejects.toMatchObject({ code: 'version_conflict' });
  });

  test('ten people save at once: every acknowledged change is stored', async () => {
    const { startReplica } = await open();
    const replicas = [await startReplica(), await startReplica()] as const;
    await create(replicas[0]);
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        update(replicas[i % 2] as DefinitionsReplica, 1, { panels: [...(plant.panels ?? []), drawn(`new-${i}`, `New ${i}`, 16 + 8 * i)] }),
      ),
    );
    const now = await call(replicas[0].dashboards, dashboards.get, { params });
    const there = new Set(now.panels.map(({ id }) => id));
    for (const [i, answer] of answers.entries()) {
      expect(answer.status === 'rejected' ? answer.reason : null).toBeNull();
      expect(there).toContain(`new-${i}`);
    }
    expect(now.version).toBe(11);
  });

  test('are found by their visible text, by folder and by star; stars are personal', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await call(one.charts, charts.create, { body: speedChart });
    await create(one);
    const library: PanelInput = { id: 'p', kind: 'library', chart: 'belt-speed', place: { x: 0, y: 0, w: 4, h: 4 } };
    await create(one, {
      code: 'belts',
      title: 'Belts',
      folder: 'North/Hall 2',
      tags: ['shift-a'],
      description: 'For the foreman',
      panels: [library],
    });
    await call(one.dashboards, dashboards.star, { params, body: { starred: true } }, omar);
    await call(one.dashboards, dashboards.star, { params, body: { starred: true } }, omar);
    const found = async (query: Parameters<typeof call<typeof dashboards.list>>[2]['query'], caller = omar) =>
      (await call(one.dashboards, dashboards.list, { query }, caller)).items.map(({ code, starred }) => `${code}${starred ? '*' : ''}`);
    expect(await found({})).toEqual(['plant*', 'belts']);
    for (const search of ['memory', 'PLANT', 'cpu plant']) expect(await found({ search })).toEqual(['plant*']);
    for (const search of ['foreman', 'shift-a', 'belt speed', 'hall 2']) expect(await found({ search })).toEqual(['belts']);
    expect(await found({ search: 'memory belts' })).toEqual([]);
    expect(await found({ folder: 'North' })).toEqual(['plant*', 'belts']);
    expect(await found({ folder: 'North/Hall 2' })).toEqual(['belts']);
    expect(await found({ folder: 'Nor' })).toEqual([]);
    expect(await found({ starred: 'true' })).toEqual(['plant*']);
    expect(await found({ starred: 'true' }, sara)).toEqual([]);
    await call(one.dashboards, dashboards.star, { params, body: { starred: false } }, omar);
    expect(await found({ starred: 'false' })).toEqual(['plant', 'belts']);
    const { items } = await call(one.dashboards, dashboards.list, { query: { search: 'belts' } });
    expect(items[0]?.panels).toEqual([{ kind: 'library', type: 'line', place: library.place }]);
    await expect(call(one.dashboards, dashboards.star, { params: { code: 'none' }, body: { starred: true } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('keep the newest thumbnail, in whatever order they arrive', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await create(one);
    expect(await call(one.dashboards, dashboards.thumbnail, { params })).toEqual({ thumbnail: null });
    const image = (text: string) => `data:image/png;base64,${text}`;
    for (const [version, text] of [
      [2, 'new'],
      [1, 'old'],
      [2, 'newer'],
    ] as const)
      await call(one.dashboards, dashboards.setThumbnail, { params, body: { version, image: image(text) } });
    expect(await call(one.dashboards, dashboards.thumbnail, { params })).toEqual({ thumbnail: { version: 2, image: image('newer') } });
    await call(one.dashboards, dashboards.remove, { params });
    await expect(call(one.dashboards, dashboards.thumbnail, { params })).rejects.toMatchObject({ code: 'not_found' });
    await create(one);
    expect(await call(one.dashboards, dashboards.thumbnail, { params })).toEqual({ thumbnail: null });
  });

  test('refuse a chart that is not in the library, unless they already had it', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const library: PanelInput = { id: 'p', kind: 'library', chart: 'gone', place: { x: 0, y: 0, w: 4, h: 4 } };
    await expect(create(one, { ...plant, panels: [...(plant.panels ?? []), library] })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'panels.2.chart',
      message: expect.stringContaining('“gone”'),
    });
    expect((await call(one.dashboards, dashboards.list, { query: {} })).items).toEqual([]);

    await call(one.charts, charts.create, { body: { ...speedChart, code: 'gone' } });
    await create(one, { ...plant, panels: [library] });
    await update(one, 1, {});
    await call(one.charts, charts.remove, { params: { code: 'gone' } });
    const back = await call(one.dashboards, dashboards.rollback, { params: { ...params, version: 1 }, body: { version: 2 } });
    expect(back.panels).toEqual(dashboardBody.parse({ ...plant, panels: [library] }).panels);
    expect(await update(one, 3, { title: 'Still', panels: [library] })).toMatchObject({ dashboard: { version: 4 } });
  });

  test('are imported completely elsewhere; existing charts are kept and listed', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    await call(one.charts, charts.create, { body: speedChart });
    const library: PanelInput = { id: 'p', kind: 'library', chart: 'belt-speed', place: { x: 0, y: 0, w: 4, h: 4 } };
    const made = await create(one, { ...plant, panels: [library] });
    const json: unknown = JSON.parse(JSON.stringify(exportDashboard(made, [speedChart])));

    const there = await (await open()).startReplica();
    const importInto = (replica: DefinitionsReplica, body: object) =>
      call(replica.dashboards, dashboards.import, { body: { json, keep: true, ...body } });
    const preview = await importInto(there, { keep: false });
    expect(preview).toEqual({ from: 'watchfloor', dashboard: dashboardBody.parse({ ...plant, panels: [library] }), notCarried: [] });
    await expect(call(there.dashboards, dashboards.get, { params })).rejects.toMatchObject({ code: 'not_found' });
    await importInto(there, { folder: 'Imported' });
    expect(await call(there.dashboards, dashboards.get, { params })).toMatchObject({ folder: 'Imported', createdBy: 'sara' });
    expect(await call(there.charts, charts.get, { params: { code: 'belt-speed' } })).toMatchObject({ title: 'Belt speed', version: 1 });
    expect((await call(there.dashboards, dashboards.versions, { params })).items).toMatchObject([{ note: 'imported' }]);

    await call(one.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...speedChart, unit: 'km/h', version: 1 } });
    await expect(importInto(one, {})).rejects.toMatchObject({ code: 'conflict', field: 'code' });
    const again = await importInto(one, { code: 'plant-2' });
    expect(again.notCarried).toMatchObject([{ where: 'Belt speed', what: 'chart belt-speed' }]);
    expect((await importInto(one, { keep: false })).notCarried).toMatchObject([{ what: 'chart belt-speed' }, { what: 'code plant' }]);
    expect(await call(one.charts, charts.get, { params: { code: 'belt-speed' } })).toMatchObject({ unit: 'km/h', version: 2 });

    for (const [bad, field] of [
      [{ kind: 'watchfloor.dashboard', format: 2 }, 'json.format'],
      [{ kind: 'watchfloor.dashboard', format: 1, dashboard: { ...plant, title: '' } }, 'json.dashboard.title'],
      [{ hello: 'there' }, 'json'],
      [7, 'json'],
    ] as const)
      await expect(importInto(there, { json: bad })).rejects.toMatchObject({ code: 'validation_failed', field });
  });

  test('are imported from Grafana with a list of what could not be', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const json: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/grafana/servers.json'), 'utf8'));
    const preview = await call(one.dashboards, dashboards.import, { body: { json, keep: false, folder: 'Grafana' } });
    expect(preview.from).toBe('grafana');
    expect(preview.notCarried.length).toBeGreaterThan(20);
    const kept = await call(one.dashboards, dashboards.import, { body: { json, keep: true, folder: 'Grafana', code: 'servers' } });
    expect(kept.dashboard).toEqual({ ...preview.dashboard, code: 'servers' });
    const stored = await call(one.dashboards, dashboards.get, { params: { code: 'servers' } });
    expect(stored).toMatchObject({ ...kept.dashboard, version: 1 });
  });

  test('that are shipped are added if missing, updated while unchanged, and not changed afterwards', async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    const earlier = shippedDashboards.map((each) =>
      each.code === 'host-health' ? { ...each, title: 'As an earlier version shipped it' } : each,
    );
    await one.charts.start();
    await one.engines.database.transaction((tx) => dashboardVersions(one.engines).ship(tx, earlier));
    const shipped = async () => (await call(one.dashboards, dashboards.list, { query: {} })).items;
    expect((await shipped()).map(({ code, version }) => `${code} ${version}`).toSorted()).toEqual(
      shippedDashboards.map(({ code }) => `${code} 1`).toSorted(),
    );
    // Every chart they show is shipped too.
    const known = new Set(shippedCharts.map(({ code }) => code));
    for (const { panels } of shippedDashboards)
      for (const panel of panels) if (panel.kind === 'library') expect(known).toContain(panel.chart);

    const {
      createdAt: _,
      createdBy: __,
      updatedAt: ___,
      updatedBy: ____,
      ...conveyor
    } = await call(one.dashboards, dashboards.get, {
      params: { code: 'conveyor' },
    });
    await call(one.dashboards, dashboards.update, { params: { code: 'conveyor' }, body: { ...conveyor, title: 'Ours' } });
    await call(one.dashboards, dashboards.remove, { params: { code: 'loaders' } });
    world.clock.now += 1_000;
    const later = await startReplica();
    await later.dashboards.start();
    await later.dashboards.start();
    expect((await shipped()).map(({ code, title, version }) => `${code} ${title} ${version}`).toSorted()).toEqual([
      'conveyor Ours 2',
      'host-health Host health 2',
      'platform-health Platform health 1',
    ]);
    await Promise.all([one, later].flatMap((each) => [each.charts.stop(), each.dashboards.stop()]));
  });
});
