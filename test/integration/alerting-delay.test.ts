import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evaluator } from '#backend/services/alerting/evaluator.ts';
import { LoaderDelays } from '#backend/services/alerting/loader-delays.ts';
import { RuleCharts } from '#backend/services/alerting/rule-charts.ts';
import { ChartLibrary } from '#backend/services/chart-library.ts';
import type { Peers } from '#backend/services/peers.ts';
import type { Caller } from '#backend/services/service.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { addRule, alertEvents, call, measure, openBelts, type Replica, speedRule, type World } from './alerting-world.ts';
import { makeFolder, makePlant, type Plant, sql } from './loaders-world.ts';

const admin: Caller = { id: 'u0', name: 'admin', role: 'ADMIN' };
let world: World;
let replica: Replica;
let plant: Plant;
let removeFolder: () => void;

beforeEach(async () => {
  ({ world, replica } = await openBelts('sqlite'));
  const { folder, remove } = makeFolder();
  removeFolder = remove;
  plant = makePlant(folder);
  const body = { code: 'plant', name: 'Plant', settings: { kind: 'sqlite' as const, file: plant.file } };
  await call(replica.loaders, api.sources.create, { body }, admin);
});
afterEach(async () => {
  plant.close();
  await world.close();
  removeFolder();
});

const loader = { code: 'belt-speed', name: 'Belt speed', sourceCode: 'plant', sql };
const create = (times: { intervalMs: number; overlapMs: number }) =>
  call(replica.loaders, api.loaders.create, { body: { ...loader, ...times } }, admin);
const status = async (code: string) => (await call(replica.service, api.rules.get, { params: { code } })).statuses[0];
const windowTo = async (code: string) => (await status(code))?.reasons[0]?.windowTo;

describe('the delay of a rule', () => {
  it('is by default the interval and the overlap of its loader, and follows a change of the loader', async () => {
    let reads = 0;
    const peers: Peers = {
      as: (caller) => {
        const calls = replica.peers.as(caller);
        const list: typeof calls.loaders.list = (...request) => {
          reads += 1;
          return calls.loaders.list(...request);
        };
        return { ...calls, loaders: { ...calls.loaders, list } };
      },
    };
    const { engines } = replica;
    const charts = new RuleCharts(new ChartLibrary(engines, replica.peers, 'alerting'), engines.log);
    const evaluator = new Evaluator(engines, charts, ruleVersions(engines), new LoaderDelays(engines, peers));
    const { version } = await create({ intervalMs: 2_000, overlapMs: 3_000 });
    await measure(engines, { 'belt-1': 1 }, 60);
    await addRule(engines.database, speedRule({ code: 'default' }));
    await addRule(engines.database, speedRule({ code: 'own', delayMs: 1_000 }));
    await evaluator.round();
    expect(await windowTo('default')).toBe(world.clock.now - 5_000);
    expect(await windowTo('own')).toBe(world.clock.now - 1_000);

    world.clock.now += 2_000;
    await evaluator.round();
    expect(await windowTo('default')).toBe(world.clock.now - 5_000);
    expect(reads).toBe(1);

    const body = { ...loader, intervalMs: 9_000, overlapMs: 3_000, version };
    await call(replica.loaders, api.loaders.update, { params: { code: loader.code }, body }, admin);
    world.clock.now += 2_000;
    await evaluator.round();
    expect(await windowTo('default')).toBe(world.clock.now - 12_000);
    expect(reads).toBe(2);
  });

  it('leaves points out that arrived after the end of the window, and reports ages as of now', async () => {
    await create({ intervalMs: 17_000, overlapMs: 3_000 });
    await measure(replica.engines, { 'belt-1': 0.1 }, 10);
    await addRule(replica.engines.database, speedRule({ code: 'default' }));
    await replica.evaluator.round();
    expect(await status('default')).toMatchObject({ state: 'NO_DATA', value: null });
    expect((await status('default'))?.reasons[0]).toMatchObject({
      windowFrom: world.clock.now - 40_000,
      windowTo: world.clock.now - 20_000,
      details: [{ code: 'no_points', params: { ageMs: 2_000 } }],
    });
  });

  const minuteMs = 60_000;
  /** Sum of an hour below 6, over points that are stored every ten minutes, each three minutes after its time. */
  const overLatePoints = async (delayMs?: number) => {
    const condition = { kind: 'threshold', aggregation: 'sum', windowMs: 60 * minuteMs, operator: '<', threshold: 6 } as const;
    const begin = world.clock.now;
    const rule = speedRule({ conditions: [condition], forMs: 0, evaluateEveryMs: minuteMs, ...(delayMs === undefined ? {} : { delayMs }) });
    for (let minute = -120; minute <= 180; minute++) {
      if (minute === 0) await addRule(replica.engines.database, rule);
      world.clock.now = begin + minute * minuteMs;
      const measuredAt = minute - 3;
      if (measuredAt % 10 === 0) {
        const one = [1];
        await replica.engines.signals.appendSignals('belt-speed', {
          segment: ['belt-1'],
          t: [begin + measuredAt * minuteMs],
          count: one,
          min: one,
          max: one,
          avg: one,
          sum: one,
        });
      }
      if (minute >= 0) await replica.evaluator.round();
    }
    return alertEvents(replica);
  };

  it('keeps a sum from dipping each time that its newest point is still on its way', async () => {
    await create({ intervalMs: 10 * minuteMs, overlapMs: 5 * minuteMs });
    expect(await overLatePoints()).toEqual([]);
    expect((await status('belt-speed-low'))?.reasons[0]).toMatchObject({ points: 6, value: 6 });
  });

  it('is what keeps it: without one the alert fires and resolves every ten minutes', async () => {
    await create({ intervalMs: 10 * minuteMs, overlapMs: 5 * minuteMs });
    expect((await overLatePoints(0)).length).toBeGreaterThan(10);
  });
});
