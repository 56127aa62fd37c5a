import type { Severity } from '#common/contract/primitives.ts';
import type { BacktestFiring } from '#common/rules/backtest.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { FiringInterval } from '#renderer/charts/index.ts';

/**
 * What is closer together than this share of the whole time is drawn as one: two pixels of a usual window. Their edges would run into one
 * another and hide what is shaded.
 */
const gapShare = 1 / 400;

/**
 * Returns the times in which firings are drawn. Firings of one severity that overlap, or are too close together to be told apart, become one:
 * 50 series can have thousands, and drawing each of them would be slower than finding them.
 * @param firings by time
 */
export function firingMarks(
  firings: readonly Pick<BacktestFiring, 'from' | 'to' | 'severity'>[],
  { from, to }: Interval,
): FiringInterval[] {
  const gapMs = (to - from) * gapShare;
  const marks: FiringInterval[] = [];
  const newest = new Map<Severity, FiringInterval>();
  for (const firing of firings) {
    const mark = newest.get(firing.severity);
    if (mark !== undefined && (mark.to === null || firing.from - mark.to < gapMs)) {
      mark.to = mark.to === null || firing.to === null ? null : Math.max(mark.to, firing.to);
      continue;
    }
    const next = { from: firing.from, to: firing.to, severity: firing.severity };
    marks.push(next);
    newest.set(firing.severity, next);
  }
  return marks;
}
