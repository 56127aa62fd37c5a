import type { Condition, ThresholdComparison } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import { type BacktestFiring, type BacktestTimes, type MeasuredHistory, suggestThreshold } from './backtest.ts';
import type { EvaluatedRule } from './record.ts';

/** Maximum number of thresholds that are suggested. */
const maxSuggested = 4;

/**
 * Returns thresholds worth trying: the one furthest out that would have fired during every incident, then those further out that miss
 * some. Rounded to three digits, inwards, so that the incident still reaches them.
 * @param index of the condition
 */
export function candidateThresholds(
  condition: Condition,
  index: number,
  rule: Pick<EvaluatedRule, 'forMs'>,
  histories: readonly MeasuredHistory[],
  incidents: readonly Interval[],
): number[] {
  if (!('operator' in condition)) return [];
  const rising = condition.operator.startsWith('>');
  const isStrict = condition.operator === '>' || condition.operator === '<';
  const reached = incidents.flatMap((incident) => suggestThreshold(condition, index, rule, histories, [incident]) ?? []);
  const rounded = reached.filter(Number.isFinite).map((value) => roundInwards(value, rising, isStrict));
  const outwards = [...new Set(rounded)].sort((a, b) => (rising ? a - b : b - a));
  return outwards.slice(0, maxSuggested);
}

/** Rounds to three digits, downwards if values rise to the threshold. @param isStrict the value itself must not be returned */
function roundInwards(value: number, rising: boolean, isStrict: boolean): number {
  const unit = value === 0 ? 0.01 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  // A value that has three digits stays, although its quotient isn't exact.
  const units = Number((value / unit).toPrecision(12));
  const inner = rising ? Math.floor(units) : Math.ceil(units);
  const moved = isStrict && inner === units ? inner + (rising ? -1 : 1) : inner;
  return Number((moved * unit).toPrecision(12));
}

/** Moves a threshold. Its levels and the thresholds to clear keep their distance from it, because they could contradict it where they are. */
export function moveThreshold<C extends ThresholdComparison>(condition: C, threshold: number): C {
  // Without what sums of decimals leave behind, as in 0.30000000000000004.
  const move = (one: number) => Number((one + threshold - condition.threshold).toPrecision(12));
  const clear = condition.clear === undefined ? {} : { clear: move(condition.clear) };
  const levels = condition.levels?.map((level) => ({
    ...level,
    threshold: move(level.threshold),
    ...(level.clear !== undefined && { clear: move(level.clear) }),
  }));
  return { ...condition, threshold, ...clear, ...(levels && { levels }) };
}

type Firing = Pick<BacktestFiring, 'from' | 'to'>;

/**
 * Returns the incident of which a firing was part: from the first point that counted towards it until its end, at least one evaluation
 * later. So the values that made it fire lie in it, even if it ended at once or still fires.
 */
export function incidentOf(
  firing: Firing,
  { conditions, forMs }: Pick<EvaluatedRule, 'conditions' | 'forMs'>,
  { to: end, everyMs }: Pick<BacktestTimes, 'to' | 'everyMs'>,
): Interval {
  const lookBackMs = forMs + Math.max(...conditions.map(({ windowMs }) => windowMs));
  return { from: firing.from - lookBackMs, to: Math.max(firing.to ?? end, firing.from + everyMs) };
}

/** Tells whether something fired during an incident. Both ends count. @param end when what still fires ends, ms */
export const firedDuring = (firing: Firing, { from, to }: Interval, end: number): boolean =>
  firing.from <= to && (firing.to ?? end) >= from;

/** How a rule would have done: incidents during which something fired, those without, and firings outside of all incidents. */
export interface IncidentScore {
  caught: number;
  missed: number;
  falseFirings: number;
}

/** Compares the firings of a backtest with incidents. @param end of the backtest, ms */
export function scoreFirings(firings: readonly Firing[], incidents: readonly Interval[], end: number): IncidentScore {
  const caught = incidents.filter((incident) => firings.some((firing) => firedDuring(firing, incident, end))).length;
  const falseFirings = firings.filter((firing) => !incidents.some((incident) => firedDuring(firing, incident, end))).length;
  return { caught, missed: incidents.length - caught, falseFirings };
}
