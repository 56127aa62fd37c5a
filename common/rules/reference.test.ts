import { describe, expect, it } from 'vitest';
import type { BaselineCondition, RangeCondition } from '../contract/conditions.ts';
import { dayMs, hourMs, minuteMs } from '../time/durations.ts';
import { computeReference, type ReferencedCondition, referenceKey, referenceWindows } from './reference.ts';

const compared = { aggregation: 'avg' as const, operator: 'outside' as const, threshold: -2, upper: 2 };
const baseline = (change: Partial<BaselineCondition>): BaselineCondition => ({
  kind: 'baseline',
  windowMs: 5 * minuteMs,
  every: 'day',
  count: 1,
  as: 'difference',
  ...compared,
  ...change,
});
const range = (change: Partial<RangeCondition> = {}): RangeCondition => ({
  kind: 'range',
  aggregation: 'avg',
  windowMs: 5 * minuteMs,
  days: 14,
  share: 0.998,
  side: 'either',
  ...change,
});
const at = (text: string) => Date.parse(text);
/** Ends of the earlier windows, as text. */
const endsOf = (condition: ReferencedCondition, end: string, zone: string) =>
  referenceWindows(condition, at(end), zone).map(({ to }) => new Date(to).toISOString().slice(0, 16));

describe('the windows of a baseline', () => {
  it('are at the same time on the clock, also after the clocks changed', () => {
    // In Berlin the clocks go forward on 29 March 2026 and back on 25 October 2026.
    expect(endsOf(baseline({}), '2026-03-29T10:00Z', 'Europe/Berlin')).toEqual(['2026-03-28T11:00']);
    expect(endsOf(baseline({}), '2026-10-25T10:00Z', 'Europe/Berlin')).toEqual(['2026-10-24T09:00']);
    expect(endsOf(baseline({}), '2026-03-29T10:00Z', 'UTC')).toEqual(['2026-03-28T10:00']);
    expect(endsOf(baseline({ every: 'week', count: 2 }), '2026-03-30T10:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-23T11:00',
      '2026-03-16T11:00',
    ]);
  });

  it('of a time that a day did not have is read as if the clocks had not gone forward', () => {
    // 02:30 in Berlin on 30 March; on the 29th the clock went from 02:00 to 03:00.
    expect(endsOf(baseline({}), '2026-03-30T00:30Z', 'Europe/Berlin')).toEqual(['2026-03-29T01:30']);
  });

  it('of months end on the last day of a shorter month', () => {
    expect(endsOf(baseline({ every: 'month', count: 3 }), '2026-05-31T12:00Z', 'UTC')).toEqual([
      '2026-04-30T12:00',
      '2026-03-31T12:00',
      '2026-02-28T12:00',
    ]);
    expect(endsOf(baseline({ every: 'month' }), '2028-03-31T12:00Z', 'UTC')).toEqual(['2028-02-29T12:00']);
  });

  it('fill the slot of each earlier day', () => {
    const hours = baseline({ count: 2, slotMs: hourMs, windowMs: 20 * minuteMs });
    expect(endsOf(hours, '2026-06-03T09:17Z', 'UTC')).toEqual([
      '2026-06-02T10:00',
      '2026-06-02T09:40',
      '2026-06-02T09:20',
      '2026-06-01T10:00',
      '2026-06-01T09:40',
      '2026-06-01T09:20',
    ]);
    // A window longer than the slot ends with it.
    expect(endsOf(baseline({ slotMs: hourMs, windowMs: 3 * hourMs }), '2026-06-03T09:17Z', 'UTC')).toEqual(['2026-06-02T10:00']);
  });

  it('in a slot are those of the clock in the rule’s zone', () => {
    // 09:17 UTC is 14:47 in Kolkata, in the slot from 14:00, which is 08:30 to 09:30 UTC.
    expect(endsOf(baseline({ slotMs: hourMs, windowMs: hourMs }), '2026-06-03T09:17Z', 'Asia/Kolkata')).toEqual(['2026-06-02T09:30']);
  });
});

describe('a reference stays the same', () => {
  it('until the slot ends', () => {
    const condition = baseline({ count: 3, slotMs: hourMs });
    const key = (text: string) => referenceKey(condition, at(text), 'UTC');
    expect(key('2026-06-03T09:00:01Z')).toBe(key('2026-06-03T10:00:00Z'));
    expect(key('2026-06-03T10:00:01Z')).not.toBe(key('2026-06-03T10:00:00Z'));
  });

  it.each([range(), baseline({ count: 3, slotMs: hourMs })])('%j: the same key, the same windows', (condition) => {
    const windows = (text: string) => referenceWindows(condition, at(text), 'UTC');
    expect(referenceKey(condition, at('2026-06-03T09:07Z'), 'UTC')).toBe(referenceKey(condition, at('2026-06-03T09:52Z'), 'UTC'));
    expect(windows('2026-06-03T09:07Z')).toEqual(windows('2026-06-03T09:52Z'));
  });
});

describe('a range', () => {
  it('covers the last days, without the window that is evaluated', () => {
    const windows = referenceWindows(range(), at('2026-06-15T10:03Z'), 'UTC');
    expect(windows).toHaveLength(14 * 288);
    expect(windows[0]?.to).toBeLessThanOrEqual(at('2026-06-15T09:58Z'));
    expect((windows[0]?.to ?? 0) - (windows.at(-1)?.from ?? 0)).toBe(14 * dayMs);
  });
});

describe('what is computed', () => {
  /** A series whose window has the value of a function of its end. */
  const series = (at: (to: number) => number | null) => ({
    valueOf: (_: string, { to }: { to: number }) => {
      const value = at(to);
      return value === null ? null : { value, points: 1 };
    },
  });
  const end = at('2026-06-15T10:00Z');

  it('is the median of a baseline and its spread, which one outlier does not move', () => {
    const values = new Map([1, 2, 3, 4, 5].map((day, i) => [end - day * dayMs, [10, 11, 12, 13, 1_000][i] ?? 0]));
    const reference = computeReference(
      baseline({ count: 5 }),
      series((to) => values.get(to) ?? null),
      end,
      'UTC',
    );
    // Deviations from 12 are 2, 1, 0, 1 and 988; their median is 1.
    expect(reference).toEqual({ low: 12, high: 12, spread: 1.4826, samples: 5 });
  });

  it('is the range that held the share of the values, widened at both ends', () => {
    const ramp = series((to) => ((end - to) / (5 * minuteMs)) % 960);
    expect(computeReference(range({ share: 0.9, days: 20 }), ramp, end, 'UTC')).toMatchObject({
      low: expect.closeTo(48, -1),
      high: expect.closeTo(911, -1),
    });
    const widened = computeReference(range({ share: 0.9, days: 20, widen: 0.1 }), ramp, end, 'UTC');
    expect(widened).toMatchObject({ low: expect.closeTo(-38, -1), high: expect.closeTo(997, -1) });
  });

  it('is nothing with too few windows that have points', () => {
    const rare = series((to) => (to === end - dayMs ? 1 : null));
    expect(computeReference(baseline({ count: 5 }), rare, end, 'UTC')).toMatchObject({ low: 1, samples: 1 });
    expect(computeReference(baseline({ count: 5, as: 'sigmas' }), rare, end, 'UTC')).toEqual({ samples: 1, needed: 3 });
    expect(
      computeReference(
        range(),
        series(() => null),
        end,
        'UTC',
      ),
    ).toEqual({ samples: 0, needed: 30 });
  });
});
