import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dashboardBody } from '../contract/dashboards.ts';
import { relativeRange, timeExpression } from '../contract/range.ts';
import { evaluateTime, findUnit, shiftTime, type TimeUnit, unitAround } from './expression.ts';

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo');
const unit = fc.constantFrom<TimeUnit>('s', 'm', 'h', 'd', 'w', 'M', 'Q', 'y');
const instant = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2030, 0) });

describe('a calendar unit', () => {
  it('holds its time, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(instant, unit, zone, (at, of, where) => {
        const { from, to } = unitAround(at, of, where);
        expect(from).toBeLessThanOrEqual(at);
        expect(to).toBeGreaterThan(at);
        expect(unitAround(from, of, where).from).toBe(from);
      }),
    );
  });
  it('is a month with a capital M alone', () => {
    expect(['M', 'm', 'MIN', 'Months', 'q', 'Q', 'weeks', 'fy', 'constructor'].map(findUnit)).toEqual([
      'M',
      'm',
      'm',
      'M',
      'Q',
      'Q',
      'w',
      null,
      null,
    ]);
  });
});

describe('a step of months', () => {
  it('stays in the month it leads to, and stays finite however far it goes', () => {
    const january31 = Date.UTC(2024, 0, 31, 9, 15);
    expect(shiftTime(january31, 1, 'M', 'UTC')).toBe(Date.UTC(2024, 1, 29, 9, 15));
    expect(shiftTime(january31, -11, 'M', 'UTC')).toBe(Date.UTC(2023, 1, 28, 9, 15));
    expect(shiftTime(january31, -1, 'Q', 'UTC')).toBe(Date.UTC(2023, 9, 31, 9, 15));
    expect(Number.isFinite(evaluateTime('now-999999y-999999y/y', 'from', january31, 'Europe/Berlin'))).toBe(true);
  });
});

describe('the contract', () => {
  const body = (range: object) => dashboardBody.safeParse({ code: 'wall', title: 'Wall', range });
  it('keeps a range that moves with the clock as it is', () => {
    for (const range of [
      { from: 'now/d', to: 'now' },
      { from: 'now-1M/M', to: 'now/M' },
      { from: 'today 08:00', to: 'now' },
    ])
      expect(body(range).data?.range).toEqual(range);
  });
  it.each([
    [{ from: 'now-1x', to: 'now' }],
    [{ from: 'NOW', to: 'now' }],
    [{ from: 'now-1fQ/fQ', to: 'now' }],
    [{ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
    [{ from: 'today 25:00', to: 'now' }],
    [{ from: 'now', to: 1 }],
  ])('refuses %j', (range) => expect(body(range).success).toBe(false));
  it('takes only what can be evaluated', () => {
    const end = fc.stringMatching(/^now([+-]\d{1,6}[smhdwMQy]|\/[smhdwMQy]){0,6}$/);
    fc.assert(
      fc.property(end, end, instant, zone, (from, to, now, where) => {
        expect(timeExpression.safeParse(from).success && relativeRange.safeParse({ from, to }).success).toBe(true);
        expect(Number.isFinite(evaluateTime(from, 'from', now, where) + evaluateTime(to, 'to', now, where))).toBe(true);
      }),
    );
  });
});
