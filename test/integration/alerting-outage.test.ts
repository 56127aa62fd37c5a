import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#common/contract/api.ts';
import {
  addChart,
  alertEvents,
  call,
  firing,
  measure,
  openWorld,
  type Replica,
  run,
  speedChart,
  speedRule,
  type World,
} from './alerting-world.ts';

/** A backend that is away for an hour, while a rule waits, while its alert fires, and while it resolves. */
const minute = 60_000;
const slow = { 'belt-1': 0.1 };
const fast = { 'belt-1': 2 };

describe.each(['sqlite', 'postgres'] as const)('a backend after an outage, on %s', (dialect) => {
  let world: World;
  let replica: Replica;
  beforeEach(async () => {
    world = await openWorld(dialect);
    replica = await world.replica();
    await addChart(replica.engines, speedChart);
    await measure(replica.engines, slow, 20);
  });
  afterEach(() => world.close());

  const create = (forMs: number) => call(replica.service, api.rules.create, { body: speedRule({ forMs, evaluateEveryMs: 10_000 }) });
  const status = async () => (await call(replica.service, api.rules.get, { params: { code: 'belt-speed-low' } })).statuses[0];
  /** Announced events: not that an alert continues for another reason. */
  const announced = async () => (await alertEvents(replica)).filter((event) => !event.startsWith('alert.updated'));
  /** Moves the clock on, measuring all the while and evaluating when the rule is due. */
  const pass = (ms: number, speeds: Record<string, number>) => run(world, replica, ms / 2_000, speeds);
  async function away(ms: number, speeds: Record<string, number> | null): Promise<void> {
    await replica.close();
    world.clock.now += ms;
    replica = await world.replica();
    // What an agent or a source kept for the time of the outage arrives before the first evaluation.
    if (speeds !== null) await measure(replica.engines, speeds, 600);
  }

  it.each([
    ['with no points from that time', null],
    ['with points from that time that arrive at once', slow],
  ])('does not count the outage as time in which the condition held, %s', async (_, pointsOfOutage) => {
    await create(10 * minute);
    await pass(6 * minute, slow);
    expect(await status()).toMatchObject({ state: 'PENDING' });
    await away(60 * minute, pointsOfOutage);
    const backAt = world.clock.now;
    await pass(9 * minute, slow);
    expect(await firing(replica)).toEqual([]);
    expect(await status()).toMatchObject({ state: 'PENDING' });
    await pass(2 * minute, slow);
    const [alert] = await firing(replica);
    expect((alert?.firedAt ?? 0) - backAt).toBeGreaterThanOrEqual(10 * minute);
    expect(await announced()).toEqual(['alert.triggered fired']);
  });

  it('keeps the timer over a restart that is shorter than an evaluation may be late', async () => {
    await create(10 * minute);
    await pass(6 * minute, slow);
    const since = (await status())?.since;
    await away(20_000, null);
    await measure(replica.engines, slow, 20);
    await pass(4 * minute, slow);
    expect(await firing(replica)).toMatchObject([{ startedAt: since }]);
  });

  it('keeps a firing alert, and does not announce it again', async () => {
    await create(0);
    const [alert] = await firing(replica);
    await away(60 * minute, null);
    // The first evaluation finds nothing in its window: that is no recovery.
    await replica.evaluator.round();
    expect((await firing(replica)).map(({ id }) => id)).toEqual([alert?.id]);
    await pass(minute, slow);
    expect((await firing(replica)).map(({ id, firedAt }) => [id, firedAt])).toEqual([[alert?.id, alert?.firedAt]]);
    expect(await announced()).toEqual(['alert.triggered fired']);
    await pass(minute, fast);
    expect(await firing(replica)).toEqual([]);
    expect(await announced()).toEqual(['alert.triggered fired', 'alert.resolved resolved']);
  });

  it('announces once that an alert recovered during the outage', async () => {
    await create(0);
    await away(60 * minute, fast);
    await pass(minute, fast);
    await away(10 * minute, fast);
    await pass(minute, fast);
    expect(await announced()).toEqual(['alert.triggered fired', 'alert.resolved resolved']);
  });

  it('keeps an alert whose rule is only renamed, under the new name', async () => {
    await create(0);
    const [alert] = await firing(replica);
    world.clock.now += 2_000;
    await measure(replica.engines, slow);
    const body = { ...speedRule({ forMs: 0, evaluateEveryMs: 10_000, name: 'Belt 1 crawls' }), version: 1 };
    await call(replica.service, api.rules.update, { params: { code: 'belt-speed-low' }, body });
    await pass(minute, slow);
    expect(await firing(replica)).toMatchObject([{ id: alert?.id, firedAt: alert?.firedAt, ruleName: 'Belt 1 crawls' }]);
    expect(await announced()).toEqual(['alert.triggered fired']);
  });
});
