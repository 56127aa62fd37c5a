import { variablesIn } from '#common/charts/variables.ts';
import {
  type AdditionalQuery,
  type Chart,
  type ChartDefinition,
  type ChartDrawing,
  type ChartType,
  chartDefinition,
  charts,
  type ThresholdSide,
} from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import { reservedCodes } from '#common/contract/reserved.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { everyValue, type Variable } from '#common/contract/variables.ts';
import { readNumber } from '#renderer/ui/read-number.ts';

/** A definition as the form holds it: numbers are text until they are parsed. */
export interface DefinitionValues {
  title: string;
  code: string;
  description: string;
  from: 'signal' | 'metric';
  loaderCode: string;
  segmentCode: string;
  name: string;
  /** `mount=/home, host=$host` */
  labels: string;
  aggregation: Aggregation;
  /** ms as text; empty follows the range. */
  bucketMs: string;
  unit: string;
  decimals: string;
  type: ChartType;
  scale: 'linear' | 'log';
  stacked: boolean;
  min: string;
  max: string;
  thresholds: { value: string; severity: Severity; label: string; reached: ThresholdSide }[];
  variables: { name: string; label: string; kind: Variable['kind']; of: string; options: string; value: string }[];
  beside: AdditionalQuery[];
  /** Position among the pinned charts, as text; empty if the chart isn't pinned. */
  pinned: string;
}

/** Problems by form field (`thresholds.0.value`): a translated word of the form, or a message of the contract's schema. */
export type FieldProblems = Record<string, { word: ProblemWord | null; text: string }>;
type ProblemWord = 'title' | 'code' | 'number' | 'decimals' | 'loader' | 'metric' | 'labels' | 'variableName' | 'variableTwice' | 'unit';
export type ReadDefinition = { ok: true; definition: ChartDefinition } | { ok: false; problems: FieldProblems };

/** Returns the fields of a record that belong to the definition. */
export function definitionOf(chart: Chart): ChartDefinition {
  return chartDefinition.parse(Object.fromEntries(Object.entries(chart).filter(([name]) => name in chartDefinition.shape)));
}

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** Proposes a code for a title: `Belt 7 speed (m/s)` becomes `belt-7-speed-m-s`, with a number if that is taken. */
export function proposeCode(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const base =
    plain
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 56)
      .replace(/-+$/, '') || 'chart';
  const isFree = (code: string) => !taken.includes(code) && !reservedCodes(charts.create.path).has(code);
  if (isFree(base)) return base;
  for (let n = 2; ; n++) if (isFree(`${base}-${n}`)) return `${base}-${n}`;
}

export function toValues(drawing: ChartDrawing, code: string, pinned?: number): DefinitionValues {
  const { selector } = drawing;
  return {
    title: drawing.title,
    code,
    description: drawing.description,
    from: selector.from,
    loaderCode: selector.from === 'signal' ? selector.loaderCode : '',
    segmentCode: selector.from === 'signal' ? (selector.segmentCode ?? '') : '',
    name: selector.from === 'metric' ? selector.name : '',
    labels: selector.from === 'metric' ? printLabels(selector.labels) : '',
    aggregation: drawing.aggregation,
    bucketMs: text(drawing.bucketMs),
    unit: drawing.unit,
    decimals: text(drawing.decimals),
    type: drawing.type,
    scale: drawing.scale,
    stacked: drawing.stacked,
    min: text(drawing.min),
    max: text(drawing.max),
    thresholds: drawing.thresholds.map(({ value, severity, label, reached = 'at-or-above' }) => ({
      value: String(value),
      severity,
      label,
      reached,
    })),
    variables: drawing.variables.map(({ name, label, kind, of = '', options, value }) => ({
      name,
      label,
      kind,
      of,
      options: options.join(', '),
      value,
    })),
    beside: drawing.beside,
    pinned: text(pinned),
  };
}

/** Prints labels as text. Label values may hold anything; a comma or backslash in one is escaped with a backslash. */
export const printLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value.replaceAll(/[\\,]/g, '\\$&')}`)
    .join(', ');

/** @returns null if an entry is not `name=value` */
export function readLabels(written: string): Record<string, string> | null {
  const parts = (written.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
  const pairs = parts.map((part) => {
    const sign = part.indexOf('=');
    return sign <= 0
      ? null
      : ([
          part.slice(0, sign).trim(),
          part
            .slice(sign + 1)
            .trim()
            .replaceAll(/\\(.)/g, '$1'),
        ] as const);
  });
  return pairs.includes(null) ? null : Object.fromEntries(pairs.filter((pair) => pair !== null));
}

/** Returns a number that may be left empty; NaN if what was typed isn't one. */
const number = (written: string): number | undefined => (written.trim() === '' ? undefined : readNumber(written));

const present = <T extends object>(all: T) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));

/** Parses the form's values into a definition and validates it with the contract's schema. */
export function readValues(values: DefinitionValues): ReadDefinition {
  const labels = readLabels(values.labels);
  const selector =
    values.from === 'signal'
      ? { from: 'signal', loaderCode: values.loaderCode.trim(), ...present({ segmentCode: values.segmentCode.trim() }) }
      : { from: 'metric', name: values.name.trim(), labels: labels ?? {} };
  const read = chartDefinition.safeParse({
    code: values.code.trim(),
    title: values.title.trim(),
    description: values.description.trim(),
    selector,
    aggregation: values.aggregation,
    beside: values.beside,
    unit: values.unit.trim(),
    type: values.type,
    scale: values.scale,
    stacked: values.stacked,
    ...present({ bucketMs: number(values.bucketMs), decimals: number(values.decimals), min: number(values.min), max: number(values.max) }),
    ...present({ pinned: number(values.pinned) }),
    thresholds: values.thresholds.map(({ value, severity, label, reached }) => ({
      value: number(value) ?? Number.NaN,
      severity,
      label: label.trim(),
      ...(reached === 'at-or-above' ? {} : { reached }),
    })),
    variables: values.variables.map(({ name, label, kind, of, options, value }) => ({
      name: name.trim(),
      label: label.trim(),
      kind,
      options:
        kind === 'options'
          ? options
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== '')
          : [],
      value: value.trim() === '' ? everyValue : value.trim(),
      ...present({ of: kind === 'segment' || kind === 'label' ? of.trim() : '' }),
    })),
  });
  const problems: FieldProblems = {};
  if (values.from === 'metric' && labels === null) problems['labels'] = { word: 'labels', text: '' };
  if (read.success && Object.keys(problems).length === 0) return { ok: true, definition: read.data };
  for (const { path, message } of read.error?.issues ?? []) {
    const field = fieldOf(path.map(String));
    problems[field] ??= { word: wordOf(field), text: message };
  }
  return { ok: false, problems };
}

/** Returns the form field that edits a path of the definition. */
function fieldOf(path: readonly string[]): string {
  const [first = '', second = 'loaderCode'] = path;
  return first === 'selector' ? second : path.join('.');
}

function wordOf(field: string): ProblemWord | null {
  const words: Record<string, ProblemWord> = {
    title: 'title',
    code: 'code',
    unit: 'unit',
    decimals: 'decimals',
    min: 'number',
    max: 'number',
    bucketMs: 'number',
    pinned: 'number',
    loaderCode: 'loader',
    name: 'metric',
    labels: 'labels',
    variables: 'variableTwice',
  };
  if (/^thresholds\.\d+\.value$/.test(field)) return 'number';
  if (/^variables\.\d+\.name$/.test(field)) return 'variableName';
  return words[field] ?? null;
}

/**
 * Returns the variables that the measures use but the definition doesn't declare: only a dashboard that declares them can draw the chart.
 */
export function undeclared(definition: Pick<ChartDrawing, 'selector' | 'beside' | 'variables'>): string[] {
  const used = [definition.selector, ...definition.beside.map(({ selector }) => selector)].flatMap(variablesIn);
  return [...new Set(used)].filter((name) => !definition.variables.some((one) => one.name === name));
}
