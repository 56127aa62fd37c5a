import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { allEndpoints } from './api.ts';
import { numberInText } from './primitives.ts';

/** Values of every JSON type, including those that JavaScript may convert to numbers, booleans or dates. */
const values: unknown[] = [
  null,
  true,
  false,
  0,
  1,
  1_760_000_000,
  '',
  '5',
  '0x10',
  ' 5',
  '1e3',
  'true',
  '2026-01-01',
  [],
  [5],
  ['5'],
  {},
  { valueOf: 5 },
];
const jsonType = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/**
 * Yields the parts of a body schema that validate single values, with their paths. A body that is rewritten before validation is one too.
 */
function* leavesOf(schema: z.core.$ZodType, path: string): Generator<{ path: string; schema: z.core.$ZodType; takes: string }> {
  const def = schema._zod.def as unknown as { type: string } & Record<string, unknown>;
  const inner = (key: string) => def[key] as z.core.$ZodType;
  switch (def.type) {
    case 'object':
      for (const [name, field] of Object.entries(def['shape'] as Record<string, z.core.$ZodType>))
        yield* leavesOf(field, `${path}.${name}`);
      return;
    case 'array':
      return yield* leavesOf(inner('element'), `${path}[]`);
    case 'tuple':
      for (const [i, item] of (def['items'] as z.core.$ZodType[]).entries()) yield* leavesOf(item, `${path}.${i}`);
      return;
    case 'record':
      return yield* leavesOf(inner('valueType'), `${path}{}`);
    case 'union':
      for (const option of def['options'] as z.core.$ZodType[]) yield* leavesOf(option, path);
      return;
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
      return yield* leavesOf(inner('innerType'), path);
    case 'lazy':
      return;
    case 'pipe':
      return yield* leavesOf(inner('in'), path);
    case 'enum':
      return yield { path, schema, takes: 'string' };
    case 'literal':
      return yield { path, schema, takes: jsonType((def['values'] as unknown[])[0]) };
    default:
      yield { path, schema, takes: def.type };
  }
}

/** @returns each value of a wrong JSON type that a part of the schema accepts */
function coercions(schema: z.core.$ZodType): string[] {
  return [...leavesOf(schema, 'body')].flatMap(({ path, schema, takes }) => {
    if (takes === 'unknown' || takes === 'any') return [];
    const taken = values.filter((value) => jsonType(value) !== takes && z.safeParse(schema, value).success);
    return taken.map((value) => `${path} takes ${JSON.stringify(value)}`);
  });
}

describe('JSON bodies are never coerced', () => {
  const bodies = allEndpoints().flatMap(({ name, endpoint }) => (endpoint.body ? [[name, endpoint.body] as const] : []));

  test.each(bodies)('%s', (_, body) => {
    expect([...leavesOf(body, 'body')].length).toBeGreaterThan(0);
    expect(coercions(body)).toEqual([]);
  });

  test('and this test finds coercions at any depth', () => {
    const coerced = [z.coerce.number(), z.coerce.boolean(), z.coerce.date(), z.coerce.string(), z.preprocess(Number, z.number())];
    for (const one of [...coerced, numberInText(z.number())]) {
      expect(coercions(z.object({ list: z.array(z.object({ at: one.optional() })) })).length).toBeGreaterThan(0);
    }
  });
});

describe('moments in requests', () => {
  /** Names of fields with a time; durations and counts have other names. */
  const moments = /(^|\.)(at|from|to|until|since|expiresAt|changedSince|\w+Epoch|timestamp)$/;
  const parts = allEndpoints().flatMap(({ name, endpoint }) =>
    [endpoint.body, endpoint.query].flatMap((schema) => (schema ? [...leavesOf(schema, name)] : [])),
  );
  const found = parts.filter(({ path, takes }) => moments.test(path) && takes === 'number');
  const inSeconds = (path: string) => /Epoch$|timestamp$/.test(path);

  test('are found', () => expect(found.length).toBeGreaterThan(10));

  test.each(found.map(({ path, schema }) => [path, schema] as const))('%s names the intended unit', (path, schema) => {
    const now = Date.UTC(2026, 0, 1);
    const [right, wrong] = inSeconds(path) ? [now / 1_000, now] : [now, now / 1_000];
    expect(z.safeParse(schema, right).success).toBe(true);
    expect(z.safeParse(schema, wrong).error?.issues[0]?.message).toMatch(/this field takes epoch (milli)?seconds/);
  });
});

describe('a number in a query string', () => {
  const schema = numberInText(z.number().int().min(-10).max(5_000));
  test.each(['', ' ', ' 5', '5 ', '0x10', '1e3', '+5', '05', '5.0', '.5', '5n', 'NaN', 'Infinity', 'null', 'true', '٥', '5,000', '--5'])(
    'is not %j',
    (text) => {
      expect(schema.safeParse(text).success).toBe(false);
    },
  );
  test.each([null, true, [5], ['5'], {}])('is not %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
  test.each([
    ['0', 0],
    ['-3', -3],
    ['4999', 4_999],
  ])('%j is', (text, value) => {
    expect(schema.parse(text)).toBe(value);
  });
});
