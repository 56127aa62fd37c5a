import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engines } from '#backend/engines/port.ts';
import { ParsedStates, type StoredState, statesByRule } from '#backend/services/alerting/alerting.store.ts';
import { commitEvaluations } from '#backend/services/alerting/commit.store.ts';
import { evaluateSeries, type RuleEvaluation } from '#backend/services/alerting/evaluate-series.ts';
import { listRules, type StoredRule } from '#backend/services/alerting/rules.store.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { withoutPostgres } from '../support/postgres.ts';
import {
  addChart,
  addRule,
  alertEvents,
  firing,
  measure,
  openBelts,
  openWorld,
  type Replica,
  speedChart,
  speedRule,
  type World,
} from './alerting-world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function belts(dialect: 'sqlite' | 'postgres' = 'sqlite', change?: (engines: Engines) => Engines) {
  const opened = await openBelts(dialect, change);
  worlds.push(opened.world);
  return opened;
}

const slow = { 'belt-1': 0.1 };
const codes = (count: number) => Array.from({ length: count }, (_, i) => `rule-${i}`);
async function addRules({ engines }: Replica, names: readonly string[], more = {}): Promise<void> {
  for (const code of names) await addRule(engines.database, speedRule({ code, forMs: 0, ...more }));
}
const evaluatedAt = async ({ engines }: Replica) => {
  const rows = await engines.database.query.selectFrom('rules').select(['code', 'evaluated_at']).orderBy('code').execute();
  return Object.fromEntries(rows.map((row) => [row.code, row.evaluated_at]));
};

/** Replaces methods of the signal store. */
const withSignals = (engines: Engines, methods: Partial<Engines['signals']>): Engines => ({
  ...engines,
  signals: new Proxy(engines.signals, {
    get: (signals, name) => {
      const member: unknown = Reflect.get(methods, name) ?? Reflect.get(signals, name);
      return typeof member === 'function' ? member.bind(signals) : member;
    },
  }),
});

const dialects = [
  { dialect: 'sqlite' as const, skip: false },
  { dialect: 'postgres' as const, skip: withoutPostgres() !== null },
];

describe.each(dialects)('evaluators on $dialect', ({ dialect, skip }) => {
  it.skipIf(skip)('that were paused until their lease expired store nothing for rules that another one has evaluated', async () => {
    let resume = () => {};
    const paused = new Promise<void>((resolve) => {
      resume = resolve;
    });
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { world, replica: other } = await belts(dialect);
    const sleeper = await world.replica((engines) =>
      withSignals(engines, {
        summarise: async (request, options) => {
          const answer = await engines.signals.summarise(request, options);
          asked();
          await paused;
          return answer;
        },
      }),
    );
    await measure(other.engines, slow, 20);
    await addRules(other, codes(3));
    const round = sleeper.evaluator.round();
    await isAsked;
    const { query } = other.engines.database;
    await query.updateTable('leases').set({ expires_at: 0 }).where('name', 'like', 'alert:eval:lock:%').execute();
    world.clock.now += 500;
    await measure(other.engines, { 'belt-1': 9 }, 20);
    // One of the rules was not evaluated by the other process: for that one, the sleeper's evaluation counts.
    await query
      .updateTable('rules')
      .set({ definition: JSON.stringify(speedRule({ code: 'rule-2', enabled: false })), version: 1 })
      .where('code', '=', 'rule-2')
      .execute();
    expect((await other.evaluator.round()).evaluated.toSorted()).toEqual(['rule-0', 'rule-1']);
    const stored = await evaluatedAt(other);
    resume();
    expect((await round).evaluated).toEqual(['rule-2']);
    expect(await evaluatedAt(other)).toEqual({ ...stored, 'rule-2': world.clock.now - 500 });
    expect((await firing(other)).map(({ ruleCode }) => ruleCode)).toEqual(['rule-2']);
  });

  it.skipIf(skip)('evaluate each rule once per interval, however many there are and however often they look', async () => {
    const { world, replica: one } = await belts(dialect);
    const other = await world.replica();
    await measure(one.engines, { 'belt-1': 1 }, 20);
    const names = codes(20);
    await addRules(one, names, { evaluateEveryMs: 10_000 });
    const both = async () =>
      (await Promise.all([one, other].map(({ evaluator }) => evaluator.round()))).flatMap(({ evaluated }) => evaluated);
    expect((await both()).toSorted()).toEqual(names.toSorted());
    const counts = new Map<string, number>();
    const busiest: number[] = [];
    for (let step = 0; step < 30; step++) {
      world.clock.now += 1_000;
      const evaluated = await both();
      busiest.push(evaluated.length);
      for (const code of evaluated) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(names.map((code) => [code, 3])));
    // Spread over the interval, not all at once.
    expect(Math.max(...busiest)).toBeLessThan(names.length / 2);
  });

  it.skipIf(skip)('continue after an end in the middle of a round with the rules that were not stored', async () => {
    const { world, replica } = await belts(dialect, (engines) =>
      withSignals(engines, {
        summarise: (request, options) =>
          request.selector.from === 'metric' ? new Promise(() => {}) : engines.signals.summarise(request, options),
      }),
    );
    await measure(replica.engines, slow, 20);
    await addChart(replica.engines, { ...speedChart, code: 'hangs', selector: { from: 'metric', name: 'hangs', labels: {} } });
    await addRules(replica, ['stored']);
    await addRules(replica, ['lost'], { chartCode: 'hangs' });
    const round = replica.evaluator.round();
    await expect.poll(async () => (await evaluatedAt(replica))['stored']).toBe(world.clock.now);
    expect((await evaluatedAt(replica))['lost']).toBeNull();
    // Another process takes over what this one has not stored: its leases end.
    const after = await world.replica();
    await after.engines.database.query.updateTable('leases').set({ expires_at: 0 }).where('name', 'like', 'alert:%').execute();
    expect((await after.evaluator.round()).evaluated).toEqual(['lost']);
    expect((await round).evaluated).toEqual(['stored']);
    expect((await alertEvents(after)).filter((event) => event === 'alert.triggered fired')).toHaveLength(1);
  });
});

describe('a round', () => {
  it('reads each window of a chart once for all of its rules', async () => {
    const windows: string[] = [];
    const { replica } = await belts('sqlite', (engines) =>
      withSignals(engines, {
        summarise: (request, options) => {
          windows.push(`${request.to - request.from}`);
          return engines.signals.summarise(request, options);
        },
      }),
    );
    await measure(replica.engines, slow, 20);
    await addRules(replica, codes(30));
    const condition = { kind: 'threshold', aggregation: 'max', windowMs: 10_000, operator: '<', threshold: 5 } as const;
    await addRules(replica, ['other'], { conditions: [condition] });
    expect((await replica.evaluator.round()).evaluated).toHaveLength(31);
    expect(windows.toSorted()).toEqual(['10000', '20000']);
  });

  it('with a chart that hangs does not delay the rules of others, also not those of later rounds', async () => {
    let asked = 0;
    const { world, replica } = await belts('sqlite', (engines) =>
      withSignals(engines, {
        summarise: (request, options) => {
          if (request.selector.from !== 'metric') return engines.signals.summarise(request, options);
          asked += 1;
          return new Promise(() => {});
        },
      }),
    );
    await measure(replica.engines, slow, 20);
    const many = Array.from({ length: 10 }, (_, i) => `hangs-${i}`);
    for (const code of many) {
      await addChart(replica.engines, { ...speedChart, code, selector: { from: 'metric', name: 'hangs', labels: {} } });
      await addRules(replica, [code], { chartCode: code, evaluateEveryMs: 10_000 });
    }
    await addRules(replica, ['sound'], { evaluateEveryMs: 1_000 });
    const first = replica.evaluator.round();
    // More charts hang than are read at a time.
    await expect.poll(async () => (await evaluatedAt(replica))['sound'], { timeout: 5_000 }).toBe(world.clock.now);
    expect((await evaluatedAt(replica))['hangs-0']).toBeNull();
    world.clock.now += 1_000;
    expect((await replica.evaluator.round()).evaluated).toEqual(['sound']);
    expect(asked).toBe(10);
    expect((await first).evaluated.toSorted()).toEqual([...many, 'sound'].toSorted());
  }, 30_000);

  it('after an outage evaluates every rule once, and does not count the time in which nobody watched', async () => {
    const { world, replica } = await belts();
    await measure(replica.engines, slow, 20);
    await addRules(replica, codes(5), { forMs: 60_000, evaluateEveryMs: 10_000 });
    await replica.evaluator.round();
    await replica.close();
    world.clock.now += 3_600_000;
    const after = await world.replica();
    await measure(after.engines, slow, 600);
    expect((await after.evaluator.round()).evaluated).toHaveLength(5);
    expect((await after.evaluator.round()).evaluated).toEqual([]);
    expect(await firing(after)).toEqual([]);
  });
});

describe('a batch', () => {
  it('stores the same states, alerts and events as its rules one by one, whatever fails', async () => {
    const step = fc.record({
      speed: fc.constantFrom(0.1, 0.5, 1, null),
      /** Rules that another evaluator has evaluated in the meantime, and rules that cannot be stored. */
      overtaken: fc.subarray([0, 1, 2, 3]),
      failing: fc.subarray([0, 1, 2, 3]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const [batch, single] = [await replay(steps, true), await replay(steps, false)];
        expect(batch).toEqual(single);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

type Step = { speed: number | null; overtaken: number[]; failing: number[] };

/** Stores the same evaluations in one batch or one by one. @returns what is in the database afterwards, without generated ids */
async function replay(steps: readonly Step[], asBatch: boolean) {
  const world = await openWorld('sqlite');
  try {
    const { engines } = await world.replica();
    const { database } = engines;
    let failing: string[] = [];
    const bus = new Proxy(engines.bus, {
      get: (target, name) => {
        if (name !== 'publish') return Reflect.get(target, name);
        return (...[tx, type, payload]: Parameters<typeof target.publish>) =>
          'ruleId' in payload && failing.includes(`${payload.ruleId}`)
            ? Promise.reject(new Error('this rule cannot be stored'))
            : target.publish(tx, type, payload);
      },
    });
    for (const [i, code] of codes(4).entries()) await addRule(database, speedRule({ code, forMs: i === 0 ? 2_000 : 0 }));
    const results: unknown[] = [];
    for (const { speed, overtaken, failing: fails } of steps) {
      world.clock.now += 2_000;
      failing = fails.map((i) => `rule-${i}`);
      const rules = await listRules(database.query, ruleVersions(engines));
      const states = await statesByRule(database.query, database.unreadable);
      const evaluations = rules.map((rule) => evaluationOf(rule, states.get(rule.code) ?? [], speed, world.clock.now));
      for (const i of overtaken)
        await database.query
          .updateTable('rules')
          .set({ evaluated_at: world.clock.now - 1 })
          .where('code', '=', `rule-${i}`)
          .execute();
      const to = { database, bus, states: new ParsedStates() };
      const parts = asBatch ? [evaluations] : evaluations.map((one) => [one]);
      for (const part of parts) for (const result of await commitEvaluations(to, part)) results.push('error' in result ? 'error' : result);
    }
    const { query } = database;
    const alerts = await query
      .selectFrom('alerts')
      .select(['rule_code', 'series_key', 'state', 'fired_at', 'resolved_at', 'version'])
      .orderBy('rule_code')
      .orderBy('fired_at')
      .execute();
    const events = await query.selectFrom('bus_events').select(['type', 'payload']).execute();
    return {
      results,
      alerts,
      rules: await query.selectFrom('rules').select(['code', 'evaluated_at']).orderBy('code').execute(),
      states: await query.selectFrom('rule_states').selectAll().orderBy('rule_code').execute(),
      log: await query
        .selectFrom('rule_evaluations')
        .select(['rule_code', 'at', 'state', 'value', 'score'])
        .orderBy('rule_code')
        .orderBy('at')
        .execute(),
      history: (await query.selectFrom('alert_events').select(['at', 'kind', 'note']).execute())
        .map((row) => JSON.stringify(row))
        .toSorted(),
      events: events.map(({ type, payload }) => `${type} ${JSON.parse(payload).ruleId}`).toSorted(),
    };
  } finally {
    await world.close();
  }
}

function evaluationOf(stored: StoredRule, states: StoredState[], speed: number | null, at: number): RuleEvaluation {
  const rule = { ...stored, delayMs: 0 };
  const labels = { segment: 'belt-1' };
  const measurements = [
    speed === null ? ({ kind: 'empty' } as const) : ({ kind: 'value', value: speed, compared: speed, points: 10 } as const),
  ];
  const series = [{ labels, lastAt: at - 1_000, measurements }];
  return {
    rule,
    chart: speedChart,
    series: evaluateSeries(rule, { ok: true, chart: speedChart, series, damage: new Map() }, states, at),
    at,
    durationMs: 1,
  };
}
