import { z } from 'zod';
import { urgencyOf } from '#common/alerts/urgency.ts';
import type { Chart } from '#common/contract/charts.ts';
import { severity } from '#common/contract/primitives.ts';
import type { Rule } from '#common/contract/rules.ts';
import { ruleState, ruleStatus } from '#renderer/domain/rules/rule-states.ts';

/** States of a rule in the list, the most urgent first. */
const listStates = ['firing', 'error', 'no-data', 'pending', 'unevaluated', 'ok', 'paused'] as const;
export type ListState = (typeof listStates)[number];
const sorts = ['state', 'name', 'chart', 'condition', 'evaluated', 'fired', 'noise', 'owner'] as const;
export type RuleSort = (typeof sorts)[number];

/** Search parameters of the screen. An owner of `-` means rules without one. */
export const rulesAddress = z.object({
  rule: z.string().optional(),
  q: z.string().max(200).default(''),
  state: z.enum(listStates).optional(),
  severity: severity.optional(),
  chart: z.string().optional(),
  loader: z.string().optional(),
  owner: z.string().optional(),
  /** Only rules whose chart has a version that waits to be accepted. */
  waiting: z.boolean().default(false),
  template: z.string().optional(),
  sort: z.enum(sorts).default('state'),
  reverse: z.boolean().default(false),
});
export type RulesAddress = z.output<typeof rulesAddress>;
/** A change of the address; `undefined` resets to the default. */
export type RulesChange = Partial<z.input<typeof rulesAddress>>;
export const noOwner = '-';

/** A rule with everything that the list shows of it. */
export interface RuleRow {
  rule: Rule;
  state: ListState;
  /** Series in that state, and all of them. */
  inState: number;
  ofSeries: number;
  /** Undefined if the chart isn't known here. */
  chart: Chart | undefined;
  chartTitle: string;
  unit: string;
  /** The condition as a sentence. */
  condition: string;
  /** All texts of the row in lower case, for the search. */
  text: string;
  /** Firings in relation to the noisiest rule, 0 to 1. */
  noise: number;
  /** Place among the rules that fired, from 1; null if it didn't fire or that isn't known. */
  rank: number | null;
}

/** Returns the state of a rule; one that is on but has no result yet is not called OK. */
function listState(rule: Rule): { state: ListState; inState: number } {
  if (!rule.enabled) return { state: 'paused', inState: 0 };
  if (rule.statuses.length === 0) return { state: 'unevaluated', inState: 0 };
  const { state, series } = ruleState(rule);
  return { state: ruleStatus[state], inState: series.length };
}

/** Returns the rows of all rules. @param sentence writes a rule's condition */
export function rowsOf(rules: readonly Rule[], charts: readonly Chart[], sentence: (rule: Rule, unit: string) => string): RuleRow[] {
  const byCode = new Map(charts.map((chart) => [chart.code, chart]));
  const firings = rules.map(({ firedLastWeek }) => firedLastWeek ?? 0).sort((a, b) => b - a);
  const most = firings[0] ?? 0;
  const ranks = new Map<number, number>();
  for (const [at, fired] of firings.entries()) if (!ranks.has(fired)) ranks.set(fired, at + 1);
  return rules.map((rule) => {
    const chart = byCode.get(rule.chartCode);
    // A rule that waits for its owner evaluates an earlier version, which may have another unit.
    const unit = rule.chartUnit ?? chart?.unit ?? '';
    const fired = rule.firedLastWeek ?? 0;
    const chartTitle = chart?.title ?? rule.chartCode;
    const condition = sentence(rule, unit);
    return {
      rule,
      ...listState(rule),
      ofSeries: rule.statuses.length,
      chart,
      chartTitle,
      unit,
      condition,
      text: [rule.name, rule.code, chartTitle, rule.chartCode, condition, rule.owner, rule.severity].join(' ').toLowerCase(),
      noise: most === 0 ? 0 : fired / most,
      rank: fired === 0 ? null : (ranks.get(fired) ?? null),
    };
  });
}

/** Returns the loader whose signals a rule evaluates; undefined for metrics and unknown charts. */
export const loaderOf = ({ chart }: RuleRow): string | undefined =>
  chart?.selector.from === 'signal' ? chart.selector.loaderCode : undefined;

/** One collator for all comparisons: `localeCompare` would look up its rules for every pair. */
const byText = new Intl.Collator();
const byUrgency = (a: RuleRow, b: RuleRow): number =>
  listStates.indexOf(a.state) - listStates.indexOf(b.state) ||
  (a.state === 'ok' || a.state === 'paused' ? 0 : urgencyOf(b.rule.severity) - urgencyOf(a.rule.severity)) ||
  b.noise - a.noise;
const orders: Record<RuleSort, (a: RuleRow, b: RuleRow) => number> = {
  state: byUrgency,
  name: (a, b) => byText.compare(a.rule.name, b.rule.name),
  chart: (a, b) => byText.compare(a.chartTitle, b.chartTitle),
  condition: (a, b) => byText.compare(a.condition, b.condition),
  evaluated: (a, b) => (a.rule.evaluatedAt ?? 0) - (b.rule.evaluatedAt ?? 0),
  fired: (a, b) => (b.rule.firedLastWeek ?? -1) - (a.rule.firedLastWeek ?? -1),
  noise: (a, b) => b.noise - a.noise,
  // Rules that nobody looks after come last, not first.
  owner: (a, b) => Number(a.rule.owner === '') - Number(b.rule.owner === '') || byText.compare(a.rule.owner, b.rule.owner),
};

/** Returns the rows that the address asks for, in its order; ties by state, noise and code, so that equal rules never swap. */
export function listOf(
  rows: readonly RuleRow[],
  { q, state, severity: only, chart, loader, owner, template, waiting, sort, reverse }: RulesAddress,
): RuleRow[] {
  const words = q.trim().toLowerCase().split(/\s+/);
  const direction = reverse ? -1 : 1;
  return rows
    .filter(
      (row) =>
        (state === undefined || row.state === state) &&
        (only === undefined || row.rule.severity === only) &&
        (!waiting || row.rule.newChartVersion !== null) &&
        (chart === undefined || row.rule.chartCode === chart) &&
        (loader === undefined || loaderOf(row) === loader) &&
        (owner === undefined || row.rule.owner === (owner === noOwner ? '' : owner)) &&
        (template === undefined || row.rule.templateCode === template) &&
        words.every((word) => row.text.includes(word)),
    )
    .sort((a, b) => direction * orders[sort](a, b) || byUrgency(a, b) || (a.rule.code < b.rule.code ? -1 : 1));
}

/** Returns the number of rules in each state. */
export function countStates(rows: readonly RuleRow[]): Record<ListState, number> {
  const counts = { firing: 0, error: 0, 'no-data': 0, pending: 0, unevaluated: 0, ok: 0, paused: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

export const isFiltered = ({ q, state, severity: only, chart, loader, owner, template, waiting }: RulesAddress): boolean =>
  q !== '' || waiting || [state, only, chart, loader, owner, template].some((one) => one !== undefined);

/** Returns a code for a copy of a rule that no other rule has: `belt-speed-copy`, `belt-speed-copy-2`. */
export function codeOfCopy(code: string, taken: ReadonlySet<string>): string {
  const base = `${code.replace(/-copy(-\d+)?$/, '').slice(0, maxCodeLength - 10)}-copy`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
const maxCodeLength = 64;

/** An evaluation is late after three of the rule's intervals and this much, ms: the list itself is read every 10 s. */
const lateGraceMs = 15_000;

/** Returns true if a rule that is on should have been evaluated again long ago. */
export const isLate = ({ enabled, evaluatedAt, evaluateEveryMs }: Rule, now: number): boolean =>
  enabled && evaluatedAt !== null && now - evaluatedAt > 3 * evaluateEveryMs + lateGraceMs;
