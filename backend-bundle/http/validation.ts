import { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import { type EpochUnit, findUnitMistake } from '#common/contract/times.ts';

type Part = 'body' | 'querystring' | 'params' | 'headers';
const places: Record<Part, string> = { body: 'the body', querystring: 'the query', params: 'the address', headers: 'the headers' };

/** Validates one part of a request. @returns the parsed value, or an error that names the field and the fix */
export function checkPart(schema: z.ZodType, part: Part, data: unknown): { value: unknown } | { error: AppError } {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data };
  const issue = result.error.issues[0];
  if (!issue) return { error: new AppError('validation_failed', `Something is wrong in ${places[part]}.`) };
  return { error: explain(innermost(issue, data), schema, part, data) };
}

/** @throws AppError validation_failed naming the parameter when the query is not percent-encoded UTF-8, which would be read as other text */
export function checkAddress(url: string): void {
  const query = url.indexOf('?');
  if (query < 0 || !url.includes('%', query)) return;
  for (const pair of url.slice(query + 1).split('&')) {
    try {
      decodeURIComponent(pair);
    } catch {
      const [name = ''] = pair.split('=', 1);
      throw new AppError('validation_failed', `“${name}” in the query has a broken percent-encoding.`, {
        field: name,
        hint: 'Encode names and values as UTF-8.',
      });
    }
  }
}

type Issue = z.core.$ZodIssue;

/** If no alternative of a union matches, the closest one explains best what is wrong. */
function innermost(issue: Issue, data: unknown): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  // A time in the wrong unit matches its alternative in everything else.
  const mistaken = issue.errors.flat().find((one) => one.code === 'custom' && isEpochUnit(one.params?.['epochUnit']));
  const nearest = mistaken ?? issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]?.[0];
  return nearest ? innermost({ ...nearest, path: [...issue.path, ...nearest.path] }, data) : issue;
}
const depth = (issues: readonly Issue[]) => issues[0]?.path.length ?? 0;

function explain(issue: Issue, schema: z.ZodType, part: Part, data: unknown): AppError {
  const place = places[part];
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    const known = knownFields(schema, issue.path, data);
    return new AppError('validation_failed', `Unknown field ${quote([...issue.path, name])} in ${place}.`, {
      field: dotted([...issue.path, name]),
      hint:
        known.length === 0 ? 'Remove it: nothing is expected here.' : `Remove it or check its spelling. Known fields: ${known.join(', ')}.`,
    });
  }
  if (issue.path.length === 0) {
    if (data === undefined || data === null) {
      return new AppError('validation_failed', `The request lacks ${place}.`, {
        hint: 'Send a JSON object with content-type application/json.',
      });
    }
    return new AppError('validation_failed', `Something is wrong in ${place}: ${sentence(issue.message)}`, {
      hint: 'See /docs for what this endpoint expects.',
    });
  }
  const missing = valueAt(data, issue.path) === undefined;
  const field = dotted(issue.path);
  const unit = issue.code === 'custom' ? issue.params?.['epochUnit'] : undefined;
  if (isEpochUnit(unit)) {
    const meant = findUnitMistake(Number(valueAt(data, issue.path)), unit)?.meant;
    return new AppError('validation_failed', `${field} ${sentence(issue.message)}`, { field, hint: `Send ${meant}.` });
  }
  if (missing) {
    return new AppError('validation_failed', `${quote(issue.path)} is missing in ${place}.`, {
      field,
      hint: `Add it: ${expectation(issue)}.`,
    });
  }
  return new AppError('validation_failed', `${quote(issue.path)} in ${place} is not acceptable: ${sentence(issue.message)}`, {
    field,
    hint: `Send ${expectation(issue)}.`,
  });
}

/** Returns what the field expects, as the end of a sentence. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${unitOf(issue.origin)} of at least ${issue.minimum}`;
    case 'too_big':
      return `${unitOf(issue.origin)} of at most ${issue.maximum}`;
    case 'invalid_format':
      if (issue.format === 'email') return 'an e-mail address';
      return issue.format === 'regex' ? 'a value of that form' : `a ${issue.format.toUpperCase()}`;
    default:
      return 'a value as /docs describes it';
  }
}

const isEpochUnit = (unit: unknown): unit is EpochUnit => unit === 'seconds' || unit === 'milliseconds';

function unitOf(origin: string): string {
  if (origin === 'string') return 'a text with a length';
  if (origin === 'array' || origin === 'set') return 'a list with a length';
  return 'a value';
}

function knownFields(schema: z.ZodType, path: readonly PropertyKey[], data: unknown): string[] {
  let at = unwrap(schema, data);
  path.forEach((step, index) => {
    const value = valueAt(data, path.slice(0, index + 1));
    if (at instanceof z.ZodArray) at = unwrap(at.element, value);
    else if (at instanceof z.ZodObject) at = unwrap(at.shape[String(step)], value);
    else at = undefined;
  });
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** Returns the schema that applies to `data`, without its wrappers. */
function unwrap(schema: unknown, data: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap(), data);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in, data);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const name = schema.def.discriminator;
    return schema.options.find((option) => option instanceof z.ZodObject && option.shape[name]?.safeParse(valueAt(data, [name])).success);
  }
  return schema;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let at = data;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

const dotted = (path: readonly PropertyKey[]) => path.map(String).join('.');
const quote = (path: readonly PropertyKey[]) => `“${dotted(path)}”`;
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
