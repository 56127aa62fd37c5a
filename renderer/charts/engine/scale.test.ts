import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks, logAxis, rowOf, valueAxis } from './scale.ts';

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
    [{ extent: { min: 1e-25, max: 3e-25 } }, { min: 0, max: 4e-25, step: 1e-25 }],
    [{ extent: { min: -3e-25, max: -3e-25 } }, { min: -3.2e-25, max: -2.8e-25, step: 1e-26 }],
    [{ extent: { min: 0, max: 0 } }, { min: -1, max: 1, step: 1 }],
    [
      { extent: { min: 0, max: 0 }, fromZero: true },
      { min: 0, max: 1, step: 1 },
    ],
    [
      { extent: { min: 0, max: 0 }, fixed: { min: 0 }, whole: true },
      { min: 0, max: 1, step: 1 },
    ],
    [
      { extent: { min: 0, max: 0 }, include: [90] },
      { min: 0, max: 100, step: 20 },
    ],
    [
      { extent: { min: 0, max: 3 }, whole: true },
      { min: 0, max: 4, step: 1 },
    ],
    [
      { extent: { min: 0, max: 11 }, whole: true },
      { min: 0, max: 15, step: 5 },
    ],
    [{ extent: { min: 0.93, max: 1 } }, { min: 0.92, max: 1.02, step: 0.02 }],
    [{ extent: { min: 1e15, max: 1e15 + 1 } }, { min: 1e15, max: 1e15 + 1, step: 0.25 }],
    [{ extent: { min: 16_777_216.5, max: 16_777_219.5 } }, { min: 16_777_216, max: 16_777_220, step: 1 }],
  ])('%j', (ask, axis) => expect(valueAxis(ask)).toEqual({ ...axis, scale: 'linear' }));

  it('keeps all values visible, with a reasonable number of round steps', () => {
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

describe('an axis of unusual values', () => {
  it.each([
    [-1.7e308, 1.7e308],
    [-5e-324, 5e-324],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [-1e300, -1e299],
    [1e15, 1e15],
  ])('from %d to %d is finite, upright and labelled', (min, max) => {
    const axis = valueAxis({ extent: { min, max } });
    expect(Number.isFinite(axis.min) && Number.isFinite(axis.max) && axis.max > axis.min).toBe(true);
    expect(axisTicks(axis).length).toBeGreaterThan(1);
    expect(Number.isFinite(rowOf(axis.min, axis, 100))).toBe(true);
  });

  it('sets large values that lie close together where they belong', () => {
    const axis = valueAxis({ extent: { min: 1e15, max: 1e15 + 1 } });
    expect(rowOf(1e15, axis, 100) - rowOf(1e15 + 1, axis, 100)).toBe(100);
  });

  it('has whole ticks for whole numbers of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 1e5 }), (min, spread) => {
        expect(axisTicks(valueAxis({ extent: { min, max: min + spread }, whole: true })).every(Number.isInteger)).toBe(true);
      }),
    );
  });
});

describe('logAxis', () => {
  it.each([
    [{ extent: { min: 0.5, max: 400 } }, 0.1, 1_000, [0.1, 1, 10, 100, 1_000]],
    [{ extent: { min: 3, max: 4 } }, 1, 10, [1, 10]],
    [{ extent: null }, 1, 10, [1, 10]],
    [{ extent: { min: 1e-9, max: 1e9 } }, 1e-9, 1e9, [1e-8, 1e-4, 1, 1e4, 1e8]],
  ])('%j', (ask, min, max, ticks) => {
    const axis = logAxis(ask);
    expect(axis.min).toBeCloseTo(min, 12);
    expect(axis.max).toBeCloseTo(max, 3);
    for (const [i, tick] of axisTicks(axis).entries()) expect(tick / (ticks[i] ?? 0)).toBeCloseTo(1, 9);
    expect(axisTicks(axis).length).toBe(ticks.length);
  });
  it('has no place for values of zero or less', () => {
    const axis = logAxis({ extent: { min: 1, max: 100 } });
    expect(rowOf(0, axis, 100)).toBeNaN();
    expect(rowOf(-5, axis, 100)).toBeNaN();
    expect(rowOf(10, axis, 100)).toBeCloseTo(50);
  });
});
