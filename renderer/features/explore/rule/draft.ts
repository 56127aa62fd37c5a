import type { ChartDrawing } from '#common/contract/charts.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import { type BlindPolicy, type RuleInput, ruleInput } from '#common/contract/rules.ts';
import { parseDuration } from '#common/time/duration-text.ts';
import { roundUp } from '#renderer/charts/index.ts';

/** The comparisons that the sentence offers. */
export const offeredOperators = ['<', '<=', '>', '>='] as const;
export const offeredAggregations = ['avg', 'sum', 'min', 'max'] as const;
export type OfferedAggregation = (typeof offeredAggregations)[number];

/** A rule as typed: numbers and lengths are text until they are parsed. */
export interface RuleDraft {
  name: string;
  code: string;
  aggregation: OfferedAggregation;
  window: string;
  operator: (typeof offeredOperators)[number];
  threshold: string;
  hold: string;
  every: string;
  severity: RuleInput['severity'];
  onNoData: BlindPolicy;
  runbook: string;
  /** Labels of the only series that is evaluated; null evaluates every series. */
  line: Labels | null;
}
export type RuleField = 'name' | 'code' | 'window' | 'threshold' | 'hold' | 'every' | 'runbook';
export type ReadRule = { ok: true; rule: RuleInput } | { ok: false; wrong: RuleField[] };

export function readNumber(text: string): number {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? Number.NaN : Number(trimmed);
}

interface Shown {
  /** Maximum and mean of the visible values; null if there are none. */
  max: number | null;
  avg: number | null;
}

/** Proposes a rule: its threshold is the chart's first one, otherwise a value above everything visible. */
export function draftFor(drawing: ChartDrawing, { max, avg }: Shown): RuleDraft {
  const [threshold] = drawing.thresholds;
  const value = threshold?.value ?? roundUp(max ?? 1);
  return {
    name: drawing.title,
    code: '',
    aggregation: offeredAggregations.find((one) => one === drawing.aggregation) ?? 'avg',
    window: '5 min',
    operator: threshold !== undefined && avg !== null && threshold.value < avg ? '<' : '>',
    threshold: String(value),
    hold: '5 min',
    every: '30 s',
    severity: threshold?.severity ?? 'HIGH',
    onNoData: 'alert',
    runbook: '',
    line: null,
  };
}

/** Parses a draft into a rule and validates it with the contract; otherwise returns the invalid fields. */
export function readDraft(draft: RuleDraft, chartCode: string): ReadRule {
  const read = ruleInput.safeParse({
    code: draft.code.trim(),
    name: draft.name.trim(),
    chartCode,
    matchLabels: draft.line ?? {},
    conditions: [
      {
        kind: 'threshold',
        aggregation: draft.aggregation,
        windowMs: parseDuration(draft.window),
        operator: draft.operator,
        threshold: readNumber(draft.threshold),
      },
    ],
    forMs: parseDuration(draft.hold),
    severity: draft.severity,
    onNoData: draft.onNoData,
    evaluateEveryMs: parseDuration(draft.every),
    runbook: draft.runbook.trim(),
  });
  if (read.success) return { ok: true, rule: read.data };
  const fields: Record<string, RuleField> = {
    name: 'name',
    code: 'code',
    'conditions.0.windowMs': 'window',
    'conditions.0.threshold': 'threshold',
    forMs: 'hold',
    evaluateEveryMs: 'every',
    runbook: 'runbook',
  };
  return { ok: false, wrong: [...new Set(read.error.issues.flatMap(({ path }) => fields[path.join('.')] ?? []))] };
}

/** Returns the window of a rule that the sentence can express. */
export function sentenceWindow(rule: Pick<RuleInput, 'conditions'> | null): { aggregation: OfferedAggregation; windowMs: number } {
  const [condition] = rule?.conditions ?? [];
  const aggregation = offeredAggregations.find((one) => condition && 'aggregation' in condition && one === condition.aggregation);
  return { aggregation: aggregation ?? 'avg', windowMs: condition?.windowMs ?? 60_000 };
}

/** True if a rule with these labels evaluates the line. */
export const concerns = (line: Labels | null, labels: Labels): boolean => line === null || labelsKey(line) === labelsKey(labels);
