import { z } from 'zod';
import { epochMs, type Severity, severity } from '../contract/primitives.ts';
import { type ReasonDetail, type RuleInput, reason, ruleState } from '../contract/rules.ts';
import type { Interval } from '../time/intervals.ts';
import type { Measurement } from './measure.ts';

/** The parts of a rule that `evaluate` needs, and the unit of its chart. */
export interface EvaluatedRule
  extends Pick<
    RuleInput,
    | 'chartCode'
    | 'conditions'
    | 'match'
    | 'severity'
    | 'forMs'
    | 'keepFiringForMs'
    | 'onNoData'
    | 'onError'
    | 'evaluateEveryMs'
    | 'suppressMs'
    | 'timeZone'
  > {
  unit: string;
  /** How long before the evaluation its windows end, ms. */
  delayMs: number;
}

/**
 * The data of one series at one evaluation, and the intervals of the window for which points are missing, or may be, because the store was
 * damaged.
 */
export type Observation = Look & { damaged?: readonly Interval[] | undefined };
type Look =
  /** The data of each condition, in the rule's order. `lastAt` is the newest point's time, ms; null when there has never been one. */
  | { kind: 'data'; measurements: readonly Measurement[]; lastAt: number | null }
  | { kind: 'error'; failure: ReasonDetail }
  /** The series no longer exists. With `certain` it ends at once, otherwise a second evaluation has to confirm it. */
  | { kind: 'gone'; why: ReasonDetail; certain: boolean };

const alertCause = z.enum(['condition', 'no-data', 'error']);
export type AlertCause = z.infer<typeof alertCause>;

/** The state of a rule for one series: everything kept between two evaluations, as JSON in `rule_states.state`. */
export const ruleRecord = z.object({
  state: ruleState,
  /** When it entered this state, ms. */
  since: epochMs,
  evaluatedAt: epochMs,
  value: z.number().nullable(),
  reasons: z.array(reason),
  /** Identifies conditions and chart; if either changes, counting restarts. */
  question: z.string(),
  /** Start of the current unbroken run of evaluations, ms. */
  watchedSince: epochMs,
  /** How long the result has been the same, without a gap between evaluations. */
  streak: z.object({ bad: z.boolean(), since: epochMs, lastAt: epochMs }).nullable(),
  /** The firing alert; null when there is none. */
  firing: z
    .object({
      cause: alertCause,
      startedAt: epochMs,
      firedAt: epochMs,
      suppressed: z.boolean(),
      /** Absent if an older backend stored it: it is then the rule's own. */
      severity: severity.optional(),
    })
    .nullable(),
  /** When the last firing was announced, ms: the suppression window starts here. */
  toldAt: epochMs.nullable(),
  /** Number of consecutive evaluations at which the series was gone. */
  goneFor: z.number().int().min(0),
});
export type RuleRecord = z.infer<typeof ruleRecord>;

/** The events of an evaluation, in order. Everything else, such as a change of the severity, is in the record. */
export type RuleEvent =
  | { kind: 'fired'; at: number; cause: AlertCause; startedAt: number; suppressed: boolean; severity: Severity }
  | { kind: 'resolved'; at: number; why: ReasonDetail[] }
  /** The suppression window passed while the alert kept firing: it must be announced now. */
  | { kind: 'unsuppressed'; at: number };

export interface Evaluation {
  /** The state to store; null when the series ended. */
  record: RuleRecord | null;
  events: RuleEvent[];
  /** Share of the weights of the conditions that hold, 0 to 1; null if they were not decided. */
  score: number | null;
}
