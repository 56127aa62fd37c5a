import { afterEach, describe, expect, it } from 'vitest';
import { LogRetention } from '#backend/services/alerting/log-retention.ts';
import { api } from '#common/contract/api.ts';
import { dayMs } from '#common/time/durations.ts';
import { withoutPostgres } from '../support/postgres.ts';
import { call, lowSpeed, measure, openBelts, type Replica, run, speedRule, type World } from './alerting-world.ts';

let world: World;
afterEach(() => world.close());

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
