import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeLabel, timeTicks } from './ticks.ts';

const english = { locale: 'en-GB', clock: 'utc' as const };

describe('timeTicks', () => {
  const from = Date.UTC(2026, 10, 20, 22, 17);
  it('has ticks at whole steps of the clock', () => {
    const { at, step } = timeTicks(from, from + 6 * 3_600_000, 8, 'utc');
    expect(step).toBe(3_600_000);
    expect(at.map((t) => timeLabel(t, step, english))).toEqual(['23:00', '21 Nov', '01:00', '02:00', '03:00', '04:00']);
  });
  it('shows seconds only where they tell ticks apart', () => {
    const { at, step } = timeTicks(from, from + 60_000, 6, 'utc');
    expect(timeLabel(at[1] ?? 0, step, english)).toBe('22:17:10');
  });
  it('gives ascending ticks inside the interval, not more than fit, for either clock', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        fc.integer({ min: 10, max: 30 * 366 * 86_400_000 }),
        fc.integer({ min: 2, max: 20 }),
        fc.constantFrom('utc' as const, 'local' as const),
        (start, width, most, clock) => {
          const { at } = timeTicks(start, start + width, most, clock);
          expect(at.length).toBeLessThanOrEqual(most + 2);
          at.forEach((t, i) => {
            expect(t).toBeGreaterThanOrEqual(start);
            expect(t).toBeLessThanOrEqual(start + width);
            if (i > 0) expect(t).toBeGreaterThan(at[i - 1] ?? 0);
          });
        },
      ),
    );
  });
  it('goes down to milliseconds', () => {
    const { at, step } = timeTicks(from, from + 12, 6, 'utc');
    expect(step).toBe(2);
    expect(at.map((t) => t - from)).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(timeLabel(at[1] ?? 0, step, english)).toBe('22:17:00.002');
  });
  it('goes up to years, by the calendar', () => {
    const { at, step } = timeTicks(Date.UTC(2019, 5, 1), Date.UTC(2026, 5, 1), 8, 'utc');
    expect(at.map((t) => new Date(t).toISOString().slice(0, 10))).toEqual(
      [2020, 2021, 2022, 2023, 2024, 2025, 2026].map((year) => `${year}-01-01`),
    );
    expect(timeLabel(at[0] ?? 0, step, english)).toBe('2020');
    const months = timeTicks(Date.UTC(2025, 10, 15), Date.UTC(2026, 3, 15), 6, 'utc');
    expect(months.at.map((t) => timeLabel(t, months.step, english))).toEqual(['Dec', 'Jan 2026', 'Feb', 'Mar', 'Apr']);
  });
  it('follows the local clock on both sides of a clock change', () => {
    // On 25 October 2026 the clocks go back from 03:00 to 02:00.
    const { at, step } = inZone('Europe/Berlin', () => timeTicks(Date.UTC(2026, 9, 24, 20), Date.UTC(2026, 9, 25, 12), 6, 'local'));
    expect(step).toBe(3 * 3_600_000);
    expect(inZone('Europe/Berlin', () => at.map((t) => new Date(t).getHours() % 3))).toEqual(at.map(() => 0));
    expect(at.map((t, i) => t - (at[i - 1] ?? t))).toContain(4 * 3_600_000);
  });

  describe.each([
    // Labels of an hour that occurs twice carry its offset; a missing hour leaves no hole.
    ['Europe/Berlin', Date.UTC(2026, 9, 24, 23), 5, 7, ['01:00', '02:00', '02:00 +1', '03:00', '04:00', '05:00']],
    ['America/New_York', Date.UTC(2026, 10, 1, 4), 4, 5, ['1 Nov', '01:00', '01:00 −5', '02:00', '03:00']],
    ['America/St_Johns', Date.UTC(2026, 10, 1, 2, 30), 4, 5, ['1 Nov', '01:00', '01:00 −3:30', '02:00', '03:00']],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 14), 2, 6, ['01:00', '01:30', '01:30 +10:30', '02:00', '02:30']],
    ['Europe/Berlin', Date.UTC(2026, 2, 28, 23), 4, 5, ['29 Mar', '01:00', '03:00', '04:00', '05:00']],
    ['Asia/Kolkata', Date.UTC(2026, 2, 28, 20, 30), 3, 6, ['02:00', '02:30', '03:00', '03:30', '04:00', '04:30', '05:00']],
    ['Asia/Kathmandu', Date.UTC(2026, 2, 28, 20, 15), 2, 3, ['02:00', '03:00', '04:00']],
  ])('in %s from %d', (zone, from, hours, most, labels) => {
    it('labels every whole step of the clock once', () => {
      const found = inZone(zone, () => {
        const { at, step } = timeTicks(from, from + hours * 3_600_000, most, 'local');
        return at.map((t) => timeLabel(t, step, { locale: 'en-GB', clock: 'local' }));
      });
      expect(found).toEqual(labels);
    });
  });
});

/** Runs `work` in a time zone. Node reads the zone again whenever `TZ` is set. */
function inZone<T>(zone: string, work: () => T): T {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}
