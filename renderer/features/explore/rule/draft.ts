import type { ChartDrawing } from '#common/contract/charts.ts';
import { type Labels, labelsKey } from '#common/contract/primitives.ts';
import { type BlindPolicy, type Operator, type RuleInput, ruleInput } from '#common/contract/rules.ts';
import { dayMs, hourMs } from '#common/time/durations.ts';

/** A rule as it is typed: numbers and lengths are text until they are read. */
export interface RuleDraft {
  name: string;
  code: string;
  aggregation: RuleInput['condition']['aggregation'];
  window: string;
  operator: Operator;
  threshold: string;
  hold: string;
  every: string;
  severity: RuleInput['severity'];
  onNoData: BlindPolicy;
  runbook: string;
  /** The labels of the one line that is judged; null judges each line for itself. */
  line: Labels | null;
}
export type RuleField = 'name' | 'code' | 'window' | 'threshold' | 'hold' | 'every' | 'runbook';
export type ReadRule = { ok: true; rule: RuleInput } | { ok: false; wrong: RuleField[] };

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, min: 60_000, h: hourMs, d: dayMs };

/** `90 s`, `5m`, `1.5 h`; a bare number is seconds. NaN when it is none. */
function readLength(text: string): number {
  const match = /^(\d+(?:[.,]\d+)?)\s*(s|min|m|h|d)?$/.exec(text.trim().toLowerCase());
  return match ? Math.round(Number(match[1]?.replace(',', '.')) * (unitMs[match[2] ?? 's'] ?? 0)) : Number.NaN;
}

export function readNumber(text: string): number {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? Number.NaN : Number(trimmed);
}

/** A number with two significant digits at or past `value`, away from zero's side of it. */
function roundUp(value: number): number {
  if (value === 0) return 1;
  const power = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.ceil(value / power) * power).toPrecision(12));
}

const judged = ['avg', 'sum', 'min', 'max'] as const;

interface Shown {
  /** Greatest and mean value on screen; null where nothing is. */
  max: number | null;
  avg: number | null;
}

/** Where a rule begins: at the chart's first threshold, else above everything that is on screen. */
export function draftFor(drawing: ChartDrawing, { max, avg }: Shown): RuleDraft {
  const [threshold] = drawing.thresholds;
  const value = threshold?.value ?? roundUp(max ?? 1);
  return {
    name: drawing.title,
    code: '',
    aggregation: judged.find((one) => one === drawing.aggregation) ?? 'avg',
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

/** The rule a draft holds, checked by the contract; else the fields that cannot be used. */
export function readDraft(draft: RuleDraft, chartCode: string): ReadRule {
  const read = ruleInput.safeParse({
    code: draft.code.trim(),
    name: draft.name.trim(),
    chartCode,
    matchLabels: draft.line ?? {},
    condition: {
      kind: 'threshold',
      aggregation: draft.aggregation,
      windowMs: readLength(draft.window),
      operator: draft.operator,
      threshold: readNumber(draft.threshold),
    },
    forMs: readLength(draft.hold),
    severity: draft.severity,
    onNoData: draft.onNoData,
    evaluateEveryMs: readLength(draft.every),
    runbook: draft.runbook.trim(),
  });
  if (read.success) return { ok: true, rule: read.data };
  const fields: Record<string, RuleField> = {
    name: 'name',
    code: 'code',
    'condition.windowMs': 'window',
    'condition.threshold': 'threshold',
    forMs: 'hold',
    evaluateEveryMs: 'every',
    runbook: 'runbook',
  };
  return { ok: false, wrong: [...new Set(read.error.issues.flatMap(({ path }) => fields[path.join('.')] ?? []))] };
}

/** True for the lines a rule with these labels judges. */
export const concerns = (line: Labels | null, labels: Labels): boolean => line === null || labelsKey(line) === labelsKey(labels);
