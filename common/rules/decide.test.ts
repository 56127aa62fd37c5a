import { describe, expect, it } from 'vitest';
import type { Condition } from '../contract/conditions.ts';
import { minuteMs } from '../time/durations.ts';
import { decide } from './decide.ts';
import { type Measurement, measure } from './measure.ts';
import type { Reference } from './reference.ts';

const above = (threshold: number, weight?: number): Condition => ({
  kind: 'threshold',
  aggregation: 'avg',
  windowMs: minuteMs,
  operator: '>',
  threshold,
  ...(weight !== undefined && { weight }),
});
const value = (one: number): Measurement => ({ kind: 'value', value: one, compared: one, points: 1 });
const empty: Measurement = { kind: 'empty' };

describe('conditions together', () => {
  const three = [above(5), above(10), above(15)];
  const outcome = (match: Parameters<typeof decide>[0]['match'], measurements: Measurement[]) =>
    decide({ conditions: three, match, severity: 'HIGH' }, measurements, null).outcome;

  it.each([
    [[6, 11, 16], true, true],
    [[6, 11, 1], false, true],
    [[1, 1, 1], false, false],
    [[6, 11, null], null, true],
    [[6, 1, null], false, true],
    [[1, 1, null], false, null],
    [[null, null, null], null, null],
  ])('%j: all %s, any %s', (values, all, any) => {
    const measurements = values.map((one) => (one === null ? empty : value(one)));
    expect(outcome({ kind: 'all' }, measurements)).toBe(all);
    expect(outcome({ kind: 'any' }, measurements)).toBe(any);
  });

  it.each([
    [[6, 1, 1], 0.2, true],
    [[6, 1, 1], 0.3, false],
    [[6, 11, 1], 0.6, true],
    [[6, null, 1], 0.6, null],
    [[6, null, 1], 0.7, false],
    [[null, null, 16], 0.4, true],
  ])('%j with a score of %d: %s', (values, threshold, expected) => {
    const weighted = [above(5, 0.2), above(10, 0.4), above(15, 0.4)];
    const measurements = values.map((one) => (one === null ? empty : value(one)));
    const decision = decide({ conditions: weighted, match: { kind: 'score', threshold }, severity: 'HIGH' }, measurements, null);
    expect(decision.outcome).toBe(expected);
  });

  it('reach a score of weights that don’t add up exactly', () => {
    const conditions = [above(5, 0.1), above(5, 0.2), above(5, 0.7)];
    const decision = decide(
      { conditions, match: { kind: 'score', threshold: 0.3 }, severity: 'HIGH' },
      [value(6), value(6), value(1)],
      null,
    );
    expect(decision).toMatchObject({ outcome: true, score: expect.closeTo(0.3) });
  });

  it('take the most urgent severity of those that hold, and at least the rule’s', () => {
    const ladder: Condition = { ...above(5), levels: [{ severity: 'CRITICAL', threshold: 20 }] } as Condition;
    const severityAt = (...values: number[]) =>
      decide({ conditions: [ladder, above(1)], match: { kind: 'any' }, severity: 'WARNING' }, values.map(value), null).severity;
    expect(severityAt(6, 2)).toBe('WARNING');
    expect(severityAt(21, 0)).toBe('CRITICAL');
    expect(severityAt(4, 30)).toBe('WARNING');
  });
});

describe('a measurement', () => {
  const end = 1_000 * minuteMs;
  const series = (values: Record<number, number | null>) => ({
    valueOf: (_: string, { to }: { to: number }) => {
      const one = values[(end - to) / minuteMs];
      return one === undefined || one === null ? null : { value: one, points: 3 };
    },
  });
  const reference = (usual: number, spread = 1): Reference => ({ low: usual, high: usual, spread, samples: 9 });
  const measured = (
    condition: object,
    values: Record<number, number | null>,
    against: ReturnType<Parameters<typeof measure>[2]> = reference(10),
  ) =>
    measure(
      { aggregation: 'avg', windowMs: minuteMs, operator: '>', threshold: 0, ...condition } as Condition,
      series(values),
      () => against,
      end,
    );

  it.each([
    ['difference', {}, 12, 8, 4],
    ['percent', {}, 12, 8, 50],
    ['percent', {}, -12, -8, -50],
    ['percent', { floor: 100 }, 12, 8, 4],
    ['percent', {}, 5, 0, Number.POSITIVE_INFINITY],
    ['percent', {}, 0, 0, 0],
    ['perSecond', {}, 12, 6, 0.05],
  ])('of a change as %s %j from %d and %d is %d', (as, more, now, before, compared) =>
    expect(measured({ kind: 'change', as, agoMs: 2 * minuteMs, ...more }, { 0: now, 2: before })).toMatchObject({
      kind: 'value',
      value: now,
      compared,
    }),
  );

  it.each([
    ['difference', {}, 15, reference(10), 5],
    ['ratio', {}, 15, reference(10), 1.5],
    ['ratio', { floor: 30 }, 15, reference(10), 0.5],
    ['ratio', {}, 0, reference(0), 1],
    ['ratio', {}, 15, reference(-10), -1.5],
    ['sigmas', {}, 15, reference(10, 2), 2.5],
    ['sigmas', {}, 15, reference(10, 0), 50],
    ['sigmas', { floor: 5 }, 15, reference(10, 0), 1],
    ['sigmas', {}, 5, reference(0, 0), Number.POSITIVE_INFINITY],
    ['sigmas', {}, 0, reference(0, 0), 0],
  ])('of a baseline as %s %j at %d compared with %j is %d', (as, more, now, against, compared) =>
    expect(measured({ kind: 'baseline', every: 'day', count: 5, as, ...more }, { 0: now }, against)).toMatchObject({
      kind: 'value',
      compared,
    }),
  );

  it.each([
    [7, 0],
    [4, -1],
    [12, 2],
  ])('of %d in a range from 5 to 10 is %d outside', (now, compared) =>
    expect(
      measured({ kind: 'range', days: 1, share: 0.9, side: 'either' }, { 0: now }, { low: 5, high: 10, spread: 5, samples: 50 }),
    ).toMatchObject({ compared }),
  );

  it('without points is empty, and says when the earlier window has none', () => {
    expect(measured({ kind: 'threshold' }, {})).toEqual({ kind: 'empty' });
    expect(measured({ kind: 'change', as: 'difference', agoMs: 2 * minuteMs }, { 0: 1 })).toEqual({ kind: 'empty', earlier: true });
  });

  it('of missing points counts them', () => {
    const absent = { kind: 'absent' };
    const decided = (values: Record<number, number | null>) =>
      decide(
        { conditions: [{ kind: 'absent', windowMs: minuteMs }], match: { kind: 'all' }, severity: 'HIGH' },
        [measured(absent, values)],
        null,
      ).outcome;
    expect([decided({}), decided({ 0: 5 })]).toEqual([true, false]);
  });

  it.each([
    ['ok', false],
    ['alert', true],
    ['no-data', null],
    [undefined, false],
  ] as const)('with too little to compare with, and onNoBaseline %s, holds: %s', (onNoBaseline, expected) => {
    const condition = {
      kind: 'range',
      aggregation: 'avg',
      windowMs: minuteMs,
      days: 1,
      share: 0.9,
      side: 'either',
      onNoBaseline,
    } as Condition;
    const one = measured(condition, { 0: 1 }, { samples: 2, needed: 30 });
    expect(one).toEqual({ kind: 'no-reference', value: 1, points: 3, samples: 2, needed: 30 });
    expect(decide({ conditions: [condition], match: { kind: 'all' }, severity: 'HIGH' }, [one], null).outcome).toBe(expected);
  });
});
