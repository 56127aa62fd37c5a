import { expect, test } from 'vitest';
import { shipRules } from '#backend/services/alerting/ship-rules.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { addChart, call, firing, measure, omar, run, speedChart, speedRule } from './alerting-world.ts';
import { audited, changes, type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { rules } = api;
const params = { code: 'belt-speed-low' };

onEachDatabase('versions of a rule', (open) => {
  const deskWithChart = async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    await addChart(one.engines, speedChart);
    return { world, one };
  };
  const lines = async ({ service }: DefinitionsReplica) =>
    (await call(service, rules.versions, { params })).items.map(({ version, by, note }) => `${version} ${by} ${note}`);

  test('record who changed what and when; each has its event and audit entry', async () => {
    const { world, one } = await deskWithChart();
    const made = await call(one.service, rules.create, { body: speedRule() });
    expect(made).toMatchObject({ version: 1, createdBy: 'sara', createdAt: world.clock.now, updatedBy: 'sara' });
    const madeAt = world.clock.now;
    world.clock.now += 1_000;
    const body = { ...speedRule(), severity: 'HIGH' as const, forMs: 0 };
    const changed = await call(one.service, rules.update, { params, body: { ...body, version: 1 } }, omar);
    expect(changed).toMatchObject({ version: 2, createdBy: 'sara', createdAt: madeAt, updatedBy: 'omar', updatedAt: world.clock.now });
    await call(one.service, rules.setStatus, { params, body: { status: 'PAUSED' } });
    await call(one.service, rules.remove, { params }, omar);
    expect((await changes(one)).filter((line) => line.startsWith('rule'))).toEqual([
      'rule.changed belt-speed-low 1 sara',
      'rule.changed belt-speed-low 2 omar',
      'rule.changed belt-speed-low 3 sara',
      'rule.changed belt-speed-low null omar',
    ]);
    expect(await audited(one, 'belt-speed-low')).toEqual([
      { actor: 'sara', action: 'rule.created', detail: { version: 1, note: 'created' } },
      { actor: 'omar', action: 'rule.updated', detail: { version: 2, note: 'changed', changed: ['forMs', 'severity'] } },
      { actor: 'sara', action: 'rule.updated', detail: { version: 3, note: 'changed', changed: ['enabled'] } },
      { actor: 'omar', action: 'rule.deleted', detail: { version: 3 } },
    ]);
    // A deleted rule keeps its history, which continues if it is created again.
    expect((await call(one.service, rules.create, { body: speedRule() })).version).toBe(5);
    expect(await lines(one)).toEqual(['5 sara created', '4 omar deleted', '3 sara changed', '2 omar changed', '1 sara created']);
    expect(await call(one.service, rules.version, { params: { ...params, version: 2 } })).toEqual({
      entry: { version: 2, at: madeAt + 1_000, by: 'omar', note: 'changed' },
      body: { ...body, chartVersion: 1 },
    });
  });

  test('prevent lost updates: a change based on an older one is refused with what changed in between', async () => {
    const { one } = await deskWithChart();
    await call(one.service, rules.create, { body: speedRule() });
    const update = (more: object, caller = omar) =>
      call(one.service, rules.update, { params, body: { ...speedRule(more), version: 1 } }, caller);
    await update({ forMs: 0, severity: 'HIGH' });
    await expect(update({ runbook: 'Look.' })).rejects.toMatchObject({
      code: 'version_conflict',
      field: 'version',
      message: expect.stringMatching(/omar changed rule “belt-speed-low” in the meantime \(forMs and severity\).*version 2.*version 1/),
    });
    // The same change once more is no conflict: its first answer may have been lost.
    expect((await update({ forMs: 0, severity: 'HIGH' })).version).toBe(2);
    expect(await lines(one)).toEqual(['2 omar changed', '1 sara created']);
  });

  test('can be restored, also after a deletion; the rule is evaluated by the restored one at once', async () => {
    const { one } = await deskWithChart();
    await measure(one.engines, { 'belt-1': 0.1 }, 20);
    await call(one.service, rules.create, { body: speedRule({ forMs: 0 }) });
    await call(one.service, rules.setStatus, { params, body: { status: 'PAUSED' } });
    expect(await firing(one)).toEqual([]);
    const restore = (version: number, read: number) =>
      call(one.service, rules.rollback, { params: { ...params, version }, body: { version: read } }, omar);
    await expect(restore(1, 1)).rejects.toMatchObject({ code: 'version_conflict' });
    const restored = await restore(1, 2);
    expect(restored).toMatchObject({ version: 3, enabled: true, createdBy: 'sara', updatedBy: 'omar', statuses: [{ state: 'FIRING' }] });
    expect(await firing(one)).toHaveLength(1);
    // Back to the version that was switched off: what fires resolves.
    await restore(2, 3);
    expect(await firing(one)).toEqual([]);
    await call(one.service, rules.remove, { params });
    expect(await restore(1, 5)).toMatchObject({ version: 6, statuses: [{ state: 'FIRING' }] });
    expect((await lines(one))[0]).toBe('6 omar rolled back to 1');
  });

  test('are not restored if their chart was deleted', async () => {
    const { one } = await deskWithChart();
    await addChart(one.engines, { ...speedChart, code: 'other' });
    await call(one.service, rules.create, { body: speedRule() });
    await call(one.service, rules.update, { params, body: { ...speedRule({ chartCode: 'other' }), version: 1 } });
    await call(one.charts, api.charts.remove, { params: { code: 'belt-speed' } });
    await expect(call(one.service, rules.rollback, { params: { ...params, version: 1 }, body: { version: 2 } })).rejects.toMatchObject({
      code: 'not_found',
      field: 'chartCode',
    });
    expect(await lines(one)).toEqual(['2 sara changed', '1 sara created']);
    await expect(call(one.service, rules.versions, { params: { code: 'nothing' } })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('that the product ships have the effects of any other: alerts of the chart it was on resolve, and it is evaluated at once', async () => {
    const { world, one } = await deskWithChart();
    await addChart(one.engines, { ...speedChart, code: 'speed' });
    const ship = (rule: ReturnType<typeof speedRule>) => {
      const versions = ruleVersions(one.engines);
      return one.engines.database.transaction((tx) => shipRules(one.engines, tx, versions, [rule]));
    };
    await ship(speedRule({ chartCode: 'speed', forMs: 0 }));
    await run(world, one, 12, { 'belt-1': 0.1 });
    const [alert] = await firing(one);
    await ship(speedRule());
    expect(await firing(one)).toEqual([]);
    const { events } = await call(one.service, api.alerts.get, { params: { id: alert?.id ?? '' } });
    expect(events.at(-1)).toMatchObject({ kind: 'resolved', by: 'watchfloor' });
    expect(await call(one.service, rules.get, { params })).toMatchObject({ chartCode: 'belt-speed', evaluatedAt: null });
    expect(await lines(one)).toEqual(['2 watchfloor shipped', '1 watchfloor shipped']);
  });
});
