import { describe, expect, it } from 'vitest';
import { formatChange, formatDateTime, formatDuration, formatParts, formatValue, formatZone } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [4_900, '4 s'],
    [192_000, '3 min 12 s'],
    [665_000, '11 min'],
    [11_100_000, '3 h 5 min'],
    [36_000_000, '10 h'],
    [2 * 86_400_000, '2 d'],
  ])('writes %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('writes Arabic units after Latin digits', () => expect(formatDuration(192_000, 'ar')).toBe('3 د 12 ث'));
  it('takes a clock that ran backwards as no time', () => expect(formatDuration(-5_000)).toBe('0 s'));
});

describe('values', () => {
  it('parts figures from their unit', () => expect(formatParts(0.625, 'm/s')).toEqual({ figures: '0.625', unit: 'm/s' }));
  it('scales bytes', () => expect(formatValue(1_240_000_000, 'B')).toBe('1.24 GB'));
  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('shows %s as no value', (value) =>
    expect(formatValue(value, 'm/s')).toBe('–'),
  );
  it('shows a change by its direction', () => {
    expect(formatChange(0.78, 1)).toBe('▼ 22 %');
    expect(formatChange(-1, -2)).toBe('▲ 50 %');
    expect(formatChange(1, 0)).toBeNull();
    expect(formatChange(1, 1)).toBe('± 0 %');
    expect(formatChange(1.001, 1)).toBe('▲ <1 %');
    expect(formatChange(0.0004, 1)).toBe('▼ >99 %');
  });
});

describe('clocks', () => {
  it('writes UTC to the second', () =>
    expect(formatDateTime(Date.UTC(2026, 0, 31, 3, 4, 5), { language: 'en', clock: 'utc' })).toBe('31 Jan 2026 03:04:05'));
  it('names the zone', () => expect(formatZone(0, 'utc')).toBe('UTC'));
});
