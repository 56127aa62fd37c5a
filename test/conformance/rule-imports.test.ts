import { describe, expect, test } from 'vitest';
import type { Severity } from '#common/contract/primitives.ts';
import { decide } from '#common/rules/decide.ts';
import { meaningOf } from '#common/rules/import/conditions.ts';
import { readExpression } from '#common/rules/import/expression.ts';
import { measure } from '#common/rules/measure.ts';
import { PointWindows } from '#common/rules/points.ts';
import { computeReference } from '#common/rules/reference.ts';
import { minuteMs, secondMs } from '#common/time/durations.ts';
import { randomFrom, seed } from '../support/chance.ts';
import { runPromtool, withoutPromtool } from '../support/promtool.ts';

const missing = withoutPromtool();
const stepMs = 2 * minuteMs;
const points = 7 * 24 * 30 + 400;

/** A series of promtool: whole numbers that often stay the same, with gaps shorter and longer than the lookback. */
function makeSeries(start: number): (number | null)[] {
  const random = randomFrom(start);
  let value = 0;
  let gap = 0;
  return Array.from({ length: points }, () => {
    if (gap > 0) {
      gap--;
      return null;
    }
    const chance = random();
    if (chance < 0.04) gap = Math.ceil(random() * 8);
    if (chance > 0.4) value = Math.floor(random() * 9) - 3;
    return value;
  });
}

const expressions = [
  ...['m > 2', 'm < 0', '2 >= m', 'm == 1', 'm != 1', 'm offset 7m > 2'],
  ...['avg', 'sum', 'min', 'max', 'count', 'last'].map((name) => `${name}_over_time(m[15m]) > 2`),
  'quantile_over_time(0.5, m[1h]) > 1.2',
  'quantile_over_time(.95, m[1h]) > 4.9',
  'quantile_over_time(0.99, m[1h]) > 4.9',
  ...['absent(m)', 'absent_over_time(m[9m])', 'changes(m[11m]) == 0 and count_over_time(m[11m]) > 1', 'm > 2 * 3 ^ 2 / 9'],
  ...['m - m offset 1h > 2', 'm offset 1h - m >= 2', 'avg_over_time(m[1h]) - avg_over_time(m[1h] offset 1d) > 0.2'],
  ...[
    'm - m offset 1d > 2',
    'm > m offset 1w',
    'm offset 1d < m',
    'm / m offset 1d > 1.5',
    'm / m offset 1w < -0.5',
    'm / m offset 1d != 2',
  ],
  ...['m > 0 and max_over_time(m[30m]) >= 5', 'm > 4 or m < -2', 'm > 4 or absent(m)', 'm < 1 and m - m offset 1d > -1'],
];

/** Whether our conditions hold, as a rule evaluates them for one series. */
function holdsHere(expression: string, series: PointWindows, at: number): boolean {
  const { conditions, match, delayMs } = meaningOf(readExpression(expression), null);
  const end = at - delayMs;
  const measurements = conditions.map((one) => measure(one, series, (referenced) => computeReference(referenced, series, end, 'UTC'), end));
  const severity: Severity = 'HIGH';
  return decide({ conditions, match, severity }, measurements, null).outcome === true;
}

describe.skipIf(missing !== null)(`imported expressions${missing === null ? '' : ` (${missing})`}`, () => {
  test('hold exactly when Prometheus gives a result', async () => {
    const values = makeSeries(seed);
    const kept = values.flatMap((value, i) => (value === null ? [] : [{ t: i * stepMs, value }]));
    const column = kept.map(({ value }) => value);
    const series = new PointWindows({
      t: kept.map(({ t }) => t),
      last: column,
      count: kept.map(() => 1),
      sum: column,
      min: column,
      max: column,
    });
    const random = randomFrom(seed + 1);
    // Between two points, where it makes no difference which end of a window belongs to it.
    const times = Array.from({ length: 60 }, () => (7 * 24 * 30 + Math.floor(random() * 390)) * stepMs + 30 * secondMs);
    const checks = expressions.flatMap((expression) => times.map((at) => ({ expression, at, holds: holdsHere(expression, series, at) })));
    for (const expression of expressions) {
      const found = new Set(checks.filter((one) => one.expression === expression).map(({ holds }) => holds));
      expect([expression, found.size], 'both outcomes are tried').toEqual([expression, 2]);
    }
    const tests = {
      evaluation_interval: '1m',
      tests: [
        {
          interval: '2m',
          input_series: [{ series: 'm{host="a"}', values: values.map((value) => value ?? '_').join(' ') }],
          promql_expr_test: checks.map(({ expression, at, holds }) => ({
            expr: `count(${expression}) or vector(0)`,
            eval_time: `${at / secondMs}s`,
            exp_samples: [{ labels: '{}', value: holds ? 1 : 0 }],
          })),
        },
      ],
    };
    const { ok, output } = await runPromtool(['test', 'rules', 'tests.json'], { 'tests.json': JSON.stringify(tests) });
    expect(output.slice(0, 3_000)).not.toContain('FAILED');
    expect(ok).toBe(true);
  });
});
