import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { BackendStatus } from '#common/contract/console/backend.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Severity } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { dayMs } from '#common/time/durations.ts';
import { seriesName, withOwner } from '#renderer/domain/alerts.ts';
import { type Place, places } from '#renderer/domain/places.ts';
import { ruleState, ruleStatus } from '#renderer/domain/rules/rule-states.ts';
import type { Status } from '#renderer/domain/status.tsx';
import type { NowKey } from './messages.ts';

/** One square of the health grid. */
export interface HealthCell {
  key: string;
  name: string;
  status: Status;
  /** Drawn instead of the status if a rule is firing. */
  severity?: Severity;
  /** It is firing, but has an owner. */
  owned?: boolean;
  /** The target of a click. */
  place: Place;
}

/** A host is stale after this long without a report, ms: agents report every 5 s, and series are read every 10 s. */
const hostStaleMs = 30_000;
/** A loader may be this much later than three of its intervals, ms. */
const loaderGraceMs = 10_000;

/** Returns one cell per rule. For a rule with several series it says how many are in its state. */
export function ruleCells(
  rules: readonly Rule[],
  alerts: readonly FeedAlert[],
  name: (key: NowKey, params: Record<string, number>) => string,
): HealthCell[] {
  const owned = new Set(withOwner(alerts).map((alert) => `${alert.ruleCode} ${alert.seriesKey}`));
  return rules
    .filter((rule) => rule.enabled)
    .map((rule) => {
      const { state, series } = ruleState(rule);
      const [first] = series;
      const isOfMany = state !== 'OK' && rule.statuses.length > 1;
      const which =
        series.length === 1 ? seriesName(first?.labels ?? {}) : name('ofSeries', { count: series.length, all: rule.statuses.length });
      return {
        key: rule.code,
        name: isOfMany && which !== '' ? `${rule.name} · ${which}` : rule.name,
        status: ruleStatus[state],
        ...(state === 'FIRING'
          ? { severity: rule.severity, owned: series.every((status) => owned.has(`${rule.code} ${status.seriesKey}`)) }
          : {}),
        place: places.rules({ rule: rule.code }),
      };
    });
}

/** Resolved alerts are known for this long, ms. */
const knownForMs = 7 * dayMs;

/** Returns since when rules are known to have been quiet, ms: not before they were first evaluated. Null if none was. */
export function quietSince(rules: readonly Rule[], now: number): number | null {
  const starts = rules.flatMap((rule) => rule.statuses.filter((status) => status.state === 'OK').map((status) => status.since));
  return starts.length === 0
    ? null
    : Math.max(
        now - knownForMs,
        starts.reduce((a, b) => Math.min(a, b)),
      );
}

export function loaderCells(loaders: readonly Loader[], now: number): HealthCell[] {
  return loaders.map((loader) => {
    const late = loader.loadedTo === null || now - loader.loadedTo > 3 * loader.intervalMs + loaderGraceMs;
    const status: Status = loader.state === 'running' ? (late ? 'stale' : 'ok') : loader.state;
    return { key: loader.code, name: loader.name, status, place: places.loaders({ loader: loader.code }) };
  });
}

const partStatus = { stopped: 'stopped', starting: 'starting', running: 'ok', failed: 'failing' } as const;

export function serviceCells(connection: Connection, backend: BackendStatus | undefined, name: (key: NowKey) => string): HealthCell[] {
  const link: HealthCell = {
    key: 'connection',
    name: `${name('connection')}: ${connection.name}`,
    status: connection.state === 'live' ? 'ok' : connection.state,
    place: places.settings('connections'),
  };
  const parts = connection.embedded && backend?.managed ? backend.parts : [];
  return [
    link,
    ...parts.map(
      (part): HealthCell => ({
        key: part.name,
        name: name(part.name),
        status: partStatus[part.state],
        place: places.settings('backend'),
      }),
    ),
  ];
}

export function hostCells(metrics: readonly MetricSeries[], now: number): HealthCell[] {
  const lastByHost = new Map<string, number>();
  for (const { labels, lastAt } of metrics) {
    const host = labels['host'];
    if (host !== undefined) lastByHost.set(host, Math.max(lastAt, lastByHost.get(host) ?? 0));
  }
  return [...lastByHost].map(([host, lastAt]) => ({
    key: host,
    name: host,
    status: now - lastAt > hostStaleMs ? 'no-data' : 'ok',
    place: places.explore({ chart: 'host-cpu', series: { host } }),
  }));
}

export function beltCells(conveyor: ConveyorStatus | null, name: (key: NowKey, params?: Record<string, string>) => string): HealthCell[] {
  return (conveyor?.belts ?? []).map((belt) => ({
    key: belt.code,
    name: belt.fault ? `${belt.name}: ${name('fault', { kind: name(belt.fault.kind) })}` : belt.name,
    status: conveyor?.producer === 'down' ? 'no-data' : conveyor?.producer === 'stopped' ? 'stopped' : belt.fault ? 'failing' : 'ok',
    place: places.conveyor(),
  }));
}
