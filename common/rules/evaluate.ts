import type { BlindPolicy, Operator, Reason } from '../contract/rules.ts';
import { detail } from '../words/reasons.ts';
import { type ConditionDuration, explain, explainDamage } from './explain.ts';
import type { AlertCause, EvaluatedRule, Evaluation, Observation, RuleEvent, RuleRecord } from './record.ts';

/** Maximum gap between two evaluations that counts as unbroken, in intervals: two may be late or lost. */
export const bridgedIntervals = 3;
/** Number of consecutive evaluations after which a missing series counts as gone. */
const goneAfter = 2;
/** How long a chart that never had a point may lack data before an alert fires, ms. */
const firstPointGraceMs = 300_000;

/** @returns true if `value` is in this relation to the threshold. */
export function compares(value: number, operator: Operator, threshold: number): boolean {
  switch (operator) {
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
  }
}

/**
 * Evaluates a rule for one series at one time. Pure: the service, a dry run and a backtest all call this.
 *
 * - "Held for" means true at every evaluation, with gaps of at most {@link bridgedIntervals}. After a longer gap, counting towards firing
 * or resolving restarts; a firing alert keeps firing.
 * - Missing data is never shown as OK: NO_DATA and ERROR are shown as such, whatever the rule's policy. `alert` counts the time as bad,
 * `ok` as good, `keep` as neither. Missing data counts only when rules were evaluated during the whole window, because after an outage of
 * the backend an empty window says nothing about the source.
 * - A repeated evaluation, or one older than the last (from a late or second evaluator), changes nothing. If the clock was set back by more
 * than the bridged gap, timers restart and the alert stays.
 * @param now epoch ms
 */
export function evaluate(rule: EvaluatedRule, observed: Observation, previous: RuleRecord | null, now: number): Evaluation {
  const question = JSON.stringify([rule.chartCode, rule.condition]);
  const bridgedMs = bridgedIntervals * rule.evaluateEveryMs;
  const behindMs = previous === null ? 0 : previous.evaluatedAt - now;
  const late = previous !== null && behindMs >= 0 && behindMs <= bridgedMs;
  if (late && previous.question === question) return { record: previous, events: [] };

  const at = late ? previous.evaluatedAt : now;
  const gapMs = previous === null ? 0 : at - previous.evaluatedAt;
  const unbroken = previous !== null && gapMs >= 0 && gapMs <= bridgedMs;
  const watchedSince = unbroken ? previous.watchedSince : at;
  const before = previous?.question === question ? previous.streak : null;
  if (observed.kind === 'gone') return evaluateGone(rule, observed, previous, { at, question, watchedSince, streak: before });

  const observation = withFiniteValue(observed);
  const check = checkCondition(rule, observation, at - watchedSince);
  const streak = lengthen(before, check.bad, at, bridgedMs);
  const lastedMs = streak === null || check.bad === null ? 0 : at - streak.since;
  const next = advance(rule, check, previous, { at, startedAt: streak?.since ?? at, lastedMs });

  const restarted = previous?.streak?.bad === check.bad && streak?.since === at && gapMs > bridgedMs;
  const reasons = [
    explain(rule, observation, { at, bad: check.bad === true, held: counting(rule, check, next, lastedMs), gapMs: restarted ? gapMs : 0 }),
  ];
  // An alert that fired on its condition keeps that reason while data is missing.
  if (check.blind !== null && next.firing?.cause === 'condition') reasons.push(...lastThresholdReason(previous));
  reasons.push(...explainDamage(rule, observed, at));
  const events = next.events.map((event) => (event.kind === 'resolved' ? { ...event, why: reasons[0]?.details ?? [] } : event));

  const state = check.blind ?? (next.firing !== null ? 'FIRING' : check.bad === true ? 'PENDING' : 'OK');
  const since = previous?.state === state ? Math.min(previous.since, at) : at;
  const value = observation.kind === 'data' ? observation.value : null;
  const { firing, toldAt } = next;
  return { events, record: { state, since, evaluatedAt: at, value, reasons, question, watchedSince, streak, firing, toldAt, goneFor: 0 } };
}

interface ConditionCheck {
  /** True counts towards firing, false towards resolving, null towards neither. */
  bad: boolean | null;
  cause: AlertCause;
  /** The state that is shown instead when the condition can't be evaluated. */
  blind: 'NO_DATA' | 'ERROR' | null;
}

type PresentObservation = Exclude<Observation, { kind: 'gone' }>;

/** Turns an overflowed sum into an error: it is not a measurement, and JSON can't represent it. */
function withFiniteValue(observed: PresentObservation): PresentObservation {
  if (observed.kind !== 'data' || Number.isFinite(observed.value)) return observed;
  return { kind: 'error', failure: detail('value_not_finite', {}) };
}

const counts: Record<BlindPolicy, boolean | null> = { alert: true, ok: false, keep: null };

function checkCondition(rule: EvaluatedRule, observation: PresentObservation, watchedMs: number): ConditionCheck {
  const { operator, threshold, windowMs } = rule.condition;
  if (observation.kind === 'data') return { bad: compares(observation.value, operator, threshold), cause: 'condition', blind: null };
  if (observation.kind === 'error') return { bad: counts[rule.onError], cause: 'error', blind: 'ERROR' };
  const neededMs = observation.lastAt === null ? Math.max(windowMs, firstPointGraceMs) : windowMs;
  return { bad: watchedMs >= neededMs ? counts[rule.onNoData] : null, cause: 'no-data', blind: 'NO_DATA' };
}

/** Extends the streak. An evaluation that counts towards neither keeps it; if that lasts too long, the gap ends it. */
function lengthen(streak: RuleRecord['streak'], bad: boolean | null, at: number, bridgedMs: number): RuleRecord['streak'] {
  if (bad === null) return streak;
  const continues = streak !== null && streak.bad === bad && at >= streak.lastAt && at - streak.lastAt <= bridgedMs;
  return continues ? { ...streak, lastAt: at } : { bad, since: at, lastAt: at };
}

interface Advance {
  firing: RuleRecord['firing'];
  toldAt: number | null;
  events: RuleEvent[];
}

/** Starts, keeps or resolves the alert. */
function advance(
  rule: EvaluatedRule,
  check: ConditionCheck,
  previous: RuleRecord | null,
  { at, startedAt, lastedMs }: { at: number; startedAt: number; lastedMs: number },
): Advance {
  const firing = previous?.firing ?? null;
  // A clock that was set back must not extend the suppression window.
  const toldAt = previous === null || previous.toldAt === null ? null : Math.min(previous.toldAt, at);
  const quiet = toldAt !== null && at - toldAt < rule.suppressMs;

  if (firing === null) {
    if (check.bad !== true || lastedMs < rule.forMs) return { firing, toldAt, events: [] };
    const raised = { cause: check.cause, startedAt, suppressed: quiet };
    return { firing: { ...raised, firedAt: at }, toldAt: quiet ? toldAt : at, events: [{ kind: 'fired', at, ...raised }] };
  }
  if (check.bad === false && lastedMs >= rule.keepFiringForMs)
    return { firing: null, toldAt, events: [{ kind: 'resolved', at: Math.max(at, firing.firedAt), why: [] }] };
  const kept = check.bad === true ? { ...firing, cause: check.cause } : firing;
  if (!kept.suppressed || quiet) return { firing: kept, toldAt, events: [] };
  return { firing: { ...kept, suppressed: false }, toldAt: at, events: [{ kind: 'unsuppressed', at }] };
}

/** Returns the duration that decides the next state, for the reason's sentence; null if no duration does. */
function counting(rule: EvaluatedRule, check: ConditionCheck, next: Advance, lastedMs: number): ConditionDuration | null {
  if (check.bad === true) {
    // After a gap, a firing alert may have held for less than `forMs`, which is then no longer relevant.
    const needsMs = next.firing !== null && lastedMs < rule.forMs ? 0 : rule.forMs;
    return lastedMs === 0 && needsMs === 0 ? null : { forMs: lastedMs, needsMs };
  }
  const clearing = check.bad === false && rule.keepFiringForMs > 0;
  return clearing && (next.firing !== null || next.events.length > 0) ? { forMs: lastedMs, needsMs: rule.keepFiringForMs } : null;
}

function lastThresholdReason(previous: RuleRecord | null): Reason[] {
  return previous?.reasons.filter((reason) => reason.kind === 'threshold').slice(0, 1) ?? [];
}

function evaluateGone(
  rule: EvaluatedRule,
  observed: Extract<Observation, { kind: 'gone' }>,
  previous: RuleRecord | null,
  now: Pick<RuleRecord, 'question' | 'watchedSince' | 'streak'> & { at: number },
): Evaluation {
  const { at, ...kept } = now;
  const goneFor = (previous?.goneFor ?? 0) + 1;
  if (previous === null || observed.certain || goneFor >= goneAfter) {
    const firing = previous?.firing ?? null;
    return { record: null, events: firing === null ? [] : [{ kind: 'resolved', at: Math.max(at, firing.firedAt), why: [observed.why] }] };
  }
  const since = previous.state === 'NO_DATA' ? Math.min(previous.since, at) : at;
  const reasons = [explain(rule, observed, { at, bad: false, held: null, gapMs: 0 }), ...explainDamage(rule, observed, at)];
  return { events: [], record: { ...previous, ...kept, state: 'NO_DATA', since, evaluatedAt: at, value: null, reasons, goneFor } };
}
