import { expect, it } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import type { BacktestFiring, MeasuredHistory } from '#common/rules/backtest.ts';
import { fillInTexts, sampleAlert } from './sample.ts';

const draft = ruleInput.parse({
  code: 'belt-slow',
  name: 'Belt slow',
  chartCode: 'belt-speed',
  conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '<', threshold: 0.5 }],
  severity: 'HIGH',
  annotations: { summary: '{{ labels.segment }} runs at {{ value | unit }}, {{ severity }}' },
});
const times = { from: 600_000, to: 720_000, everyMs: 60_000 };
const value = (one: number) => ({ kind: 'value', value: one, compared: one, points: 1 }) as const;
const history: MeasuredHistory = {
  labels: { segment: 'belt-2' },
  times,
  byCondition: [[value(0.8), value(0.7), { kind: 'empty' }]],
  lastAt: [1, 2, 3],
};
const firing = { labels: { segment: 'belt-9' }, from: 660_000, to: null, severity: 'CRITICAL', reasons: [{ value: 0.3, threshold: 0.4 }] };

it('texts are filled in for the last firing', () => {
  const alert = sampleAlert(draft, [firing as unknown as BacktestFiring], [history]);
  expect(alert).toEqual({ labels: { segment: 'belt-9' }, value: 0.3, threshold: 0.4, severity: 'CRITICAL', startedAt: 660_000 });
  expect(alert && fillInTexts(draft, { title: '', unit: 'm/s' }, alert).annotations).toEqual({
    summary: 'belt-9 runs at 0.3 m/s, CRITICAL',
  });
});

it('without a firing for the last point, and without points for none', () => {
  expect(sampleAlert(draft, [], [history])).toEqual({
    labels: { segment: 'belt-2' },
    value: 0.7,
    threshold: 0.5,
    severity: 'HIGH',
    startedAt: 660_000,
  });
  expect(sampleAlert(draft, [], [])).toBeNull();
  expect(sampleAlert(draft, [], [{ ...history, byCondition: [[{ kind: 'empty' }]] }])).toBeNull();
});
