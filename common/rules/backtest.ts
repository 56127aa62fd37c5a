import type { Condition } from '../contract/conditions.ts';
import type { Labels, Severity } from '../contract/primitives.ts';
import type { Reason } from '../contract/rules.ts';
import { hourMs } from '../time/durations.ts';
import type { Interval } from '../time/intervals.ts';
import { wallOf } from '../time/zone.ts';
import { moreUrgent } from './compare.ts';
import { decide, isCompared, outcomeAt } from './decide.ts';
import { evaluate, firingSeverity, questionOf, verdictOf } from './evaluate.ts';
import { type Measurement, measure } from './measure.ts';
import { type PointColumns, PointWindows } from './points.ts';
import type { EvaluatedRule, Observation } from './record.ts';
import { computeReference, type ReferencedCondition, referenceKey, type SeriesWindows, type WindowValue } from './reference.ts';
import { type Progress, severityOf, step, tick } from './step.ts';

/** When a rule is evaluated in a backtest: at `from`, and every `everyMs` until `to`. */
export interface BacktestTimes extends Interval {
  everyMs: number;
}

/** A firing that would have been. */
export interface BacktestFiring {
  labels: Labels;
  /** Epoch ms. */
  from: number;
  /** Null if it still fires at the end. */
  to: number | null;
  /** The most urgent that it reached. */
  severity: Severity;
  /** Why it fired. Worked out when it is first read: of hundreds of firings, a screen lists a few. */
  readonly reasons: Reason[];
}

/** The measurements of one series at every evaluation: `byCondition[i][k]` is that of condition `i` at evaluation `k`. */
export interface MeasuredHistory {
  labels: Labels;
  times: BacktestTimes;
  byCondition: Measurement[][];
  /** Time of the newest point at each evaluation, ms; null before the first. */
  lastAt: (number | null)[];
}

/** The part of a rule on which measurements depend. Thresholds don't change them, so a threshold can be tried without measuring again. */
export type MeasuredPart = Pick<EvaluatedRule, 'conditions' | 'timeZone' | 'delayMs'>;

/**
 * Measures a series at every evaluation. Takes most of the time of a backtest.
 * @param points of the whole range and of as much before it as the conditions need
 */
export function measureHistory(rule: MeasuredPart, labels: Labels, points: PointColumns, times: BacktestTimes): MeasuredHistory {
  const windows = new PointWindows(points);
  const count = Math.max(0, Math.floor((times.to - times.from) / times.everyMs) + 1);
  const ends = Array.from({ length: count }, (_, k) => times.from + k * times.everyMs - rule.delayMs);
  const byCondition = rule.conditions.map((condition) => {
    const referenceOf = rememberReferences(windows, rule.timeZone);
    return ends.map((end) => measure(condition, windows, (one) => referenceOf(one, end), end));
  });
  return { labels, times, byCondition, lastAt: ends.map((end) => windows.lastBefore(end + rule.delayMs)) };
}

/** References of consecutive times share most of their windows, so each window is read once. */
function rememberWindows(windows: SeriesWindows): SeriesWindows {
  const byEnd = new Map<number, WindowValue | null>();
  return {
    valueOf(aggregation, window) {
      let value = byEnd.get(window.to);
      if (value === undefined) {
        value = windows.valueOf(aggregation, window);
        byEnd.set(window.to, value);
      }
      return value;
    },
  };
}

function rememberReferences(series: SeriesWindows, zone: string) {
  const windows = rememberWindows(series);
  let key = Number.NaN;
  let reference: ReturnType<typeof computeReference> = { samples: 0, needed: 1 };
  return (condition: ReferencedCondition, end: number) => {
    const wanted = referenceKey(condition, end, zone);
    if (wanted !== key) reference = computeReference(condition, windows, end, zone);
    key = wanted;
    return reference;
  };
}

/**
 * Finds where a rule would have fired, with the steps of `evaluate` but without the reasons of every evaluation and without those at which
 * nothing changes, so that a month takes milliseconds. It begins without a state.
 */
export function backtest(rule: EvaluatedRule, { labels, times, byCondition, lastAt }: MeasuredHistory): BacktestFiring[] {
  const stepped = { ...rule, evaluateEveryMs: times.everyMs };
  const firings: BacktestFiring[] = [];
  const measurements: Measurement[] = new Array(byCondition.length);
  let progress: Progress | null = null;
  // Before its first point, a series is unknown to the service.
  const first = lastAt.findIndex((at) => at !== null);
  for (let k = first < 0 ? lastAt.length : first; k < lastAt.length; k++) {
    const changed: number = progress === null ? k : nextChange(stepped, byCondition, progress, k, lastAt.length);
    if (progress?.streak && changed > k) {
      const at = times.from + (changed - 1) * times.everyMs;
      progress = { ...progress, evaluatedAt: at, streak: { ...progress.streak, lastAt: at } };
      k = changed;
      if (k === lastAt.length) break;
    }
    for (let i = 0; i < byCondition.length; i++) measurements[i] = byCondition[i]?.[k] ?? { kind: 'empty' };
    const time = tick(stepped, progress, times.from + k * times.everyMs);
    const decision = decide(stepped, measurements, firingSeverity(stepped, progress));
    const newest = lastAt[k] ?? null;
    const verdict = verdictOf(stepped, { kind: 'data', lastAt: newest }, decision, time.at - time.watchedSince);
    const next = step(stepped, verdict, progress, progress?.streak ?? null, time);
    for (const event of next.events) {
      const open = firings.at(-1);
      if (event.kind === 'resolved' && open) open.to = event.at;
      if (event.kind !== 'fired') continue;
      const observation: Observation = { kind: 'data', measurements: [...measurements], lastAt: newest };
      firings.push(newFiring(stepped, labels, event, observation, progress));
    }
    progress = next.progress;
    const last = firings.at(-1);
    if (last && progress.firing) last.severity = moreUrgent(last.severity, severityOf(stepped, progress.firing));
  }
  return firings;
}

/**
 * Returns the first evaluation from `next` on that may change more than how long the result has lasted: the end of a time in which nothing
 * fires and the conditions don't hold, or in which an alert fires and they do. All evaluations are equally far apart.
 */
function nextChange(
  rule: EvaluatedRule,
  byCondition: MeasuredHistory['byCondition'],
  { streak, firing, evaluatedAt }: Progress,
  next: number,
  end: number,
): number {
  const isFiring = firing !== null;
  if (streak === null || streak.lastAt !== evaluatedAt || streak.bad !== isFiring) return next;
  // What was suppressed is announced later, and levels change the severity.
  if (isFiring && (firing.suppressed || firing.cause !== 'condition' || rule.conditions.some(hasLevels))) return next;
  const severity = firing && severityOf(rule, firing);
  let k = next;
  while (k < end && outcomeAt(rule, byCondition, k, severity) === isFiring) k++;
  return k;
}

const hasLevels = (condition: Condition): boolean => isCompared(condition) && condition.levels !== undefined;

function newFiring(
  rule: EvaluatedRule,
  labels: Labels,
  { at, severity }: { at: number; severity: Severity },
  observation: Observation,
  before: Progress | null,
): BacktestFiring {
  let reasons: Reason[] | null = null;
  return {
    labels,
    from: at,
    to: null,
    severity,
    get reasons() {
      reasons ??= explainFiring(rule, observation, before, at);
      return reasons;
    },
  };
}

/** Evaluates the rule in full where it fires. */
function explainFiring(rule: EvaluatedRule, observation: Observation, before: Progress | null, at: number): Reason[] {
  const state = { state: 'PENDING' as const, since: at, value: null, reasons: [], question: questionOf(rule), goneFor: 0 };
  return evaluate(rule, observation, before && { ...before, ...state }, at).record?.reasons ?? [];
}

/** A night is from 22:00 to 07:00. */
const night = { fromHour: 22, toHour: 7 };

/** Counts the nights in which at least one firing begins. @param zone IANA name of the time zone of the people who are woken */
export function nightsDisturbed(firings: readonly Pick<BacktestFiring, 'from'>[], zone: string): number {
  const nights = new Set<number>();
  for (const { from } of firings) {
    // Moved so that each night begins with a day of the calendar.
    const moved = wallOf(from, zone) + (24 - night.fromHour) * hourMs;
    if (moved % (24 * hourMs) < (24 - night.fromHour + night.toHour) * hourMs) nights.add(Math.floor(moved / (24 * hourMs)));
  }
  return nights.size;
}

/**
 * Suggests the threshold furthest out that would have fired during each of some intervals, such as incidents; null if one had no value in
 * it, or the condition has no threshold with a direction.
 */
export function suggestThreshold(
  condition: Condition,
  index: number,
  { forMs }: Pick<EvaluatedRule, 'forMs'>,
  histories: readonly MeasuredHistory[],
  incidents: readonly Interval[],
): number | null {
  if (!('operator' in condition) || incidents.length === 0) return null;
  const rising = condition.operator.startsWith('>');
  if (!rising && !condition.operator.startsWith('<')) return null;
  const reached = incidents.map((incident) => {
    const values = histories.map((history) => heldDuring(history, index, forMs, incident, rising)).filter((value) => value !== null);
    return values.length === 0 ? null : rising ? Math.max(...values) : Math.min(...values);
  });
  if (reached.includes(null)) return null;
  const values = reached as number[];
  return rising ? Math.min(...values) : Math.max(...values);
}

/** Returns the value furthest out that was held for `forMs` during an interval; null if there was no such time with values. */
function heldDuring(
  { times, byCondition }: MeasuredHistory,
  index: number,
  forMs: number,
  { from, to }: Interval,
  rising: boolean,
): number | null {
  const needed = Math.ceil(forMs / times.everyMs) + 1;
  const first = Math.max(0, Math.ceil((from - times.from) / times.everyMs));
  const last = Math.floor((to - times.from) / times.everyMs);
  const column = byCondition[index] ?? [];
  const [inner, outer] = rising ? [Math.min, Math.max] : [Math.max, Math.min];
  let best: number | null = null;
  for (let start = first; start + needed - 1 <= last; start++) {
    let held: number | null = null;
    for (let k = start; k < start + needed; k++) {
      const one = column[k];
      if (one?.kind !== 'value') {
        held = null;
        break;
      }
      held = held === null ? one.compared : inner(held, one.compared);
    }
    if (held !== null) best = best === null ? held : outer(best, held);
  }
  return best;
}
