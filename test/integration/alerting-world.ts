import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { z } from 'zod';
import { openBus } from '#backend/engines/bus/open.ts';
import { openDatabase } from '#backend/engines/database/open.ts';
import { openLocks } from '#backend/engines/locks/open.ts';
import type { Engines } from '#backend/engines/port.ts';
import { openSignalStore } from '#backend/engines/signals/open.ts';
import { openSources } from '#backend/engines/sources/open.ts';
import { createVault, masterKeyBytes } from '#backend/engines/vault/vault.ts';
import { chartCopies, pinnedCopies } from '#backend/services/alerting/chart-copies.store.ts';
import { Evaluator } from '#backend/services/alerting/evaluator.ts';
import { makeAlerting } from '#backend/services/alerting/index.ts';
import { LoaderDelays } from '#backend/services/alerting/loader-delays.ts';
import { RuleCharts } from '#backend/services/alerting/rule-charts.ts';
import { ChartLibrary } from '#backend/services/chart-library.ts';
import { makeCharts } from '#backend/services/charts/index.ts';
import { makeDashboards } from '#backend/services/dashboards/index.ts';
import { makeLoaders } from '#backend/services/loaders/index.ts';
import type { Peers } from '#backend/services/peers.ts';
import { type Caller, commitUnrecorded, type Service } from '#backend/services/service.ts';
import { ruleVersions } from '#backend/services/versions.store.ts';
import { api } from '#common/contract/api.ts';
import { type ChartDefinition, chartDefinition } from '#common/contract/charts.ts';
import type { CallOf, EndpointShape, ReplyOf } from '#common/contract/endpoint.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { migratedDatabase, migratedFile } from '../support/migrated.ts';
import { makeLocalPeers } from '../support/peers.ts';

export const sara: Caller = { id: 'u1', name: 'sara', role: 'OPERATOR' };
export const omar: Caller = { id: 'u2', name: 'omar', role: 'OPERATOR' };

/** One process of the backend, as far as alerting goes: its own connections, its own holder of leases. */
export interface Replica {
  engines: Engines;
  peers: Peers;
  evaluator: Evaluator;
  service: Service;
  /** The loaders service. It isn't started: it defines loaders, and tests store the points. */
  loaders: Service;
  close(): Promise<void>;
}

/** A deployment on a real database, with a clock that tests move. */
export interface World {
  clock: { now: number };
  replica(change?: (engines: Engines) => Engines): Promise<Replica>;
  close(): Promise<void>;
}

export async function openWorld(dialect: 'sqlite' | 'postgres'): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'watchfloor-alerting-'));
  const clock = { now: 1_700_000_000_000 };
  const file = join(folder, 'watchfloor.db');
  if (dialect === 'sqlite') await migratedFile(file);
  const location = dialect === 'sqlite' ? { file } : { url: await migratedDatabase() };
  const open: Replica[] = [];
  return {
    clock,
    async replica(change = (engines) => engines) {
      const replica = await openReplica(location, () => clock.now, change);
      open.push(replica);
      return replica;
    },
    async close() {
      for (const replica of open) await replica.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A world of one replica that knows the chart of belt speeds: where most stories begin. */
export async function openBelts(
  dialect: 'sqlite' | 'postgres',
  change?: (engines: Engines) => Engines,
): Promise<{ world: World; replica: Replica }> {
  const world = await openWorld(dialect);
  const replica = await world.replica(change);
  await addChart(replica.engines, speedChart);
  return { world, replica };
}

export async function openReplica(
  location: { file: string } | { url: string },
  now: () => number,
  change: (engines: Engines) => Engines = (engines) => engines,
): Promise<Replica> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase(location, log);
  const bus = await openBus(database, log);
  const vault = createVault([new Uint8Array(masterKeyBytes)]);
  const signals = openSignalStore(database);
  const engines = change({ database, bus, signals, locks: openLocks(database), sources: openSources(log), vault, log, now });
  const replica = startServices(engines);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await replica.close();
    await bus.close();
    await database.close();
  };
  return { ...replica, close };
}

/** The services of a process on engines that are open: closing it leaves them open. */
export function startServices(engines: Engines): Replica {
  const services: Service[] = [];
  const peers = makeLocalPeers(engines, services);
  const loaders = makeLoaders(engines, peers);
  services.push(makeCharts(engines, peers), makeDashboards(engines, peers), loaders);
  const service = makeAlerting({ evaluationDays: 7 })(engines, peers);
  services.push(service);
  const evaluator = new Evaluator(
    engines,
    new RuleCharts(
      new ChartLibrary(engines, peers, 'alerting', chartCopies(engines.database)),
      engines.log,
      pinnedCopies(engines.database),
    ),
    ruleVersions(engines),
    new LoaderDelays(engines, peers),
  );
  const close = async () => {
    await service.stop();
    await loaders.stop();
    await evaluator.stop();
  };
  return { engines, peers, evaluator, service, loaders, close };
}

/** Calls an endpoint as HTTP would: the request through its schema, the answer through its schema. */
export async function call<E extends EndpointShape>(
  service: Service,
  endpoint: E,
  request: CallOf<E>,
  caller: Caller | null = sara,
): Promise<ReplyOf<E>> {
  const route = service.routes.find((one) => one.endpoint === endpoint);
  if (route === undefined) throw new Error(`${endpoint.path} is not served`);
  const given = request as { params?: unknown; query?: unknown; body?: unknown };
  const parsed = {
    params: endpoint.params?.parse(given.params),
    query: endpoint.query?.parse(given.query ?? {}),
    body: endpoint.body?.parse(given.body ?? {}),
    caller,
    commit: commitUnrecorded,
    requestId: 'test',
    signal: new AbortController().signal,
  };
  const answer = await route.handler(parsed as never);
  return endpoint.reply.parse(answer) as ReplyOf<E>;
}

/** Puts a chart on the stage: creating one is not what is tested. */
export async function addChart({ database, bus }: Engines, chart: ChartDefinition): Promise<void> {
  const record = { version: 1, created_at: 0, created_by: 'sara', updated_at: 0, updated_by: 'sara' };
  await database.transaction(async (tx) => {
    await tx
      .insertInto('charts')
      .values({ code: chart.code, definition: JSON.stringify(chart), ...record })
      .execute();
    await bus.publish(tx, 'chart.changed', { chartCode: chart.code, version: 1, by: 'sara' });
  });
}

/** Puts a rule on the stage, past what the service would refuse. @param definition its stored JSON */
export async function addRule(
  { query }: Pick<Engines['database'], 'query'>,
  rule: { code: string },
  definition = JSON.stringify(rule),
): Promise<void> {
  const record = { version: 1, created_at: 0, created_by: 'sara', updated_at: 0, updated_by: 'sara', evaluated_at: null };
  await query
    .insertInto('rules')
    .values({ code: rule.code, definition, ...record })
    .execute();
}

export const speedChart: ChartDefinition = chartDefinition.parse({
  code: 'belt-speed',
  title: 'Belt speed',
  selector: { from: 'signal', loaderCode: 'belt-speed' },
  unit: 'm/s',
});

/** Average speed over 20 s below 0.6 m/s. */
export const lowSpeed = {
  kind: 'threshold' as const,
  aggregation: 'avg' as const,
  windowMs: 20_000,
  operator: '<' as const,
  threshold: 0.6,
};

/** avg speed over 20 s below 0.6 m/s for 6 s, looked at every 2 s. */
export function speedRule(more: Partial<z.input<typeof ruleInput>> = {}): z.output<typeof ruleInput> {
  return ruleInput.parse({
    code: 'belt-speed-low',
    name: 'Belt speed low',
    chartCode: 'belt-speed',
    conditions: [lowSpeed],
    forMs: 6_000,
    severity: 'CRITICAL',
    evaluateEveryMs: 2_000,
    ...more,
  });
}

/** One reading per 2 s for each belt over the `seconds` before now. */
export async function measure(engines: Engines, speeds: Record<string, number>, seconds = 2): Promise<void> {
  const columns = {
    segment: [] as string[],
    t: [] as number[],
    count: [] as number[],
    min: [] as number[],
    max: [] as number[],
    avg: [] as number[],
    sum: [] as number[],
  };
  for (const [belt, speed] of Object.entries(speeds)) {
    for (let ago = seconds; ago > 0; ago -= 2) {
      columns.segment.push(belt);
      columns.t.push(engines.now() - ago * 1000);
      columns.count.push(1);
      for (const key of ['min', 'max', 'avg', 'sum'] as const) columns[key].push(speed);
    }
  }
  await engines.signals.appendSignals('belt-speed', columns);
}

/** Moves the clock by 2 s a step, measuring and evaluating at each. */
export async function run(world: World, replica: Replica, steps: number, speeds: Record<string, number>): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    world.clock.now += 2_000;
    await measure(replica.engines, speeds);
    await replica.evaluator.round();
  }
}

/** Bus events of alerts so far: `alert.triggered fired`. */
export async function alertEvents(replica: Replica): Promise<string[]> {
  const events = (await replica.engines.bus.replay('0', 10_000)) ?? [];
  return events.flatMap((event) => ('event' in event.payload ? [`${event.type} ${event.payload.event.kind}`] : []));
}

export function firing(replica: Replica) {
  return call(replica.service, api.alerts.list, { query: { state: 'FIRING' } }).then((page) => page.items);
}
