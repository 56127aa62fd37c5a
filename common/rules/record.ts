import { z } from 'zod';
import { epochMs } from '../contract/primitives.ts';
import { type ReasonDetail, type RuleInput, reason, ruleState } from '../contract/rules.ts';
import type { Interval } from '../time/intervals.ts';

/** What the machine needs to know of a rule, and the unit of the chart it judges. */
export interface EvaluatedRule
  extends Pick<
    RuleInput,
    'chartCode' | 'condition' | 'forMs' | 'keepFiringForMs' | 'onNoData' | 'onError' | 'evaluateEveryMs' | 'suppressMs'
  > {
  unit: string;
}

/** What one look at one series gave, and for which of the window's time points are gone or may be, because the store was damaged. */
export type Observation = Look & { damaged?: readonly Interval[] | undefined };
type Look =
  /** The window's points as one value; `lastAt` is the newest point's time, ms. */
  | { kind: 'data'; value: number; points: number; lastAt: number }
  /** No point in the window; `lastAt` is null when there has never been one. */
  | { kind: 'empty'; lastAt: number | null }
  | { kind: 'error'; failure: ReasonDetail }
  /** The series is not there any more. `certain` ends it at once, otherwise a second look has to agree. */
  | { kind: 'gone'; why: ReasonDetail; certain: boolean };

const alertCause = z.enum(['condition', 'no-data', 'error']);
export type AlertCause = z.infer<typeof alertCause>;

/** Where a rule stands for one series: all that survives between two evaluations, as JSON in `rule_states.state`. */
export const ruleRecord = z.object({
  state: ruleState,
  /** When it entered this state, ms. */
  since: epochMs,
  evaluatedAt: epochMs,
  value: z.number().nullable(),
  reasons: z.array(reason),
  /** Which question the streak answers; another condition or chart starts the counting anew. */
  question: z.string(),
  /** Start of the unbroken run of evaluations up to now, ms: before it nobody looked. */
  watchedSince: epochMs,
  /** How long the answer has been the same, with no gap between two looks. */
  streak: z.object({ bad: z.boolean(), since: epochMs, lastAt: epochMs }).nullable(),
  /** The alert that is up; null when there is none. */
  firing: z.object({ cause: alertCause, startedAt: epochMs, firedAt: epochMs, suppressed: z.boolean() }).nullable(),
  /** When people were last told of a firing, ms: the suppression window counts from here. */
  toldAt: epochMs.nullable(),
  /** Evaluations in a row at which the series was gone. */
  goneFor: z.number().int().min(0),
});
export type RuleRecord = z.infer<typeof ruleRecord>;

/** What an evaluation changed, in order. Everything else about it is in the record. */
export type RuleEvent =
  | { kind: 'fired'; at: number; cause: AlertCause; startedAt: number; suppressed: boolean }
  | { kind: 'resolved'; at: number; why: ReasonDetail[] }
  /** The suppression window passed while the alert kept firing: people have to be told now. */
  | { kind: 'unsuppressed'; at: number };

export interface Evaluation {
  /** What to keep; null when the series ended and nothing is left to keep. */
  record: RuleRecord | null;
  events: RuleEvent[];
}
