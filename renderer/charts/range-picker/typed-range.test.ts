import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atWall, wallOf } from '#common/time/zone.ts';
import { presets } from '#renderer/charts/plot/range.ts';
import { parseRange, printRange } from '#renderer/domain/address.ts';
import { intervalAt, rangeLength } from '#renderer/domain/queries/index.ts';
import { readRange } from './typed-range.ts';

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
  ])('reads %s as live', (text, lastMs) => {
    expect(readRange(text, now, 'UTC')).toEqual({ ok: true, range: { lastMs } });
  });

  const at = (d: number, h = 0, m = 0, s = 0, month = 10) => Date.UTC(2026, month, d, h, m, s);
  /** Returns what a text means at `now`. */
  const means = (text: string, zoneName = 'UTC', when = now) => {
    const read = readRange(text, when, zoneName);
    if (!read.ok) throw new Error(`Refused: ${read.problem.kind}`);
    return { ...intervalAt(read.range, when), moving: 'timeZone' in read.range ? `${read.range.from} to ${read.range.to}` : null };
  };
  it.each([
    ['now - 7d to now-1d', 'now-7d to now-1d', now - 7 * day, now - day],
    ['now-7d/d', 'now-7d/d to now', at(14), now],
    ['now-7d/d to now-1d/d', 'now-7d/d to now-1d/d', at(14), at(21)],
    ['now/d to now', 'now/d to now', at(21), now],
    ['NOW/D TO NOW', 'now/d to now', at(21), now],
    ['now/w', 'now/w to now', at(16), now],
    ['now-1M/M to now/M', 'now-1M/M to now/M', at(1, 0, 0, 0, 9), at(1, 0, 0, 0, 11)],
    ['now-1mo/mo to now-1mo/mo', 'now-1M/M to now-1M/M', at(1, 0, 0, 0, 9), at(1)],
    ['now-1Q/Q to now-1Q/Q', 'now-1Q/Q to now-1Q/Q', at(1, 0, 0, 0, 6), at(1, 0, 0, 0, 9)],
    ['now-1y/y', 'now-1y/y to now', Date.UTC(2025, 0), now],
    ['now/d+8h to now', 'now/d+8h to now', at(21, 8), now],
    ['now-1h to now+1h', 'now-1h to now+1h', now - hour, now + hour],
    ['3M', 'now-3M to now', at(21, 12, 30, 0, 7), now],
    ['3 months', 'now-3M to now', at(21, 12, 30, 0, 7), now],
    ['now-2Q to now', 'now-2Q to now', at(21, 12, 30, 0, 4), now],
    ['last 1 year', 'now-1y to now', Date.UTC(2025, 10, 21, 12, 30), now],
    ['yesterday', 'now-1d/d to now-1d/d', at(20), at(21)],
    ['Today', 'now/d to now', at(21), now],
    ['today 08:00', 'today 08:00 to now', at(21, 8), now],
    ['yesterday 14:00 to 15:30', 'yesterday 14:00 to yesterday 15:30', at(20, 14), at(20, 15, 30)],
    ['yesterday 22:00 to today 06:00', 'yesterday 22:00 to today 06:00', at(20, 22), at(21, 6)],
    ['yesterday 22:00 to 06:00', 'yesterday 22:00 to today 06:00', at(20, 22), at(21, 6)],
    ['last week', 'now-1w/w to now-1w/w', at(9), at(16)],
    ['last quarter', 'now-1Q/Q to now-1Q/Q', at(1, 0, 0, 0, 6), at(1, 0, 0, 0, 9)],
    ['this month', 'now/M to now', at(1), now],
    ['10:00', '2026-11-21T10:00:00.000Z to now', at(21, 10), now],
    ['14:00', '2026-11-20T14:00:00.000Z to now', at(20, 14), now],
    ['14:00 to now', '2026-11-20T14:00:00.000Z to now', at(20, 14), now],
    ['2026-11-21 10:00', '2026-11-21T10:00:00.000Z to now', at(21, 10), now],
  ])('reads %s as %s, which moves with the clock', (text, moving, from, to) => {
    expect(means(text)).toEqual({ from, to, moving });
  });

  it.each([
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
    ['now-7d to 2026-11-20 10:00', now - 7 * day, at(20, 10)],
    ['2026-11-20 23:00 to 24:00', at(20, 23), at(21)],
  ])('reads %s as fixed', (text, from, to) => {
    expect(readRange(text, now, 'UTC')).toEqual({ ok: true, range: { from, to } });
  });

  it('distinguishes month and minute by case, and no other unit', () => {
    expect(means('now-1M').to - means('now-1M').from).toBe(31 * day);
    expect(readRange('90m', now, 'UTC')).toEqual(readRange('90 MIN', now, 'UTC'));
    expect(readRange('2D', now, 'UTC')).toEqual({ ok: true, range: { lastMs: 2 * day } });
    expect(means('now-1q/q to now-1q/q')).toEqual(means('now-1Q/Q to now-1Q/Q'));
  });

  it('means another day tomorrow: a range that is relative to now stays relative', () => {
    const tomorrow = now + day;
    for (const text of ['now/d to now', 'yesterday', 'now-7d/d', 'today 08:00 to now', 'now-7d to now-1d']) {
      const read = readRange(text, now, berlin);
      if (!read.ok) throw new Error(text);
      const kept = parseRange(printRange(read.range), berlin);
      expect(kept && intervalAt(kept, tomorrow), text).toEqual({
        from: intervalAt(read.range, now).from + day,
        to: intervalAt(read.range, now).to + day,
      });
    }
  });

  it('has nothing to show at the first moment of the day, and is still a range', () => {
    const midnight = at(21);
    expect(readRange('now/d to now', midnight, 'UTC')).toMatchObject({ ok: true });
    const kept = parseRange('now/d~now');
    expect(kept && intervalAt(kept, midnight)).toEqual({ from: midnight, to: midnight + 1_000 });
  });

  it.each([
    ['', 'empty', ''],
    ['soon', 'unreadable', 'soon'],
    ['yesterday to whenever', 'unreadable', 'whenever'],
    ['now-6x', 'unknown-unit', 'x'],
    ['now-1d/x', 'unknown-unit', 'x'],
    ['now-1fQ/fQ', 'fiscal-unit', 'fQ'],
    ['now/fy', 'fiscal-unit', 'fy'],
    ['90ms', 'unknown-unit', 'ms'],
    ['now-1.2.3d', 'unreadable', 'now-1.2.3d'],
    ['now+1d to now+2d', 'ahead', 'now+1d to now+2d'],
    ['999999y', 'too-long', '999999y'],
    ['now-9999999h/d', 'too-long', 'now-9999999h/d'],
    ['now-3y/y', 'too-long', 'now-3y/y'],
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
    const unit = fc.constantFrom('s', 'm', 'h', 'd', 'w', 'M', 'Q', 'y');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5_000, noNaN: true }), unit, zone, (n, u, where) => {
        const read = readRange(`${n.toFixed(2)}${u}`, now, where);
        if (read.ok) expect(parseRange(printRange(read.range), where)).toEqual(read.range);
      }),
    );
  });

  it('reads every preset as itself', () => {
    for (const { text, lastMs } of presets) expect(readRange(text, now, 'UTC')).toEqual({ ok: true, range: { lastMs } });
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
    if (!read.ok) throw new Error('Refused.');
    return rangeLength(read.range, today) / hour;
  };
  it('a day has 23 or 25 hours', () => {
    expect(berlinDay('2026-03-29', now)).toBe(23);
    expect(berlinDay('2026-10-25', now)).toBe(25);
    expect(berlinDay('yesterday', Date.UTC(2026, 9, 26, 12))).toBe(25);
    expect(berlinDay('last week', Date.UTC(2026, 9, 28, 12))).toBe(7 * 24 + 1);
  });
  it('seven days back to the start of the day is midnight, in summer time as in winter time', () => {
    const today = Date.UTC(2026, 9, 28, 23, 30);
    const read = readRange('now-7d/d', today, berlin);
    expect(read.ok && intervalAt(read.range, today).from).toBe(Date.UTC(2026, 9, 21, 22));
  });
  it('months end where they end, with the hour that summer time gives or takes', () => {
    const hours = (text: string, today: number, where = berlin) => {
      const read = readRange(text, today, where);
      if (!read.ok) throw new Error(text);
      return rangeLength(read.range, today) / hour;
    };
    const march31 = Date.UTC(2026, 2, 31, 12);
    expect(hours('now-1M/M to now-1M/M', march31)).toBe(28 * 24);
    expect(hours('now-1M/M to now-1M/M', Date.UTC(2024, 2, 31, 12))).toBe(29 * 24);
    expect(hours('now/M to now/M', march31)).toBe(31 * 24 - 1);
    expect(hours('now-1M/M to now-1M/M', Date.UTC(2026, 10, 30, 12))).toBe(31 * 24 + 1);
    // A month before 31 March is 28 February.
    expect(hours('now-1M to now', march31)).toBe(31 * 24 - 1);
    expect(hours('now-1d/d to now-1d/d', Date.UTC(2026, 2, 30, 12))).toBe(23);
    expect(hours('now-1y/y to now-1y/y', march31)).toBe(365 * 24);
    expect(hours('now-1Q/Q to now-1Q/Q', Date.UTC(2026, 4, 31), 'Asia/Riyadh')).toBe(90 * 24);
  });
  it('an hour that comes twice is the one it is now', () => {
    // The second 02:30 of that night.
    const second = Date.UTC(2026, 9, 25, 1, 30);
    const read = readRange('now/h', second, berlin);
    expect(read.ok && intervalAt(read.range, second)).toEqual({ from: Date.UTC(2026, 9, 25, 1), to: second });
  });
  it('an hour that comes twice is the first; one that is skipped is the hour after', () => {
    expect(readRange('2026-10-25 02:30 to 2026-10-25 04:00', now, berlin)).toMatchObject({ range: { from: Date.UTC(2026, 9, 25, 0, 30) } });
    expect(readRange('2026-03-29 02:30 to 2026-03-29 04:00', now, berlin)).toMatchObject({ range: { from: Date.UTC(2026, 2, 29, 1, 30) } });
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
        if (!read.ok) throw new Error('Refused.');
        expect(wallOf(intervalAt(read.range, at + 365 * day).from, where)).toBe(wallOf(at, where));
      }),
    );
  });
  it('yesterday is a whole calendar day: it ends where today begins', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const read = readRange('yesterday', at, where);
        if (!read.ok) throw new Error('Refused.');
        const { from, to } = intervalAt(read.range, at);
        const dayOf = (when: number) => Math.floor(wallOf(when, where) / day);
        expect(dayOf(from)).toBe(dayOf(at) - 1);
        expect(dayOf(from - 1)).toBe(dayOf(at) - 2);
        expect(dayOf(to)).toBe(dayOf(at));
        expect(dayOf(to - 1)).toBe(dayOf(at) - 1);
      }),
    );
  });
});
