import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalsOf,
  formatCompared,
  formatDuration,
  formatNumber,
  formatSetDuration,
  formatSetting,
  formatValue,
  sharedDecimals,
} from './format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0.0001, '−0.0001'],
    [0.6, '0.6'],
    [0.22, '0.22'],
    [0.6234, '0.623'],
    [0.1 + 0.2, '0.3'],
    [12.345, '12.3'],
    [123.45, '123'],
    [48, '48'],
    [1234.5, '1,235'],
    [1_234_567, '1,234,567'],
    [16_777_216.5, '16,777,217'],
    [1e12, '1,000,000,000,000'],
    [-1_234.4, '−1,234'],
    [2e16, '2e16'],
    [-1.25e-25, '−1.25e−25'],
    [1e-9, '1e−9'],
    [Number.NaN, 'not a number'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [0.999985, '0.999985'],
    [99.9985, '99.9985'],
    [99.96, '99.96'],
    [100.0004, '100.0004'],
    [1.0003, '1.0003'],
    [0.0999999, '0.0999999'],
    [999.7, '999.7'],
    [9_999.6, '9,999.6'],
    [-0.999985, '−0.999985'],
    [9.99999e20, '9.99999e20'],
  ])('never rounds %d to a nearby power of ten', (value, text) => expect(formatNumber(value)).toBe(text));

  it('ignores floating-point noise of sums', () => {
    expect(formatNumber(0.1 * 3 + 0.7)).toBe('1');
    expect(formatNumber(100 + 1e-13)).toBe('100');
  });

  it('never shows another number as a power of ten', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 12 }), fc.double({ min: 1e-9, max: 1e-3, noNaN: true }), fc.boolean(), (power, off, above) => {
        const round = 10 ** power;
        expect(formatNumber(round * (above ? 1 + off : 1 - off))).not.toBe(formatNumber(round));
      }),
    );
  });

  it('never writes a negative zero', () => expect(formatNumber(-0.001, 2)).toBe('0.00'));
});

describe('formatValue', () => {
  it.each([
    [0.62, 'm/s', '0.62 m/s'],
    [71, '%', '71 %'],
    [99.9985, '%', '99.9985 %'],
    [0.0004, '%', '0.0004 %'],
    [5, '', '5'],
    [999, 'B', '999 B'],
    [1_240_000_000, 'B', '1.24 GB'],
    [1_240_000_000, 'bytes', '1.24 GB'],
    [-1500, 'B/s', '−1.5 kB/s'],
  ])('writes %d %s as %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text));

  it('uses the given decimals', () => expect(formatValue(0.6, 'm/s', 2)).toBe('0.60 m/s'));

  it.each([
    [99.9985, 1, '>99.9 %'],
    [99.6, 0, '>99 %'],
    [100.2, 0, '>100 %'],
    [0.04, 1, '<0.1 %'],
    [-0.2, 0, '>−1 %'],
    [-99.97, 1, '<−99.9 %'],
    [100, 1, '100.0 %'],
    [0, 1, '0.0 %'],
    [99.4, 0, '99 %'],
  ])('never shows %d %% with %d decimals as 0 % or 100 %', (value, decimals, text) => expect(formatValue(value, '%', decimals)).toBe(text));
});

describe('sharedDecimals', () => {
  it.each([
    [[0.62, 0.6], '', 2],
    [[3, 4, 12], '', 0],
    [[16_777_216.5, 16_777_219.5], '', 1],
    [[0.999985, 0.99998], '', 6],
    [[99.9985, 12.5], '%', 4],
    [[1e15, 1e15 + 0.75], '', 1],
    [[123_456, 0.5], '', 1],
    [[1.25e-25, 2e-25], '', 27],
    [[1_240_000_000, 12], 'B', undefined],
    [[16_777_216, 16_777_219], 'B', 6],
    [[Number.NaN], '', 0],
  ])('%j %s need %s', (values, unit, decimals) => expect(sharedDecimals(values, unit)).toBe(decimals));

  it('rounds a mantissa up to the next power', () => expect(formatNumber(9.9999e-27, 28)).toBe('1.0e−26'));
  it('shows values near 1e-25 with their digits', () => expect(formatNumber(1.25e-25, sharedDecimals([1.25e-25, 2e-25]))).toBe('1.25e−25'));
});

describe('what a person set', () => {
  it.each([
    [0.6, 'm/s', '0.6 m/s'],
    [90, '%', '90 %'],
    [1.23456, '', '1.23456'],
    [1e-9, '', '0.000000001'],
    [-2.5, 'A', '−2.5 A'],
  ])('%d %s reads %s', (value, unit, text) => expect(formatSetting(value, unit)).toBe(text));
  it('counts the digits that were typed', () => expect([0.25, 3, 1.5e-7].map(decimalsOf)).toEqual([2, 0, 8]));
  it('is distinguished from what was measured', () => {
    expect(formatCompared(0.5997, 0.6, 'm/s')).toBe('0.5997 m/s');
    expect(formatCompared(0.6, 0.6)).toBe('0.6');
    expect(formatCompared(0.5, 0.6)).toBe('0.5');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s', '0 ث'],
    [-5, '0 s', '0 ث'],
    [250, '250 ms', '250 م.ث'],
    [1_999, '1 s', '1 ث'],
    [20_000, '20 s', '20 ث'],
    [192_000, '3 min 12 s', '3 د 12 ث'],
    [665_000, '11 min', '11 د'],
    [3_600_000, '1 h', '1 س'],
    [4 * 3_600_000, '4 h', '4 س'],
    [187_200_000, '2 d 4 h', '2 ي 4 س'],
    [1_500 * 86_400_000, '1,500 d', '1,500 ي'],
  ])('writes %d ms as %s', (ms, en, ar) => {
    expect(formatDuration(ms)).toBe(en);
    expect(formatDuration(ms, 'ar')).toBe(ar);
  });

  it('never claims more time than has passed, and loses less than its smaller unit', () => {
    const size: Record<string, number> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000, ms: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (ms) => {
        const parts = [
          ...formatDuration(ms)
            .replaceAll(',', '')
            .matchAll(/(\d+) (\w+)/g),
        ].map(([, n, unit]) => ({
          n: Number(n),
          unit: size[unit ?? ''] ?? NaN,
        }));
        const read = parts.reduce((sum, part) => sum + part.n * part.unit, 0);
        const large = parts[0]?.unit ?? NaN;
        expect(read).toBeLessThanOrEqual(ms);
        expect(ms - read).toBeLessThan(large);
      }),
    );
  });
});

describe('formatSetDuration', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [1_500, '1.5 s'],
    [60_000, '1 min'],
    [750_000, '12 min 30 s'],
    [36 * 3_600_000, '1 d 12 h'],
    [86_400_000 + 250, '1 d 250 ms'],
  ])('writes %d ms in full: %s', (ms, text) => expect(formatSetDuration(ms)).toBe(text));
});
