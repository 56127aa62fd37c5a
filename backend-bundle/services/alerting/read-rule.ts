import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { ChartDefinition } from '#common/contract/charts.ts';
import { longestWindowMs } from '#common/rules/measure.ts';
import { evaluationError } from '#common/words/reasons.ts';
import type { EvaluationInput } from './evaluate-series.ts';
import { defaultDelayMs } from './loader-delays.ts';
import { measureSeries, ReferenceCache } from './read-series.ts';
import { type EvaluatedChart, Failed } from './rule-charts.ts';
import type { DelayedRule, StoredRule } from './rules.store.ts';
import type { SharedReads } from './shared-reads.ts';
import { damageWithin } from './window-damage.ts';
import { withinMs } from './within.ts';

/** Rules of one version of a chart that are evaluated at the same time and share its points. */
export interface RuleGroup {
  key: string;
  chart: EvaluatedChart | Failed;
  rules: DelayedRule[];
  /** Time limit of reading for each rule, ms. */
  limitMs: number;
}

/**
 * Returns the rules in groups that share reads, in the order of the first rule of each.
 * @param delays of the points of each loader, ms
 */
export function groupRules(
  rules: readonly StoredRule[],
  chartOf: (rule: StoredRule) => EvaluatedChart | Failed,
  delays: ReadonlyMap<string, number>,
): RuleGroup[] {
  const found = rules.map((rule) => ({ rule, chart: chartOf(rule) }));
  const groups = Map.groupBy(found, ({ rule, chart }) => {
    // Rules without a chart fail each for its own reason.
    const version = chart instanceof Failed ? `pinned to ${rule.chartVersion}` : chart.version;
    return JSON.stringify([rule.chartCode, version, queryLimitMs(rule)]);
  });
  return [...groups].flatMap(([key, members]) => {
    const [member] = members;
    if (member === undefined) return [];
    const { rule: first, chart } = member;
    const some = members.map(({ rule }) => rule);
    const defaultMs = defaultDelayOf(chart, delays);
    return [{ key, chart, rules: some.map((rule) => ({ ...rule, delayMs: rule.delayMs ?? defaultMs })), limitMs: queryLimitMs(first) }];
  });
}

/** A chart whose variable has no value has no delay: reading it says what is wrong, for its own rules only. */
function defaultDelayOf(chart: EvaluatedChart | Failed, delays: ReadonlyMap<string, number>): number {
  if (chart instanceof Failed) return 0;
  try {
    return defaultDelayMs(selectorOf(chart), delays);
  } catch {
    return 0;
  }
}

/** A rule has no dashboard to set variables, so the chart's variables have their default values. */
const selectorOf = (chart: ChartDefinition) => bindSelector(chart.selector, resolveValues(chart.variables));

/** Reads the data with which rules are evaluated. */
export class RuleReader {
  readonly #references = new ReferenceCache();
  /** Groups with a query that did not stop with its evaluation: until it ends, no other one is started. */
  readonly #stuck = new Set<string>();

  /** @param reads the answers that the rules of the group share @param at time of the evaluation, epoch ms */
  async read({ key, chart, limitMs }: RuleGroup, rule: DelayedRule, reads: SharedReads, at: number): Promise<EvaluationInput> {
    if (chart instanceof Failed) return { ok: false, error: chart.reason };
    try {
      const selector = selectorOf(chart);
      const end = at - rule.delayMs;
      const series = await this.#withinLimit(key, limitMs, (signal) => measureSeries(reads, this.#references, rule, selector, end, signal));
      const range = { selector, from: Math.max(0, end - longestWindowMs(rule)), to: end };
      return { ok: true, chart, series, damage: await damageWithin(reads, range, series) };
    } catch (error) {
      return { ok: false, error };
    }
  }

  /** Cancels reading that takes too long. If the store does not stop it, no further reading for this group is started. */
  async #withinLimit<T>(key: string, limitMs: number, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#stuck.has(key)) throw evaluationError('timeout', 'query_unanswered', {});
    const cancelled = new AbortController();
    const answer = read(cancelled.signal);
    const first = await withinMs(answer, limitMs);
    if (first !== null) return first;
    this.#stuck.add(key);
    answer.catch(() => undefined).finally(() => this.#stuck.delete(key));
    const error = evaluationError('timeout', 'store_silent', { limitMs });
    // Other rules that share the read get the same error.
    cancelled.abort(error);
    throw error;
  }
}

/** Time limit of a rule's query, ms. */
function queryLimitMs(rule: StoredRule): number {
  return Math.min(10_000, Math.max(2_000, rule.evaluateEveryMs));
}
