import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { BackendStatus } from '#common/contract/console/backend.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { inHand, seriesName } from '#renderer/ui/alerts.ts';
import type { Status } from '#renderer/ui/status.tsx';
import type { NowKey } from './messages.ts';

/** One square of the health grid. */
export interface Cell {
  key: string;
  name: string;
  status: Status;
  /** Drawn in place of the status where a rule fires. */
  severity?: Severity;
  /** It fires, but someone has it. */
  taken?: boolean;
  /** Where a click leads, and what it selects there. */
  to: string;
  search?: Record<string, string>;
}

/** An agent reports every 5 s and its series are read every 10 s: older than this is worth a look, ms. */
const hostStaleMs = 30_000;
/** A loader may run late by this much beyond three of its intervals, ms. */
const loaderGraceMs = 10_000;

const ruleStatus = { OK: 'ok', PENDING: 'pending', FIRING: 'firing', NO_DATA: 'no-data', ERROR: 'error' } as const;

export function ruleCells(rules: readonly Rule[], alerts: readonly FeedAlert[]): Cell[] {
  const taken = new Set(inHand(alerts).map((alert) => `${alert.ruleCode} ${alert.seriesKey}`));
  return rules
    .filter((rule) => rule.enabled)
    .flatMap((rule) =>
      rule.statuses.map((status) => ({
        key: `${rule.code} ${status.seriesKey}`,
        name: `${rule.name} · ${seriesName(status.labels)}`,
        status: ruleStatus[status.state],
        ...(status.state === 'FIRING' ? { severity: rule.severity, taken: taken.has(`${rule.code} ${status.seriesKey}`) } : {}),
        to: '/alerts',
      })),
    );
}

export function loaderCells(loaders: readonly Loader[], now: number): Cell[] {
  return loaders.map((loader) => {
    const late = loader.loadedTo === null || now - loader.loadedTo > 3 * loader.intervalMs + loaderGraceMs;
    const status: Status = loader.state === 'running' ? (late ? 'stale' : 'ok') : loader.state;
    return { key: loader.code, name: loader.name, status, to: '/loaders', search: { loader: loader.code } };
  });
}

const partStatus = { stopped: 'stopped', starting: 'starting', running: 'ok', failed: 'failing' } as const;

export function serviceCells(connection: Connection, backend: BackendStatus | undefined, name: (key: NowKey) => string): Cell[] {
  const link: Cell = {
    key: 'connection',
    name: `${name('connection')}: ${connection.name}`,
    status: connection.state === 'live' ? 'ok' : connection.state,
    to: '/settings',
    search: { section: 'connections' },
  };
  const parts = connection.embedded && backend?.managed ? backend.parts : [];
  return [
    link,
    ...parts.map(
      (part): Cell => ({
        key: part.name,
        name: name(part.name),
        status: partStatus[part.state],
        to: '/settings',
        search: { section: 'backend' },
      }),
    ),
  ];
}

export function hostCells(metrics: readonly MetricSeries[], now: number): Cell[] {
  const lastByHost = new Map<string, number>();
  for (const { labels, lastAt } of metrics) {
    const host = labels['host'];
    if (host !== undefined) lastByHost.set(host, Math.max(lastAt, lastByHost.get(host) ?? 0));
  }
  return [...lastByHost].map(([host, lastAt]) => ({
    key: host,
    name: host,
    status: now - lastAt > hostStaleMs ? 'no-data' : 'ok',
    to: '/explore',
    search: { chart: 'host-cpu' },
  }));
}

export function beltCells(conveyor: ConveyorStatus | null, name: (key: NowKey, params?: Record<string, string>) => string): Cell[] {
  return (conveyor?.belts ?? []).map((belt) => ({
    key: belt.code,
    name: belt.fault ? `${belt.name}: ${name('fault', { kind: name(belt.fault.kind) })}` : belt.name,
    status: conveyor?.producer === 'down' ? 'no-data' : conveyor?.producer === 'stopped' ? 'stopped' : belt.fault ? 'failing' : 'ok',
    to: '/conveyor',
  }));
}
