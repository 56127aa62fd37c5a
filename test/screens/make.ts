import { uuidv7 } from 'uuidv7';
import type { Chart } from '#common/contract/charts.ts';
import { chart } from '#common/contract/charts.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { type Dashboard, type DashboardInput, dashboard } from '#common/contract/dashboards.ts';
import type { Loader, LoaderRun } from '#common/contract/loaders.ts';
import type { Silence } from '#common/contract/policies.ts';
import { type Rule, type RuleInput, ruleInput, type SeriesStatus } from '#common/contract/rules.ts';
import { hourMs, minuteMs } from '#common/time/durations.ts';

/** The one connection of the screens' tests. */
export const connectionId = uuidv7();
/** ms before now */
export const ago = (ms: number) => Date.now() - ms;
const record = () => ({ version: 1, createdAt: ago(hourMs), createdBy: 'sara', updatedAt: ago(hourMs), updatedBy: 'sara' });

export const makeConnection = (more: Partial<Connection> = {}): Connection => ({
  id: connectionId,
  name: 'Plant North',
  url: 'http://127.0.0.1:8080',
  embedded: true,
  state: 'live',
  since: ago(hourMs),
  lastExchangeAt: ago(500),
  latencyMs: 4,
  username: 'sara',
  role: 'ADMIN',
  backendVersion: '0.1.0',
  rulesEvaluatedAt: ago(2_000),
  notices: [],
  clockSkewMs: 0,
  problem: null,
  ...more,
});

export const makeAlert = (more: Partial<FeedAlert> = {}): FeedAlert => ({
  id: uuidv7(),
  connectionId,
  ruleCode: 'belt-speed',
  ruleName: 'Belt speed low',
  chartCode: 'belt-speed',
  seriesKey: '[["loader","belts"],["segment","belt-2"]]',
  labels: { loader: 'belts', segment: 'belt-2' },
  ruleLabels: {},
  severity: 'HIGH',
  state: 'FIRING',
  cause: 'condition',
  value: 0.32,
  threshold: 0.5,
  operator: '<',
  unit: 'm/s',
  reasons: [],
  startedAt: ago(6 * minuteMs),
  firedAt: ago(5 * minuteMs),
  resolvedAt: null,
  suppressed: false,
  acknowledgement: null,
  snooze: null,
  annotations: {},
  runbook: 'Look at the motor of the belt.',
  version: 1,
  waiting: [],
  asOf: Date.now(),
  ...more,
});

/** A silence of belt 2 for the next hour. */
export const makeSilence = (more: Partial<Silence> = {}): Silence => ({
  id: uuidv7(),
  matchers: [{ name: 'segment', operator: '=', value: 'belt-2' }],
  startsAt: ago(minuteMs),
  endsAt: ago(-hourMs),
  reason: 'pump replaced',
  by: 'omar',
  createdAt: ago(minuteMs),
  version: 1,
  ...more,
});

export const makeChart = (more: Partial<Chart> = {}): Chart =>
  chart.parse({
    ...record(),
    code: 'belt-speed',
    title: 'Belt speed',
    selector: { from: 'signal', loaderCode: 'belts' },
    unit: 'm/s',
    pinned: 0,
    ...more,
  });

export const makeRule = (more: Partial<RuleInput & Rule> = {}): Rule => ({
  ...ruleInput.parse({
    code: 'belt-speed',
    name: 'Belt speed low',
    chartCode: 'belt-speed',
    conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: minuteMs, operator: '<', threshold: 0.5 }],
    severity: 'HIGH',
  }),
  ...record(),
  statuses: [],
  evaluatedAt: ago(2_000),
  firedLastWeek: 0,
  lastFiredAt: null,
  newChartVersion: null,
  chartUnit: null,
  ...more,
});

/** The state of a rule for one series: fast enough. */
export const makeStatus = (more: Partial<SeriesStatus> = {}): SeriesStatus => ({
  seriesKey: '[["loader","belts"],["segment","belt-2"]]',
  labels: { loader: 'belts', segment: 'belt-2' },
  state: 'OK',
  since: ago(hourMs),
  evaluatedAt: ago(2_000),
  value: 0.9,
  reasons: [
    {
      kind: 'threshold',
      text: 'Average over 1 min is 0.9 m/s, not below 0.5.',
      value: 0.9,
      threshold: 0.5,
      windowFrom: ago(minuteMs),
      windowTo: ago(0),
      points: 6,
      holds: false,
    },
  ],
  ...more,
});

const makeRun = (more: Partial<LoaderRun> = {}): LoaderRun => ({
  id: uuidv7(),
  loaderCode: 'belts',
  kind: 'live',
  startedAt: ago(5_000),
  durationMs: 12,
  from: ago(10_000),
  to: ago(5_000),
  rowsRead: 15,
  rowsLoaded: 15,
  rowsRejected: 0,
  rowsReplaced: 0,
  rounded: {},
  error: null,
  ...more,
});

export const makeLoader = (more: Partial<Loader> = {}): Loader => ({
  code: 'belts',
  name: 'Belts',
  sourceCode: 'plant',
  sql: 'select time, belt, speed from readings where time >= :from and time < :to',
  intervalMs: 5_000,
  historyMs: 0,
  overlapMs: 0,
  unit: 'm/s',
  timeZone: 'UTC',
  state: 'running',
  version: 3,
  updatedAt: ago(hourMs),
  updatedBy: 'sara',
  loadedTo: ago(5_000),
  historyProgress: 1,
  lastRun: makeRun(),
  consecutiveFailures: 0,
  ...more,
});

export const makeDashboard = (more: Partial<DashboardInput> = {}): Dashboard =>
  dashboard.parse({
    ...record(),
    code: 'belts',
    title: 'Belts',
    folder: 'Plant',
    panels: [
      { id: 'speed', kind: 'library', chart: 'belt-speed', place: { x: 0, y: 0, w: 12, h: 8 } },
      { id: 'notes', kind: 'text', title: 'Shift notes', markdown: 'Call the **fitter** first.', place: { x: 12, y: 0, w: 12, h: 8 } },
    ],
    ...more,
  });
