import type { Condition } from '../contract/conditions.ts';
import type { Reason, ReasonDetail } from '../contract/rules.ts';
import { dayMs } from '../time/durations.ts';
import type { Interval } from '../time/intervals.ts';
import { comparedUnit } from '../words/conditions.ts';
import { detail, englishOf } from '../words/reasons.ts';
import { type ConditionOutcome, type Decision, isCompared } from './decide.ts';
import { longestWindowMs, type Measurement, windowOf } from './measure.ts';
import type { EvaluatedRule, Observation } from './record.ts';

/** The time that a condition has held, and the time it needs for the state to change, ms. */
export interface ConditionDuration {
  forMs: number;
  needsMs: number;
}

interface Evaluated {
  at: number;
  /** Whether the evaluation counts towards firing. */
  bad: boolean;
  /** How long this has lasted, if that decides the next state. */
  held: ConditionDuration | null;
  /** Length of a gap that restarted the counting, ms; 0 when there was none. */
  gapMs: number;
}

type PresentObservation = Exclude<Observation, { kind: 'gone' }>;

/**
 * Explains the result of an evaluation with its numbers: one reason for each condition. Those that decided come first, and the first one
 * also says what is true of the rule as a whole.
 */
export function reasonsFor(
  rule: EvaluatedRule,
  observation: PresentObservation,
  decision: Decision | null,
  evaluated: Evaluated,
): Reason[] {
  const restarted = evaluated.gapMs > 0 ? [detail('counting_restarted', { gapMs: evaluated.gapMs })] : [];
  if (observation.kind === 'error' || decision === null) {
    const failure = observation.kind === 'error' ? [observation.failure] : [];
    return [
      { kind: 'error', ...withText([...failure, ...countedAsBad(evaluated), ...restarted]), ...unseen(rule, evaluated.at, evaluated.bad) },
    ];
  }
  const reasons = rule.conditions.map((condition, i) => {
    const outcome = decision.outcomes[i] ?? null;
    const details = explainCondition(rule, condition, observation, i, outcome, evaluated);
    return { outcome, reason: { ...numbersOf(rule, condition, observation.measurements[i], outcome, evaluated), details } };
  });
  const decided = decision.outcome === null ? null : evaluated.bad;
  const sorted = [...reasons.filter((one) => one.outcome === decided), ...reasons.filter((one) => one.outcome !== decided)];
  const [first] = sorted;
  first?.reason.details.push(...explainRule(rule, decision, evaluated), ...restarted);
  return sorted.map(({ reason: { details, ...numbers } }) => ({ ...numbers, ...withText(details) }));
}

/** Explains that a series is gone. */
export function explainGone(rule: EvaluatedRule, { why }: Extract<Observation, { kind: 'gone' }>, at: number): Reason {
  return { kind: 'no-data', ...withText([why, detail('gone_unconfirmed', {})]), ...unseen(rule, at, false) };
}

/** Returns an additional reason if points of the windows are damaged; otherwise none. */
export function explainDamage(rule: EvaluatedRule, { damaged = [] }: Observation, at: number): Reason[] {
  if (damaged.length === 0) return [];
  const observation = { ...unseen(rule, at, false), threshold: null };
  const details = [detail('points_lost', { lostMs: lengthOf(damaged), windowMs: longestWindowMs(rule) })];
  return [{ kind: 'no-data', ...withText(details), ...observation, damaged: damaged.map(({ from, to }) => ({ from, to })) }];
}

const withText = (details: ReasonDetail[]) => ({ text: englishOf(details), details });
const lengthOf = (intervals: readonly Interval[]) => intervals.reduce((sum, { from, to }) => sum + to - from, 0);
const thresholdOf = (condition: Condition | undefined) => (condition && isCompared(condition) ? condition.threshold : null);

/** The numbers of a reason without data, for the rule as a whole. */
function unseen(rule: EvaluatedRule, at: number, holds: boolean) {
  const windowTo = at - rule.delayMs;
  const windowFrom = Math.max(0, windowTo - longestWindowMs(rule));
  return { value: null, threshold: thresholdOf(rule.conditions[0]), points: 0, holds, windowFrom, windowTo };
}

function numbersOf(
  rule: EvaluatedRule,
  condition: Condition,
  measured: Measurement | undefined,
  outcome: ConditionOutcome,
  evaluated: Evaluated,
) {
  const { from: windowFrom, to: windowTo } = windowOf(condition, evaluated.at - rule.delayMs);
  // A single condition without data counts as the rule's policy says.
  const holds = outcome ?? (rule.conditions.length === 1 && evaluated.bad);
  const common = { kind: outcome === null ? ('no-data' as const) : ('threshold' as const), threshold: thresholdOf(condition) };
  const numbers = { ...common, holds, windowFrom, windowTo };
  if (measured === undefined || measured.kind === 'empty') return { ...numbers, value: null, points: 0 };
  const { value, points } = measured;
  if (measured.kind === 'no-reference') return { ...numbers, value, points };
  const { compared, reference } = measured;
  return {
    ...numbers,
    value,
    points,
    ...(compared !== value && Number.isFinite(compared) && { compared }),
    ...(reference && { reference: { low: reference.low, high: reference.high } }),
  };
}

function explainCondition(
  rule: EvaluatedRule,
  condition: Condition,
  observation: Extract<PresentObservation, { kind: 'data' }>,
  index: number,
  outcome: ConditionOutcome,
  evaluated: Evaluated,
): ReasonDetail[] {
  const measured = observation.measurements[index] ?? { kind: 'empty' };
  const { unit } = rule;
  const { windowMs } = condition;
  const end = evaluated.at - rule.delayMs;
  if (measured.kind === 'empty') return [explainEmpty(condition, measured, observation.lastAt, evaluated.at)];
  const holds = outcome === true;
  const { value, points } = measured;
  const late = observation.lastAt === null ? [] : explainWindowEnd(condition, { points, lastAt: observation.lastAt }, end, evaluated.at);
  if (condition.kind === 'absent')
    return [
      holds ? explainEmpty(condition, { kind: 'empty' }, observation.lastAt, evaluated.at) : detail('absent_clear', { points, windowMs }),
    ];
  const window = { aggregation: 'aggregation' in condition ? condition.aggregation : '', windowMs, value, unit };
  if (measured.kind === 'no-reference')
    return [detail('window_value', window), detail('no_reference', { samples: measured.samples, needed: measured.needed })];
  const { compared, reference = { low: Number.NaN, high: Number.NaN } } = measured;
  switch (condition.kind) {
    case 'threshold':
      return [explainThreshold(rule, condition, value, holds, evaluated.held), ...late];
    case 'unchanged':
      if (points < 2) return [detail('unchanged_unknown', { windowMs })];
      return [
        compared === 0
          ? detail('unchanged_holds', { windowMs, value, unit })
          : detail('unchanged_by', { windowMs, spread: compared, unit }),
      ];
    case 'range': {
      const range = { ...window, low: reference.low, high: reference.high, daysMs: condition.days * dayMs };
      return [detail(compared === 0 ? 'range_inside' : 'range_outside', range), ...late];
    }
    case 'change':
      return [
        detail('changed_from', { ...window, agoMs: condition.agoMs, reference: reference.low }),
        explainCompared(rule, condition, compared, holds),
        ...late,
      ];
    case 'baseline': {
      const usual = `${condition.every}_${condition.count === 1 ? 'before' : 'usual'}`;
      return [
        detail('compared_with', { ...window, usual, reference: reference.low }),
        explainCompared(rule, condition, compared, holds),
        ...late,
      ];
    }
  }
}

/** Explains how a difference, ratio or distance compares with the threshold. It may be infinite, which JSON can't represent. */
function explainCompared(
  { unit }: EvaluatedRule,
  { as, operator, threshold, upper }: Extract<Condition, { kind: 'change' | 'baseline' }>,
  compared: number,
  holds: boolean,
): ReasonDetail {
  const value = Number.isFinite(compared) ? compared : compared > 0 ? '∞' : '−∞';
  return detail(holds ? 'measure_holds' : 'measure_clear', {
    as,
    value,
    unit: comparedUnit(as, unit),
    operator,
    threshold,
    ...(upper !== undefined && { upper }),
  });
}

/** @param held how long the condition has held or has been clear; null to leave the time out, as with several conditions */
function explainThreshold(
  { conditions, unit }: EvaluatedRule,
  { aggregation, windowMs, operator, threshold, upper }: Extract<Condition, { kind: 'threshold' }>,
  value: number,
  holds: boolean,
  held: ConditionDuration | null,
): ReasonDetail {
  const common = { aggregation, windowMs, value, unit, operator, threshold, ...(upper !== undefined && { upper }) };
  if (held === null || conditions.length > 1) return detail(holds ? 'threshold_holds' : 'threshold_clear', common);
  const heldMs = held.forMs;
  if (!holds) return detail('threshold_clearing', { ...common, heldMs, neededMs: held.needsMs });
  if (held.needsMs === 0) return detail('threshold_holds_for', { ...common, heldMs });
  return detail('threshold_holds_for_needed', { ...common, heldMs, neededMs: held.needsMs });
}

/** Explains what all conditions have in common: the score, and how long this has lasted. */
function explainRule({ conditions, match }: EvaluatedRule, { outcome, score }: Decision, evaluated: Evaluated): ReasonDetail[] {
  const scored =
    match.kind === 'score'
      ? [detail('score', { scorePercent: Math.round(100 * score), neededPercent: Math.round(100 * match.threshold) })]
      : [];
  if (outcome === null) return countedAsBad(evaluated);
  // The sentence of a single threshold has the duration in it.
  if (evaluated.held === null || (conditions.length === 1 && conditions[0]?.kind === 'threshold')) return scored;
  const { forMs: heldMs, needsMs: neededMs } = evaluated.held;
  if (!outcome) return [...scored, detail('clear_for_needed', { heldMs, neededMs })];
  return [...scored, neededMs === 0 ? detail('held_for', { heldMs }) : detail('held_for_needed', { heldMs, neededMs })];
}

function countedAsBad({ bad, held }: Evaluated): ReasonDetail[] {
  if (!bad || held === null) return [];
  const { forMs, needsMs } = held;
  return [needsMs === 0 ? detail('bad_for', { heldMs: forMs }) : detail('bad_for_needed', { heldMs: forMs, neededMs: needsMs })];
}

function explainEmpty(
  condition: Condition,
  { earlier }: { kind: 'empty'; earlier?: true },
  lastAt: number | null,
  now: number,
): ReasonDetail {
  const { windowMs } = condition;
  if (earlier && condition.kind === 'change') return detail('no_points_earlier', { agoMs: condition.agoMs });
  if (lastAt === null) return detail('no_points_ever', {});
  if (lastAt >= now) return detail('no_points_until', { windowMs, lastAt, aheadMs: lastAt - now });
  return detail('no_points', { windowMs, lastAt, ageMs: now - lastAt });
}

/** Minimum number of points from which their usual interval is derived. */
const minRegularPoints = 3;

/**
 * Reports that the end of the window may still be missing. Empty if the newest point is about as old as the usual interval. Points that
 * always arrive late leave the same gap at every evaluation, which makes sums and counts too small.
 * @param end of the window, epoch ms
 */
export function explainWindowEnd(
  { windowMs }: Pick<Condition, 'windowMs'>,
  observation: { points: number; lastAt: number },
  end: number,
  now = end,
): ReasonDetail[] {
  const missingMs = end - observation.lastAt;
  const everyMs = (windowMs - missingMs) / (observation.points - 1);
  // A quarter more than the usual interval: the next point may be about to arrive.
  if (observation.points < minRegularPoints || missingMs <= 1.25 * everyMs) return [];
  return [detail('window_end_missing', { lastAt: observation.lastAt, ageMs: now - observation.lastAt })];
}
