import { describe, expect, test } from 'vitest';
import type { AlertMatcher } from '../contract/policies.ts';
import { findMatchersProblem, matches, policyLabels } from './matchers.ts';

const make = (name: string, operator: AlertMatcher['operator'], value: string): AlertMatcher => ({ name, operator, value });

describe('a matcher', () => {
  test.each([
    ['the same value', make('host', '=', 'web-1'), true],
    ['another value', make('host', '=', 'web-2'), false],
    ['letter case', make('host', '=', 'WEB-1'), false],
    ['an unequal value', make('host', '!=', 'web-2'), true],
    ['a missing label as empty', make('site', '=', ''), true],
    ['a missing label as unequal', make('site', '!=', 'dc1'), true],
    ['a name of every object as missing', make('toString', '=', ''), true],
    ['an expression of the whole value', make('host', '=~', 'web-[0-9]'), true],
    ['not one of a part', make('host', '=~', 'web'), false],
    ['an alternative of the whole value only', make('host', '=~', 'web|web-1'), true],
    ['an expression that must not match', make('host', '!~', 'db-.*'), true],
    ['an expression over lines', make('text', '=~', 'one.*two'), true],
    ['a missing label by an expression for empty', make('site', '=~', 'dc1|'), true],
  ])('compares %s', (_what, matcher, expected) => {
    expect(matches(matcher, { host: 'web-1', text: 'one\ntwo' })).toBe(expected);
  });

  test('takes no longer for an expression that others take ages for', () => {
    expect(matches(make('host', '=~', '(a+)+b'), { host: 'a'.repeat(50_000) })).toBe(false);
  });
});

describe('matchers are refused', () => {
  test('with an expression that can’t be read', () => {
    expect(findMatchersProblem([make('host', '=', 'a'), make('site', '=~', 'dc(1')])).toEqual({
      reason: 'bad_expression',
      index: 1,
      pattern: 'dc(1',
      detail: 'missing closing )',
    });
  });

  test.each([[make('host', '!=', 'web-1')], [make('host', '=', '')], [make('host', '=~', '.*')]])(
    'when all of them match an alert without labels: %o',
    (one) => {
      expect(findMatchersProblem([one])).toEqual({ reason: 'matches_everything', index: null });
      expect(findMatchersProblem([one, make('team', '=', 'noc')])).toBeNull();
    },
  );
});

test('an alert’s own labels stand before the names that policies add', () => {
  const alert = {
    labels: { severity: 'page', belt: '7' },
    ruleName: 'Belt slow',
    ruleCode: 'slow',
    chartCode: 'speed',
    severity: 'HIGH' as const,
  };
  expect(policyLabels(alert)).toEqual({ alertname: 'Belt slow', rule: 'slow', chart: 'speed', severity: 'page', belt: '7' });
});
