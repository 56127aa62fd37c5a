import type { RuleFiring } from '#common/contract/console/alerts.ts';
import { dayMs } from '#common/time/durations.ts';
import { bucketStart, nextBucket } from '#common/timeseries/buckets.ts';

/** The firings of a rule are shown for this many days, today included. */
export const shownDays = 28;

export interface FiringDay {
  /** Midnight in the reader's time zone, ms. */
  from: number;
  count: number;
}

/** Returns how often a rule fired on each of the last days, the oldest first. Days have their length in the reader's time zone. */
export function firingDays(firings: readonly Pick<RuleFiring, 'firedAt'>[], now: number, timeZone: string): FiringDay[] {
  const width = { days: 1, timeZone } as const;
  const days: FiringDay[] = [];
  const today = bucketStart(now, width);
  // Half a day more, so that the shorter and longer days of a change of the clock make no difference.
  for (let from = bucketStart(today - (shownDays - 1) * dayMs + dayMs / 2, width); from <= today; from = nextBucket(from, width)) {
    const to = nextBucket(from, width);
    days.push({ from, count: firings.filter(({ firedAt }) => firedAt >= from && firedAt < to).length });
  }
  return days;
}
