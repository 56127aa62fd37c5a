import type { PanelQuery } from '#common/contract/console/series.ts';

/** A live or fixed stretch of time: the last `lastMs` up to now, or from–to (epoch ms). */
export type Span = { lastMs: number } | { from: number; to: number };
export type SeriesAsk = Omit<PanelQuery, 'from' | 'to'> & { span: Span };

/** Names of everything the cache holds. The first part is what events and tests match on. */
export const queryKeys = {
  connections: ['connections'] as const,
  alerts: ['alerts'] as const,
  alert: (connectionId: string, id: string) => ['alert', connectionId, id] as const,
  rules: (connectionId: string) => ['rules', connectionId] as const,
  loaders: (connectionId: string) => ['loaders', connectionId] as const,
  loaderRuns: (connectionId: string, code: string) => ['loader-runs', connectionId, code] as const,
  conveyor: (connectionId: string) => ['conveyor', connectionId] as const,
  charts: (connectionId: string) => ['charts', connectionId] as const,
  chartUsage: (connectionId: string) => ['chart-usage', connectionId] as const,
  chart: (connectionId: string, code: string, what: string) => ['chart', connectionId, code, what] as const,
  metrics: (connectionId: string) => ['metrics', connectionId] as const,
  series: (connectionId: string, ask: SeriesAsk) => ['series', connectionId, ask] as const,
  outbox: ['outbox'] as const,
  backend: ['backend'] as const,
  settings: ['settings'] as const,
  notices: ['notices'] as const,
  system: ['system'] as const,
};
