import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapRows } from './rows.ts';

const t = 1_700_000_000_000;
const columns = ['timestamp', 'segment', 'value'];
const all = ['timestamp', 'segment', 'record_count', 'min', 'max', 'avg', 'sum'];

describe('columns', () => {
  it.each([
    [['timestamp', 'belt', 'value'], '"segment"; it returns timestamp, belt, value'],
    [['t', 'segment', 'value'], '"timestamp"'],
    [['timestamp', 'segment'], '"value"'],
    [['timestamp', 'segment', 'min', 'max', 'sum'], '"record_count", "avg"'],
    [[], 'it returns none'],
  ])('%j names what is missing', (given, message) => {
    expect(() => mapRows({ columns: given, rows: [] })).toThrow(
      expect.objectContaining({ code: 'sql_rejected', message: expect.stringContaining(message) }),
    );
  });

  it('may stand in any order and case', () => {
    const { signals } = mapRows({ columns: ['VALUE', 'extra', 'Segment', 'TIMESTAMP'], rows: [[2, 'x', 'a', t]] });
    expect(signals).toEqual({ segment: ['a'], t: [t], count: [1], min: [2], max: [2], avg: [2], sum: [2] });
  });

  it('may be a summary', () => {
    const { signals } = mapRows({ columns: all, rows: [[t, 7, 3, 1, 5, 3, 9]] });
    expect(signals).toEqual({ segment: ['7'], t: [t], count: [3], min: [1], max: [5], avg: [3], sum: [9] });
  });
});

describe('rows', () => {
  it.each([
    [columns, [t, 'a', 'ERR'], 'Row 2: "value" is "ERR", not a number.'],
    [columns, [t, 'a', null], '"value" is empty, not a number'],
    [columns, [t, 'a', 'NaN'], '"value" is "NaN"'],
    [columns, [t, null, 1], '"segment" is empty'],
    [columns, [t, 'x'.repeat(129), 1], 'longer than 128 characters'],
    [columns, [t / 1000, 'a', 1], 'looks like seconds'],
    [columns, [t + 0.5, 'a', 1], 'not a whole number of milliseconds'],
    [columns, ['yesterday', 'a', 1], '"timestamp" is "yesterday"'],
    [columns, [9e15, 'a', 1], 'no time'],
    [all, [t, 'a', -1, 1, 2, 1, 1], '"record_count" is -1'],
    [all, [t, 'a', 1, 3, 2, 1, 1], '"min" is 3, greater than "max", 2'],
  ])('%#: a bad one is rejected with its reason, the rest loaded', (names, bad, reason) => {
    const good = names === all ? [t, 'good', 1, 1, 1, 1, 1] : [t, 'good', 1];
    const mapped = mapRows({ columns: names, rows: [good, bad, bad] });
    expect(mapped.signals.segment).toEqual(['good']);
    expect(mapped.rejected).toBe(2);
    expect(mapped.rejectReason).toContain(reason);
  });

  it('of several for one time and segment the last counts', () => {
    const { signals } = mapRows({
      columns,
      rows: [
        [t, 'a', 1],
        [t, 'b', 2],
        [t, 'a', 3],
      ],
    });
    expect(signals.segment).toEqual(['a', 'b']);
    expect(signals.sum).toEqual([3, 2]);
  });

  it('none is lost: each is either a signal, replaced by one, or rejected', () => {
    const cell = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null));
    const time = fc.oneof(fc.integer({ min: t, max: t + 5 }), cell);
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.oneof(fc.constantFrom('a', 'b'), cell), cell)), (rows) => {
        const mapped = mapRows({ columns, rows });
        const { signals } = mapped;
        const lengths = new Set(Object.values(signals).map((column) => column.length));
        expect(lengths.size).toBe(1);
        const keys = new Set(signals.t.map((at, i) => `${at} ${signals.segment[i]}`));
        expect(keys.size).toBe(signals.t.length);
        expect(signals.t.length + mapped.rejected).toBeLessThanOrEqual(rows.length);
        expect(signals.sum.every(Number.isFinite)).toBe(true);
        expect(mapped.rejectReason === null).toBe(mapped.rejected === 0);
        expect(mapped.oldest).toBe(signals.t.length === 0 ? null : Math.min(...signals.t));
      }),
    );
  });
});
