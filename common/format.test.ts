import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatNumber, formatValue } from './format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0.0001, '−0.000100'],
    [0.6234, '0.623'],
    [12.345, '12.3'],
    [123.45, '123'],
    [48, '48'],
    [1234.5, '1,235'],
    [1_234_567, '1,234,567'],
    [-1_234.4, '−1,234'],
    [2e16, '2.00e+16'],
    [1e-9, '1.00e-9'],
    [Number.NaN, 'not a number'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('never writes a negative zero', () => expect(formatNumber(-0.001, 2)).toBe('0.00'));
});

describe('formatValue', () => {
  it.each([
    [0.62, 'm/s', '0.620 m/s'],
    [71, '%', '71 %'],
    [5, '', '5'],
    [999, 'B', '999 B'],
    [1_240_000_000, 'B', '1.24 GB'],
    [999_999, 'B/s', '1.00 MB/s'],
    [-1500, 'B/s', '−1.50 kB/s'],
  ])('writes %d %s as %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text));

  it('keeps the decimals it was told', () => expect(formatValue(0.6, 'm/s', 2)).toBe('0.60 m/s'));
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s', '0s'],
    [-5, '0 s', '0s'],
    [250, '250 ms', '250ms'],
    [1_999, '1 s', '1s'],
    [360_000, '6 min', '6m'],
    [192_000, '3 min 12 s', '3m 12s'],
    [3_600_000, '1 h', '1h'],
    [3_659_000, '1 h', '1h'],
    [187_200_000, '2 d 4 h', '2d 4h'],
  ])('writes %d ms as %s, compact %s', (ms, plain, compact) => {
    expect(formatDuration(ms)).toBe(plain);
    expect(formatDuration(ms, 'compact')).toBe(compact);
  });

  it('never claims more time than has passed, and loses less than its smaller unit', () => {
    const size: Record<string, number> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000, ms: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (ms) => {
        const parts = [...formatDuration(ms).matchAll(/(\d+) (\w+)/g)].map(([, n, unit]) => ({
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
