import { describe, expect, it } from 'vitest';
import { acceptsChart, mayAcceptChart } from './accept-chart.ts';

describe('a newer version of a chart may be accepted', () => {
  it.each([
    ['by the owner of the rule', { owner: 'Sara ' }, { name: 'sara', role: 'OPERATOR' }, true],
    ['by another operator', { owner: 'sara' }, { name: 'omar', role: 'OPERATOR' }, false],
    ['by an operator, for a rule of a team', { owner: 'line team' }, { name: 'sara', role: 'OPERATOR' }, false],
    ['by any operator, for a rule without owner', { owner: '' }, { name: 'omar', role: 'OPERATOR' }, true],
    ['by an administrator', { owner: 'sara' }, { name: 'root', role: 'ADMIN' }, true],
    ['by a viewer who is the owner', { owner: 'sara' }, { name: 'sara', role: 'VIEWER' }, false],
    ['by nobody', { owner: '' }, { name: null, role: null }, false],
  ])('%s: %o', (_, rule, person, may) => {
    expect(mayAcceptChart(rule, person)).toBe(may);
  });
});

it('a change accepts a chart only if it moves the rule to a newer version of the same one', () => {
  const at = (chartVersion: number | undefined, chartCode = 'speed') => ({
    chartCode,
    ...(chartVersion !== undefined && { chartVersion }),
  });
  expect(acceptsChart(at(2), at(3))).toBe(true);
  expect(acceptsChart(at(2), at(undefined))).toBe(true);
  expect(acceptsChart(at(2), at(2))).toBe(false);
  expect(acceptsChart(at(3), at(2))).toBe(false);
  expect(acceptsChart(at(2), at(3, 'other'))).toBe(false);
  expect(acceptsChart(at(undefined), at(3))).toBe(false);
});
