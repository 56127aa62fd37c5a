import type { Operator, ThresholdComparison } from '../contract/conditions.ts';
import { type Severity, severities } from '../contract/primitives.ts';

/** @returns true if `value` is in this relation to the threshold; with `between` and `outside`, to the range from `threshold` to `upper` */
export function compares(value: number, operator: Operator, threshold: number, upper = threshold): boolean {
  switch (operator) {
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '=':
      return value === threshold;
    case '!=':
      return value !== threshold;
    case 'between':
      return value >= threshold && value <= upper;
    case 'outside':
      return value < threshold || value > upper;
  }
}

/**
 * Compares a value with hysteresis.
 * @param firing the severity of the alert that fires; null if none does, so that thresholds to clear don't matter
 */
export function holds(value: number, { operator, threshold, upper, clear }: ThresholdComparison, firing: Severity | null): boolean {
  return firing !== null && clear !== undefined ? isNotPast(value, operator, clear) : compares(value, operator, threshold, upper);
}

/** Returns the most urgent severity whose level the value has reached; null if it has reached none. */
export function levelOf(value: number, { operator, levels = [] }: ThresholdComparison, firing: Severity | null): Severity | null {
  const reached = levels.findLast(({ severity, threshold, clear }) =>
    clear !== undefined && firing !== null && rankOf(firing) >= rankOf(severity)
      ? isNotPast(value, operator, clear)
      : compares(value, operator, threshold),
  );
  return reached?.severity ?? null;
}

/** Returns the more urgent of two severities. */
export const moreUrgent = (a: Severity, b: Severity | null): Severity => (b !== null && rankOf(b) > rankOf(a) ? b : a);

const rankOf = (severity: Severity): number => severities.indexOf(severity);
/** An alert clears once the value is past `clear`: strictly below it if it fires above a threshold. */
const isNotPast = (value: number, operator: Operator, clear: number): boolean =>
  operator.startsWith('>') ? value >= clear : value <= clear;
