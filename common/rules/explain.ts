import type { Reason, ReasonDetail, ThresholdCondition } from '../contract/rules.ts';
import type { Interval } from '../time/intervals.ts';
import { detail, englishOf } from '../words/reasons.ts';
import type { EvaluatedRule, Observation } from './record.ts';

/** The time that a condition has held, and the time it needs for the state to change, ms. */
export interface ConditionDuration {
  forMs: number;
  needsMs: number;
}

interface Evaluated {
  at: number;
  /** True if the evaluation counts towards firing. */
  bad: boolean;
  /** The duration, if it decides the next state. */
  held: ConditionDuration | null;
  /** Length of a gap that restarted the counting, ms; 0 when there was none. */
  gapMs: number;
}

/** Explains the result of an evaluation, with its numbers. */
export function explain(rule: EvaluatedRule, observed: Observation, { at, bad, held, gapMs }: Evaluated): Reason {
  const { threshold, windowMs } = rule.condition;
  const restarted = gapMs > 0 ? [detail('counting_restarted', { gapMs })] : [];
  const counted = bad && held !== null ? [badFor(held)] : [];
  const common = { threshold, windowFrom: Math.max(0, at - windowMs), windowTo: at, holds: bad };
  const unseen = { ...common, value: null, points: 0 };
  switch (observed.kind) {
    case 'data': {
      const details = [explainValue(rule, observed.value, bad, held), ...explainWindowEnd(rule.condition, observed, at), ...restarted];
      return { kind: 'threshold', ...withText(details), value: observed.value, points: observed.points, ...common };
    }
    case 'empty':
      return { kind: 'no-data', ...withText([explainEmpty(windowMs, observed.lastAt, at), ...counted, ...restarted]), ...unseen };
    case 'error':
      return { kind: 'error', ...withText([observed.failure, ...counted, ...restarted]), ...unseen };
    case 'gone':
      return { kind: 'no-data', ...withText([observed.why, detail('gone_unconfirmed', {})]), ...unseen };
  }
}

/** Returns an additional reason if points of the window are damaged; otherwise none. */
export function explainDamage({ condition }: EvaluatedRule, { damaged = [] }: Observation, at: number): Reason[] {
  if (damaged.length === 0) return [];
  const { windowMs } = condition;
  const noValue = { value: null, threshold: null, points: 0, holds: false, windowFrom: Math.max(0, at - windowMs), windowTo: at };
  const details = [detail('points_lost', { lostMs: lengthOf(damaged), windowMs })];
  return [{ kind: 'no-data', ...withText(details), ...noValue, damaged: damaged.map(({ from, to }) => ({ from, to })) }];
}

const withText = (details: ReasonDetail[]) => ({ text: englishOf(details), details });
const lengthOf = (intervals: readonly Interval[]) => intervals.reduce((sum, { from, to }) => sum + to - from, 0);

/** @param held how long the condition has held or has been clear; null to leave the time out */
function explainValue({ condition, unit }: EvaluatedRule, value: number, holds: boolean, held: ConditionDuration | null): ReasonDetail {
  const { aggregation, windowMs, operator, threshold } = condition;
  const common = { aggregation, windowMs, value, unit, operator, threshold };
  if (held === null) return detail(holds ? 'threshold_holds' : 'threshold_clear', common);
  const heldMs = held.forMs;
  if (!holds) return detail('threshold_clearing', { ...common, heldMs, neededMs: held.needsMs });
  if (held.needsMs === 0) return detail('threshold_holds_for', { ...common, heldMs });
  return detail('threshold_holds_for_needed', { ...common, heldMs, neededMs: held.needsMs });
}

function badFor({ forMs, needsMs }: ConditionDuration): ReasonDetail {
  return needsMs === 0 ? detail('bad_for', { heldMs: forMs }) : detail('bad_for_needed', { heldMs: forMs, neededMs: needsMs });
}

function explainEmpty(windowMs: number, lastAt: number | null, now: number): ReasonDetail {
  if (lastAt === null) return detail('no_points_ever', {});
  if (lastAt >= now) return detail('no_points_until', { windowMs, lastAt, aheadMs: lastAt - now });
  return detail('no_points', { windowMs, lastAt, ageMs: now - lastAt });
}

/** Minimum number of points from which their usual interval is derived. */
const minRegularPoints = 3;

/**
 * Reports that the end of the window may still be missing. Empty if the newest point is about as old as the usual interval. Points that
 * always arrive late leave the same gap at every evaluation, which makes sums and counts too small.
 */
export function explainWindowEnd(
  { windowMs }: ThresholdCondition,
  observed: { points: number; lastAt: number },
  now: number,
): ReasonDetail[] {
  const ageMs = now - observed.lastAt;
  const everyMs = (windowMs - ageMs) / (observed.points - 1);
  // A quarter more than the usual interval: the next point may be about to arrive.
  if (observed.points < minRegularPoints || ageMs <= 1.25 * everyMs) return [];
  return [detail('window_end_missing', { lastAt: observed.lastAt, ageMs })];
}
