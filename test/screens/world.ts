import { uuidv7 } from 'uuidv7';
import type { Chart } from '#common/contract/charts.ts';
import type { AlertDetail, FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { OutboxItem } from '#common/contract/console/outbox.ts';
import { type Notice, type Settings, type SystemInfo, settingsSchema } from '#common/contract/console/settings.ts';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import type { Dashboard, DashboardSummary } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Loader, LoaderRun } from '#common/contract/loaders.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Policies } from '#common/contract/policies.ts';
import type { Rule } from '#common/contract/rules.ts';
import type { Answers } from './core.ts';
import { makeAlert, makeChart, makeConnection, makeDashboard, makeLoader, makeRule, makeSilence, makeStatus } from './make.ts';

/** The data of a console for every screen. A test changes what it needs before it opens the screen. */
export interface World {
  connections: Connection[];
  alerts: FeedAlert[];
  rules: Rule[];
  charts: Chart[];
  dashboards: Dashboard[];
  loaders: Loader[];
  runs: LoaderRun[];
  metrics: MetricSeries[];
  conveyor: ConveyorStatus | null;
  outbox: OutboxItem[];
  policies: Policies;
  inbox: Notice[];
  settings: Settings;
  system: SystemInfo;
  /** When the backend last confirmed all of it, ms; null when never. */
  asOf: number | null;
}

/** A small plant with one belt that is too slow. */
export function makeWorld(): World {
  return {
    connections: [makeConnection()],
    alerts: [makeAlert()],
    rules: [makeRule({ statuses: [makeStatus()] })],
    charts: [makeChart()],
    dashboards: [makeDashboard()],
    loaders: [makeLoader()],
    runs: [],
    metrics: [],
    conveyor: { producer: 'running', lastWriteAt: Date.now(), periodMs: 1_000, belts: [] },
    outbox: [],
    policies: { silences: [], maintenance: [], inhibitions: [] },
    inbox: [],
    settings: settingsSchema.parse({}),
    system: {
      version: '0.1.0',
      host: 'browser',
      platform: 'linux',
      dataDir: '/var/lib/watchfloor',
      secretStore: { kind: 'keychain', path: null },
      cache: { state: 'ok', bytes: 1_048_576 },
      warnings: [],
    },
    asOf: Date.now(),
  };
}

const summaryOf = ({ panels, variables: _variables, range: _range, refreshMs: _refreshMs, ...rest }: Dashboard): DashboardSummary => ({
  ...rest,
  panels: panels.map(({ kind, place }) => ({ kind, type: kind === 'text' ? 'text' : 'line', place })),
  starred: false,
});

/** A slow sine: a point for each bucket or every 10 s, so that every chart has something to draw. */
function wave(from: number, to: number, bucketMs: number): { t: Float64Array<ArrayBuffer>; v: Float64Array<ArrayBuffer> } {
  const everyMs = Math.max(10_000, bucketMs);
  const first = Math.ceil(from / everyMs) * everyMs;
  const t = Float64Array.from({ length: Math.max(0, Math.ceil((to - first) / everyMs)) }, (_, i) => first + i * everyMs);
  return { t, v: t.map((at) => 0.9 + 0.05 * Math.sin(at / 300_000)) };
}

/** How the core answers what any screen may ask, from `world` as it is then. */
export function answersFrom(world: World): Answers {
  const cached = <T>(value: T) => ({ value, asOf: world.asOf });
  const oneOf = <T extends { code: string }>(all: T[], code: string) => all.find((one) => one.code === code) ?? null;
  const queued = (ids: string[]) => ({ outboxIds: ids.map(() => uuidv7()) });
  const detail = (id: string): AlertDetail => {
    const alert = world.alerts.find((one) => one.id === id);
    if (!alert) throw new AppError('not_found', 'There is no such alert.');
    return { alert, events: [{ id: uuidv7(), alertId: id, at: alert.firedAt, kind: 'fired', by: null, note: '' }], eventsAsOf: world.asOf };
  };
  return {
    alerts: {
      list: () => world.alerts,
      get: ({ id }) => detail(id),
      rules: () => ({ rules: world.rules, asOf: world.asOf }),
      ruleFirings: () => cached([]),
      ruleVersions: () => cached([]),
      acknowledge: ({ ids }) => queued(ids),
      unacknowledge: ({ ids }) => queued(ids),
      snooze: ({ ids }) => queued(ids),
      unsnooze: ({ ids }) => queued(ids),
      undo: () => undefined,
    },
    backend: { status: () => ({ managed: false, parts: [], restartAt: null }) },
    charts: {
      list: () => ({ charts: world.charts, asOf: world.asOf }),
      get: ({ code }) => cached(oneOf(world.charts, code)),
      usage: () => cached({}),
      versions: () => cached([]),
      schema: () => cached(null),
    },
    connections: { list: () => world.connections, retry: () => undefined },
    conveyor: { status: () => cached(world.conveyor) },
    dashboards: {
      list: () => cached(world.dashboards.map(summaryOf)),
      get: ({ code }) => cached(oneOf(world.dashboards, code)),
      drafts: () => [],
      draft: () => null,
      thumbnail: () => null,
      setThumbnail: () => undefined,
      versions: () => cached([]),
    },
    loaders: { list: () => cached(world.loaders), runs: () => cached(world.runs) },
    notices: { inbox: () => world.inbox, markRead: () => undefined },
    outbox: { list: () => world.outbox, retry: () => undefined, discard: () => undefined },
    policies: {
      list: () => cached(world.policies),
      createSilence: ({ silence }) => makeSilence({ ...silence, startsAt: Date.now(), by: 'sara' }),
      endSilence: ({ id }) => makeSilence({ id, endsAt: Date.now() }),
    },
    series: {
      metrics: () => ({ metrics: world.metrics, asOf: world.asOf }),
      query: ({ query: { from, to, bucketMs, selector } }) => ({
        series: [
          {
            labels: selector.from === 'signal' ? { loader: selector.loaderCode, segment: 'belt-2' } : selector.labels,
            ...wave(from, to, bucketMs),
          },
        ],
        asOf: world.asOf,
        missing: [],
        damaged: [],
        problem: null,
      }),
    },
    settings: { get: () => world.settings, set: (change) => Object.assign(world.settings, change) },
    system: { info: () => world.system, openExternal: () => undefined },
  };
}
