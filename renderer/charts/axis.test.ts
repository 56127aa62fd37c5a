import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisUnit, timeTick, timeTicks, valueAxis, valueTick } from './axis.ts';

describe('valueAxis', () => {
  it.each([
    [{ extent: { min: 0.85, max: 1.15 } }, { min: 0.8, max: 1.2, step: 0.1 }],
    [
      { extent: { min: 0, max: 100 }, fixed: { min: 0, max: 100 } },
      { min: 0, max: 100, step: 20 },
    ],
    [{ extent: { min: 10, max: 40 } }, { min: 0, max: 50, step: 10 }],
    [
      { extent: { min: 990, max: 1000 }, fromZero: true },
      { min: 0, max: 1250, step: 250 },
    ],
    [{ extent: null }, { min: 0, max: 1.25, step: 0.25 }],
  ])('%j', (ask, axis) => expect(valueAxis(ask)).toEqual(axis));

  it('keeps everything in sight, with a sane number of round steps', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.array(value, { maxLength: 3 }), fc.boolean(), (a, b, include, fromZero) => {
        const extent = { min: Math.min(a, b), max: Math.max(a, b) };
        const axis = valueAxis({ extent, include, fromZero });
        const slack = (axis.max - axis.min) * 1e-6;
        for (const one of [extent.min, extent.max, ...include]) {
          expect(one).toBeGreaterThanOrEqual(axis.min - slack);
          expect(one).toBeLessThanOrEqual(axis.max + slack);
        }
        const steps = (axis.max - axis.min) / axis.step;
        expect(steps).toBeGreaterThan(0.9);
        expect(steps).toBeLessThan(9);
      }),
    );
  });
});

describe('valueTick', () => {
  it.each([
    [0.8, 0.1, 'm/s', '0.8'],
    [0.25, 0.25, 'm/s', '0.25'],
    [20, 20, '%', '20'],
    [1500, 500, '', '1,500'],
    [1_500_000_000, 5e8, 'B', '1.50 GB'],
    [2_000_000, 1e6, 'B/s', '2 MB/s'],
  ])('writes %d by %d %s as %s', (value, step, unit, text) => expect(valueTick(value, step, unit)).toBe(text));
  it('names the unit once', () => {
    expect(axisUnit('m/s')).toBe('m/s');
    expect(axisUnit('B')).toBe('');
  });
});

describe('timeTicks', () => {
  const from = Date.UTC(2026, 10, 20, 22, 17);
  it('stands on whole steps of the clock', () => {
    const { at, step } = timeTicks(from, from + 6 * 3_600_000, 8, 'utc');
    expect(step).toBe(3_600_000);
    expect(at.map((t) => timeTick(t, step, { language: 'en', clock: 'utc' }))).toEqual([
      '23:00',
      '21 Nov',
      '01:00',
      '02:00',
      '03:00',
      '04:00',
    ]);
  });
  it('shows seconds only where they tell ticks apart', () => {
    const { at, step } = timeTicks(from, from + 60_000, 6, 'utc');
    expect(timeTick(at[1] ?? 0, step, { language: 'en', clock: 'utc' })).toBe('22:17:10');
  });
  it('gives ascending ticks inside the stretch, not more than fit, for either clock', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        fc.integer({ min: 10_000, max: 700 * 86_400_000 }),
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
});
