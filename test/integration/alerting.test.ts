import { afterEach, describe, expect, it } from 'vitest';
import type { Engines } from '#backend/engines/port.ts';
import { api } from '#common/contract/api.ts';
import { withoutPostgres } from '../support/postgres.ts';
import {
  addChart,
  addRule,
  alertEvents,
  call,
  firing,
  measure,
  openBelts,
  type Replica,
  run,
  sara,
  speedChart,
  speedRule,
  type World,
} from './alerting-world.ts';

let world: World;
afterEach(() => world.close());

async function prepare(dialect: 'sqlite' | 'postgres', change?: (engines: Engines) => Engines): Promise<Replica> {
  const opened = await openBelts(dialect, change);
  world = opened.world;
  return opened.replica;
}

const create = (replica: Replica, rule = speedRule()) => call(replica.service, api.rules.create, { body: rule });
const statusOf = async (replica: Replica, belt = 'belt-1') =>
  (await call(replica.service, api.rules.get, { params: { code: 'belt-speed-low' } })).statuses.find(
    (status) => status.labels['segment'] === belt,
  );

const dialects = [
  { dialect: 'sqlite' as const, skip: false },
  { dialect: 'postgres' as const, skip: withoutPostgres() !== null },
];

for (const { dialect, skip } of dialects) {
  describe.skipIf(skip)(`alerting on ${dialect}`, () => {
    it('handles an alert from the first bad value to resolved, with its history, events and reasons', async () => {
      const replica = await prepare(dialect);
      await measure(replica.engines, { 'belt-1': 0.98, 'belt-2': 1.02 }, 20);
      const created = await create(replica);
      expect(created.statuses.map((status) => status.state)).toEqual(['OK', 'OK']);
      expect(created.statuses[0]?.reasons[0]?.text).toBe('Average over 20 s is 0.98 m/s, not below 0.6.');

      await run(world, replica, 5, { 'belt-1': 0, 'belt-2': 1.02 });
      expect((await statusOf(replica))?.state).toBe('PENDING');
      expect(await firing(replica)).toEqual([]);
      const pendingSince = (await statusOf(replica))?.since ?? Number.NaN;

      await run(world, replica, 3, { 'belt-1': 0, 'belt-2': 1.02 });
      const [alert, ...others] = await firing(replica);
      expect(others).toEqual([]);
      expect(alert).toMatchObject({
        ruleCode: 'belt-speed-low',
        labels: { segment: 'belt-1' },
        cause: 'condition',
        severity: 'CRITICAL',
        unit: 'm/s',
        threshold: 0.6,
        startedAt: pendingSince,
        firedAt: pendingSince + 6_000,
        suppressed: false,
        version: 1,
      });
      expect(alert?.reasons[0]?.text).toMatch(/^Average over 20 s is 0\.\d+ m\/s, below 0\.6 for 6 s \(needs 6 s\)\.$/);
      expect(alert?.reasons[0]?.details).toMatchObject([
        {
          code: 'threshold_holds_for_needed',
          params: { aggregation: 'avg', windowMs: 20_000, unit: 'm/s', heldMs: 6_000, neededMs: 6_000 },
        },
      ]);
      expect(alert?.reasons[0]?.points).toBe(10);
      expect((await statusOf(replica, 'belt-2'))?.state).toBe('OK');

      const params = { id: alert?.id ?? '' };
      await call(replica.service, api.alerts.acknowledge, { params, body: { note: 'on my way' } });
      await run(world, replica, 8, { 'belt-1': 1, 'belt-2': 1.02 });
      expect(await firing(replica)).toEqual([]);
      const { alert: done, events } = await call(replica.service, api.alerts.get, { params });
      expect(done).toMatchObject({ state: 'RESOLVED', acknowledgement: { by: 'sara' }, snooze: null });
      expect(done.resolvedAt).toBeGreaterThan(done.firedAt);
      expect(events.map(({ kind, by }) => [kind, by])).toEqual([
        ['fired', null],
        ['acknowledged', 'sara'],
        ['resolved', null],
      ]);
      expect(events[2]?.note).toMatch(/^Average over 20 s is 0\.\d+ m\/s, not below 0\.6\.$/);
      expect(events.map(({ details }) => details?.map(({ code }) => code))).toEqual([
        ['threshold_holds_for_needed'],
        undefined,
        ['threshold_clear'],
      ]);
      expect(await alertEvents(replica)).toEqual(['alert.triggered fired', 'alert.updated acknowledged', 'alert.resolved resolved']);
    });

    it('fires once however many evaluators run at the same moment', async () => {
      const one = await prepare(dialect);
      // The third has a broken lock, as after a pause in which its lease expired: the database must stop it.
      const others = [
        await world.replica(),
        await world.replica((engines) => ({ ...engines, locks: { ...engines.locks, acquireMany: async (names) => new Set(names) } })),
      ];
      await measure(one.engines, { 'belt-1': 0.1, 'belt-2': 0.1 }, 20);
      await create(one, speedRule({ forMs: 4_000 }));
      for (let step = 0; step < 6; step += 1) {
        world.clock.now += 2_000;
        await measure(one.engines, { 'belt-1': step < 4 ? 0.1 : 5, 'belt-2': 0.1 });
        const rounds = await Promise.all([one, ...others].map((replica) => replica.evaluator.round()));
        expect(rounds.flatMap((round) => round.evaluated)).toEqual(['belt-speed-low']);
      }
      const events = await alertEvents(one);
      expect(events.filter((event) => event === 'alert.triggered fired')).toHaveLength(2);
      expect(events.filter((event) => event === 'alert.resolved resolved')).toHaveLength(1);
    });

    it('keeps the timer and the alert over a restart', async () => {
      const before = await prepare(dialect);
      await measure(before.engines, { 'belt-1': 0.1 }, 20);
      await create(before);
      await run(world, before, 2, { 'belt-1': 0.1 });
      const since = (await statusOf(before))?.since;
      await before.close();

      const after = await world.replica();
      await run(world, after, 1, { 'belt-1': 0.1 });
      expect(await firing(after)).toMatchObject([{ startedAt: since, firedAt: world.clock.now }]);
      await after.close();

      const last = await world.replica();
      await run(world, last, 5, { 'belt-1': 0.1 });
      expect(await alertEvents(last)).toEqual(['alert.triggered fired']);
    });

    it('stores nothing if the transaction fails, and everything in the next round', async () => {
      let broken = false;
      const replica = await prepare(dialect, (engines) => ({
        ...engines,
        bus: new Proxy(engines.bus, {
          get: (bus, name) => {
            if (name === 'publish' && broken) return () => Promise.reject(new Error('the disk went away'));
            const member: unknown = Reflect.get(bus, name);
            return typeof member === 'function' ? member.bind(bus) : member;
          },
        }),
      }));
      await measure(replica.engines, { 'belt-1': 0.1 }, 20);
      await create(replica);
      await run(world, replica, 2, { 'belt-1': 0.1 });
      const rows = async () => {
        const { query } = replica.engines.database;
        return [
          await query.selectFrom('rules').selectAll().execute(),
          await query.selectFrom('rule_states').selectAll().execute(),
          await query.selectFrom('alerts').selectAll().execute(),
          await query.selectFrom('alert_events').selectAll().execute(),
          await query.selectFrom('bus_events').selectAll().execute(),
        ];
      };
      const before = await rows();
      broken = true;
      await run(world, replica, 1, { 'belt-1': 0.1 });
      expect(await rows()).toEqual(before);
      broken = false;
      await run(world, replica, 1, { 'belt-1': 0.1 });
      expect(await alertEvents(replica)).toEqual(['alert.triggered fired']);
    });

    it('evaluates 1,000 rules, each once', async () => {
      const replica = await prepare(dialect);
      const { database } = replica.engines;
      await measure(replica.engines, { 'belt-1': 0.1 }, 20);
      const rules = Array.from({ length: 1_000 }, (_, i) =>
        speedRule({
          code: `rule-${i}`,
          forMs: 0,
          conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: i < 20 ? 0.6 : 0.05 }],
        }),
      );
      await database.transaction(async (tx) => {
        for (const rule of rules) {
          await addRule({ query: tx }, rule);
        }
      });
      const evaluated: string[] = [];
      let tookMs = 0;
      // On a busy machine a round may reach its time limit; the next continues with the rest and repeats none.
      while (evaluated.length < 1_000) {
        const round = await replica.evaluator.round();
        expect(round.evaluated.length).toBeGreaterThan(0);
        evaluated.push(...round.evaluated);
        tookMs += round.durationMs;
      }
      console.log(`1,000 rules on ${dialect}: evaluated in ${Math.round(tookMs)} ms`);
      expect(new Set(evaluated).size).toBe(1_000);
      expect((await alertEvents(replica)).filter((event) => event === 'alert.triggered fired')).toHaveLength(20);
    });
  });
}

describe('one rule among others', () => {
  it('that cannot be evaluated has the state ERROR and does not stop the others', async () => {
    const replica = await prepare('sqlite');
    await measure(replica.engines, { 'belt-1': 0.1 }, 20);
    await create(replica, speedRule({ forMs: 0 }));
    await create(replica, speedRule({ code: 'blind', onError: 'alert', forMs: 0 }));
    const { query } = replica.engines.database;
    const orphan = speedRule({ code: 'orphan', chartCode: 'nowhere', onError: 'alert', forMs: 0 });
    await addRule({ query }, orphan);
    await addRule({ query }, { code: 'corrupt' }, '{"code":');
    await query.updateTable('rule_states').set({ state: 'garbage' }).where('rule_code', '=', 'blind').execute();
    await run(world, replica, 1, { 'belt-1': 0.1 });
    const { items } = await call(replica.service, api.rules.list, {});
    expect(items.map((rule) => [rule.code, rule.statuses.map((status) => status.state)])).toEqual([
      ['belt-speed-low', ['FIRING']],
      ['blind', ['FIRING']],
      ['orphan', ['ERROR']],
    ]);
    expect(items[2]?.statuses[0]?.reasons[0]?.text).toBe('Not evaluated: the chart “nowhere” doesn’t exist or can’t be read.');
    // The alert whose state was lost was adopted: it neither fired again nor stayed for ever.
    expect((await alertEvents(replica)).filter((event) => event === 'alert.triggered fired')).toHaveLength(3);

    await addChart(replica.engines, { ...speedChart, code: 'nowhere' });
    await run(world, replica, 12, { 'belt-1': 1 });
    expect(await firing(replica)).toEqual([]);
    const errors = await call(replica.service, api.alerts.list, { query: { ruleCode: 'orphan' } });
    expect(errors.items.map((alert) => alert.cause)).toEqual(['condition', 'error']);
  });

  it('whose query takes too long is cancelled in the store', async () => {
    const reasons: unknown[] = [];
    const replica = await prepare('sqlite', (engines) => ({
      ...engines,
      signals: new Proxy(engines.signals, {
        get: (signals, name) => {
          const member: unknown = Reflect.get(signals, name);
          if (name !== 'summarise') return typeof member === 'function' ? member.bind(signals) : member;
          // A store that runs until it is cancelled.
          return (_: unknown, options?: { signal?: AbortSignal }) =>
            new Promise((_resolve, reject) => {
              options?.signal?.addEventListener('abort', () => {
                reasons.push(options.signal?.reason);
                reject(options.signal?.reason);
              });
            });
        },
      }),
    }));
    await addRule(replica.engines.database, speedRule({ code: 'slow' }));
    const text = async () => (await call(replica.service, api.rules.get, { params: { code: 'slow' } })).statuses[0]?.reasons[0]?.text;
    for (const rounds of [1, 2]) {
      world.clock.now += 2_000;
      await replica.evaluator.round();
      expect(await text()).toBe('Not evaluated: the signal store didn’t answer within 2 s.');
      // Nothing of the first one is left that would keep the second from being asked.
      expect(reasons).toHaveLength(rounds);
    }
    expect(reasons[0]).toMatchObject({ code: 'timeout' });
  });

  it('over points that arrive late reports that the window is incomplete', async () => {
    const replica = await prepare('sqlite');
    const condition = { kind: 'threshold', aggregation: 'sum', windowMs: 20_000, operator: '<', threshold: 8 } as const;
    await measure(replica.engines, { 'belt-1': 1 }, 20);
    // Measured every 2 s and stored 6 s later.
    world.clock.now += 6_000;
    await call(replica.service, api.rules.create, { body: speedRule({ conditions: [condition], forMs: 0 }) });
    const [alert] = await firing(replica);
    expect(alert?.reasons[0]?.text).toMatch(/^Sum over 20 s is .*, below 8\./);
    expect(alert?.value).toBeLessThan(8);
    expect(alert?.reasons[0]?.text).toMatch(/The newest point is 8 s old, so the end of the window may still be missing\.$/);
  });

  it('whose query hangs times out, and is not queried again until it ends', async () => {
    let asked = 0;
    let answer = () => {};
    const replica = await prepare('sqlite', (engines) => ({
      ...engines,
      signals: new Proxy(engines.signals, {
        get: (signals, name) => {
          const member: unknown = Reflect.get(signals, name);
          if (name !== 'summarise') return typeof member === 'function' ? member.bind(signals) : member;
          return async (request: Parameters<Engines['signals']['summarise']>[0]) => {
            if (request.selector.from === 'metric') {
              asked += 1;
              await new Promise<void>((resolve) => {
                answer = resolve;
              });
            }
            return engines.signals.summarise(request);
          };
        },
      }),
    }));
    await measure(replica.engines, { 'belt-1': 1 }, 20);
    await addChart(replica.engines, { ...speedChart, code: 'stuck', selector: { from: 'metric', name: 'stuck', labels: {} } });
    await create(replica);
    const stuck = speedRule({ code: 'stuck', chartCode: 'stuck' });
    await addRule(replica.engines.database, stuck);
    const statuses = async () => (await call(replica.service, api.rules.get, { params: { code: 'stuck' } })).statuses;

    world.clock.now += 2_000;
    const round = await replica.evaluator.round();
    expect(round.evaluated.toSorted()).toEqual(['belt-speed-low', 'stuck']);
    expect((await statuses())[0]?.reasons[0]?.text).toBe('Not evaluated: the signal store didn’t answer within 2 s.');
    world.clock.now += 2_000;
    await replica.evaluator.round();
    expect((await statuses())[0]?.reasons[0]?.text).toContain('still hasn’t been answered');
    expect(asked).toBe(1);
    answer();
    await new Promise((resolve) => setTimeout(resolve, 50));
    world.clock.now += 2_000;
    const again = replica.evaluator.round();
    await expect.poll(() => asked).toBe(2);
    answer();
    await again;
    expect((await statuses()).map((status) => status.state)).toEqual(['NO_DATA']);
  });
});

describe('the data of an evaluation', () => {
  it('fires for missing data of each silent series and resolves when data comes back', async () => {
    const replica = await prepare('sqlite');
    await measure(replica.engines, { 'belt-1': 1, 'belt-2': 1 }, 20);
    await create(replica);
    await run(world, replica, 12, { 'belt-1': 1, 'belt-2': 1 });
    await run(world, replica, 13, { 'belt-2': 1 });
    expect(await firing(replica)).toMatchObject([{ cause: 'no-data', labels: { segment: 'belt-1' }, value: null }]);
    expect((await statusOf(replica))?.state).toBe('NO_DATA');
    await run(world, replica, 1, { 'belt-1': 1, 'belt-2': 1 });
    expect(await firing(replica)).toEqual([]);
  });

  it('evaluates only the series that the rule covers, and resolves alerts of others', async () => {
    const replica = await prepare('sqlite');
    await measure(replica.engines, { 'belt-1': 0.1, 'belt-2': 0.1 }, 20);
    const rule = speedRule({ forMs: 0, matchLabels: { segment: 'belt-1' } });
    const created = await create(replica, rule);
    expect(created.statuses.map((status) => status.labels['segment'])).toEqual(['belt-1']);
    world.clock.now += 500;
    await call(replica.service, api.rules.update, {
      params: { code: rule.code },
      body: { ...rule, matchLabels: { segment: 'belt-2' }, version: 1 },
    });
    expect((await firing(replica)).map((alert) => alert.labels['segment'])).toEqual(['belt-2']);
  });

  it('updates an alert’s value at most every 30 s, and not for a change that is not visible', async () => {
    const replica = await prepare('sqlite');
    await measure(replica.engines, { 'belt-1': 0.1 }, 20);
    await create(replica, speedRule({ forMs: 0 }));
    const updates = async () => (await alertEvents(replica)).filter((event) => event === 'alert.updated updated').length;
    await run(world, replica, 16, { 'belt-1': 0.1 });
    expect(await updates()).toBe(0);
    await run(world, replica, 30, { 'belt-1': 0.3 });
    expect(await updates()).toBe(2);
    expect((await firing(replica))[0]?.value).toBeCloseTo(0.3);
    const { events } = await call(replica.service, api.alerts.get, { params: { id: (await firing(replica))[0]?.id ?? '' } });
    expect(events.map((event) => event.kind)).toEqual(['fired']);
  });

  it('weights the average by the number of records', async () => {
    const replica = await prepare('sqlite');
    const t = world.clock.now;
    await replica.engines.signals.appendSignals('belt-speed', {
      segment: ['belt-1', 'belt-1'],
      t: [t - 4_000, t - 2_000],
      count: [9, 1],
      min: [1, 0],
      max: [1, 0],
      avg: [1, 0],
      sum: [9, 0],
    });
    const { statuses } = await create(replica);
    expect(statuses[0]).toMatchObject({ state: 'OK', value: 0.9, reasons: [{ points: 2 }] });
  });
});

describe('the service', () => {
  it('evaluates automatically, announces each round, releases its leases, and notices when it falls behind', async () => {
    const replica = await prepare('sqlite');
    await measure(replica.engines, { 'belt-1': 1 }, 20);
    const rounds: unknown[] = [];
    replica.engines.bus.onAnnounced((event) => {
      if (event.type === 'rules.evaluated') rounds.push(event.payload);
    });
    await replica.service.start();
    await expect.poll(() => rounds.length).toBeGreaterThan(0);
    expect(rounds[0]).toMatchObject({ at: world.clock.now, rules: 3 });
    expect(await replica.service.health()).toEqual({ name: 'alerting', status: 'up', rulesEvaluatedAt: world.clock.now });
    await replica.service.stop();
    world.clock.now += 60_000;
    expect(await replica.service.health()).toEqual({
      name: 'alerting',
      status: 'degraded',
      rulesEvaluatedAt: world.clock.now - 60_000,
      detail: 'No round of rule evaluation has ended for 1 min.',
    });
    const other = await world.replica();
    expect((await other.evaluator.round()).evaluated).toHaveLength(3);
  });

  it('ships its rules once: changes and deletions by people stay', async () => {
    const replica = await prepare('sqlite');
    await replica.service.start();
    await replica.service.stop();
    const { items } = await call(replica.service, api.rules.list, {});
    expect(items.map((rule) => rule.code)).toEqual(['belt-rejects-high', 'belt-speed-low', 'host-cpu-high']);
    const speed = api.rules.update.body.strip().parse(items.find((rule) => rule.code === 'belt-speed-low'));
    await call(replica.service, api.rules.update, { params: { code: speed.code }, body: { ...speed, severity: 'INFO' } }, sara);
    await call(replica.service, api.rules.remove, { params: { code: 'belt-rejects-high' } });
    await replica.close();
    const again = await world.replica();
    await again.service.start();
    const later = await call(again.service, api.rules.list, {});
    expect(later.items.map((rule) => [rule.code, rule.severity])).toEqual([
      ['belt-speed-low', 'INFO'],
      ['host-cpu-high', 'WARNING'],
    ]);
  });
});
