import type { Condition } from '../contract/conditions.ts';
import type { LoaderInput } from '../contract/loaders.ts';
import type { RuleInput } from '../contract/rules.ts';
import { minuteMs, secondMs } from '../time/durations.ts';
import type { MeasuredHistory } from './backtest.ts';

/** Share of the windows of the past from which on they count as often empty. */
const oftenEmpty = 0.1;

/** A window that is often empty, because points arrive less often. Durations in ms. */
export interface ShortWindow {
  windowMs: number;
  /** How often the loader runs. */
  intervalMs: number;
  /** A window of this length always has points. */
  enoughMs: number;
}

/**
 * Finds out whether the window of a condition is too short for how often the chart gets points. A rule without a delay of its own waits for
 * the loader's interval and overlap; what its own delay is shorter by is missing at the end of each window.
 * @param isDense the points lie closer together than the window is long, although they are loaded less often
 * @returns null if it is long enough
 */
export function findShortWindow(
  { windowMs }: Pick<Condition, 'windowMs'>,
  { delayMs }: Pick<RuleInput, 'delayMs'>,
  { intervalMs, overlapMs }: Pick<LoaderInput, 'intervalMs' | 'overlapMs'>,
  isDense = false,
): ShortWindow | null {
  const arrivalMs = intervalMs + overlapMs;
  const missingMs = Math.max(0, arrivalMs - (delayMs ?? arrivalMs));
  const neededMs = missingMs + (isDense ? 0 : intervalMs);
  // A field that isn't a number yet says so itself.
  if (!(windowMs < neededMs)) return null;
  return { windowMs, intervalMs, enoughMs: roundUp(2 * intervalMs + missingMs) };
}

/** Tells from the past whether hardly any window of a condition was empty. Nobody knows without a past. @param index of the condition */
export function isDense(histories: readonly MeasuredHistory[], index: number): boolean {
  let [all, empty] = [0, 0];
  for (const { byCondition, lastAt } of histories) {
    for (const [k, measured] of (byCondition[index] ?? []).entries()) {
      if (lastAt[k] === null || lastAt[k] === undefined) continue;
      all += 1;
      if (measured.kind === 'empty' || (measured.kind === 'value' && measured.points === 0)) empty += 1;
    }
  }
  return all > 0 && empty / all < oftenEmpty;
}

function roundUp(ms: number): number {
  const unit = ms > minuteMs ? minuteMs : secondMs;
  return Math.ceil(ms / unit) * unit;
}
