import type { PanelQuery } from '#common/contract/console/series.ts';
import type { RelativeRange, TimeRange } from '#common/contract/range.ts';
import { evaluateRange } from '#common/time/expression.ts';

/**
 * A range as chosen: the last `lastMs` up to now, two fixed times (epoch ms), or one that moves with the clock in the contract's notation
 * (`now/d` to `now`), in the reader's time zone.
 */
export type ViewRange = { lastMs: number } | { from: number; to: number } | MovingRange;
export type MovingRange = RelativeRange & { timeZone: string };

/** Converts a stored range for a reader in a time zone. */
export function toViewRange(range: TimeRange, timeZone: string): ViewRange {
  if (!('from' in range)) return range;
  const { from, to } = range;
  return typeof from === 'string' && typeof to === 'string' ? { from, to, timeZone } : (range as { from: number; to: number });
}

/** True if both ends are fixed times. */
export const isFixed = (range: ViewRange): range is { from: number; to: number } => 'from' in range && typeof range.from === 'number';
const isMoving = (range: ViewRange): range is MovingRange => 'timeZone' in range;

/** Returns the interval that a range means at a time, to the millisecond. */
export function intervalAt(range: ViewRange, now: number): { from: number; to: number } {
  if ('lastMs' in range) return { from: now - range.lastMs, to: now };
  if (!isMoving(range)) return range;
  const { from, to } = evaluateRange(range, now, range.timeZone);
  if (from < to) return { from, to };
  // `now/d` to `now` is empty at midnight, `today 08:00` to `now` until eight. An empty range still needs an interval.
  return from === to ? { from, to: to + 1_000 } : { from: to - 1_000, to };
}

/** Returns the length of a range at a time, ms. */
export function rangeLength(range: ViewRange, now: number): number {
  const { from, to } = intervalAt(range, now);
  return to - from;
}

/** Fixes the ends of a range that lies entirely in the past, such as `yesterday` until midnight; returns any other unchanged. */
export function settledRange(range: ViewRange, now: number): ViewRange {
  if (!isMoving(range)) return range;
  const means = intervalAt(range, now);
  return means.to < now ? means : range;
}
export type RangeQuery = Omit<PanelQuery, 'from' | 'to'> & { range: ViewRange };

/** Keys of everything in the cache. Events and tests match on the first part. */
export const queryKeys = {
  connections: ['connections'] as const,
  alerts: ['alerts'] as const,
  alert: (connectionId: string, id: string) => ['alert', connectionId, id] as const,
  policies: (connectionId: string) => ['policies', connectionId] as const,
  rules: (connectionId: string) => ['rules', connectionId] as const,
  rule: (connectionId: string, code: string, what: string) => ['rule', connectionId, code, what] as const,
  loaders: (connectionId: string) => ['loaders', connectionId] as const,
  loaderRuns: (connectionId: string, code: string) => ['loader-runs', connectionId, code] as const,
  conveyor: (connectionId: string) => ['conveyor', connectionId] as const,
  charts: (connectionId: string) => ['charts', connectionId] as const,
  chartUsage: (connectionId: string) => ['chart-usage', connectionId] as const,
  chart: (connectionId: string, code: string, what: string) => ['chart', connectionId, code, what] as const,
  metrics: (connectionId: string) => ['metrics', connectionId] as const,
  series: (connectionId: string, query: RangeQuery) => ['series', connectionId, query] as const,
  outbox: ['outbox'] as const,
  backend: ['backend'] as const,
  settings: ['settings'] as const,
  notices: ['notices'] as const,
  system: ['system'] as const,
};
