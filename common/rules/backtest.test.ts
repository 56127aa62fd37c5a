import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../contract/conditions.ts';
import { dayMs, hourMs, minuteMs } from '../time/durations.ts';
import { type BacktestFiring, backtest, measureHistory, nightsDisturbed, suggestThreshold } from './backtest.ts';
import { evaluate } from './evaluate.ts';
import { measure } from './measure.ts';
import { type PointColumns, PointWindows } from './points.ts';
import type { EvaluatedRule, RuleRecord } from './record.ts';
import { computeReference } from './reference.ts';

const start = Date.parse('2026-06-01T00:00Z');
const threshold: Condition = { kind: 'threshold', aggregation: 'avg', windowMs: 3 * minuteMs, operator: '>', threshold: 5 };
const ruleOf = (change: Partial<EvaluatedRule> = {}): EvaluatedRule => ({
  chartCode: 'c',
  unit: '',
  conditions: [threshold],
  match: { kind: 'all' },
  severity: 'WARNING',
  forMs: 0,
  keepFiringForMs: 0,
  onNoData: 'keep',
  onError: 'keep',
  evaluateEveryMs: minuteMs,
  suppressMs: 0,
  timeZone: 'UTC',
  delayMs: 0,
  ...change,
});
/** One point a minute; null leaves a gap. */
function pointsOf(values: readonly (number | null)[]): PointColumns {
  const present = values.flatMap((value, i) => (value === null ? [] : [{ t: start + i * minuteMs, value }]));
  const v = present.map(({ value }) => value);
  return { t: present.map(({ t }) => t), last: v, count: v.map(() => 1), sum: v, min: v, max: v };
}
const timesFor = (minutes: number) => ({ from: start + 5 * minuteMs, to: start + minutes * minuteMs, everyMs: minuteMs });
const minutesOf = (firings: BacktestFiring[]) =>
  firings.map(({ from, to }) => [(from - start) / minuteMs, to === null ? null : (to - start) / minuteMs]);

/** The same by evaluating the rule in full at every time, as the service does. */
function stepByStep(rule: EvaluatedRule, points: PointColumns, times: ReturnType<typeof timesFor>) {
  const windows = new PointWindows(points);
  const events: [string, number][] = [];
  let record: RuleRecord | null = null;
  for (let at = times.from; at <= times.to; at += times.everyMs) {
    if (windows.lastBefore(at) === null) continue;
    const end = at - rule.delayMs;
    const referenceOf = (condition: Parameters<typeof computeReference>[0]) => computeReference(condition, windows, end, rule.timeZone);
    const measurements = rule.conditions.map((condition) => measure(condition, windows, referenceOf, end));
    const result = evaluate(rule, { kind: 'data', measurements, lastAt: windows.lastBefore(at) }, record, at);
    record = result.record;
    for (const event of result.events) if (event.kind !== 'unsuppressed') events.push([event.kind, event.at]);
  }
  return events;
}

const comparison = fc.constantFrom(
  { operator: '>' as const, threshold: 5 },
  { operator: '>=' as const, threshold: 5, clear: 3, levels: [{ severity: 'HIGH' as const, threshold: 7, clear: 6 }] },
  { operator: '<' as const, threshold: 3 },
  { operator: 'outside' as const, threshold: 2, upper: 6 },
  { operator: '=' as const, threshold: 4 },
);
const windowMs = fc.constantFrom(minuteMs, 3 * minuteMs, 7 * minuteMs);
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .record({ kind: fc.constant('threshold' as const), aggregation: fc.constantFrom('avg', 'max', 'last', 'p95', 'count'), windowMs })
    .chain((one) => comparison.map((compared) => ({ ...one, ...compared }))),
  fc
    .record({
      kind: fc.constant('change' as const),
      aggregation: fc.constantFrom('avg', 'min'),
      windowMs,
      agoMs: fc.constantFrom(minuteMs, 10 * minuteMs),
      as: fc.constantFrom('difference', 'percent', 'perSecond'),
    })
    .chain((one) => comparison.map((compared) => ({ ...one, ...compared }))),
  fc.record({ kind: fc.constant('absent' as const), windowMs }),
  fc.record({ kind: fc.constant('unchanged' as const), windowMs, tolerance: fc.constantFrom(0, 1) }),
  fc.record({
    kind: fc.constant('range' as const),
    aggregation: fc.constant('avg' as const),
    windowMs,
    days: fc.constant(1),
    share: fc.constantFrom(0.6, 0.9),
    side: fc.constantFrom('above', 'below', 'either'),
    onNoBaseline: fc.constantFrom('ok', 'alert', 'no-data'),
  }),
) as fc.Arbitrary<Condition>;
const rules = fc.record({
  conditions: fc.array(conditions, { minLength: 1, maxLength: 3 }),
  match: fc.constantFrom({ kind: 'all' as const }, { kind: 'any' as const }, { kind: 'score' as const, threshold: 0.6 }),
  forMs: fc.constantFrom(0, 2 * minuteMs),
  keepFiringForMs: fc.constantFrom(0, 3 * minuteMs),
  onNoData: fc.constantFrom('alert' as const, 'ok' as const, 'keep' as const),
  delayMs: fc.constantFrom(0, 2 * minuteMs),
});

describe('a backtest', () => {
  it('fires and resolves exactly where evaluating the rule at every time does', () => {
    const values = fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 9 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      {
        minLength: 20,
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(rules, values, (change, all) => {
        const rule = ruleOf(change);
        const points = pointsOf(all);
        const times = timesFor(all.length);
        const firings = backtest(rule, measureHistory(rule, {}, points, times));
        const events = firings.flatMap(({ from, to }) => [['fired', from], ...(to === null ? [] : [['resolved', to]])]);
        expect(events).toEqual(stepByStep(rule, points, times));
      }),
      { numRuns: 300 },
    );
  });

  it('says why it fired, and how severe it became', () => {
    const values = [...Array(10).fill(1), ...Array(5).fill(8), ...Array(5).fill(12), ...Array(10).fill(1)] as number[];
    const rule = ruleOf({ forMs: 2 * minuteMs, conditions: [{ ...threshold, levels: [{ severity: 'CRITICAL', threshold: 10 }] }] });
    const firings = backtest(rule, measureHistory(rule, { host: 'a' }, pointsOf(values), timesFor(30)));
    // The average of three minutes is above 5 from minute 12 on, and no longer at minute 22.
    expect(minutesOf(firings)).toEqual([[14, 22]]);
    expect(firings[0]).toMatchObject({ labels: { host: 'a' }, severity: 'CRITICAL' });
    expect(firings[0]?.reasons[0]?.text).toBe('Average over 3 min is 8, above 5 for 2 min (needs 2 min).');
  });

  it('begins with the first point of the series, before which nobody can miss it', () => {
    const values = [...Array(30).fill(null), ...Array(10).fill(1)] as (number | null)[];
    const rule = ruleOf({ onNoData: 'alert' });
    expect(backtest(rule, measureHistory(rule, {}, pointsOf(values), timesFor(40)))).toEqual([]);
    expect(backtest(rule, measureHistory(rule, {}, pointsOf([]), timesFor(40)))).toEqual([]);
  });

  it('tries another threshold on the same measurements', () => {
    const values = [...Array(10).fill(1), ...Array(10).fill(8), ...Array(10).fill(1)] as number[];
    const history = measureHistory(ruleOf(), {}, pointsOf(values), timesFor(30));
    const withThreshold = (value: number) => minutesOf(backtest(ruleOf({ conditions: [{ ...threshold, threshold: value }] }), history));
    expect(withThreshold(7)).toEqual([[13, 21]]);
    expect(withThreshold(9)).toEqual([]);
  });
});

it('counts the nights in which it begins to fire, in the zone of the people', () => {
  const at = (text: string) => ({ from: Date.parse(text) });
  // 21:30 UTC is 23:30 in Berlin, and 05:30 UTC the next day still the same night there.
  const firings = [
    at('2026-06-01T21:30Z'),
    at('2026-06-02T04:30Z'),
    at('2026-06-02T05:30Z'),
    at('2026-06-02T22:30Z'),
    at('2026-06-03T12:00Z'),
  ];
  expect(nightsDisturbed(firings, 'Europe/Berlin')).toBe(2);
  expect(nightsDisturbed(firings.slice(2, 3), 'Europe/Berlin')).toBe(0);
  expect(nightsDisturbed(firings.slice(0, 1), 'UTC')).toBe(0);
});

describe('the suggested threshold', () => {
  const values = [...Array(20).fill(1), ...Array(5).fill(8), ...Array(20).fill(2), ...Array(10).fill(6), ...Array(20).fill(1)] as number[];
  const condition: Condition = { kind: 'threshold', aggregation: 'last', windowMs: minuteMs, operator: '>', threshold: 100 };
  const rule = ruleOf({ conditions: [condition], forMs: 3 * minuteMs });
  const histories = [measureHistory(rule, {}, pointsOf(values), timesFor(75))];
  const interval = (from: number, to: number) => ({ from: start + from * minuteMs, to: start + to * minuteMs });

  it('is the furthest out that every incident reached for long enough', () => {
    expect(suggestThreshold(condition, 0, rule, histories, [interval(18, 30)])).toBe(8);
    expect(suggestThreshold(condition, 0, rule, histories, [interval(18, 30), interval(44, 60)])).toBe(6);
    // Eight is held for five minutes only, and then two.
    expect(suggestThreshold(condition, 0, { forMs: 6 * minuteMs }, histories, [interval(18, 30)])).toBe(2);
  });

  it('is none without incidents, without values, or without a direction', () => {
    expect(suggestThreshold(condition, 0, rule, histories, [])).toBeNull();
    expect(suggestThreshold(condition, 0, rule, histories, [interval(200, 210)])).toBeNull();
    expect(suggestThreshold({ kind: 'absent', windowMs: minuteMs }, 0, rule, histories, [interval(18, 30)])).toBeNull();
  });
});

it('reads long windows block by block, with the values of all their points', () => {
  const values = Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 1_000) - 500);
  const windows = new PointWindows(pointsOf(values));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 999 }), (first, length) => {
      const part = values.slice(first, first + length);
      const window = { from: start + first * minuteMs, to: start + (first + length) * minuteMs };
      expect(windows.valueOf('sum', window)?.value).toBe(part.reduce((a, b) => a + b, 0));
      expect(windows.valueOf('min', window)?.value).toBe(Math.min(...part));
      expect(windows.valueOf('max', window)?.value).toBe(Math.max(...part));
      expect(windows.valueOf('count', window)).toEqual({ value: part.length, points: part.length });
    }),
  );
  expect(windows.valueOf('avg', { from: start - dayMs, to: start - hourMs })).toBeNull();
});
