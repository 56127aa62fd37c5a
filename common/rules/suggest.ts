import type { Condition } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import { type BacktestFiring, type MeasuredHistory, suggestThreshold } from './backtest.ts';
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

/** How a rule would have done: incidents during which something fired, those without, and firings outside of all incidents. */
export interface IncidentScore {
  caught: number;
  missed: number;
  falseFirings: number;
}

/** Compares the firings of a backtest with incidents. @param end of the backtest, when what still fires ends, ms */
export function scoreFirings(
  firings: readonly Pick<BacktestFiring, 'from' | 'to'>[],
  incidents: readonly Interval[],
  end: number,
): IncidentScore {
  const overlaps = (firing: Pick<BacktestFiring, 'from' | 'to'>, { from, to }: Interval) => firing.from <= to && (firing.to ?? end) >= from;
  const caught = incidents.filter((incident) => firings.some((firing) => overlaps(firing, incident))).length;
  const falseFirings = firings.filter((firing) => !incidents.some((incident) => overlaps(firing, incident))).length;
  return { caught, missed: incidents.length - caught, falseFirings };
}
