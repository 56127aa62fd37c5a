import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openBus } from '#backend/engines/bus/open.ts';
import { openDatabase } from '#backend/engines/database/open.ts';
import { openLocks } from '#backend/engines/locks/open.ts';
import type { Engines } from '#backend/engines/port.ts';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { openSources } from '#backend/engines/sources/open.ts';
import { createVault, masterKeyBytes } from '#backend/engines/vault/vault.ts';
import { Evaluator } from '#backend/services/alerting/evaluator.ts';
import { LoaderDelays } from '#backend/services/alerting/loader-delays.ts';
import { RuleCharts } from '#backend/services/alerting/rule-charts.ts';
import { ChartLibrary } from '#backend/services/chart-library.ts';
import { makeCharts } from '#backend/services/charts/index.ts';
import type { Service } from '#backend/services/service.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { chartDefinition } from '#common/contract/charts.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { makeLocalPeers } from '../../support/peers.ts';

const chartCount = 100;
const segments = ['line-1', 'line-2', 'line-3'];
const everyMs = 30_000;
const pointEveryMs = 10_000;
const windowMs = 60_000;
/** Every so many rules have a threshold that the values are above, so that they fire. */
const firingEvery = 50;
const steadyRounds = 5;

export interface RoundTimes {
  rules: number;
  /** Of the round in which every rule is evaluated for the first time, ms. */
  firstMs: number;
  /** Medians of the rounds after it, ms: of the evaluation of every rule once. */
  steadyMs: number;
}

/** Measures rounds of the alerting service on SQLite and the chunk store in a folder of their own, on a clock that the bench moves. */
export async function measureRounds(rules: number): Promise<RoundTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-alerts-'));
  const log = pino({ level: 'silent' });
  const clock = { now: Math.floor(Date.now() / everyMs) * everyMs };
  const database = await openDatabase({ file: join(folder, 'watchfloor.db') }, log);
  const signals = await openChunkSignals(join(folder, 'series.db'));
  const bus = await openBus(database, log);
  const vault = createVault([new Uint8Array(masterKeyBytes)]);
  const engines: Engines = {
    database,
    bus,
    signals,
    locks: openLocks(database),
    sources: openSources(log),
    vault,
    log,
    now: () => clock.now,
  };
  const services: Service[] = [];
  const peers = makeLocalPeers(engines, services);
  services.push(makeCharts(engines, peers));
  const evaluator = new Evaluator(
    engines,
    new RuleCharts(new ChartLibrary(engines, peers, 'alerting'), log),
    ruleVersions(engines),
    new LoaderDelays(engines, peers),
  );
  try {
    await addChartsAndRules(engines, rules);
    await appendPoints(engines, clock.now - 2 * windowMs, clock.now);
    const firstMs = await evaluateAll(evaluator, rules);
    const steady: number[] = [];
    for (let round = 0; round < steadyRounds; round++) {
      await appendPoints(engines, clock.now, clock.now + everyMs);
      clock.now += everyMs;
      steady.push(await evaluateAll(evaluator, rules));
    }
    return { rules, firstMs, steadyMs: steady.toSorted((a, b) => a - b)[Math.floor(steadyRounds / 2)] ?? Number.NaN };
  } finally {
    await evaluator.stop();
    await bus.close();
    await signals.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs rounds until every rule has been evaluated once: a round that reaches its time limit leaves the rest to the next. @returns ms */
async function evaluateAll(evaluator: Evaluator, rules: number): Promise<number> {
  const evaluated = new Set<string>();
  let tookMs = 0;
  while (evaluated.size < rules) {
    const round = await evaluator.round();
    if (round.evaluated.length === 0) throw new Error(`only ${evaluated.size} of ${rules} rules were due`);
    for (const code of round.evaluated) evaluated.add(code);
    tookMs += round.durationMs;
  }
  return tookMs;
}

const chartCode = (chart: number) => `chart-${chart}`;
const loaderCode = (chart: number) => `loader-${chart}`;

async function addChartsAndRules({ database, bus, now }: Engines, rules: number): Promise<void> {
  const record = { version: 1, created_at: now(), created_by: 'bench', updated_at: now(), updated_by: 'bench' };
  const charts = Array.from({ length: chartCount }, (_, i) =>
    chartDefinition.parse({ code: chartCode(i), title: `Chart ${i}`, selector: { from: 'signal', loaderCode: loaderCode(i) }, unit: 'ms' }),
  );
  const definitions = Array.from({ length: rules }, (_, i) =>
    ruleInput.parse({
      code: `rule-${i}`,
      name: `Rule ${i}`,
      chartCode: chartCode(i % chartCount),
      conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs, operator: '>', threshold: i % firingEvery === 0 ? 10 : 1_000 }],
      severity: 'WARNING',
      evaluateEveryMs: everyMs,
      delayMs: 0,
    }),
  );
  await database.transaction(async (tx) => {
    for (const chart of charts)
      await tx
        .insertInto('charts')
        .values({ code: chart.code, definition: JSON.stringify(chart), ...record })
        .execute();
    for (const rule of definitions)
      await tx
        .insertInto('rules')
        .values({ code: rule.code, definition: JSON.stringify(rule), ...record, evaluated_at: null })
        .execute();
    await bus.publish(tx, 'chart.changed', { chartCode: chartCode(0), version: 1, by: 'bench' });
  });
}

/** Stores the points of an interval, half-open, ms: a record of every segment of every chart every 10 s. */
async function appendPoints({ signals }: Engines, from: number, to: number): Promise<void> {
  for (let chart = 0; chart < chartCount; chart++) {
    const at = Array.from({ length: (to - from) / pointEveryMs }, (_, i) => from + i * pointEveryMs);
    const t = segments.flatMap(() => at);
    const value = t.map((time, i) => 20 + ((time / pointEveryMs + i * 7 + chart) % 10));
    const segment = segments.flatMap((name) => at.map(() => name));
    const columns = { segment, t, count: t.map(() => 1), min: value, max: value, avg: value, sum: value };
    await signals.appendSignals(loaderCode(chart), columns);
  }
}
