import { z } from 'zod';
import { condition, type Operator } from '../../contract/conditions.ts';
import { ruleInput } from '../../contract/rules.ts';
import { durationOf, printDuration } from '../../time/exact-duration.ts';
import type { FileMistake } from '../../words/rule-files.ts';

export type FileFields = Record<string, unknown>;

/** Operators as words, because YAML gives `>` and `!=` a meaning of its own. */
export const operatorWords: Readonly<Record<Operator, string>> = {
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
  '=': 'equal to',
  '!=': 'not equal to',
  between: 'between',
  outside: 'outside',
};
/** Lists names in quotes. */
export const quotedNames = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');
export const operatorMistake: FileMistake = { code: 'choice', params: { values: quotedNames(Object.values(operatorWords)) } };
const operatorOf = new Map(Object.entries(operatorWords).map(([operator, word]) => [word, operator]));

export const whenFields = ['match', 'score', 'conditions'] as const;

/** The contract's fields of a rule that the file has in the group `when`. */
const inWhen = new Set(['match', 'conditions']);
const ruleNames = Object.keys(ruleInput.shape).filter((name) => !inWhen.has(name));
const conditionNames = [...new Set(condition.options.flatMap((option) => Object.keys(option.shape)))];

/** Returns the name in files of a field of the contract: durations are text there, so their names have no unit. */
export const fileName = (name: string): string => (name === 'chartCode' ? 'chart' : name.replace(/Ms$/, ''));
export const isDuration = (name: string): boolean => name.endsWith('Ms');

const contractNames = new Map([...ruleNames, ...conditionNames].map((name) => [fileName(name), name]));
/** Returns the contract's name of a field in a file; of an unknown field its own. */
const contractName = (name: string): string => contractNames.get(name) ?? name;

/** Names in files of the fields of a rule, and of a condition by its kind. */
export const ruleFields: readonly string[] = ['when', ...ruleNames.map(fileName)];
export const conditionFields: ReadonlyMap<unknown, readonly string[]> = new Map(
  condition.options.map(({ shape }) => [shape.kind.value, Object.keys(shape).map(fileName)]),
);

/** Reports a value that can't be converted. @param path in the file */
export type ReportField = (path: readonly (string | number)[], mistake: FileMistake) => void;

const isGroup = (value: unknown): value is FileFields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Converts a rule of a file to the contract's form, unchecked. What isn't a rule at all is left as it is. */
export function toContract(value: unknown, report: ReportField): unknown {
  if (!isGroup(value)) return value;
  const { when, ...rest } = value;
  const rule = convertNames(rest, [], report);
  if (when === undefined) {
    report(['when'], { code: 'when_missing' });
    return rule;
  }
  if (!isGroup(when)) {
    report(['when'], { code: 'when_group' });
    return rule;
  }
  const { match, score, conditions } = when;
  if (score !== undefined && match !== 'score') report(['when', 'score'], { code: 'score_unused' });
  const converted = Array.isArray(conditions)
    ? conditions.map((one, i) => (isGroup(one) ? convertNames(one, ['when', 'conditions', i], report) : one))
    : conditions;
  const kind =
    score !== undefined || match !== undefined ? { match: { kind: match, ...(score === undefined ? {} : { threshold: score }) } } : {};
  return { ...rule, ...kind, ...(converted === undefined ? {} : { conditions: converted }) };
}

function convertNames(fields: FileFields, path: readonly (string | number)[], report: ReportField): FileFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const known = contractName(name);
      if (isDuration(known) && known !== name) return [known, durationIn(value, [...path, name], report)];
      if (known === 'operator') return [known, operatorIn(value, [...path, name], report)];
      return [known, value];
    }),
  );
}

function operatorIn(value: unknown, path: readonly (string | number)[], report: ReportField): unknown {
  const operator = typeof value === 'string' ? operatorOf.get(value) : undefined;
  if (operator === undefined) report(path, operatorMistake);
  return operator ?? value;
}

function durationIn(value: unknown, path: readonly (string | number)[], report: ReportField): unknown {
  const ms = typeof value === 'string' ? durationOf(value) : null;
  if (ms === null) report(path, { code: 'duration_unit', params: { examples: '30s, 5m, 1h30m', last: '14d' } });
  return ms ?? value;
}

/** Converts a path in the contract's form to the file's. */
export function filePath(path: readonly PropertyKey[]): (string | number)[] {
  const names = path.map((step) => (typeof step === 'number' ? step : fileName(String(step))));
  if (names[0] === 'match') return ['when', names[1] === 'threshold' ? 'score' : 'match'];
  return names[0] === 'conditions' ? ['when', ...names] : names;
}

/** Converts a rule to the file's form, without the fields that have their default. */
export function toFile(rule: z.output<typeof ruleInput>): FileFields {
  const { conditions, match, ...rest } = rule;
  const given = Object.entries(rest).filter(([name, value]) => value !== undefined && !isDefault(name, value));
  const when = {
    ...(match.kind === 'all' ? {} : { match: match.kind }),
    ...(match.kind === 'score' ? { score: match.threshold } : {}),
    conditions: conditions.map((one) => Object.fromEntries(Object.entries(one).flatMap(([name, value]) => toFileField(name, value)))),
  };
  const fields = Object.fromEntries(given.flatMap(([name, value]) => toFileField(name, value)));
  return ordered({ ...fields, when });
}

function toFileField(name: string, value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  if (isDuration(name) && typeof value === 'number') return [[fileName(name), printDuration(value)]];
  if (name === 'operator') return [[name, operatorWords[value as Operator]]];
  return [[fileName(name), value]];
}

function isDefault(name: string, value: unknown): boolean {
  const schema: unknown = ruleInput.shape[name as keyof typeof ruleInput.shape];
  return schema instanceof z.ZodDefault && JSON.stringify(schema.def.defaultValue) === JSON.stringify(value);
}

/** The order of a rule's fields in a file: what it watches, when it fires, what people need to know. */
const order = ['code', 'name', 'chart', 'matchLabels', 'severity', 'when', 'for', 'keepFiringFor'];
const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
const ordered = (fields: FileFields): FileFields => Object.fromEntries(Object.entries(fields).sort(([a], [b]) => rank(a) - rank(b)));
