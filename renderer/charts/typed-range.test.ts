import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange, printRange } from '#renderer/ui/address.ts';
import { presets } from './range.ts';
import { readRange } from './typed-range.ts';
import { atWall, wallOf } from './zone.ts';

/** A Saturday. */
const now = Date.UTC(2026, 10, 21, 12, 30, 0);
const hour = 3_600_000;
const day = 24 * hour;
const berlin = 'Europe/Berlin';
const zones = [
  'UTC',
  berlin,
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Asia/Riyadh',
  'Africa/Cairo',
];
const zone = fc.constantFrom(...zones);

describe('readRange', () => {
  it.each([
    ['6h', 6 * hour],
    ['last 6h', 6 * hour],
    ['  NOW-90m ', 1.5 * hour],
    ['last 90 minutes', 1.5 * hour],
    ['now-7d to now', 7 * day],
    ['2w', 14 * day],
    ['1.5h', 1.5 * hour],
    ['1mo', 31 * day],
    ['last 1 year', 365 * day],
  ])('reads %s as live', (text, lastMs) => {
    expect(readRange(text, now, 'UTC')).toEqual({ ok: true, span: { lastMs } });
  });

  const at = (d: number, h = 0, m = 0, s = 0, month = 10) => Date.UTC(2026, month, d, h, m, s);
  it.each([
    ['now - 7d to now-1d', now - 7 * day, now - day],
    ['now-7d/d', at(14), now],
    ['now-7d/d to now-1d/d', at(14), at(21)],
    ['now/w', at(16), now],
    ['now-1mo/mo to now-1mo/mo', at(1, 0, 0, 0, 9), at(1)],
    ['yesterday', at(20), at(21)],
    ['today', at(21), now],
    ['yesterday 14:00 to 15:30', at(20, 14), at(20, 15, 30)],
    ['yesterday 22:00 to today 06:00', at(20, 22), at(21, 6)],
    ['last week', at(9), at(16)],
    ['this month', at(1), now],
    ['2026-11-20', at(20), at(21)],
    ['2026-11-20..2026-11-20', at(20), at(21)],
    ['2026-11-18 to 2026-11-20', at(18), at(21)],
    ['2026-11-20 14:00 to 16:00', at(20, 14), at(20, 16)],
    ['2026-11-20 22:00 to 02:00', at(20, 22), at(21, 2)],
    ['2026-11-20 10:00 - 12:00', at(20, 10), at(20, 12)],
    ['2026-11-20 10:00 .. 2026-11-20T12:00:30Z', at(20, 10), at(20, 12, 0, 30)],
    ['2026-11-20T10:00+03:00 until 2026-11-20T10:00-0330', at(20, 7), at(20, 13, 30)],
    ['10:00..12:00', at(21, 10), at(21, 12)],
    ['10:00-11:30', at(21, 10), at(21, 11, 30)],
    ['14:00-15:30', at(20, 14), at(20, 15, 30)],
    ['23:00-01:00', at(20, 23), at(21, 1)],
    ['10:00', at(21, 10), now],
    ['14:00', at(20, 14), now],
    ['2026-11-21 10:00', at(21, 10), now],
    ['2026-11-20 23:00 to 24:00', at(20, 23), at(21)],
  ])('reads %s as fixed', (text, from, to) => {
    expect(readRange(text, now, 'UTC')).toEqual({ ok: true, span: { from, to } });
  });

  it.each([
    ['', 'empty', ''],
    ['soon', 'unreadable', 'soon'],
    ['yesterday to whenever', 'unreadable', 'whenever'],
    ['now-6x', 'unknown-unit', 'x'],
    ['now-1d/q', 'unknown-unit', 'q'],
    ['2026-02-30', 'no-such-date', '2026-02-30'],
    ['25:00..26:00', 'no-such-time', '25:00'],
    ['2026-11-20 10:61 to 12:00', 'no-such-time', '2026-11-20 10:61'],
    ['1h..2h..3h', 'many-ends', ''],
    ['now..now-1h', 'reversed', 'now..now-1h'],
    ['2026-11-20 to 2026-11-18', 'reversed', '2026-11-20 to 2026-11-18'],
    ['2026-12-01', 'ahead', '2026-12-01'],
    ['now-1s', 'too-short', 'now-1s'],
    ['9999d', 'too-long', '9999d'],
  ])('refuses %j as %s, naming %j', (text, kind, part) => {
    expect(readRange(text, now, 'UTC')).toEqual({ ok: false, problem: { kind, part } });
  });

  it('gives only ranges that the address can carry', () => {
    const unit = fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo', 'y');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5_000, noNaN: true }), unit, zone, (n, u, where) => {
        const read = readRange(`${n.toFixed(2)}${u}`, now, where);
        if (read.ok) expect(parseRange(printRange(read.span))).toEqual(read.span);
      }),
    );
  });

  it('reads every preset as itself', () => {
    for (const { text, lastMs } of presets) expect(readRange(text, now, 'UTC')).toEqual({ ok: true, span: { lastMs } });
  });

  it('never throws, whatever is typed', () => {
    const bit = fc.constantFrom(
      'now',
      '-',
      '/',
      'd',
      '7',
      '14:00',
      ' to ',
      '..',
      '2026-11-20',
      ' ',
      'yesterday',
      'last',
      'week',
      ':',
      'z',
      '99',
    );
    fc.assert(fc.property(fc.string(), (text) => typeof readRange(text, now, berlin).ok === 'boolean'));
    fc.assert(
      fc.property(
        fc.array(bit).map((bits) => bits.join('')),
        (text) => typeof readRange(text, now, berlin).ok === 'boolean',
      ),
    );
  });
});

describe('where clocks change', () => {
  const berlinDay = (text: string, today: number) => {
    const read = readRange(text, today, berlin);
    if (!read.ok || 'lastMs' in read.span) throw new Error('Not fixed.');
    return (read.span.to - read.span.from) / hour;
  };
  it('a day has 23 or 25 hours', () => {
    expect(berlinDay('2026-03-29', now)).toBe(23);
    expect(berlinDay('2026-10-25', now)).toBe(25);
    expect(berlinDay('yesterday', Date.UTC(2026, 9, 26, 12))).toBe(25);
    expect(berlinDay('last week', Date.UTC(2026, 9, 28, 12))).toBe(7 * 24 + 1);
  });
  it('seven days back to the start of the day is midnight, in summer time as in winter time', () => {
    expect(readRange('now-7d/d', Date.UTC(2026, 9, 28, 23, 30), berlin)).toMatchObject({ span: { from: Date.UTC(2026, 9, 21, 22) } });
  });
  it('an hour that comes twice is the first; one that is skipped is the hour after', () => {
    expect(readRange('2026-10-25 02:30 to 2026-10-25 04:00', now, berlin)).toMatchObject({ span: { from: Date.UTC(2026, 9, 25, 0, 30) } });
    expect(readRange('2026-03-29 02:30 to 2026-03-29 04:00', now, berlin)).toMatchObject({ span: { from: Date.UTC(2026, 2, 29, 1, 30) } });
  });

  const instant = fc.integer({ min: Date.UTC(2015, 0) / 1_000, max: Date.UTC(2026, 10) / 1_000 }).map((s) => s * 1_000);
  it('what a wall clock shows is read back as a time at which it shows that', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const wall = wallOf(at, where);
        expect(wallOf(atWall(wall, where), where)).toBe(wall);
        expect(atWall(wall, where)).toBeLessThanOrEqual(at);
      }),
    );
  });
  it('a typed wall time lies where the clock shows it, in every zone', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const shown = new Date(wallOf(at, where)).toISOString().slice(0, 19).replace('T', ' ');
        const read = readRange(`${shown} to now`, at + 365 * day, where);
        if (!read.ok || 'lastMs' in read.span) throw new Error('Not fixed.');
        expect(wallOf(read.span.from, where)).toBe(wallOf(at, where));
      }),
    );
  });
  it('yesterday is a whole calendar day: it ends where today begins', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const read = readRange('yesterday', at, where);
        if (!read.ok || 'lastMs' in read.span) throw new Error('Not fixed.');
        const dayOf = (when: number) => Math.floor(wallOf(when, where) / day);
        expect(dayOf(read.span.from)).toBe(dayOf(at) - 1);
        expect(dayOf(read.span.from - 1)).toBe(dayOf(at) - 2);
        expect(dayOf(read.span.to)).toBe(dayOf(at));
        expect(dayOf(read.span.to - 1)).toBe(dayOf(at) - 1);
      }),
    );
  });
});
