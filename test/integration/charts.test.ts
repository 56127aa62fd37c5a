import { expect, test } from 'vitest';
import { z } from 'zod';
import { api } from '#common/contract/api.ts';
import { type ChartDefinitionInput, chartDefinition } from '#common/contract/charts.ts';
import { call, measure, omar, sara, speedChart, speedRule } from './alerting-world.ts';
import { audited, changes, onEachDatabase } from './dashboards-world.ts';

const { charts, dashboards, rules } = api;

onEachDatabase('chart definitions', (open) => {
  test('are created, changed and deleted; each change is a version with its event and audit entry', async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    const made = await call(one.charts, charts.create, { body: speedChart });
    const record = { version: 1, createdAt: world.clock.now, createdBy: 'sara', updatedAt: world.clock.now, updatedBy: 'sara' };
    expect(made).toEqual({ ...speedChart, ...record });
    world.clock.now += 1_000;
    const body = { ...speedChart, title: 'Speed', unit: 'km/h' };
    const changed = await call(one.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...body, version: 1 } }, omar);
    expect(changed).toEqual({ ...body, ...record, version: 2, updatedAt: world.clock.now, updatedBy: 'omar' });
    await call(one.charts, charts.remove, { params: { code: 'belt-speed' } }, omar);
    await expect(call(one.charts, charts.get, { params: { code: 'belt-speed' } })).rejects.toMatchObject({ code: 'not_found' });
    expect(await changes(one)).toEqual([
      'chart.changed belt-speed 1 sara',
      'chart.changed belt-speed 2 omar',
      'chart.changed belt-speed null omar',
    ]);
    expect(await audited(one, 'belt-speed')).toEqual([
      { actor: 'sara', action: 'chart.created', detail: { version: 1, note: 'created' } },
      { actor: 'omar', action: 'chart.updated', detail: { version: 2, note: 'changed', changed: ['title', 'unit'] } },
      { actor: 'omar', action: 'chart.deleted', detail: { version: 2 } },
    ]);
    // A deleted chart keeps its history, and is restored from it.
    const again = await call(one.charts, charts.create, { body: speedChart });
    expect(again.version).toBe(4);
    const { items } = await call(one.charts, charts.versions, { params: { code: 'belt-speed' } });
    expect(items.map(({ version, by, note }) => `${version} ${by} ${note}`)).toEqual([
      '4 sara created',
      '3 omar deleted',
      '2 omar changed',
      '1 sara created',
    ]);
  });

  test('refuse a change based on an older version, and name what changed in between', async () => {
    const { startReplica } = await open();
    const [one, other] = [await startReplica(), await startReplica()];
    await call(one.charts, charts.create, { body: speedChart });
    const update = (replica: typeof one, body: object, caller = sara) =>
      call(replica.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...speedChart, ...body, version: 1 } }, caller);
    await update(one, { title: 'Speed', thresholds: [{ value: 1, severity: 'HIGH' }] }, omar);
    await expect(update(other, { unit: 'km/h' })).rejects.toMatchObject({
      code: 'version_conflict',
      field: 'version',
      message: expect.stringMatching(/omar changed chart “belt-speed” in the meantime \(title and thresholds\).*version 2.*version 1/),
      hint: expect.stringContaining('look at what changed'),
    });
    // The same change once more is no conflict: its first answer may have been lost.
    expect((await update(other, { title: 'Speed', thresholds: [{ value: 1, severity: 'HIGH' }] }, omar)).version).toBe(2);
    await expect(call(one.charts, charts.create, { body: speedChart })).rejects.toMatchObject({ code: 'conflict', field: 'code' });
    await expect(
      call(one.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...speedChart, code: 'other', version: 2 } }),
    ).rejects.toMatchObject({ code: 'validation_failed', field: 'code' });
    await expect(call(one.charts, charts.create, { body: { ...speedChart, code: 'schema' } })).rejects.toMatchObject({ field: 'code' });
  });

  test('of two simultaneous changes one is accepted and the other refused', async () => {
    const { startReplica } = await open();
    const [one, other] = [await startReplica(), await startReplica()];
    await call(one.charts, charts.create, { body: speedChart });
    const attempts = [one, other, one, other].map((replica, i) =>
      call(replica.charts, charts.update, { params: { code: 'belt-speed' }, body: { ...speedChart, title: `Speed ${i}`, version: 1 } }),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'version_conflict' });
    expect((await call(one.charts, charts.versions, { params: { code: 'belt-speed' } })).items).toHaveLength(2);
  });

  test('can be restored to an earlier version, also after a deletion', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const params = { code: 'belt-speed' };
    await call(one.charts, charts.create, { body: speedChart });
    await call(one.charts, charts.update, { params, body: { ...speedChart, title: 'Speed', version: 1 } });
    const back = (read: number) => call(one.charts, charts.rollback, { params: { ...params, version: 1 }, body: { version: read } }, omar);
    await expect(back(1)).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await back(2)).toMatchObject({ title: 'Belt speed', version: 3, createdBy: 'sara', updatedBy: 'omar' });
    const { items } = await call(one.charts, charts.versions, { params });
    expect(items[0]).toMatchObject({ version: 3, note: 'rolled back to 1' });
    expect(await call(one.charts, charts.version, { params: { ...params, version: 2 } })).toMatchObject({
      entry: { version: 2, by: 'sara', note: 'changed' },
      body: { title: 'Speed' },
    });
    await call(one.charts, charts.remove, { params });
    expect(await back(4)).toMatchObject({ title: 'Belt speed', version: 5 });
    await expect(call(one.charts, charts.version, { params: { ...params, version: 9 } })).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('up to 5'),
    });
    await expect(call(one.charts, charts.versions, { params: { code: 'nothing' } })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are not deleted while a dashboard or a rule uses them', async () => {
    const { startReplica } = await open();
    const one = await startReplica();
    const params = { code: 'belt-speed' };
    await call(one.charts, charts.create, { body: speedChart });
    const panel = { id: 'p', kind: 'library', chart: 'belt-speed', place: { x: 0, y: 0, w: 4, h: 4 } } as const;
    await call(one.dashboards, dashboards.create, { body: { code: 'belts', title: 'Belts', panels: [panel] } });
    await call(one.service, rules.create, { body: speedRule() });
    expect(await call(one.charts, charts.usage, { params })).toEqual({
      dashboards: [{ code: 'belts', title: 'Belts' }],
      rules: [{ code: 'belt-speed-low', name: 'Belt speed low' }],
    });
    await expect(call(one.charts, charts.remove, { params })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/dashboard “Belts”, alert rule “Belt speed low”/),
    });
    await call(one.service, rules.remove, { params: { code: 'belt-speed-low' } });
    await call(one.dashboards, dashboards.update, { params: { code: 'belts' }, body: { code: 'belts', title: 'Belts', version: 1 } });
    expect(await call(one.charts, charts.usage, { params })).toEqual({ dashboards: [], rules: [] });
    await call(one.charts, charts.remove, { params });
  });

  test('have a published schema', async () => {
    const { startReplica } = await open();
    const schema = await call((await startReplica()).charts, charts.schema, {});
    expect(schema).toMatchObject({ type: 'object', required: expect.arrayContaining(['code', 'title', 'selector']) });
    // It is the contract's own: a definition that it describes is one that the contract reads.
    expect(Object.keys(schema['properties'] as object).toSorted()).toEqual(Object.keys(chartDefinition.shape).toSorted());
    expect(z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(speedChart).success).toBe(true);
    expect(z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse({ ...speedChart, type: 'cake' }).success).toBe(false);
  });

  test('a rule on a chart with variables uses their defaults, and has the state ERROR without one', async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    const template: ChartDefinitionInput = {
      ...speedChart,
      selector: { from: 'signal', loaderCode: '$loader', segmentCode: '$belt' },
      variables: [
        { name: 'loader', kind: 'loader', value: 'belt-speed' },
        { name: 'belt', kind: 'segment', of: '$loader' },
      ],
    };
    await call(one.charts, charts.create, { body: template });
    await call(one.service, rules.create, { body: speedRule({ forMs: 0, evaluateEveryMs: 1_000 }) });
    const round = async () => {
      world.clock.now += 2_000;
      await measure(one.engines, { 'belt-1': 0.1, 'belt-2': 2 });
      await one.evaluator.round();
      return (await call(one.service, rules.get, { params: { code: 'belt-speed-low' } })).statuses;
    };
    const states = (await round()).map(({ labels, state }) => `${labels['segment']} ${state}`);
    expect(states).toEqual(expect.arrayContaining(['belt-1 FIRING', 'belt-2 OK']));
    const params = { code: 'belt-speed' };
    await call(one.charts, charts.update, { params, body: { ...template, variables: [], version: 1 } });
    // The rule keeps the version that it was made on, until it accepts the new one.
    expect((await round()).map(({ state }) => state)).toEqual(expect.arrayContaining(['FIRING', 'OK']));
    const accepted = { ...speedRule({ forMs: 0, evaluateEveryMs: 1_000 }), chartVersion: 2, version: 1 };
    await call(one.service, rules.update, { params: { code: 'belt-speed-low' }, body: accepted });
    const reasons = (await round()).flatMap((status) => status.reasons.map((reason) => `${status.state} ${reason.kind} ${reason.text}`));
    expect(reasons.join('\n')).toMatch(/ERROR error .*\$loader has no value/);
  });
});
