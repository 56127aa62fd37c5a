import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { api } from './api.ts';
import { consoleServices } from './console/index.ts';
import './issue-text.ts';

const first = (schema: z.ZodType, value: unknown): string => schema.safeParse(value).error?.issues[0]?.message ?? 'accepted';

describe('what is wrong with a value, for people', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a list that is too long', z.array(z.string()).max(500), Array(2029).fill('x'), 'At most 500 entries at once; there are 2,029.'],
    ['an empty list', z.array(z.string()).min(1), [], 'Give at least 1 entry.'],
    ['a long text', z.string().max(500), 'x'.repeat(501), 'Use at most 500 characters.'],
    ['an empty text', z.string().min(1), '', 'This must not be empty.'],
    ['a missing field', z.object({ a: z.string() }), {}, 'This is missing.'],
    ['another type', z.object({ a: z.number() }), { a: 'x' }, 'This has to be a number, not text.'],
    ['a fraction', z.int(), 1.5, 'This has to be a whole number, not a number with a fraction.'],
    ['no number', z.number(), Number.NaN, 'This has to be a number, not a value that is no number.'],
    ['a large number', z.number().max(1000), 1001, 'Use a value of at most 1,000.'],
    ['a negative number', z.number().positive(), -1, 'Use a value above 0.'],
    ['none of a choice', z.enum(['a', 'b']), 'c', 'Use one of “a”, “b”.'],
    ['an unknown field', z.strictObject({}), { x: 1 }, 'The field “x” is not known.'],
    ['an address', z.url(), 'x', 'Use a complete address, such as https://example.org.'],
    ['a pattern', z.string().regex(/^a$/), 'b', 'This is not in the form that is expected here.'],
    ['a pattern with words of its own', z.string().regex(/^a$/, 'Use the letter a.'), 'b', 'Use the letter a.'],
    ['none of several forms', z.union([z.string(), z.number()]), null, 'This is none of the forms that are expected here.'],
  ])('%s', (_what, schema, value, text) => expect(first(schema, value)).toBe(text));

  it('is never a sentence of the validator, for any input of any endpoint and any call of the console', () => {
    const schemas = [
      ...Object.values(api).flatMap((resource) => Object.values(resource).flatMap(({ body, query, params }) => [body, query, params])),
      ...Object.values(consoleServices).flatMap(({ methods }) => Object.values(methods).map(({ input }) => input)),
    ].filter((schema) => schema !== undefined) as z.ZodType[];
    expect(schemas.length).toBeGreaterThan(50);
    const odd = [undefined, null, 5, 'x', [], {}, { ids: [] }, { ids: Array(600).fill(''), connectionId: '' }, { rule: {} }, { chart: 1 }];
    for (const schema of schemas)
      for (const value of odd)
        for (const { message } of schema.safeParse(value).error?.issues ?? [])
          expect(message).not.toMatch(/expected|invalid|too (big|small)|received|unrecognized|[<>]=/i);
  });
});
