import type { z } from 'zod';
import { match } from '../../contract/conditions.ts';
import { printDuration } from '../../time/exact-duration.ts';
import type { Params } from '../../words/fill.ts';
import { type FileMistake, isMistakeCode, type ValueType } from '../../words/rule-files.ts';
import { conditionFields, isDuration, operatorMistake, quotedNames } from './fields.ts';

type Issue = z.core.$ZodIssue;

/** Says what the contract refuses about a rule, in the terms of files. @param rule in the contract's form */
export function mistakeOf(issue: Issue, rule: unknown): FileMistake {
  if (issue.path.at(-1) === 'operator') return operatorMistake;
  switch (issue.code) {
    case 'invalid_type':
      return typeMistake(issue.expected, valueAt(rule, issue.path));
    case 'too_big':
      return limitMistake(issue, issue.maximum, 'most');
    case 'too_small':
      return limitMistake(issue, issue.minimum, 'least');
    case 'invalid_value':
      return { code: 'choice', params: { values: quotedNames(issue.values.map(String)) } };
    case 'invalid_union':
      return issue.path.at(-1) === 'kind' ? { code: 'choice', params: { values: quotedNames(kindsAt(issue.path)) } } : { code: 'other' };
    case 'invalid_format':
      return { code: 'code' };
    case 'invalid_key':
      return { code: issue.path[0] === 'matchLabels' ? 'other' : 'text_name' };
    case 'custom': {
      const { reason, ...params } = issue.params ?? {};
      return isMistakeCode(reason) ? { code: reason, params: params as Params } : { code: 'other' };
    }
    default:
      return { code: 'other' };
  }
}

const valueAt = (value: unknown, path: Issue['path']): unknown =>
  path.reduce<unknown>(
    (group, step) => (typeof group === 'object' && group !== null ? (group as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );

const kindsAt = (path: Issue['path']): readonly string[] =>
  path[0] === 'match' ? match.options.map(({ shape }) => shape.kind.value) : [...conditionFields.keys()].map(String);

function typeMistake(expected: string, value: unknown): FileMistake {
  if (value === undefined) return { code: 'missing' };
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return { code: 'text_unquoted', params: { quoted: `"${value}"` } };
  return { code: 'type', params: { expected: expected === 'record' ? 'object' : expected, given: typeOf(value) } };
}

function typeOf(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isInteger(value)) return Number.isFinite(value) ? 'fraction' : 'infinite';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : 'other';
}

/** Limits are written as the file writes values. */
function limitMistake(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  bound: number | bigint,
  side: 'most' | 'least',
): FileMistake {
  const limit = Number(bound);
  const isMost = side === 'most';
  if (issue.origin === 'string') return isMost ? { code: 'too_long', params: { limit } } : { code: 'empty' };
  if (issue.origin === 'array') return { code: isMost ? 'too_many' : 'too_few', params: { limit } };
  const params = { limit: isDuration(String(issue.path.at(-1))) ? printDuration(limit) : limit };
  if (issue.inclusive === false) return { code: isMost ? 'below' : 'above', params };
  return { code: `at_${side}`, params };
}
