import { describe, expect, it } from 'vitest';
import { type Condition, type Operator, thresholdCondition } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import type { MeasuredHistory } from './backtest.ts';
import { candidateThresholds, incidentOf, moveThreshold, scoreFirings } from './suggest.ts';

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

describe('a threshold that is moved', () => {
  it('takes its levels and the thresholds to clear along', () => {
    const levels = [
      { severity: 'HIGH', threshold: 0.7, clear: 0.6 },
      { severity: 'CRITICAL', threshold: 0.9 },
    ] as const;
    const condition = thresholdCondition.parse({ ...conditionOf('>'), threshold: 0.5, clear: 0.4, levels });
    const moved = moveThreshold(condition, 2.1);
    expect(moved).toEqual({
      ...condition,
      threshold: 2.1,
      clear: 2,
      levels: [
        { severity: 'HIGH', threshold: 2.3, clear: 2.2 },
        { severity: 'CRITICAL', threshold: 2.5 },
      ],
    });
    expect(thresholdCondition.safeParse(moved).success).toBe(true);
    expect(moveThreshold(moved, 0.5)).toEqual(condition);
  });

  it('gets none that it had not', () => {
    expect(moveThreshold({ operator: '<', threshold: 5 }, 3)).toEqual({ operator: '<', threshold: 3 });
  });
});

describe('the incident of a firing', () => {
  const rule = { forMs: 2 * minuteMs, conditions: [conditionOf('>='), { ...conditionOf('>='), windowMs: 5 * minuteMs }] };
  const times = { to: 30 * minuteMs, everyMs: minuteMs };

  it('begins with the first point that counted, and ends with the firing, now, or after one evaluation', () => {
    expect(incidentOf(at(10, 20), rule, times)).toEqual(at(3, 20));
    expect(incidentOf({ from: 10 * minuteMs, to: null }, rule, times)).toEqual(at(3, 30));
    expect(incidentOf(at(10, 10), rule, times)).toEqual(at(3, 11));
  });

  it('holds the values for which a threshold can be suggested, even if the firing has just begun', () => {
    const values = [1, 1, 1, 7, 8, 9];
    const suggestFor = (incident: Interval) =>
      candidateThresholds(conditionOf('>='), 0, { forMs: 2 * minuteMs }, [historyOf(values)], [incident]);
    const firing = { from: 5 * minuteMs, to: null };
    expect(suggestFor(at(5, 5))).toEqual([]);
    expect(suggestFor(incidentOf(firing, rule, { to: 5 * minuteMs, everyMs: minuteMs }))).toEqual([7]);
  });
});

describe('firings are compared with incidents', () => {
  const incident = at(10, 20);
  const [caught, missed] = [
    { caught: 1, missed: 0, falseFirings: 0 },
    { caught: 0, missed: 1, falseFirings: 1 },
  ];
  it.each([
    ['lies inside it', at(12, 15), caught],
    ['starts inside and ends after it', at(18, 25), caught],
    ['starts before and ends inside it', at(5, 12), caught],
    ['lasts longer than it at both ends', at(5, 25), caught],
    ['ends as it begins', at(5, 10), caught],
    ['begins as it ends', at(20, 25), caught],
    ['ended before it', at(5, 9), missed],
    ['begins after it', at(21, 25), missed],
    ['began before it and still fires', { from: 5 * minuteMs, to: null }, caught],
    ['began after it and still fires', { from: 21 * minuteMs, to: null }, missed],
  ])('a firing that %s', (_, firing, score) => {
    expect(scoreFirings([firing], [incident], 30 * minuteMs)).toEqual(score);
  });

  it('what still fires ends with the backtest', () => {
    expect(scoreFirings([{ from: 2 * minuteMs, to: null }], [incident], 8 * minuteMs)).toEqual(missed);
  });

  it('one by one: a firing counts for each incident, and two firings for one incident count once', () => {
    const incidents = [at(2, 5), at(6, 8), at(25, 26), at(28, 29)];
    const firings = [at(4, 7), at(10, 12), at(24, 25), at(26, 27)];
    expect(scoreFirings(firings, incidents, 30 * minuteMs)).toEqual({ caught: 3, missed: 1, falseFirings: 1 });
  });
});
