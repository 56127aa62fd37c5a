import type { Severity } from '../contract/primitives.ts';
import type { RuleInput } from '../contract/rules.ts';
import type { AlertCause, RuleEvent, RuleRecord } from './record.ts';

/** Maximum gap between two evaluations that counts as unbroken, in intervals: two may be late or lost. */
export const bridgedIntervals = 3;

/** The part of a record from which states follow. */
export type Progress = Pick<RuleRecord, 'evaluatedAt' | 'watchedSince' | 'streak' | 'firing' | 'toldAt'>;
/** The part of a rule that says how long something has to last. */
export type Timing = Pick<RuleInput, 'forMs' | 'keepFiringForMs' | 'suppressMs' | 'evaluateEveryMs' | 'severity'>;

/** What one evaluation found. */
export interface Verdict {
  /** True counts towards firing, false towards resolving, null towards neither. */
  bad: boolean | null;
  cause: AlertCause;
  /** The state that is shown instead when the conditions can't be evaluated. */
  blind: 'NO_DATA' | 'ERROR' | null;
  /** The severity that the conditions call for; null when they say nothing about it. */
  severity: Severity | null;
}

/** The time of an evaluation, seen from the one before it. */
export interface Tick {
  /** Epoch ms. A repeated or late evaluation has the time of the last one. */
  at: number;
  /** It is not later than the last one, and the clock was not set back. */
  isLate: boolean;
  gapMs: number;
  /** Start of the current unbroken run of evaluations, ms. */
  watchedSince: number;
}

export function tick({ evaluateEveryMs }: Timing, previous: Progress | null, now: number): Tick {
  if (previous === null) return { at: now, isLate: false, gapMs: 0, watchedSince: now };
  const bridgedMs = bridgedIntervals * evaluateEveryMs;
  const behindMs = previous.evaluatedAt - now;
  const isLate = behindMs >= 0 && behindMs <= bridgedMs;
  const at = isLate ? previous.evaluatedAt : now;
  const gapMs = at - previous.evaluatedAt;
  const isUnbroken = gapMs >= 0 && gapMs <= bridgedMs;
  return { at, isLate, gapMs, watchedSince: isUnbroken ? previous.watchedSince : at };
}

export interface Step {
  progress: Progress;
  events: RuleEvent[];
  /** How long the result has been the same, ms. */
  lastedMs: number;
  /** Counting restarted, because rules were not evaluated for too long. */
  restarted: boolean;
}

/** Counts how long a result lasts, and starts, keeps or resolves the alert. @param counted the streak to continue; null to restart counting */
export function step(
  rule: Timing,
  verdict: Verdict,
  previous: Progress | null,
  counted: RuleRecord['streak'],
  { at, gapMs, watchedSince }: Tick,
): Step {
  const bridgedMs = bridgedIntervals * rule.evaluateEveryMs;
  const streak = lengthen(counted, verdict.bad, at, bridgedMs);
  const lastedMs = streak === null || verdict.bad === null ? 0 : at - streak.since;
  const { firing, toldAt, events } = advance(rule, verdict, previous, { at, startedAt: streak?.since ?? at, lastedMs });
  const restarted = previous?.streak?.bad === verdict.bad && streak?.since === at && gapMs > bridgedMs;
  return { progress: { evaluatedAt: at, watchedSince, streak, firing, toldAt }, events, lastedMs, restarted };
}

/** Extends the streak. An evaluation that counts towards neither keeps it; if that lasts too long, the gap ends it. */
function lengthen(streak: RuleRecord['streak'], bad: boolean | null, at: number, bridgedMs: number): RuleRecord['streak'] {
  if (bad === null) return streak;
  const continues = streak !== null && streak.bad === bad && at >= streak.lastAt && at - streak.lastAt <= bridgedMs;
  return continues ? { ...streak, lastAt: at } : { bad, since: at, lastAt: at };
}

function advance(
  rule: Timing,
  { bad, cause, severity }: Verdict,
  previous: Progress | null,
  { at, startedAt, lastedMs }: { at: number; startedAt: number; lastedMs: number },
): Pick<Progress, 'firing' | 'toldAt'> & { events: RuleEvent[] } {
  const firing = previous?.firing ?? null;
  // A clock that was set back must not extend the suppression window.
  const toldAt = previous === null || previous.toldAt === null ? null : Math.min(previous.toldAt, at);
  const quiet = toldAt !== null && at - toldAt < rule.suppressMs;

  if (firing === null) {
    if (bad !== true || lastedMs < rule.forMs) return { firing, toldAt, events: [] };
    const raised = { cause, startedAt, suppressed: quiet, severity: severity ?? rule.severity };
    return { firing: { ...raised, firedAt: at }, toldAt: quiet ? toldAt : at, events: [{ kind: 'fired', at, ...raised }] };
  }
  if (bad === false && lastedMs >= rule.keepFiringForMs)
    return { firing: null, toldAt, events: [{ kind: 'resolved', at: Math.max(at, firing.firedAt), why: [] }] };
  const kept = bad === true ? { ...firing, cause, severity: severity ?? severityOf(rule, firing) } : firing;
  if (!kept.suppressed || quiet) return { firing: kept, toldAt, events: [] };
  return { firing: { ...kept, suppressed: false }, toldAt: at, events: [{ kind: 'unsuppressed', at }] };
}

/** Returns the severity of an alert that fires. */
export const severityOf = (rule: Pick<RuleInput, 'severity'>, firing: { severity?: Severity | undefined }): Severity =>
  firing.severity ?? rule.severity;
