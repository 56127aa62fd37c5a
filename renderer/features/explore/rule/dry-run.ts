import type { Labels } from '#common/contract/primitives.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { evaluate } from '#common/rules/evaluate.ts';
import type { EvaluatedRule, Observation, RuleRecord } from '#common/rules/record.ts';
import { hourMs } from '#common/time/durations.ts';
import { type OfferedAggregation, sentenceWindow } from './draft.ts';

/** The points of one line, times ascending (start of bucket, ms). */
interface Line {
  labels: Labels;
  t: ArrayLike<number>;
  v: ArrayLike<number>;
}

export interface Firing {
  labels: Labels;
  /** ms */
  from: number;
  /** Null if it is still firing at the end. */
  to: number | null;
}

/** Returns the aggregations to read for evaluating a window of several buckets: an average is a sum divided by a count. */
export const partsOf = (aggregation: OfferedAggregation): readonly ('sum' | 'count' | 'min' | 'max')[] =>
  aggregation === 'avg' ? ['sum', 'count'] : [aggregation, 'count'];

/** Maximum number of evaluations per series. Over a longer range the rule is evaluated less often, and the screen says so. */
const maxEvaluations = 20_000;
const fineMs = [1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, hourMs];

/** Returns the interval between evaluations of a dry run, ms: the rule's own, or longer for a long range. Windows are multiples of it. */
export function stepOf(rule: { evaluateEveryMs: number; windowMs: number }, rangeMs: number): number {
  const wanted = Math.max(1_000, Math.min(rule.evaluateEveryMs, rule.windowMs), rangeMs / maxEvaluations);
  const dividing = fineMs.filter((ms) => rule.windowMs % ms === 0);
  return dividing.findLast((ms) => ms <= wanted) ?? dividing[0] ?? 1_000;
}

interface DryRunOptions {
  rule: EvaluatedRule;
  /** The lines of each aggregation that `partsOf` names, in buckets of `stepMs`. */
  parts: Readonly<Record<string, readonly Line[]>>;
  stepMs: number;
  from: number;
  /** End of the evaluation, ms. */
  to: number;
}

/**
 * Finds where a rule would have fired between two times, using the rule's own evaluation step by step. Each line starts without a state, at
 * the first evaluation that has a whole window before it.
 */
export function dryRun({ rule, parts, stepMs, from, to }: DryRunOptions): Firing[] {
  const { aggregation, windowMs } = sentenceWindow(rule);
  const main = parts[aggregation === 'avg' ? 'sum' : aggregation] ?? [];
  const counts = new Map((parts['count'] ?? []).map((line) => [labelsKey(line.labels), line]));
  const evaluatedRule = { ...rule, evaluateEveryMs: Math.max(stepMs, rule.evaluateEveryMs) };
  const every = Math.max(1, Math.floor(rule.evaluateEveryMs / stepMs));
  const start = Math.ceil((from + windowMs) / stepMs) * stepMs;
  return main.flatMap((line) => {
    const count = counts.get(labelsKey(line.labels));
    const window = new Window(line, count, aggregation);
    const firings: Firing[] = [];
    let record: RuleRecord | null = null;
    for (let at = start; at <= to; at += every * stepMs) {
      const evaluation = evaluate(evaluatedRule, window.at(at - windowMs, at), record, at);
      record = evaluation.record;
      for (const event of evaluation.events) {
        if (event.kind === 'fired') firings.push({ labels: line.labels, from: event.at, to: null });
        const last = firings.at(-1);
        if (event.kind === 'resolved' && last) last.to = event.at;
      }
    }
    return firings;
  });
}

/** A window that moves over the buckets of one line. */
class Window {
  readonly #line: Line;
  readonly #count: Line | undefined;
  readonly #aggregation: OfferedAggregation;
  #first = 0;
  #end = 0;

  constructor(line: Line, count: Line | undefined, aggregation: OfferedAggregation) {
    this.#line = line;
    this.#count = count;
    this.#aggregation = aggregation;
  }

  /** Returns what lies in `[from, to)`. Both must only increase from call to call. */
  at(from: number, to: number): Observation {
    const { t, v } = this.#line;
    while (this.#end < t.length && (t[this.#end] ?? 0) < to) this.#end += 1;
    while (this.#first < this.#end && (t[this.#first] ?? 0) < from) this.#first += 1;
    const lastAt = this.#end === 0 ? null : (t[this.#end - 1] ?? null);
    if (this.#first === this.#end || lastAt === null) return { kind: 'data', measurements: [{ kind: 'empty' }], lastAt };
    let [sum, points, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = this.#first; i < this.#end; i++) {
      // The two reads may differ where a point arrived in between; such a bucket is left out.
      if (this.#count && this.#count.t[i] !== t[i]) continue;
      const value = v[i] ?? Number.NaN;
      sum += value;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      points += this.#count?.v[i] ?? 0;
    }
    const values = { avg: points === 0 ? Number.NaN : sum / points, sum, min: least, max: greatest };
    const value = values[this.#aggregation];
    return { kind: 'data', measurements: [{ kind: 'value', value, compared: value, points }], lastAt };
  }
}
