import type { Severity } from '../contract/primitives.ts';
import type { BlindPolicy, Reason } from '../contract/rules.ts';
import { detail } from '../words/reasons.ts';
import { type Decision, decide } from './decide.ts';
import { type ConditionDuration, explainDamage, explainGone, reasonsFor } from './explain.ts';
import type { EvaluatedRule, Evaluation, Observation, RuleRecord } from './record.ts';
import { type Step, severityOf, step, tick, type Verdict } from './step.ts';

/** Number of consecutive evaluations after which a missing series counts as gone. */
const goneAfter = 2;
/** How long a chart that never had a point may lack data before an alert fires, ms. */
const firstPointGraceMs = 300_000;

/** Identifies what a rule asks of its chart. If it changes, counting restarts. */
export function questionOf(rule: EvaluatedRule): string {
  const known = questions.get(rule);
  if (known !== undefined) return known;
  const question = JSON.stringify([rule.chartCode, rule.conditions, rule.match]);
  questions.set(rule, question);
  return question;
}

/** A rule is read once per round, and asked for each of its series. */
const questions = new WeakMap<EvaluatedRule, string>();

/**
 * Evaluates a rule for one series at one time. Pure: the service, a dry run and a backtest all use the same steps.
 *
 * - "Held for" means true at every evaluation, with gaps of at most three intervals. After a longer gap, counting towards firing or
 * resolving restarts; a firing alert keeps firing.
 * - Missing data is never shown as OK: NO_DATA and ERROR are shown as such, whatever the rule's policy. `alert` counts the time as bad,
 * `ok` as good, `keep` as neither. Missing data counts only when rules were evaluated during the whole window, because after an outage of
 * the backend an empty window says nothing about the source.
 * - A repeated evaluation, or one older than the last (from a late or second evaluator), changes nothing. If the clock was set back by more
 * than the bridged gap, timers restart and the alert stays.
 * - A firing alert has the most urgent severity whose threshold is reached. It keeps that severity while data is missing.
 * @param now epoch ms
 */
export function evaluate(rule: EvaluatedRule, observed: Observation, previous: RuleRecord | null, now: number): Evaluation {
  const question = questionOf(rule);
  const time = tick(rule, previous, now);
  const isSame = previous?.question === question;
  if (previous !== null && time.isLate && isSame) return { record: previous, events: [], score: null };
  const counted = isSame ? previous.streak : null;
  if (observed.kind === 'gone') return evaluateGone(rule, observed, previous, { ...time, question, streak: counted });

  const observation = withFiniteValues(observed);
  const decision = observation.kind === 'data' ? decide(rule, observation.measurements, firingSeverity(rule, previous)) : null;
  const verdict = verdictOf(rule, observation, decision, time.at - time.watchedSince);
  const next = step(rule, verdict, previous, counted, time);
  const { firing } = next.progress;

  const evaluated = { at: time.at, bad: verdict.bad === true, held: counting(rule, verdict, next), gapMs: next.restarted ? time.gapMs : 0 };
  const reasons = reasonsFor(rule, observation, decision, evaluated);
  // An alert that fired on its conditions keeps that reason while data is missing.
  if (verdict.blind !== null && firing?.cause === 'condition') reasons.push(...lastConditionReasons(previous));
  reasons.push(...explainDamage(rule, observed, time.at));
  const events = next.events.map((event) => (event.kind === 'resolved' ? { ...event, why: reasons[0]?.details ?? [] } : event));

  const state = verdict.blind ?? (firing !== null ? 'FIRING' : verdict.bad === true ? 'PENDING' : 'OK');
  const since = previous?.state === state ? Math.min(previous.since, time.at) : time.at;
  const value = verdict.blind === null ? (reasons[0]?.value ?? null) : null;
  return { events, score: decision?.score ?? null, record: { ...next.progress, state, since, value, reasons, question, goneFor: 0 } };
}

type PresentObservation = Exclude<Observation, { kind: 'gone' }>;

/** Turns an overflowed sum into an error: it is not a measurement, and JSON can't represent it. */
function withFiniteValues(observed: PresentObservation): PresentObservation {
  if (observed.kind !== 'data' || observed.measurements.every((one) => one.kind === 'empty' || Number.isFinite(one.value))) return observed;
  return { kind: 'error', failure: detail('value_not_finite', {}) };
}

/** Returns the severity of the alert that fires; null if none does. */
export const firingSeverity = (rule: EvaluatedRule, previous: Pick<RuleRecord, 'firing'> | null): Severity | null =>
  previous?.firing ? severityOf(rule, previous.firing) : null;

const counts: Record<BlindPolicy, boolean | null> = { alert: true, ok: false, keep: null };

/** @param watchedMs how long rules have been evaluated without a gap, ms */
export function verdictOf(
  rule: EvaluatedRule,
  observation: Pick<Extract<PresentObservation, { kind: 'data' }>, 'kind' | 'lastAt'> | Extract<PresentObservation, { kind: 'error' }>,
  decision: Decision | null,
  watchedMs: number,
): Verdict {
  if (observation.kind === 'error' || decision === null)
    return { bad: counts[rule.onError], cause: 'error', blind: 'ERROR', severity: null };
  const { outcome, outcomes, severity } = decision;
  if (outcome !== null) return { bad: outcome, cause: 'condition', blind: null, severity };
  const windowMs = Math.max(...rule.conditions.map((one, i) => (outcomes[i] === null ? one.windowMs : 0)));
  const neededMs = observation.lastAt === null ? Math.max(windowMs, firstPointGraceMs) : windowMs;
  // The window ended before the evaluation, and rules must have been evaluated since it began.
  return { bad: watchedMs >= neededMs + rule.delayMs ? counts[rule.onNoData] : null, cause: 'no-data', blind: 'NO_DATA', severity: null };
}

/** Returns the duration that decides the next state, for the reason's sentence; null if no duration does. */
function counting(rule: EvaluatedRule, { bad }: Verdict, { progress: { firing }, events, lastedMs }: Step): ConditionDuration | null {
  if (bad === true) {
    // After a gap, a firing alert may have held for less than `forMs`, which is then no longer relevant.
    const needsMs = firing !== null && lastedMs < rule.forMs ? 0 : rule.forMs;
    return lastedMs === 0 && needsMs === 0 ? null : { forMs: lastedMs, needsMs };
  }
  const clearing = bad === false && rule.keepFiringForMs > 0;
  return clearing && (firing !== null || events.length > 0) ? { forMs: lastedMs, needsMs: rule.keepFiringForMs } : null;
}

function lastConditionReasons(previous: RuleRecord | null): Reason[] {
  return previous?.reasons.filter((reason) => reason.kind === 'threshold') ?? [];
}

function evaluateGone(
  rule: EvaluatedRule,
  observed: Extract<Observation, { kind: 'gone' }>,
  previous: RuleRecord | null,
  { at, question, watchedSince, streak }: Pick<RuleRecord, 'question' | 'watchedSince' | 'streak'> & { at: number },
): Evaluation {
  const goneFor = (previous?.goneFor ?? 0) + 1;
  if (previous === null || observed.certain || goneFor >= goneAfter) {
    const firing = previous?.firing ?? null;
    return {
      record: null,
      score: null,
      events: firing === null ? [] : [{ kind: 'resolved', at: Math.max(at, firing.firedAt), why: [observed.why] }],
    };
  }
  const since = previous.state === 'NO_DATA' ? Math.min(previous.since, at) : at;
  const reasons = [explainGone(rule, observed, at), ...explainDamage(rule, observed, at)];
  const kept = { ...previous, question, watchedSince, streak };
  return { events: [], score: null, record: { ...kept, state: 'NO_DATA', since, evaluatedAt: at, value: null, reasons, goneFor } };
}
