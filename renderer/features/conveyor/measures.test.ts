import { describe, expect, it } from 'vitest';
import type { Rule } from '#common/contract/rules.ts';
import { seriesOf, watchesOf } from './measures.ts';

const status = (belt: string) => ({
  seriesKey: belt,
  labels: { segment: belt },
  state: 'FIRING' as const,
  since: 0,
  evaluatedAt: 0,
  value: 0,
  reasons: [],
});
const rule = (change: Partial<Rule>): Rule => ({
  code: 'r',
  name: 'R',
  chartCode: 'belt-speed',
  matchLabels: {},
  match: { kind: 'all' },
  timeZone: 'UTC',
  conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: 0.6 }],
  forMs: 0,
  keepFiringForMs: 0,
  severity: 'HIGH',
  onNoData: 'alert',
  onError: 'keep',
  evaluateEveryMs: 2_000,
  suppressMs: 0,
  labels: {},
  annotations: {},
  runbook: '',
  owner: '',
  enabled: true,
  version: 1,
  createdAt: 0,
  createdBy: 'sara',
  updatedAt: 0,
  updatedBy: '',
  statuses: [],
  evaluatedAt: null,
  firedLastWeek: 0,
  lastFiredAt: null,
  newChartVersion: null,
  chartUnit: null,
  ...change,
});

describe('rules of a belt', () => {
  it('gives each belt its own status', () => {
    const one = rule({ statuses: [status('belt-1')] });
    expect(watchesOf([one], 'belt-1')).toEqual([{ rule: one, status: status('belt-1') }]);
    expect(watchesOf([one], 'belt-2')).toEqual([{ rule: one, status: null }]);
  });
  it('leaves out rules on other charts and on other belts', () => {
    expect(watchesOf([rule({ chartCode: 'host-cpu' }), rule({ matchLabels: { segment: 'belt-3' } })], 'belt-1')).toEqual([]);
  });
});

it('finds a belt’s line by its segment', () => {
  const line = { labels: { segment: 'belt-2' }, t: new Float64Array(), v: new Float64Array() };
  expect(seriesOf([line], 'belt-2')).toBe(line);
  expect(seriesOf([line], 'belt-1')).toBeUndefined();
  expect(seriesOf(undefined, 'belt-1')).toBeUndefined();
});
