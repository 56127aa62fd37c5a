import { expect, test } from 'vitest';
import { api } from '#common/contract/api.ts';
import { dayMs } from '#common/time/durations.ts';
import { addChart, addRule, call, firing, lowSpeed, measure, run, speedChart, speedRule } from './alerting-world.ts';
import { type DefinitionsReplica, onEachDatabase } from './dashboards-world.ts';

const { rules } = api;
const params = { code: 'belt-speed-low' };

onEachDatabase('a rule', (open) => {
  const replicaWithChart = async () => {
    const { world, startReplica } = await open();
    const one = await startReplica();
    await addChart(one.engines, speedChart);
    return { world, one };
  };
  const firings = async ({ service }: DefinitionsReplica) => {
    const { items } = await call(service, rules.list, {});
    return items.map(({ code, firedLastWeek, lastFiredAt }) => [code, firedLastWeek, lastFiredAt]);
  };

  test('comes with how often it fired in the last 7 days, and when it last did', async () => {
    const { world, one } = await replicaWithChart();
    await measure(one.engines, { 'belt-1': 1 }, 20);
    const condition = { ...lowSpeed, windowMs: 4_000 };
    await call(one.service, rules.create, { body: speedRule({ forMs: 0, conditions: [condition] }) });
    await call(one.service, rules.create, { body: speedRule({ code: 'calm', conditions: [{ ...condition, threshold: 0.01 }] }) });
    expect(await firings(one)).toEqual([
      ['belt-speed-low', 0, null],
      ['calm', 0, null],
    ]);
    // Two series fire, then one of them again.
    await run(world, one, 4, { 'belt-1': 0.1, 'belt-2': 0.1 });
    await run(world, one, 4, { 'belt-1': 1, 'belt-2': 0.1 });
    await run(world, one, 4, { 'belt-1': 0.1, 'belt-2': 0.1 });
    const newest = Math.max(...(await firing(one)).map(({ firedAt }) => firedAt));
    expect(await firings(one)).toEqual([
      ['belt-speed-low', 3, newest],
      ['calm', 0, null],
    ]);
    expect(await call(one.service, rules.get, { params })).toMatchObject({ firedLastWeek: 3, lastFiredAt: newest });

    world.clock.now = newest + 7 * dayMs;
    expect((await firings(one))[0]).toEqual(['belt-speed-low', 1, newest]);
    world.clock.now += 1;
    expect((await firings(one))[0]).toEqual(['belt-speed-low', 0, newest]);
  });

  test('has an owner, whose change is a version; rules and versions stored before that have none', async () => {
    const { one } = await replicaWithChart();
    const { owner: _, ...older } = speedRule({ code: 'older' });
    await addRule(one.engines.database, older);
    const at = { version: 1, at: 0, by_name: 'sara', note: 'created', definition: JSON.stringify(older) };
    await one.engines.database.query
      .insertInto('rule_versions')
      .values({ code: 'older', ...at })
      .execute();
    expect((await call(one.service, rules.create, { body: speedRule({ owner: 'Line team' }) })).owner).toBe('Line team');
    expect((await call(one.service, rules.list, {})).items.map(({ code, owner }) => [code, owner])).toEqual([
      ['belt-speed-low', 'Line team'],
      ['older', ''],
    ]);
    const changed = await call(one.service, rules.update, {
      params: { code: 'older' },
      body: { ...older, owner: 'omar', version: 1 },
    });
    expect(changed).toMatchObject({ owner: 'omar', version: 2 });
    const owners = [1, 2].map((version) => call(one.service, rules.version, { params: { code: 'older', version } }));
    expect((await Promise.all(owners)).map(({ body }) => body.owner)).toEqual(['', 'omar']);
  });
});
