import { afterEach, expect, it } from 'vitest';
import { api } from '#common/contract/api.ts';
import { alertEvents, call, firing, measure, openBelts, type Replica, run, speedRule, type World } from './alerting-world.ts';

let world: World;
afterEach(() => world.close());

const labels = { team: 'ops', segment: 'all', where: 'Hall {{ labels.segment }}' };
const annotations = {
  summary: '{{ labels.segment }} runs at {{ value | unit }}',
  description: '{{ labels.team }} {{ labels.where }}: {{ severity }}, below {{ threshold | unit }} on {{ chart.title }}',
  site: '{{ labels.site }}',
};
const runbook = 'Stop {{ labels.segment }}.';

async function prepare(): Promise<Replica> {
  const opened = await openBelts('sqlite');
  world = opened.world;
  await measure(opened.replica.engines, { 'belt-1': 1 }, 20);
  return opened.replica;
}
const create = (replica: Replica, more: Parameters<typeof speedRule>[0] = {}) =>
  call(replica.service, api.rules.create, { body: speedRule({ forMs: 0, labels, annotations, runbook, ...more }) });

it('an alert carries the labels of its rule and its texts, filled in; they follow its value without more updates', async () => {
  const replica = await prepare();
  await create(replica);
  await run(world, replica, 6, { 'belt-1': 0.1 });
  const [alert] = await firing(replica);
  const series = { loader: 'belt-speed', segment: 'belt-1' };
  const added = { team: 'ops', rule_segment: 'all', where: 'Hall belt-1' };
  expect(alert).toMatchObject({
    labels: { ...series, ...added },
    ruleLabels: added,
    annotations: {
      summary: expect.stringMatching(/^belt-1 runs at 0\.\d+ m\/s$/),
      description: 'ops Hall belt-1: CRITICAL, below 0.6 m/s on Belt speed',
      site: '(no label site)',
    },
    runbook: 'Stop belt-1.',
  });
  const updates = async () => (await alertEvents(replica)).filter((event) => event === 'alert.updated updated').length;
  await run(world, replica, 8, { 'belt-1': 0.05 });
  expect(await updates()).toBe(0);
  await run(world, replica, 9, { 'belt-1': 0.05 });
  expect(await updates()).toBe(1);
  expect((await firing(replica))[0]?.annotations['summary']).toBe('belt-1 runs at 0.05 m/s');
  await run(world, replica, 60, { 'belt-1': 0.05 });
  expect(await updates()).toBe(1);
});

it('a changed text reaches a firing alert at once', async () => {
  const replica = await prepare();
  const { version } = await create(replica);
  await run(world, replica, 10, { 'belt-1': 0.1 });
  const changed = speedRule({ forMs: 0, labels: { team: 'night' }, annotations: { summary: 'Slow: {{ labels.segment }}' } });
  await call(replica.service, api.rules.update, { params: { code: changed.code }, body: { ...changed, version } });
  const [alert] = await firing(replica);
  expect(alert).toMatchObject({ ruleLabels: { team: 'night' }, annotations: { summary: 'Slow: belt-1' }, runbook: '' });
  expect(alert?.labels).toEqual({ loader: 'belt-speed', segment: 'belt-1', team: 'night' });
  expect((await alertEvents(replica)).filter((event) => event === 'alert.updated updated')).toHaveLength(1);
});

it('a rule with a text that can’t be filled in is refused, with the field and the place', async () => {
  const replica = await prepare();
  await expect(create(replica, { annotations: { ...annotations, action: 'See\n{{ host }}' } })).rejects.toMatchObject({
    code: 'validation_failed',
    field: 'annotations.action',
    message: 'Line 2, column 4: There is no variable host.',
    hint: expect.stringContaining('labels.NAME'),
  });
  await expect(create(replica, { labels: { team: '{{ value' } })).rejects.toMatchObject({ field: 'labels.team' });
  await expect(create(replica, { runbook: '{{ value | units }}' })).rejects.toMatchObject({ field: 'runbook' });
  await expect(create(replica, { matchLabels: { team: 'a' }, labels: { team: 'b' } })).rejects.toMatchObject({ field: 'labels.team' });
  const { version, code } = await create(replica);
  const body = { ...speedRule({ annotations: { summary: '{% for %}' } }), version };
  await expect(call(replica.service, api.rules.update, { params: { code }, body })).rejects.toMatchObject({ field: 'annotations.summary' });
});

it('a stored text that can’t be filled in neither keeps its alert from firing nor from resolving', async () => {
  const replica = await prepare();
  const { code } = await create(replica);
  const definition = JSON.stringify(speedRule({ forMs: 0, annotations: { summary: 'Slow {{ host }}' } }));
  await replica.engines.database.query.updateTable('rules').set({ definition, version: 2 }).where('code', '=', code).execute();
  await run(world, replica, 10, { 'belt-1': 0.1 });
  expect((await firing(replica))[0]?.annotations['summary']).toBe(
    'Slow {{ host }} (This text couldn’t be filled in, line 1, column 9: There is no variable host.)',
  );
  await run(world, replica, 15, { 'belt-1': 1 });
  expect(await firing(replica)).toEqual([]);
});
