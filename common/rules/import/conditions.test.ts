import { describe, expect, it } from 'vitest';
import type { Condition } from '../../contract/conditions.ts';
import type { MetricSeries } from '../../contract/metrics.ts';
import { dayMs, hourMs, minuteMs } from '../../time/durations.ts';
import { meaningOf } from './conditions.ts';
import { readExpression } from './expression.ts';
import { Refusal } from './refusal.ts';

const known: MetricSeries[] = [
  { name: 'disk', unit: '%', labels: { host: 'a', mount: '/' }, lastAt: 0 },
  { name: 'disk', unit: '%', labels: { host: 'a', mount: '/var' }, lastAt: 0 },
];
const meaning = (text: string) => meaningOf(readExpression(text), known);
const conditionsOf = (text: string) => meaning(text).conditions;
const newest = { aggregation: 'last', windowMs: 5 * minuteMs } as const;
const above = (threshold: number): Condition => ({ kind: 'threshold', ...newest, operator: '>', threshold });

/** Returns why an expression is refused, and the part that is. */
function refusalOf(text: string): [code: string, part: string] {
  try {
    meaning(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.note.code, error.span === null ? '' : text.slice(error.span.from, error.span.to)];
  }
  return expect.fail(`${text} isn’t refused`);
}

describe('comparisons', () => {
  it.each([
    ['m > 5', above(5)],
    ['5 < m', above(5)],
    ['(((m)) > (5))', above(5)],
    ['m >= -1.5e3', { ...above(-1500), operator: '>=' }],
    ['m == 0', { ...above(0), operator: '=' }],
    ['0 != m', { ...above(0), operator: '!=' }],
    ['m > 0x1F', above(31)],
    ['m > 2 * 1024 ^ 3 - 1', above(2 * 1024 ** 3 - 1)],
    ['m > -2 ^ 2', above(-4)],
    ['m > 2 ^ 3 ^ 2', above(512)],
    ['m > 7 % 4 + .5', above(3.5)],
    ['avg_over_time(m[10m]) > 5', { ...above(5), aggregation: 'avg', windowMs: 10 * minuteMs }],
    ['sum_over_time(m[1h30m]) > 5', { ...above(5), aggregation: 'sum', windowMs: 90 * minuteMs }],
    ['min_over_time(m[600]) > 5', { ...above(5), aggregation: 'min', windowMs: 10 * minuteMs }],
    ['max_over_time(m[1d]) > 5', { ...above(5), aggregation: 'max', windowMs: dayMs }],
    ['count_over_time(m[1w]) > 5', { ...above(5), aggregation: 'count', windowMs: 7 * dayMs }],
    ['last_over_time(m[2m]) > 5', { ...above(5), windowMs: 2 * minuteMs }],
    ['quantile_over_time(.95, m[1h]) > 5', { ...above(5), aggregation: 'p95', windowMs: hourMs }],
    ['absent(m)', { kind: 'absent', windowMs: 5 * minuteMs }],
    ['absent(m) == 1', { kind: 'absent', windowMs: 5 * minuteMs }],
    ['absent_over_time(m{a="b"}[1h])', { kind: 'absent', windowMs: hourMs }],
    ['changes(m[15m]) == 0', { kind: 'unchanged', windowMs: 15 * minuteMs }],
    ['1 > changes(m[15m])', { kind: 'unchanged', windowMs: 15 * minuteMs }],
    ['m - m offset 1d > 5', { ...above(5), kind: 'baseline', every: 'day', count: 1, as: 'difference' }],
    ['m offset 1w - m > 5', { ...above(-5), kind: 'baseline', every: 'week', count: 1, as: 'difference', operator: '<' }],
    ['m / m offset 7d > 1.5', { ...above(1.5), kind: 'baseline', every: 'week', count: 1, as: 'ratio' }],
    ['m > m offset 1d', { ...above(0), kind: 'baseline', every: 'day', count: 1, as: 'difference' }],
    ['m offset 1d >= m', { ...above(0), kind: 'baseline', every: 'day', count: 1, as: 'difference', operator: '<=' }],
    ['m - m offset 1h < -3', { ...above(-3), kind: 'change', agoMs: hourMs, as: 'difference', operator: '<' }],
    [
      'avg_over_time(m[1h]) - avg_over_time(m[1h] offset 2d) > 1',
      { ...above(1), kind: 'change', aggregation: 'avg', windowMs: hourMs, agoMs: 2 * dayMs, as: 'difference' },
    ],
  ] as [string, Condition][])('%s', (text, condition) => {
    expect(conditionsOf(text)).toEqual([condition]);
  });

  it('select series by the labels that must be equal', () => {
    expect(meaning('m{host="a", job=~"node", env=~".*",} > 5').series).toEqual({ metric: 'm', labels: { host: 'a', job: 'node' } });
    expect(meaning('{__name__="m", "the.host"="a"} > 5').series).toEqual({ metric: 'm', labels: { 'the.host': 'a' } });
    expect(meaning('{"m:rate5m", host="a\\u0041\\x42\\103"} > 5').series).toEqual({ metric: 'm:rate5m', labels: { host: 'aABC' } });
  });

  it('are joined by “and” or by “or”', () => {
    expect(meaning('m > 5 and m < 9')).toMatchObject({ match: { kind: 'all' }, conditions: [above(5), { ...above(9), operator: '<' }] });
    expect(meaning('m > 5 OR (m == 1 or absent(m))')).toMatchObject({ match: { kind: 'any' }, conditions: { length: 3 }, isValue: false });
  });

  it('that all look at an earlier time end their windows then', () => {
    expect(meaning('m offset 5m > 5 and avg_over_time(m[1h] offset 5m) > 1')).toMatchObject({ delayMs: 5 * minuteMs });
    expect(meaning('m offset 5m - m offset 1h5m > 5')).toMatchObject({ delayMs: 5 * minuteMs, conditions: [{ agoMs: hourMs }] });
  });

  it('of a function over series that has a series in each group are those of the series', () => {
    expect(meaning('max by (mount, host) (avg_over_time(disk{host="a"}[5m])) > 90')).toMatchObject({
      conditions: [{ aggregation: 'avg' }],
      notes: [{ code: 'group_single' }],
    });
    expect(conditionsOf('sum(disk) without (zone) > 90')).toEqual([above(90)]);
  });
});

describe('refusals name what is refused, and where', () => {
  it.each([
    ['', 'expression_empty', ''],
    ['m >', 'expression_ends', ''],
    ['m > 5 5', 'unreadable', '5'],
    ['m > "5', 'unreadable', '"5'],
    ['m ! 5', 'unreadable', '! 5'],
    ['m{a="\\q"} > 5', 'unreadable', '"\\q"'],
    ['m', 'not_compared', 'm'],
    ['m > 5 and m', 'not_compared', 'm'],
    ['5 > 3', 'numbers_only', '5 > 3'],
    ['vector(1)', 'function', 'vector(1)'],
    ['m > Inf', 'threshold_infinite', 'Inf'],
    ['m > bool 5', 'bool', '>'],
    ['m > on (host) n', 'matching', '>'],
    ['m > 5 and on () n > 3', 'matching', 'and'],
    ['m > 5 unless n', 'unless', 'unless'],
    ['m > 5 and m < 9 or m == 3', 'mixed_logic', 'and'],
    ['m > 5 and n > 3', 'several_metrics', 'n > 3'],
    ['m / n > 3', 'several_metrics', '/'],
    ['m{a="b"} > 5 and m > 3', 'several_series', 'm > 3'],
    ['m > 5 and m offset 5m > 3', 'offsets_differ', 'm offset 5m > 3'],
    ['m - m > 1', 'offset_same', '-'],
    ['m - avg_over_time(m[5m] offset 1d) > 1', 'several_windows', '-'],
    ['m > m offset 1d * 2', 'operator', '*'],
    ['m * 100 > 3', 'operator', '*'],
    ['-m > 3', 'operator', '-m'],
    ['time() - m > 300', 'function', 'time()'],
    ['m / m offset 1h > 2', 'ratio_offset', '/'],
    ['m offset 1d / m > 2', 'ratio_inverse', '/'],
    ['m / m offset 1d > 0.5', 'ratio_zero', '/'],
    ['m - m offset 40d > 2', 'offset_long', 'm offset 40d'],
    ['m offset 2d > 2', 'offset_long', 'm offset 2d > 2'],
    ['m offset -5m > 2', 'offset_future', 'offset'],
    ['m @ 1609746000 > 2', 'at_time', '@'],
    ['rate(m[5m]) > 2', 'function_rate', 'rate(m[5m])'],
    ['increase(m[5m]) > 2', 'function_rate', 'increase(m[5m])'],
    ['deriv(m[5m]) > 2', 'function_rate', 'deriv(m[5m])'],
    ['predict_linear(m[1h], 3600) < 0', 'function', 'predict_linear(m[1h], 3600)'],
    ['histogram_quantile(0.9, m) > 1', 'function', 'histogram_quantile(0.9, m)'],
    ['quantile_over_time(0.9, m[5m]) > 1', 'quantile', '0.9'],
    ['stddev_over_time(m[5m]) > 1', 'function', 'stddev_over_time(m[5m])'],
    ['avg_over_time(m) > 1', 'range_needed', 'm'],
    ['m[5m] > 1', 'range_bare', 'm[5m]'],
    ['avg_over_time(m[31d]) > 1', 'window_bounds', 'm[31d]'],
    ['avg_over_time(m[500ms]) > 1', 'window_bounds', 'm[500ms]'],
    ['max_over_time(m[1h:5m]) > 1', 'subquery', '[1h:5m]'],
    ['max_over_time(rate(m[1m])[1h:]) > 1', 'subquery', '[1h:]'],
    ['changes(m[5m]) > 3', 'changes', 'changes(m[5m])'],
    ['absent(m) > 3', 'absent_compared', 'absent(m)'],
    ['absent(sum(m))', 'absent_of', 'sum(m)'],
    ['m{a!="b"} > 1', 'matcher', 'a!="b"'],
    ['m{a=~"b|c"} > 1', 'matcher', 'a=~"b|c"'],
    ['m{a=""} > 1', 'matcher_empty', 'a=""'],
    ['m{a="b", a="c"} > 1', 'matcher_never', 'a="c"'],
    ['{a="b"} > 1', 'metric_none', '{a="b"}'],
    ['m{__name__="n"} > 1', 'metric_twice', '__name__="n"'],
    ['sum(disk) > 1', 'across_series', 'sum(disk)'],
    ['sum by (host) (disk) > 1', 'across_series', 'sum by (host) (disk)'],
    ['count by (host, mount) (disk) > 1', 'across_series', 'count by (host, mount) (disk)'],
    ['sum by (host) (unknown) > 1', 'across_series', 'sum by (host) (unknown)'],
    ['topk(3, m) > 1', 'across_series', 'topk(3, m)'],
    ['sum by (host) (rate(m[5m])) > 1', 'function_rate', 'rate(m[5m])'],
    [`${Array.from({ length: 11 }, (_, i) => `m == ${i}`).join(' or ')}`, 'conditions_over', undefined],
    [`${'('.repeat(200)}m`, 'expression_deep', '('],
    [`m > ${'1'.repeat(5_000)}`, 'expression_long', ''],
  ])('%s', (text, code, part) => {
    const [found, where] = refusalOf(text);
    expect(found).toBe(code);
    if (part !== undefined) expect(where).toBe(part);
  });
});
