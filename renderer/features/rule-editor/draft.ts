import type { ChartDefinition } from '#common/contract/charts.ts';
import type { Condition } from '#common/contract/conditions.ts';
import { type Rule, type RuleInput, ruleInput } from '#common/contract/rules.ts';
import type { Language } from '#common/format.ts';
import { adaptiveConditions } from '#common/rules/adaptive.ts';
import { listTextMistakes } from '#common/rules/alert-texts.ts';
import { hourMs, minuteMs } from '#common/time/durations.ts';
import { describeIssue, describeTextMistake } from '#common/words/issues.ts';
import { roundUp } from '#renderer/charts/index.ts';

/** A rule being edited. A number that isn't valid as typed is NaN, which the contract refuses. */
export type EditedRule = RuleInput;

/** Changes fields of a draft, or those that a function returns for it. */
export type ChangeDraft = (change: Partial<EditedRule> | ((draft: EditedRule) => Partial<EditedRule>)) => void;

/** What is wrong with a draft: the message of each field, by its path (`conditions.0.windowMs`). */
export type DraftProblems = ReadonlyMap<string, string>;

/** Returns the fields of a stored rule that are edited. */
export const draftOf = (rule: Rule): EditedRule => {
  const fields = Object.entries(rule).filter(([name]) => name in ruleInput.shape);
  return ruleInput.parse(Object.fromEntries(fields));
};

/** Proposes a rule for a chart: its first threshold, otherwise a value above everything in `max`. */
export function draftFor(chart: ChartDefinition, code: string, max: number | null): EditedRule {
  const [threshold] = chart.thresholds;
  const isLow = threshold?.reached === 'below' || threshold?.reached === 'at-or-below';
  const condition: Condition = {
    kind: 'threshold',
    aggregation: 'avg',
    windowMs: 5 * minuteMs,
    operator: isLow ? '<' : '>',
    threshold: threshold?.value ?? roundUp(max ?? 1),
  };
  return ruleInput.parse({
    code,
    name: chart.title,
    chartCode: chart.code,
    conditions: [condition],
    forMs: 5 * minuteMs,
    severity: threshold?.severity ?? 'HIGH',
  });
}

export type CheckedRule = { rule: RuleInput; problems: null } | { rule: null; problems: DraftProblems };

/** Validates a draft with the contract, and its texts. */
export function readDraft(draft: EditedRule, language: Language): CheckedRule {
  const read = ruleInput.safeParse(draft);
  const problems = new Map([
    ...listTextMistakes(draft).map((mistake) => [mistake.field, describeTextMistake(mistake, language)] as const),
    ...(read.error?.issues ?? []).map((issue) => [issue.path.join('.'), describeIssue(issue, language)] as const),
  ]);
  return read.success && problems.size === 0 ? { rule: read.data, problems: null } : { rule: null, problems };
}

/** The kinds of conditions that can be added, in the order in which they are offered. */
export const offered = ['threshold', 'change', 'baseline', 'band', 'range', 'unchanged', 'absent'] as const;
export type Offered = (typeof offered)[number];

/** Returns a condition of a kind to begin with. `band` is a baseline whose deviation is compared. */
export function newCondition(kind: Offered): Condition {
  const window = { aggregation: 'avg' as const, windowMs: 5 * minuteMs };
  const [band, range] = adaptiveConditions(window).conditions;
  switch (kind) {
    case 'threshold':
      return { kind, ...window, operator: '>', threshold: 0 };
    case 'change':
      return { kind, ...window, agoMs: hourMs, as: 'percent', operator: '>', threshold: 50 };
    case 'baseline':
      return { kind, ...window, every: 'day', count: 1, as: 'ratio', operator: '>', threshold: 1.5 };
    case 'band':
      return band as Condition;
    case 'range':
      return range as Condition;
    case 'unchanged':
      return { kind, windowMs: 30 * minuteMs };
    case 'absent':
      return { kind, windowMs: 10 * minuteMs };
  }
}

/** The first threshold that is drawn on the chart and can be dragged: one that compares the value itself. */
export function drawnThreshold({ conditions }: Pick<RuleInput, 'conditions'>): { index: number; threshold: number } | null {
  const index = conditions.findIndex(({ kind }) => kind === 'threshold');
  const condition = conditions[index];
  return condition?.kind === 'threshold' ? { index, threshold: condition.threshold } : null;
}
