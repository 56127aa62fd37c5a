import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../time/durations.ts';
import { findMaintenanceProblem, type MaintenanceTimes, maintenanceIntervals, nextMaintenanceChange } from './maintenance.ts';

const at = (text: string): number => Date.parse(text);
const make = (changes: Partial<MaintenanceTimes> = {}): MaintenanceTimes => ({
  timeZone: 'Europe/Berlin',
  startsAt: '2026-01-04T01:00',
  durationMs: 4 * hourMs,
  recurrence: 'FREQ=WEEKLY;BYDAY=SU',
  ...changes,
});
const between = (times: MaintenanceTimes, from: string, to: string) =>
  maintenanceIntervals(times, { from: at(from), to: at(to) }).map(({ from, to }) => [
    new Date(from).toISOString(),
    new Date(to).toISOString(),
  ]);

describe('a window that recurs keeps its wall-clock times', () => {
  test('over the change to summer time, on which it is open for an hour less', () => {
    expect(between(make(), '2026-03-22T00:00Z', '2026-04-06T00:00Z')).toEqual([
      ['2026-03-22T00:00:00.000Z', '2026-03-22T04:00:00.000Z'],
      ['2026-03-29T00:00:00.000Z', '2026-03-29T03:00:00.000Z'],
      ['2026-04-04T23:00:00.000Z', '2026-04-05T03:00:00.000Z'],
    ]);
  });

  test('over the change to winter time, on which it is open for an hour more', () => {
    expect(between(make(), '2026-10-25T00:00Z', '2026-10-26T00:00Z')).toEqual([['2026-10-24T23:00:00.000Z', '2026-10-25T04:00:00.000Z']]);
  });

  test('with a start that the clocks skip: it opens when they have been put forward', () => {
    const times = make({ startsAt: '2026-01-04T02:30', durationMs: hourMs });
    expect(between(times, '2026-03-29T00:00Z', '2026-03-30T00:00Z')).toEqual([]);
    const longer = make({ startsAt: '2026-01-04T02:30', durationMs: 2 * hourMs });
    expect(between(longer, '2026-03-29T00:00Z', '2026-03-30T00:00Z')).toEqual([['2026-03-29T01:30:00.000Z', '2026-03-29T02:30:00.000Z']]);
  });

  test('with a time that the clocks show twice: it opens at the first and is still open at the second', () => {
    const times = make({ startsAt: '2026-01-04T02:45', durationMs: 30 * minuteMs });
    expect(between(times, '2026-10-25T00:00Z', '2026-10-26T00:00Z')).toEqual([['2026-10-25T00:45:00.000Z', '2026-10-25T02:15:00.000Z']]);
    expect(nextMaintenanceChange(times, at('2026-10-25T01:30:00Z'))).toEqual({ isOpen: true, at: at('2026-10-25T02:15:00Z') });
  });

  test('in a zone half an hour off, on the last Friday of a month', () => {
    const times = make({
      timeZone: 'Asia/Kolkata',
      startsAt: '2026-01-30T22:00',
      recurrence: 'FREQ=MONTHLY;BYDAY=-1FR',
      durationMs: hourMs,
    });
    expect(between(times, '2026-02-01T00:00Z', '2026-04-01T00:00Z').map(([from]) => from)).toEqual([
      '2026-02-27T16:30:00.000Z',
      '2026-03-27T16:30:00.000Z',
    ]);
  });
});

describe('a window opens', () => {
  test('once without a recurrence', () => {
    const times = make({ recurrence: null });
    expect(nextMaintenanceChange(times, at('2026-01-03T00:00Z'))).toEqual({ isOpen: false, at: at('2026-01-04T00:00Z') });
    expect(nextMaintenanceChange(times, at('2026-01-04T00:00Z'))).toEqual({ isOpen: true, at: at('2026-01-04T04:00Z') });
    expect(nextMaintenanceChange(times, at('2026-01-04T04:00Z'))).toEqual({ isOpen: false, at: null });
  });

  test('until the end that its rule names, in UTC or as a day', () => {
    const starts = (recurrence: string) => between(make({ recurrence }), '2026-07-01T00:00Z', '2026-08-01T00:00Z').map(([from]) => from);
    // 01:00 in Berlin is 23:00 of the day before in UTC.
    expect(starts('FREQ=WEEKLY;BYDAY=SU;UNTIL=20260711T230000Z')).toEqual(['2026-07-04T23:00:00.000Z', '2026-07-11T23:00:00.000Z']);
    expect(starts('FREQ=WEEKLY;BYDAY=SU;UNTIL=20260711T225959Z')).toEqual(['2026-07-04T23:00:00.000Z']);
    expect(starts('FREQ=WEEKLY;BYDAY=SU;UNTIL=20260712')).toEqual(['2026-07-04T23:00:00.000Z', '2026-07-11T23:00:00.000Z']);
  });

  test('for days on end, and when one opening runs into the next', () => {
    const times = make({ recurrence: 'FREQ=DAILY', durationMs: 3 * dayMs });
    expect(maintenanceIntervals(times, { from: at('2026-06-10T12:00Z'), to: at('2026-06-10T12:01Z') })).toHaveLength(3);
    expect(nextMaintenanceChange(times, at('2026-06-10T12:00Z'))).toEqual({ isOpen: true, at: null });
    const twice = make({ recurrence: 'FREQ=DAILY;COUNT=2', durationMs: dayMs });
    expect(nextMaintenanceChange(twice, at('2026-01-04T12:00Z'))).toEqual({ isOpen: true, at: at('2026-01-06T00:00Z') });
  });
});

describe('a window is refused', () => {
  test.each([
    ['with a date that doesn’t exist', { startsAt: '2026-02-30T01:00' }, 'no_such_date', '2026-02-30T01:00'],
    ['with an unknown part', { recurrence: 'FREQ=DAILY;FOO=1' }, 'bad_part', 'FOO=1'],
    ['with a time of day of its own', { recurrence: 'FREQ=DAILY;BYHOUR=3' }, 'bad_part', 'BYHOUR=3'],
    ['with a recurrence within a day', { recurrence: 'FREQ=HOURLY' }, 'bad_frequency', 'HOURLY'],
    ['if it never opens', { recurrence: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'never_opens', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    ['with a day that doesn’t exist', { recurrence: 'FREQ=WEEKLY;BYDAY=XX' }, 'bad_rule', 'Invalid BYDAY value: XX'],
    ['without a frequency', { recurrence: 'BYDAY=SU' }, 'bad_rule', 'RRULE must include FREQ'],
  ])('%s', (_what, changes, reason, of) => {
    expect(findMaintenanceProblem(make(changes))).toMatchObject({ reason, of });
  });

  test('only then', () => {
    expect(findMaintenanceProblem(make())).toBeNull();
    expect(findMaintenanceProblem(make({ recurrence: null }))).toBeNull();
  });
});
