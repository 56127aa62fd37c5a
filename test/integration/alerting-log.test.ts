import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Evaluator } from '#backend/services/alerting/evaluator.ts';
import { LoaderDelays } from '#backend/services/alerting/loader-delays.ts';
import { LogRetention } from '#backend/services/alerting/log-retention.ts';
import { RuleCharts } from '#backend/services/alerting/rule-charts.ts';
import { ChartLibrary } from '#backend/services/chart-library.ts';
import type { PeerCalls, Peers } from '#backend/services/peers.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { dayMs } from '#common/time/durations.ts';
import { withoutPostgres } from '../support/postgres.ts';
import { addRule, call, closeServers, lowSpeed, measure, openBelts, type Replica, run, speedRule, type World } from './alerting-world.ts';

let world: World;
afterEach(() => world.close());
afterAll(closeServers);

const code = 'belt-speed-low';
const list = (replica: Replica, query = {}) =>
  call(replica.service, api.rules.evaluations, { params: { code }, query }).then(({ items }) => items);

const dialects = [
  { dialect: 'sqlite' as const, skip: false },
  { dialect: 'postgres' as const, skip: withoutPostgres() !== null },
];

describe.each(dialects)('the log of evaluations on $dialect', ({ dialect, skip }) => {
  it.skipIf(skip)('has each change of state and otherwise a row in five minutes, and is deleted after its days', async () => {
    const opened = await openBelts(dialect);
    world = opened.world;
    const { replica } = opened;
    const begin = world.clock.now;
    await measure(replica.engines, { 'belt-1': 1 }, 20);
    const absent = { kind: 'absent', windowMs: 20_000 } as const;
    await call(replica.service, api.rules.create, {
      body: speedRule({ conditions: [lowSpeed, absent], match: { kind: 'any' }, forMs: 4_000 }),
    });
    await run(world, replica, 2, { 'belt-1': 1 });
    await run(world, replica, 12, { 'belt-1': 0.1 });
    const items = await list(replica);
    expect(items.map(({ state, score }) => [state, score])).toEqual([
      ['FIRING', 0.5],
      ['PENDING', 0.5],
      ['OK', 0],
    ]);
    expect(items.at(-1)).toMatchObject({ at: begin, seriesKey: '[["loader","belt-speed"],["segment","belt-1"]]', value: 1 });
    expect(items[0]?.value).toBeLessThan(0.6);
    expect(items.every(({ durationMs }) => durationMs > 0)).toBe(true);

    const firedAt = items[0]?.at ?? Number.NaN;
    expect(await list(replica, { to: `${firedAt}` })).toEqual(items.slice(1));
    expect(await list(replica, { from: `${firedAt}` })).toEqual(items.slice(0, 1));
    expect(await list(replica, { limit: '1' })).toEqual(items.slice(0, 1));

    for (let minute = 0; minute < 10; minute++) {
      world.clock.now += 60_000;
      await measure(replica.engines, { 'belt-1': 0.1 }, 20);
      await replica.evaluator.round();
    }
    expect((await list(replica)).map(({ state }) => state)).toEqual(['FIRING', 'FIRING', ...items.map(({ state }) => state)]);

    world.clock.now = firedAt + 7 * dayMs;
    const retention = new LogRetention(replica.engines, 7);
    await retention.expire();
    expect((await list(replica)).at(-1)?.at).toBe(firedAt);
  });

  it.skipIf(skip)('of an unknown rule is not found', async () => {
    const opened = await openBelts(dialect);
    world = opened.world;
    await expect(list(opened.replica)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the delay of a rule', () => {
  /** An evaluator that knows a loader, which other parts of the test don't need. @param asked called when the loaders are read */
  async function prepare(intervalMs: () => number, asked = () => {}): Promise<{ replica: Replica; evaluator: Evaluator }> {
    const opened = await openBelts('sqlite');
    world = opened.world;
    const { replica } = opened;
    const { engines } = replica;
    const peers: Peers = {
      as: (caller) => ({
        ...replica.peers.as(caller),
        loaders: {
          list: async () => {
            asked();
            return { items: [{ code: 'belt-speed', intervalMs: intervalMs(), overlapMs: 3_000 }] };
          },
        } as unknown as PeerCalls['loaders'],
      }),
    };
    const evaluator = new Evaluator(
      engines,
      new RuleCharts(new ChartLibrary(engines, replica.peers, 'alerting'), engines.log),
      ruleVersions(engines),
      new LoaderDelays(engines, peers),
    );
    return { replica, evaluator };
  }
  const windowTo = async (replica: Replica, of: string) =>
    (await call(replica.service, api.rules.get, { params: { code: of } })).statuses[0]?.reasons[0]?.windowTo;

  it('is by default the interval and the overlap of its loader, and follows a change of the loader', async () => {
    let intervalMs = 2_000;
    let reads = 0;
    const { replica, evaluator } = await prepare(
      () => intervalMs,
      () => {
        reads += 1;
      },
    );
    const { engines } = replica;
    await measure(engines, { 'belt-1': 1 }, 60);
    await addRule(engines.database, speedRule({ code: 'default' }));
    await addRule(engines.database, speedRule({ code: 'own', delayMs: 1_000 }));
    await evaluator.round();
    expect(await windowTo(replica, 'default')).toBe(world.clock.now - 5_000);
    expect(await windowTo(replica, 'own')).toBe(world.clock.now - 1_000);

    world.clock.now += 2_000;
    intervalMs = 9_000;
    await evaluator.round();
    expect(await windowTo(replica, 'default')).toBe(world.clock.now - 5_000);
    expect(reads).toBe(1);

    await engines.database.transaction((tx) => engines.bus.publish(tx, 'loader.deleted', { loaderCode: 'other' }));
    world.clock.now += 2_000;
    await evaluator.round();
    expect(await windowTo(replica, 'default')).toBe(world.clock.now - 12_000);
    expect(reads).toBe(2);
  });

  it('leaves points out that arrived after the end of the window, and reports ages as of now', async () => {
    const { replica, evaluator } = await prepare(() => 17_000);
    await measure(replica.engines, { 'belt-1': 0.1 }, 10);
    await addRule(replica.engines.database, speedRule({ code: 'default' }));
    await evaluator.round();
    const { statuses } = await call(replica.service, api.rules.get, { params: { code: 'default' } });
    expect(statuses[0]).toMatchObject({ state: 'NO_DATA', value: null });
    expect(statuses[0]?.reasons[0]).toMatchObject({
      windowFrom: world.clock.now - 40_000,
      windowTo: world.clock.now - 20_000,
      details: [{ code: 'no_points', params: { ageMs: 2_000 } }],
    });
  });
});
