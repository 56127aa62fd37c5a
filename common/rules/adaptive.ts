import type { Condition, Match, WindowAggregation } from '../contract/conditions.ts';
import { hourMs } from '../time/durations.ts';

/** How far a value of the adaptive rule must be from its usual value: three median absolute deviations, of which 1.4826 make one sigma. */
const bandSigmas = 2.02;
const days = 14;

/**
 * Returns the conditions of the adaptive rule. A value is abnormal when it leaves two windows at once: the band around its usual value
 * at that hour of the day, and the range that held 99.8 % of the values of the last 14 days, widened by a tenth. The first knows the time
 * of day, the second how far the series ever goes; both weigh the same, and both are needed.
 */
export function adaptiveConditions(window: { aggregation: WindowAggregation; windowMs: number }): {
  conditions: Condition[];
  match: Match;
} {
  return {
    conditions: [
      {
        kind: 'baseline',
        ...window,
        every: 'day',
        count: days,
        slotMs: hourMs,
        as: 'sigmas',
        operator: 'outside',
        threshold: -bandSigmas,
        upper: bandSigmas,
        weight: 1,
      },
      { kind: 'range', ...window, days, share: 0.998, widen: 0.1, side: 'either', weight: 1 },
    ],
    match: { kind: 'score', threshold: 1 },
  };
}
