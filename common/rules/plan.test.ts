import { expect, it } from 'vitest';
import { type Rule, ruleInput, rules } from '../contract/rules.ts';
import { planRules, ruleOf } from './plan.ts';

const input = ruleInput.parse({
  code: 'low',
  name: 'Low',
  chartCode: 'belt',
  conditions: [{ kind: 'absent', windowMs: 60_000 }],
  severity: 'HIGH',
});
const stored: Rule = rules.get.reply.parse({
  ...input,
  chartVersion: 3,
  version: 2,
  createdAt: 0,
  createdBy: 'sara',
  updatedAt: 0,
  updatedBy: 'sara',
  statuses: [],
  evaluatedAt: null,
});
const planOf = (more: object) => planRules([{ rule: { ...input, ...more } }], [stored], null);

it('a file that names no version of the chart leaves the one that the rule has', () => {
  expect(planOf({})).toMatchObject({ steps: [], unchanged: ['low'] });
  expect(planOf(ruleOf(stored))).toMatchObject({ steps: [], unchanged: ['low'] });
  expect(planOf({ name: 'Lower' }).steps).toMatchObject([{ kind: 'change', fields: ['name'] }]);
});

it('a file that names another one moves the rule to it', () => {
  expect(planOf({ chartVersion: 4 }).steps).toMatchObject([{ kind: 'change', fields: ['chartVersion'], rule: { chartVersion: 4 } }]);
  // The versions of another chart are others.
  expect(planOf({ chartCode: 'other' }).steps).toMatchObject([{ kind: 'change', fields: ['chart', 'chartVersion'] }]);
});
