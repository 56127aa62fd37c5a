import type { Condition, Match } from '../../contract/conditions.ts';
import { dayMs } from '../../time/durations.ts';

/** Returns the conditions for something that was at work within the last day and now gives only zeros. What is never used doesn't fire. */
export const fellSilent = (windowMs: number): { conditions: Condition[]; match: Match } => ({
  conditions: [
    { kind: 'threshold', aggregation: 'max', windowMs, operator: '<=', threshold: 0 },
    { kind: 'threshold', aggregation: 'max', windowMs: dayMs, operator: '>', threshold: 0 },
  ],
  match: { kind: 'all' },
});
