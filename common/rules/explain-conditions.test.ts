import { expect, it } from 'vitest';
import type { Condition } from '../contract/conditions.ts';
import { dayMs, hourMs, minuteMs } from '../time/durations.ts';
import { describeConditions } from '../words/conditions.ts';
import { describeReason } from '../words/reasons.ts';
import { evaluate } from './evaluate.ts';
import type { Measurement } from './measure.ts';
import type { EvaluatedRule } from './record.ts';

const base = { aggregation: 'avg' as const, windowMs: 5 * minuteMs };
const band: Condition = {
  kind: 'baseline',
  ...base,
  every: 'day',
  count: 14,
  slotMs: hourMs,
  as: 'sigmas',
  operator: 'outside',
  threshold: -2,
  upper: 2,
};
const range: Condition = { kind: 'range', ...base, days: 14, share: 0.998, side: 'either' };
const ruleOf = (conditions: Condition[], more: Partial<EvaluatedRule> = {}): EvaluatedRule => ({
  chartCode: 'c',
  unit: 'm/s',
  conditions,
  match: { kind: 'all' },
  severity: 'HIGH',
  forMs: 0,
  keepFiringForMs: 0,
  onNoData: 'alert',
  onError: 'keep',
  evaluateEveryMs: minuteMs,
  suppressMs: 0,
  timeZone: 'UTC',
  delayMs: 0,
  ...more,
});
const now = 100 * dayMs;
const reasonsOf = (rule: EvaluatedRule, ...measurements: Measurement[]) =>
  evaluate(rule, { kind: 'data', measurements, lastAt: now - 1 }, null, now).record?.reasons ?? [];
const value = (one: number, compared = one, reference?: { low: number; high: number }): Measurement => ({
  kind: 'value',
  value: one,
  compared,
  points: 2,
  ...(reference && { reference }),
});

it.each<[string, Condition, Measurement, string, string]>([
  [
    'a range of values',
    { kind: 'threshold', ...base, operator: 'outside', threshold: 1, upper: 2 },
    value(2.5),
    'Average over 5 min outside 1 to 2 m/s',
    'Average over 5 min is 2.5 m/s, outside 1 to 2.',
  ],
  [
    'equality that does not hold',
    { kind: 'threshold', ...base, aggregation: 'last', operator: '!=', threshold: 1 },
    value(1),
    'Last value over 5 min not equal to 1 m/s',
    'Last value over 5 min is 1 m/s, equal to 1.',
  ],
  [
    'a change',
    { kind: 'change', ...base, agoMs: hourMs, as: 'percent', operator: '>', threshold: 30 },
    value(1.5, 50, { low: 1, high: 1 }),
    'Average over 5 min: change from 1 h earlier above 30 %',
    'Average over 5 min is 1.5 m/s; 1 h earlier it was 1 m/s. The change is 50 %, above 30.',
  ],
  [
    'a rate',
    { kind: 'change', ...base, agoMs: hourMs, as: 'perSecond', operator: '<', threshold: -0.5 },
    value(1, 0.25, { low: 0, high: 0 }),
    'Average over 5 min: rate of change from 1 h earlier below −0.5 m/s/s',
    'Average over 5 min is 1 m/s; 1 h earlier it was 0 m/s. The rate of change is 0.25 m/s/s, not below −0.5.',
  ],
  [
    'yesterday',
    { kind: 'baseline', ...base, every: 'day', count: 1, as: 'ratio', operator: '>', threshold: 1.2 },
    value(1.5, 1.5, { low: 1, high: 1 }),
    'Average over 5 min: ratio to yesterday above 1.2',
    'Average over 5 min is 1.5 m/s; yesterday at this time it was 1 m/s. The ratio is 1.5, above 1.2.',
  ],
  [
    'the usual value',
    band,
    value(1.5, 4.1, { low: 1, high: 1 }),
    'Average over 5 min: deviation from the usual value at that time of day outside −2 to 2 σ',
    'Average over 5 min is 1.5 m/s; at this time of day it is usually 1 m/s. The deviation is 4.1 σ, outside −2 to 2.',
  ],
  [
    'a deviation without bounds',
    band,
    value(1.5, Number.POSITIVE_INFINITY, { low: 0, high: 0 }),
    'Average over 5 min: deviation from the usual value at that time of day outside −2 to 2 σ',
    'Average over 5 min is 1.5 m/s; at this time of day it is usually 0 m/s. The deviation is ∞, outside −2 to 2.',
  ],
  [
    'the usual range',
    range,
    value(1.5, 0.3, { low: 0.4, high: 1.2 }),
    'Average over 5 min outside the range of the last 14 d',
    'Average over 5 min is 1.5 m/s, outside the usual range of the last 14 d: 0.4 m/s to 1.2 m/s.',
  ],
  [
    'a value that does not change',
    { kind: 'unchanged', windowMs: hourMs },
    value(1.5, 0),
    'Value unchanged for 1 h',
    'The value has been 1.5 m/s for 1 h.',
  ],
  ['missing points', { kind: 'absent', windowMs: hourMs }, value(0, 0), 'No points for 1 h', 'Number of points in the last 1 h: 2.'],
  [
    'nothing to compare with',
    range,
    { kind: 'no-reference', value: 1, points: 2, samples: 3, needed: 30 },
    'Average over 5 min outside the range of the last 14 d',
    'Average over 5 min is 1 m/s. There are too few earlier points to compare it with: 3 windows have points, 30 are needed.',
  ],
])('%s in words', (_, condition, measurement, phrase, sentence) => {
  const rule = ruleOf([condition]);
  expect(describeConditions(rule, rule.unit, 'en')).toBe(phrase);
  const [reason] = reasonsOf(rule, measurement);
  expect(reason?.text).toBe(sentence);
  expect(describeReason(reason ?? { text: '' }, 'ar')).toMatch(/[\u0600-\u06ff]/);
  expect(describeReason(reason ?? { text: '' }, 'ar')).not.toMatch(/[{}]/);
});

it('gives each condition a reason, those that decide first, and what is true of all of them with the first', () => {
  const rule = ruleOf([range, { kind: 'threshold', ...base, operator: '>', threshold: 1 }], {
    match: { kind: 'score', threshold: 0.5 },
    forMs: hourMs,
  });
  const reasons = reasonsOf(rule, value(1.1, 0, { low: 0.4, high: 1.2 }), value(1.1));
  expect(reasons.map(({ text, holds }) => [holds, text])).toEqual([
    [
      true,
      'Average over 5 min is 1.1 m/s, above 1. The conditions that hold have 50 % of the weight; 50 % are needed. This has lasted for 0 s (needs 1 h).',
    ],
    [false, 'Average over 5 min is 1.1 m/s, within the usual range of the last 14 d: 0.4 m/s to 1.2 m/s.'],
  ]);
});

it('writes several conditions as one phrase', () => {
  const two: Condition[] = [{ kind: 'threshold', ...base, operator: '>', threshold: 1 }, range];
  expect(describeConditions({ conditions: two, match: { kind: 'all' } }, 'm/s', 'en')).toBe(
    'Average over 5 min above 1 m/s and average over 5 min outside the range of the last 14 d',
  );
  expect(describeConditions({ conditions: two, match: { kind: 'any' } }, 'm/s', 'ar')).toBe(
    'المتوسط خلال 5 د فوق ⁦1 m/s⁩ أو المتوسط خلال 5 د خارج مدى آخر 14 ي',
  );
  expect(describeConditions({ conditions: two, match: { kind: 'score', threshold: 0.75 } }, 'm/s', 'en')).toBe(
    'At least 75 % of the weight of: Average over 5 min above 1 m/s; Average over 5 min outside the range of the last 14 d',
  );
});
