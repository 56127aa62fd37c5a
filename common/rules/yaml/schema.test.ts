import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { arbitraryRule } from '../../../test/support/arbitrary-rules.ts';
import { examples } from '../../../test/support/chance.ts';
import { ruleText as rule } from '../../../test/support/rule-text.ts';
import { parseRules, writeRules } from '../yaml.ts';
import { ruleFileSchema } from './schema.ts';

const schema = z.fromJSONSchema(ruleFileSchema() as z.core.JSONSchema.JSONSchema);
const accepts = (text: string) => schema.safeParse(parse(text)).success;

it('describes every file that is written', () => {
  fc.assert(
    fc.property(arbitraryRule, (one) => {
      expect(accepts(writeRules([one]))).toBe(true);
    }),
    { numRuns: examples(200) },
  );
  expect(accepts(rule)).toBe(true);
  expect(accepts(`rules:\n  - ${rule.trimEnd().replaceAll('\n', '\n    ')}\n`)).toBe(true);
});

it.each([
  ['window: 5m', 'window: 300000'],
  ['window: 5m', 'windowMs: 300000'],
  ['operator: below', 'operator: "<"'],
  ['chart: belt', 'chartCode: belt'],
  ['severity: HIGH', 'severity: high'],
  ['when:', 'when:\n  match: some'],
  ['severity: HIGH', 'severity: HIGH\nfore: 5m'],
  ['kind: threshold', 'kind: limit'],
])('refuses what the reader refuses: %s → %s', (right, wrong) => {
  const text = rule.replace(right, wrong);
  expect(accepts(text)).toBe(false);
  expect(() => parseRules(text)).toThrow();
});
