import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertMatcher, Inhibition } from '../contract/policies.ts';
import { Inhibitions, type PolicySubject } from './inhibition.ts';
import { matchesAll } from './matchers.ts';

const is = (name: string, value: string): AlertMatcher => ({ name, operator: '=', value });
const make = (changes: Partial<Inhibition> = {}): Inhibition => ({
  id: '0198c0de-0000-7000-8000-000000000001',
  name: 'A site that is down',
  source: [is('alertname', 'SiteDown')],
  target: [is('severity', 'warning')],
  equal: ['site'],
  by: 'ada',
  createdAt: 0,
  version: 1,
  ...changes,
});
const subject = (alertId: string, labels: Record<string, string>): PolicySubject => ({ alertId, labels });
const sourceOf = (rule: Inhibition, firing: PolicySubject[], target: PolicySubject) =>
  new Inhibitions([rule], firing).find(target)?.source.alertId ?? null;

const down = subject('down', { alertname: 'SiteDown', site: 'dc1', severity: 'critical' });
const slow = subject('slow', { alertname: 'Slow', site: 'dc1', severity: 'warning' });

test('a firing source inhibits targets with the same values of the equal labels', () => {
  expect(sourceOf(make(), [down, slow], slow)).toBe('down');
  expect(sourceOf(make(), [slow], slow)).toBeNull();
  expect(sourceOf(make(), [down], subject('other', { ...slow.labels, site: 'dc2' }))).toBeNull();
  expect(sourceOf(make(), [down], subject('severe', { ...slow.labels, severity: 'critical' }))).toBeNull();
});

test('a label that is missing on both sides is equal, and the same as an empty one', () => {
  const { site: _, ...unplaced } = down.labels;
  expect(sourceOf(make(), [subject('down', unplaced)], subject('slow', { severity: 'warning' }))).toBe('down');
  expect(sourceOf(make(), [subject('down', unplaced)], subject('slow', { severity: 'warning', site: '' }))).toBe('down');
  expect(sourceOf(make(), [subject('down', unplaced)], slow)).toBeNull();
});

test('an alert never inhibits itself, and two that are source and target don’t inhibit each other', () => {
  const any = make({ target: [is('site', 'dc1')] });
  const again = subject('again', down.labels);
  expect(sourceOf(any, [down], down)).toBeNull();
  expect(sourceOf(any, [down, again], down)).toBeNull();
  // Another that is only a source does.
  const narrow = make({ source: [is('site', 'dc1')], target: [is('severity', 'warning')] });
  const both = subject('both', slow.labels);
  expect(sourceOf(narrow, [both, down], slow)).toBe('down');
});

test('whether an alert is inhibited is as a search of all pairs finds it', () => {
  const value = fc.constantFrom('', 'a', 'b');
  const labels = fc.record({ role: value, level: value, site: value }, { requiredKeys: [] });
  const side = fc.array(
    fc.record({ name: fc.constantFrom('role', 'level'), operator: fc.constantFrom('=' as const, '!=' as const), value }),
    { minLength: 1, maxLength: 2 },
  );
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 6 }), side, side, fc.subarray(['site', 'level']), (all, source, target, equal) => {
      const firing = all.map((one, i) => subject(String(i), one as Record<string, string>));
      const rule = make({ source, target, equal });
      const inhibitions = new Inhibitions([rule], firing);
      for (const one of firing) {
        const isBoth = matchesAll(source, one.labels) && matchesAll(target, one.labels);
        const expected =
          matchesAll(target, one.labels) &&
          firing.some(
            (other) =>
              other.alertId !== one.alertId &&
              matchesAll(source, other.labels) &&
              !(isBoth && matchesAll(target, other.labels)) &&
              equal.every((name) => (one.labels[name] ?? '') === (other.labels[name] ?? '')),
          );
        expect(inhibitions.find(one) !== null).toBe(expected);
      }
    }),
    { numRuns: 500 },
  );
});
