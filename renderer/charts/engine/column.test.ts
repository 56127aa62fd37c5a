import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column } from './column.ts';

const value = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  fc.constantFrom(NaN, Infinity, -Infinity),
);
const points = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), value), { minLength: 1, maxLength: 400 }).map((steps) => {
  let at = 1_700_000_000_000;
  return steps.map(([step, v]) => {
    at += step;
    return { t: at, v };
  });
});
const columnOf = (all: readonly { t: number; v: number }[], bucketMs = 0) => {
  const column = new Column({ times: Float64Array.from(all, ({ t }) => t), values: Float64Array.from(all, ({ v }) => v), bucketMs });
  column.build();
  return column;
};

describe('a column', () => {
  it('is the same whether its points came at once or one after the other', () => {
    fc.assert(
      fc.property(points, fc.nat(400), (all, cut) => {
        const whole = columnOf(all);
        const grown = columnOf(all.slice(0, Math.max(1, Math.min(cut, all.length))));
        for (const { t, v } of all.slice(grown.length)) grown.append(Float64Array.of(t), Float64Array.of(v));
        expect(grown.length).toBe(whole.length);
        for (let i = 0; i < all.length; i++) {
          expect(grown.timeAt(i)).toBe(all[i]?.t);
          expect(grown.valueAt(i)).toBe(all[i]?.v);
          expect(grown.breaksBefore(i), `break before ${i}`).toBe(whole.breaksBefore(i));
        }
        const numbers = all.map(({ v }) => v).filter(Number.isFinite);
        expect(grown.pyramid.range(0, all.length)).toEqual({ min: Math.min(...numbers), max: Math.max(...numbers) });
      }),
    );
  });

  it('breaks the line before and after a value that is not a number', () => {
    const column = columnOf([1, 2, NaN, 4, Infinity, 6].map((v, i) => ({ t: i * 10, v })));
    expect([0, 1, 2, 3, 4, 5].map((i) => column.breaksBefore(i))).toEqual([true, false, true, true, true, true]);
    expect([1, 3, 6].map((i) => column.nextBreak(i))).toEqual([2, 3, Infinity]);
  });

  it('holds regular times without an array and values as 32-bit floats only where none changes', () => {
    const count = 10_000;
    const regular = columnOf(Array.from({ length: count }, (_, i) => ({ t: i * 1_000, v: i })));
    expect(regular.times).toEqual({ t0: 0, dt: 1_000 });
    expect(regular.values).toBeInstanceOf(Float32Array);
    const fine = columnOf(Array.from({ length: count }, (_, i) => ({ t: i * 1_000, v: i + 0.1 })));
    expect(fine.values).toBeInstanceOf(Float64Array);
    // All indexes together may add at most a fifth to the bare 64-bit values.
    expect(fine.bytes).toBeLessThan(1.2 * 8 * count);
    fine.append(Float64Array.of(count * 1_000 + 1), Float64Array.of(5));
    expect('t' in fine.times).toBe(true);
    expect(fine.timeAt(count - 1)).toBe((count - 1) * 1_000);
    expect(fine.timeAt(count)).toBe(count * 1_000 + 1);
    regular.append(Float64Array.of(count * 1_000), Float64Array.of(0.1));
    expect(regular.valueAt(count)).toBe(0.1);
    expect(regular.valueAt(7)).toBe(7);
  });

  it('replaces the last point by one of the same time: a bucket that is still filling', () => {
    const column = columnOf([1, 2, 3].map((v, i) => ({ t: i * 10, v })));
    column.append(Float64Array.of(20, 30), Float64Array.of(9, 4));
    expect(column.length).toBe(4);
    expect([0, 1, 2, 3].map((i) => column.valueAt(i))).toEqual([1, 2, 9, 4]);
    expect(column.pyramid.range(0, 4)).toEqual({ min: 1, max: 9 });
  });

  it('drops old points once there are many, and then equals a column of the rest', () => {
    for (const step of [10, 7]) {
      const all = Array.from({ length: 4_000 }, (_, i) => ({
        t: i * 10 + (step === 7 && i % 3 === 0 ? 1 : 0),
        v: i % 97 === 5 ? NaN : Math.sin(i),
      }));
      const column = columnOf(all);
      column.trim(100);
      expect(column.length).toBe(4_000);
      column.trim(20_005);
      const rest = columnOf(all.slice(4_000 - column.length));
      expect(column.length).toBe(2_000);
      for (let i = 0; i < rest.length; i++) {
        expect(column.timeAt(i)).toBe(rest.timeAt(i));
        expect(column.valueAt(i)).toBe(rest.valueAt(i));
        expect(column.breaksBefore(i)).toBe(rest.breaksBefore(i));
      }
      expect(column.pyramid.range(3, 1_700)).toEqual(rest.pyramid.range(3, 1_700));
    }
  });

  it('gives the true point nearest to a time', () => {
    const column = columnOf([5, 6, 7].map((v, i) => ({ t: i * 10, v })));
    expect(column.nearest(12, 5)).toBe(1);
    expect(column.nearest(28, 5)).toBe(-1);
  });
});
