import type { Operator, ThresholdCondition } from '../contract/rules.ts';
import { formatCompared, formatDuration, formatSetDuration, formatSetting, isByteUnit } from '../format.ts';

const relation: Record<Operator, string> = { '<': 'below', '<=': 'at or below', '>': 'above', '>=': 'at or above' };

/** How long something has lasted and how long it has to: `for 6 min (needs 5 min)`. */
export interface Held {
  forMs: number;
  needsMs: number;
}

/** The judged value beside its threshold, with enough digits to tell them apart: "0.6, below 0.6" helps nobody. */
export function comparison(value: number, threshold: number, unit: string): { value: string; threshold: string } {
  const isScaled = isByteUnit(unit);
  return { value: formatCompared(value, threshold, unit), threshold: isScaled ? formatSetting(threshold, unit) : formatSetting(threshold) };
}

/**
 * "avg over 5 min is 0.62 m/s, below 0.8 for 6 min (needs 5 min)."
 * @param held for how long the condition has held or, where it does not, has been clear; absent says nothing of time
 */
export function thresholdSentence(condition: ThresholdCondition, value: number, unit: string, holds: boolean, held?: Held): string {
  const text = comparison(value, condition.threshold, unit);
  const is = `${condition.aggregation} over ${formatSetDuration(condition.windowMs)} is ${text.value}`;
  const to = `${relation[condition.operator]} ${text.threshold}`;
  if (holds) return held === undefined ? `${is}, ${to}.` : `${is}, ${to} ${lasting(held)}.`;
  if (held === undefined) return `${is}, not ${to}.`;
  return `${is}, no longer ${to} for ${formatDuration(held.forMs)} (resolves after ${formatSetDuration(held.needsMs)}).`;
}

/** "No points in the last 20 s; the last one came 45 s ago." */
export function emptySentence(windowMs: number, lastAt: number | null, now: number): string {
  if (lastAt === null) return 'No point has ever been stored for this.';
  const none = `No points in the last ${formatSetDuration(windowMs)}`;
  if (lastAt >= now) return `${none}; the newest is stamped ${formatDuration(lastAt - now)} in the future.`;
  return `${none}; the last one came ${formatDuration(now - lastAt)} ago.`;
}

/** Fewer points than this tell nothing of how often points come. */
const minRegularPoints = 3;

/**
 * " The newest point is 4 s old, so the end of the window may still be missing." Empty where points come about as often as the
 * newest one is old: points that arrive late by a known lag leave the same hole at every evaluation, and sums and counts fall short by it.
 */
export function incompleteSentence({ windowMs }: ThresholdCondition, seen: { points: number; lastAt: number }, now: number): string {
  const ageMs = now - seen.lastAt;
  const everyMs = (windowMs - ageMs) / (seen.points - 1);
  // A quarter more than the usual distance: the next point may just be on its way.
  if (seen.points < minRegularPoints || ageMs <= 1.25 * everyMs) return '';
  return ` The newest point is ${formatDuration(ageMs)} old, so the end of the window may still be missing.`;
}

/** "The store was damaged: points of 2 min of the last 5 min are missing, or may be." */
export function damagedSentence(damagedMs: number, windowMs: number): string {
  return `The store was damaged: points of ${formatDuration(damagedMs)} of the last ${formatSetDuration(windowMs)} are missing, or may be.`;
}

export function lasting(held: Held): string {
  const lasted = `for ${formatDuration(held.forMs)}`;
  return held.needsMs === 0 ? lasted : `${lasted} (needs ${formatSetDuration(held.needsMs)})`;
}
