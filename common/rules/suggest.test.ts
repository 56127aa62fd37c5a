import { describe, expect, it } from 'vitest';
import type { Condition, Operator } from '../contract/conditions.ts';
import type { MeasuredHistory } from './backtest.ts';
import { candidateThresholds, scoreFirings } from './suggest.ts';

const minuteMs = 60_000;
const conditionOf = (operator: Operator): Condition => ({
  kind: 'threshold',
  aggregation: 'avg',
  windowMs: minuteMs,
  operator,
  threshold: 0,
});
/** One evaluation a minute, from minute 0. */
const historyOf = (values: readonly number[]): MeasuredHistory => ({
  labels: {},
  times: { from: 0, to: (values.length - 1) * minuteMs, everyMs: minuteMs },
  byCondition: [values.map((value) => ({ kind: 'value', value, compared: value, points: 1 }))],
  lastAt: values.map((_, k) => k * minuteMs),
});
const at = (from: number, to: number) => ({ from: from * minuteMs, to: to * minuteMs });
const suggest = (operator: Operator, values: readonly number[], ...incidents: { from: number; to: number }[]) =>
  candidateThresholds(conditionOf(operator), 0, { forMs: 0 }, [historyOf(values)], incidents);

describe('thresholds that would have caught incidents', () => {
  const values = [1, 9, 1, 1, 5, 1, 1, 7, 1];
  const incidents = [at(1, 1), at(4, 4), at(7, 7)];

  it('begin with one that catches all, and go outwards', () => {
    expect(suggest('>=', values, ...incidents)).toEqual([5, 7, 9]);
    expect(
      suggest(
        '<=',
        values.map((value) => -value),
        ...incidents,
      ),
    ).toEqual([-5, -7, -9]);
  });

  it('lie inside the value that the incident reached, where that itself would not fire', () => {
    expect(suggest('>', values, at(4, 4))).toEqual([4.99]);
    expect(suggest('<', [3, 0.4567, 3], at(1, 1))).toEqual([0.457]);
    expect(suggest('<', [3, 0, 3], at(1, 1))).toEqual([0.01]);
  });

  it('have three digits, are different, and few', () => {
    expect(suggest('>', [0, 1234.5, 0, 1234.4, 0], at(1, 1), at(3, 3))).toEqual([1230]);
    const many = Array.from({ length: 9 }, (_, i) => at(2 * i, 2 * i));
    expect(
      suggest(
        '>=',
        Array.from({ length: 18 }, (_, i) => i),
        ...many,
      ),
    ).toEqual([0, 2, 4, 6]);
  });

  it('are none without a direction, or without a value during the incident', () => {
    expect(suggest('=', values, ...incidents)).toEqual([]);
    expect(suggest('>', values, at(50, 60))).toEqual([]);
  });
});

it('firings are compared with incidents: caught, missed, and false', () => {
  const firings = [at(1, 3), at(10, 12), { from: 20 * minuteMs, to: null }];
  const incidents = [at(2, 5), at(6, 8), at(25, 26)];
  expect(scoreFirings(firings, incidents, 30 * minuteMs)).toEqual({ caught: 2, missed: 1, falseFirings: 1 });
  expect(scoreFirings(firings, incidents, 22 * minuteMs)).toEqual({ caught: 1, missed: 2, falseFirings: 2 });
});
