import { describe, expect, test } from 'vitest';
import { allEndpoints } from './api.ts';
import { code } from './primitives.ts';
import { reservedCodes } from './reserved.ts';

test('every path that could be mistaken for a code’s is reserved, for all resources', () => {
  const endpoints = allEndpoints().map(({ endpoint }) => endpoint);
  const byCode = endpoints.filter(({ path }) => path.endsWith('/:code'));
  const bases = [...new Set(byCode.map(({ path }) => path.slice(0, -'/:code'.length)))];
  expect(bases.length).toBeGreaterThan(4);
  for (const base of bases) {
    const hiding = endpoints.filter(({ path }) => path.startsWith(`${base}/`) && !path.startsWith(`${base}/:`));
    for (const { path } of hiding) expect(reservedCodes(base)).toContain(path.slice(base.length + 1).split('/')[0]);
  }
  expect(reservedCodes('/api/v1/charts')).toContain('usage');
  expect(reservedCodes('/api/v1/charts')).not.toContain('Usage');
});

describe('codes', () => {
  test.each(['belt-speed', 'DAILY_SALES', 'eu.web-1', '_internal', '007', 'a..b', '-x', 'x'.repeat(64)])('%s is one', (text) => {
    expect(code.safeParse(text).success).toBe(true);
  });
  test.each(['', '.', '..', '__proto__', 'a b', 'a/b', 'é', 'a:b', '$loader', 'a%2Fb', 'x'.repeat(65), 'a\n'])('%j is none', (text) => {
    expect(code.safeParse(text).success).toBe(false);
  });
});
