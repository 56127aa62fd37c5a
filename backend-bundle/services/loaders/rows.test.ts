import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceKind } from '#common/contract/sources.ts';
import type { ColumnKind, SourceCell, SourceColumn } from '../../engines/sources/port.ts';
import { mapRows } from './rows.ts';

const t = 1_700_000_000_000;
const columns = ['timestamp', 'segment', 'value'];
const all = ['timestamp', 'segment', 'record_count', 'min', 'max', 'avg', 'sum'];

/** Maps rows of a source whose columns have any type, or the given kinds. */
function map(
  names: readonly string[],
  rows: SourceCell[][],
  kinds: Partial<Record<string, ColumnKind>> = {},
  source: SourceKind = 'sqlite',
  timeZone = 'UTC',
) {
  const typed = names.map((name): SourceColumn => ({ name, kind: kinds[name] ?? 'any', type: kinds[name] ?? '' }));
  return mapRows({ source, columns: typed, rows }, { timeZone, now: Date.UTC(2026, 0) });
}

describe('columns', () => {
  it.each([
    [['timestamp', 'belt', 'value'], '"segment"; it returns timestamp, belt, value'],
    [['t', 'segment', 'value'], '"timestamp"'],
    [['timestamp', 'segment'], '"value"'],
    [['timestamp', 'segment', 'min', 'max', 'sum'], '"record_count", "avg"'],
    [[], 'it returns none'],
  ])('%j names what is missing', (given, message) => {
    expect(() => map(given, [])).toThrow(expect.objectContaining({ code: 'sql_rejected', message: expect.stringContaining(message) }));
  });

  it('may be in any order and case', () => {
    const { signals } = map(['VALUE', 'extra', 'Segment', 'TIMESTAMP'], [[2, 'x', 'a', t]]);
    expect(signals).toEqual({ segment: ['a'], t: [t], count: [1], min: [2], max: [2], avg: [2], sum: [2] });
  });

  it('may be a summary', () => {
    const { signals } = map(all, [[t, 7, 3, 1, 5, 3, 9]]);
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
    [columns, [t / 1000, 'a', 1], 'is in seconds; this field takes epoch milliseconds: multiply by 1000'],
    [columns, ['yesterday', 'a', 1], '"timestamp" is "yesterday"'],
    [columns, [9e15, 'a', 1], 'past the year 3883'],
    [columns, [2_460_000.5, 'a', 1], 'Julian day'],
    [columns, ['2025-10-26 02:30:00', 'a', 1], "unixepoch(t, 'subsec') * 1000"],
    [columns, [t, 'a', '0x10'], '"value" is "0x10"'],
    [columns, [t, 'a', ' 5'], '"value" is " 5"'],
    [columns, [t, 'a', ''], '"value" is ""'],
    [columns, [t, 'a', '1e999'], 'too large'],
    [columns, [t, 'a\0b', 1], 'code 0'],
    [all, [t, 'a', 1e18, 1, 2, 1, 1], '"record_count" is 1000000000000000000'],
    [all, [t, 'a', -1, 1, 2, 1, 1], '"record_count" is -1'],
    [all, [t, 'a', 1, 3, 2, 1, 1], '"min" is 3, greater than "max", 2'],
  ])('%#: a bad one is rejected with its reason, and the others are loaded', (names, bad, reason) => {
    const good = names === all ? [t, 'good', 1, 1, 1, 1, 1] : [t, 'good', 1];
    const mapped = map(names, [good, bad, bad]);
    expect(mapped.signals.segment).toEqual(['good']);
    expect(mapped.rejected).toBe(2);
    expect(mapped.rejectReason).toContain(reason);
  });

  it('the last one of several with the same time and segment counts', () => {
    const { signals, replaced } = map(columns, [
      [t, 'a', 1],
      [t, 'b', 2],
      [t, 'a', 3],
    ]);
    expect(signals.segment).toEqual(['a', 'b']);
    expect(signals.sum).toEqual([3, 2]);
    expect(replaced).toBe(1);
  });

  it('none is lost: each is either a signal, replaced by one, or rejected', () => {
    const cell = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null));
    const time = fc.oneof(fc.integer({ min: t, max: t + 5 }), cell);
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.oneof(fc.constantFrom('a', 'b'), cell), cell)), (rows) => {
        const mapped = map(columns, rows);
        const { signals } = mapped;
        const lengths = new Set(Object.values(signals).map((column) => column.length));
        expect(lengths.size).toBe(1);
        const keys = new Set(signals.t.map((at, i) => `${at} ${signals.segment[i]}`));
        expect(keys.size).toBe(signals.t.length);
        expect(signals.t.length + mapped.rejected + mapped.replaced).toBe(rows.length);
        expect(signals.sum.every(Number.isFinite)).toBe(true);
        expect(mapped.rejectReason === null).toBe(mapped.rejected === 0);
        expect(mapped.oldest).toBe(signals.t.length === 0 ? null : Math.min(...signals.t));
      }),
    );
  });
});

describe('what a source gives', () => {
  const segmentsOf = (cells: SourceCell[]) =>
    map(
      columns,
      cells.map((cell, i) => [t + i, cell, 1]),
    ).signals.segment;

  it('is stored unchanged as a segment', () => {
    const texts = ['007', '7', '1e3', '0x10', 'true', 'null', 'NaN', '2025-01-02', '+1', ' ', ' a', 'a ', 'a', 'A', '9400053101570534'];
    const letters = ['straße', 'strasse', 'é', 'e\u0301', '🙂', '🙃', 'İ', 'i', 'ı'];
    const digits = ['105990000000000009', '105990000000000010', '18446744073709551615', '0.10', '1.00000000000000000001'];
    expect(segmentsOf([...texts, ...letters, ...digits])).toEqual([...texts, ...letters, ...digits]);
    expect(
      map(columns, [
        [t, 'a', 1],
        [t, 'a ', 2],
        [t, 'A', 3],
        [t, 'e\u0301', 4],
        [t, 'é', 5],
      ]),
    ).toMatchObject({ replaced: 0, rejected: 0 });
  });

  it('is counted by column if an integer changes as a double, but not if only the last digits of a fraction are lost', () => {
    const values: [text: string, rounded: boolean][] = [
      ['9007199254740993', true],
      ['9007199254740992', false],
      ['-9007199254740993', true],
      ['18446744073709551615', true],
      ['18446744073709551616', false],
      ['0.10', false],
      ['1e3', false],
      ['12.50', false],
      ['-0', false],
      ['3.14159265358979323846', false],
      ['33.3333333333333333', false],
      ['9007199254740990.6666666666666667', false],
      ['105990000000000009.50', true],
      ['1e-400', true],
      ['-4.94065645841246544e-320', true],
      ['0.30000000000000004', false],
      ['00000000000000000000.1', false],
      ['123456789012345678901234567890', true],
    ];
    for (const [text, rounded] of values) {
      const { signals, rounded: counts, rejected } = map(columns, [[t, 'a', text]], { value: 'number' }, 'postgresql');
      expect([text, signals.avg, counts, rejected]).toEqual([text, [Number(text)], rounded ? { value: 1 } : {}, 0]);
    }
    const { rounded } = map(all, [
      [t, 'a', 1, '9007199254740993', '9007199254740995', 9e15, '1'],
      [t, 'b', 1, 1, '9007199254740993', 1, 1],
    ]);
    expect(rounded).toEqual({ min: 1, max: 2 });
  });

  it('survives the way through text for any double and any safe integer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()), (value) => {
        // JavaScript writes -0 without its sign.
        const text = Object.is(value, -0) ? '-0' : String(value);
        const { signals, rounded } = map(columns, [[t, 'a', text]]);
        expect([signals.avg[0], rounded]).toEqual([value, {}]);
      }),
    );
  });

  it('counts as rounded exactly when an integer changes as a double', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (whole) => {
        const { rounded } = map(columns, [[t, 'a', String(whole)]]);
        const value = Number(whole);
        expect('value' in rounded).toBe(BigInt(value) !== whole && BigInt(String(value)) !== whole);
      }),
    );
  });

  it('is not counted below 2^53 if it has a fraction, and then differs by at most 1e-15 of itself', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 52n }), fc.bigInt({ min: 1n, max: 10n ** 20n - 1n }), (whole, fraction) => {
        const digits = String(fraction).padStart(20, '0');
        const { signals, rounded } = map(columns, [[t, 'a', `${whole}.${digits}`]]);
        expect(rounded).toEqual({});
        // Both as multiples of 10^-20; a double is a multiple of 2^-60 here.
        const said = whole * 10n ** 20n + fraction;
        const kept = (BigInt((signals.avg[0] as number) * 2 ** 60) * 10n ** 20n) / 2n ** 60n;
        const error = said > kept ? said - kept : kept - said;
        expect(error * 10n ** 15n <= said + 10n ** 15n).toBe(true);
      }),
    );
  });

  it('becomes a number if it is a boolean, an interval or JSON', () => {
    const value = (kind: ColumnKind, cell: SourceCell) => {
      const { signals, rejectReason } = map(columns, [[t, 'a', cell]], { value: kind }, 'postgresql');
      return signals.avg[0] ?? rejectReason;
    };
    expect([value('boolean', 't'), value('boolean', 'f'), value('boolean', null)]).toEqual([
      1,
      0,
      'Row 1: "value" is empty, not a number.',
    ]);
    expect(value('interval', '00:01:30')).toBe(90);
    expect(value('interval', '-1 days -02:00:00.5')).toBe(-93_600.5);
    expect(value('interval', '2 days')).toBe(172_800);
    expect(value('interval', '838:59:59')).toBe(3_020_399);
    expect(value('interval', '1 mon')).toContain('months or years');
    expect(value('interval', '')).toContain('Row 1');
    expect([value('json', '12.5'), value('json', '-1e3')]).toEqual([12.5, -1000]);
    expect(value('json', '"12"')).toContain('not a number');
    expect(value('json', 'null')).toContain('not a number');
  });

  it('of an unsuitable type is refused once, with its column, whatever the rows contain', () => {
    const fail =
      (kinds: Partial<Record<string, ColumnKind>>, rows: SourceCell[][] = []) =>
      () =>
        map(columns, rows, kinds, 'postgresql');
    expect(fail({ value: 'other' })).toThrow(
      expect.objectContaining({ code: 'sql_rejected', message: 'Column "value" is of the type other, which never gives a number.' }),
    );
    expect(fail({ value: 'other' }, [[t, 'a', null]])).toThrow('Column "value"');
    expect(fail({ timestamp: 'interval' })).toThrow('never gives a time');
    expect(fail({ timestamp: 'boolean' })).toThrow('never gives a time');
    expect(fail({ segment: 'other', value: 'number' })).not.toThrow();
  });

  it.each([
    [['timestamp', 'segment', 'value', 'value'], 'The SQL returns 2 columns called "value"'],
    [['timestamp', 'Timestamp', 'segment', 'value'], 'The SQL returns 2 columns called "timestamp"'],
    [['timestamp', 'segment', 'SEGMENT', 'segment', 'value'], 'The SQL returns 3 columns called "segment"'],
  ])('%j is refused as ambiguous', (names, message) => {
    expect(() => map(names, [])).toThrow(expect.objectContaining({ code: 'sql_rejected', message: expect.stringContaining(message) }));
  });
});

describe('times', () => {
  const at = (cell: SourceCell, kind: ColumnKind = 'any', timeZone = 'UTC') => {
    const { signals, rejectReason } = map(columns, [[cell, 'a', 1]], { timestamp: kind }, 'postgresql', timeZone);
    return signals.t[0] ?? rejectReason;
  };
  const instant = (iso: string) => Date.parse(iso);

  it('are rounded to whole milliseconds', () => {
    expect([at(t + 0.4), at(t + 0.5), at('1700000000000.000061'), at('1700000000000')]).toEqual([t, t + 1, t, t]);
    expect(at('2025-10-26 02:30:00.000999+00', 'time')).toBe(instant('2025-10-26T02:30:00.001Z'));
  });

  it('with an offset are the same in every zone', () => {
    for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
      expect(at('2025-10-26 02:30:00+00', 'time', zone)).toBe(instant('2025-10-26T02:30:00Z'));
      expect(at('2025-10-26 02:30:00.25-04', 'time', zone)).toBe(instant('2025-10-26T06:30:00.250Z'));
      expect(at('2025-10-26 08:00:00+05:30', 'time', zone)).toBe(instant('2025-10-26T02:30:00Z'));
    }
  });

  it('without one are read in the chosen zone, also when the clocks change', () => {
    expect(at('2025-07-01 12:00:00', 'local-time')).toBe(instant('2025-07-01T12:00:00Z'));
    expect(at('2025-07-01 12:00:00', 'local-time', 'America/New_York')).toBe(instant('2025-07-01T16:00:00Z'));
    expect(at('2025-12-01 12:00:00', 'local-time', 'America/New_York')).toBe(instant('2025-12-01T17:00:00Z'));
    expect(at('2025-07-01 12:00:00.5', 'local-time', 'Asia/Kolkata')).toBe(instant('2025-07-01T06:30:00.500Z'));
    // Skipped by the clock change: 02:30 is 03:30 in the new time.
    expect(at('2025-03-09 02:30:00', 'local-time', 'America/New_York')).toBe(instant('2025-03-09T07:30:00Z'));
    // Occurs twice: the first one counts.
    expect(at('2025-10-26 02:30:00', 'local-time', 'Europe/Berlin')).toBe(instant('2025-10-26T00:30:00Z'));
    expect(at('2025-10-26 03:00:00', 'local-time', 'Europe/Berlin')).toBe(instant('2025-10-26T02:00:00Z'));
    expect(at('2025-10-26', 'local-time', 'Europe/Berlin')).toBe(instant('2025-10-25T22:00:00Z'));
  });

  it('that do not exist are rejected, not shifted', () => {
    for (const text of [
      '0000-00-00 00:00:00',
      '0000-00-00',
      '2025-02-30 00:00:00',
      'infinity',
      '-infinity',
      '0044-03-15 12:00:00 BC',
      '',
    ]) {
      expect(at(text, 'local-time')).toContain('Row 1: "timestamp" is');
    }
    expect(at('9999-12-31 00:00:00', 'local-time')).toContain('past the year 3883');
    expect(at('2026-01-03 00:00:00', 'local-time')).toContain('more than a day ahead');
    expect(at(t * 1000)).toContain('is in microseconds; this field takes epoch milliseconds: divide by 1000');
    expect(at('1969-12-31 00:00:00', 'local-time')).toContain('before');
    expect(at('2025-10-26 02:30:00', 'text')).toContain('extract(epoch FROM t) * 1000');
  });
});
