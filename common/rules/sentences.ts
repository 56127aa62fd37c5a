import type { Operator, ThresholdCondition } from '../contract/rules.ts';
import { decimalsFor, formatDuration, formatNumber, formatValue } from '../format.ts';

const relation: Record<Operator, string> = { '<': 'below', '<=': 'at or below', '>': 'above', '>=': 'at or above' };

/** How long something has lasted and how long it has to: `for 6 min (needs 5 min)`. */
export interface Held {
  forMs: number;
  needsMs: number;
}

/**
 * The judged value beside its threshold, both with the same decimals, and as many as it takes to tell them apart:
 * "0.60, below 0.60" helps nobody.
 */
export function comparison(value: number, threshold: number, unit: string): { value: string; threshold: string } {
  if (unit === 'B' || unit === 'B/s') return { value: formatValue(value, unit), threshold: formatValue(threshold, unit) };
  const size = Math.max(Math.abs(value), Math.abs(threshold));
  const enough = size < 0.1 ? decimalsFor(size) : size < 10 ? 2 : size < 100 ? 1 : 0;
  const stated = String(threshold).split('.')[1]?.length ?? 0;
  let decimals = Number.isInteger(value) && Number.isInteger(threshold) ? 0 : Math.min(8, Math.max(enough, stated));
  while (decimals < 8 && value !== threshold && formatNumber(value, decimals) === formatNumber(threshold, decimals)) decimals += 1;
  return { value: formatValue(value, unit, decimals), threshold: formatNumber(threshold, decimals) };
}

/**
 * "avg over 5 min is 0.62 m/s, below 0.80 for 6 min (needs 5 min)."
 * @param held for how long the condition has held or, where it does not, has been clear; absent says nothing of time
 */
export function thresholdSentence(condition: ThresholdCondition, value: number, unit: string, holds: boolean, held?: Held): string {
  const text = comparison(value, condition.threshold, unit);
  const is = `${condition.aggregation} over ${formatDuration(condition.windowMs)} is ${text.value}`;
  const to = `${relation[condition.operator]} ${text.threshold}`;
  if (holds) return held === undefined ? `${is}, ${to}.` : `${is}, ${to} ${lasting(held)}.`;
  if (held === undefined) return `${is}, not ${to}.`;
  return `${is}, no longer ${to} for ${formatDuration(held.forMs)} (resolves after ${formatDuration(held.needsMs)}).`;
}

/** "No points in the last 20 s; the last one came 45 s ago." */
export function emptySentence(windowMs: number, lastAt: number | null, now: number): string {
  if (lastAt === null) return 'No point has ever been stored for this.';
  const none = `No points in the last ${formatDuration(windowMs)}`;
  if (lastAt >= now) return `${none}; the newest is stamped ${formatDuration(lastAt - now)} in the future.`;
  return `${none}; the last one came ${formatDuration(now - lastAt)} ago.`;
}

export function lasting(held: Held): string {
  const lasted = `for ${formatDuration(held.forMs)}`;
  return held.needsMs === 0 ? lasted : `${lasted} (needs ${formatDuration(held.needsMs)})`;
}
