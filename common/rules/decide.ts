import type { Condition, Match, ThresholdComparison } from '../contract/conditions.ts';
import type { Severity } from '../contract/primitives.ts';
import type { RuleInput } from '../contract/rules.ts';
import { holds, levelOf, moreUrgent } from './compare.ts';
import type { Measurement } from './measure.ts';

/** Whether a condition holds; null if there is no data from which to tell. */
export type ConditionOutcome = boolean | null;

export interface Decision {
  /** Of each condition, in the rule's order. */
  outcomes: ConditionOutcome[];
  /** Of the rule. */
  outcome: ConditionOutcome;
  /** Severity that the conditions that hold call for. */
  severity: Severity;
  /** Share of the weights of the conditions that hold, 0 to 1. */
  score: number;
}

/**
 * Decides from the measurements whether a rule's conditions hold together. What can't be told counts only where it matters: with `all`, one
 * condition that doesn't hold decides; with `any`, one that does.
 * @param firing severity of the alert that fires; null if none does
 */
export function decide(
  { conditions, match, severity }: Pick<RuleInput, 'conditions' | 'match' | 'severity'>,
  measurements: readonly Measurement[],
  firing: Severity | null,
): Decision {
  const outcomes: ConditionOutcome[] = [];
  let urgent = severity;
  let [held, unknown, total] = [0, 0, 0];
  for (const [i, condition] of conditions.entries()) {
    const measurement = measurements[i] ?? { kind: 'empty' };
    const outcome = outcomeOf(condition, measurement, firing);
    const { weight = 1 } = condition;
    outcomes.push(outcome);
    total += weight;
    if (outcome === null) unknown += weight;
    if (outcome !== true) continue;
    held += weight;
    if (measurement.kind === 'value' && isCompared(condition))
      urgent = moreUrgent(urgent, levelOf(measurement.compared, condition, firing));
  }
  return { outcomes, outcome: combine(match, held, unknown, total), severity: urgent, score: held / total };
}

/**
 * Returns the outcome of one evaluation of a history, as `decide` does, but nothing else of the decision, so that a month is passed over in
 * milliseconds.
 * @param byCondition the measurements of each condition at every evaluation
 */
export function outcomeAt(
  { conditions, match }: Pick<RuleInput, 'conditions' | 'match'>,
  byCondition: readonly (readonly Measurement[])[],
  evaluation: number,
  firing: Severity | null,
): ConditionOutcome {
  let [held, unknown, total] = [0, 0, 0];
  for (let i = 0; i < conditions.length; i++) {
    const condition = conditions[i];
    const measurement = byCondition[i]?.[evaluation];
    if (condition === undefined) continue;
    const outcome = measurement === undefined ? null : outcomeOf(condition, measurement, firing);
    const { weight = 1 } = condition;
    total += weight;
    if (outcome === null) unknown += weight;
    if (outcome === true) held += weight;
  }
  return combine(match, held, unknown, total);
}

/** Returns the outcome of conditions that hold, and of those without data, by their weights. */
function combine(match: Match, held: number, unknown: number, total: number): ConditionOutcome {
  const needed = match.kind === 'any' ? null : match.kind === 'all' ? total : match.threshold * total;
  // Weights such as 0.1 add up to a little less than they should.
  const isEnough = (weight: number) => (needed === null ? weight > 0 : weight >= needed * (1 - 1e-9));
  if (isEnough(held)) return true;
  return isEnough(held + unknown) ? null : false;
}

export const isCompared = (condition: Condition): condition is Condition & ThresholdComparison => 'operator' in condition;

function outcomeOf(condition: Condition, measurement: Measurement, firing: Severity | null): ConditionOutcome {
  if (measurement.kind === 'empty') return null;
  if (measurement.kind === 'no-reference') {
    const meaning = 'onNoBaseline' in condition ? condition.onNoBaseline : undefined;
    return meaning === 'no-data' ? null : meaning === 'alert';
  }
  const { compared, points } = measurement;
  switch (condition.kind) {
    case 'absent':
      return points === 0;
    case 'unchanged':
      return points >= 2 && compared <= (condition.tolerance ?? 0);
    case 'range':
      return condition.side === 'either' ? compared !== 0 : condition.side === 'above' ? compared > 0 : compared < 0;
    default:
      return holds(compared, condition, firing);
  }
}
