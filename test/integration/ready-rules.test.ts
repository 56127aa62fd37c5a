import { afterEach, expect, test } from 'vitest';
import { api } from '#common/contract/api.ts';
import { readyRules } from '#common/rules/ready/index.ts';
import { call, firing, measure, openBelts, run, type World } from './alerting-world.ts';

const { alerts, rules } = api;
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

test('ready rules are listed for a chart as rules that can be created, and one of them fires on real data', async () => {
  const { world, replica } = await openBelts('sqlite');
  worlds.push(world);
  const { service } = replica;
  const forChart = () => call(service, rules.templates, { query: { chart: 'belt-speed' } });

  const all = (await call(service, rules.templates, { query: {} })).items;
  expect(all.map(({ code }) => code)).toEqual(readyRules.map(({ code }) => code));
  expect(all.every(({ fit, rule }) => fit === null && rule === null)).toBe(true);
  await expect(call(service, rules.templates, { query: { chart: 'unknown' } })).rejects.toMatchObject({
    code: 'not_found',
    field: 'chart',
  });

  const [best] = (await forChart()).items;
  expect(best).toMatchObject({ code: 'belt-speed-low', group: 'conveyor', fit: 'data' });
  await measure(replica.engines, { 'belt-1': 1 }, 20);
  const body = best?.rule ?? expect.fail('no rule');
  await call(service, rules.create, { body });
  const params = { code: 'belt-speed-low' };
  expect(await call(service, rules.get, { params })).toMatchObject({ ...body, templateCode: 'belt-speed-low', enabled: true });
  expect((await forChart()).items[0]?.rule?.code).toBe('belt-speed-low-2');

  await run(world, replica, 20, { 'belt-1': 0.1 });
  const fired = await firing(replica);
  expect(fired.map(({ ruleCode, templateCode, labels }) => [ruleCode, templateCode, labels['segment']])).toEqual([
    ['belt-speed-low', 'belt-speed-low', 'belt-1'],
  ]);
  expect((await call(service, alerts.history, { query: {} })).items).toMatchObject([{ templateCode: 'belt-speed-low' }]);
});
