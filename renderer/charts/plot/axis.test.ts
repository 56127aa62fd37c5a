import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks, logAxis, type ValueAxis, valueAxis } from '#renderer/charts/engine/index.ts';
import { axisLabels, axisUnit } from './axis.ts';

const widthOf = (text: string) => text.length * 6;

function labelsOf(axis: ValueAxis, unit = '', room = 48) {
  return axisLabels({ values: axisTicks(axis), axis, unit, room, maxRoom: 120, widthOf });
}

describe('axisLabels', () => {
  const linear = (min: number, max: number, step: number): ValueAxis => ({ min, max, step, scale: 'linear' });

  it.each([
    [linear(0.8, 1, 0.1), 'm/s', ['0.8', '0.9', '1.0']],
    [linear(0.25, 0.75, 0.25), 'm/s', ['0.25', '0.50', '0.75']],
    [linear(1, 1.05, 0.025), '', ['1.000', '1.025', '1.050']],
    [linear(0, 40, 20), '%', ['0', '20', '40']],
    [linear(0, 1_500, 500), '', ['0', '500', '1,000', '1,500']],
    [linear(-1_500, 0, 500), '', ['−1,500', '−1,000', '−500', '0']],
    [linear(0, 1.5e9, 5e8), 'B', ['0 B', '0.5 GB', '1.0 GB', '1.5 GB']],
    [linear(0, 2e6, 1e6), 'B/s', ['0 B/s', '1 MB/s', '2 MB/s']],
    [linear(16_777_200, 16_777_230, 10), 'B', ['16.77720 MB', '16.77721 MB', '16.77722 MB', '16.77723 MB']],
    [linear(0, 1e12, 5e11), '', ['0.0 T', '0.5 T', '1.0 T'].map((text) => (text === '0.0 T' ? '0' : text))],
    [linear(-2e9, 0, 1e9), '', ['−2 G', '−1 G', '0']],
    [linear(0, 2e-25, 1e-25), '', ['0', '1e−25', '2e−25']],
  ])('%j %s', (axis, unit, texts) => expect(labelsOf(axis, unit).texts).toEqual(texts));

  it('writes a large number in full where there is room, scaled where there is less, and asks for more where neither fits', () => {
    const axis = linear(16_740_000, 16_780_000, 20_000);
    expect(labelsOf(axis, '', 80).texts.at(-1)).toBe('16,780,000');
    expect(labelsOf(axis, '', 48).texts.at(-1)).toBe('16.78 M');
    const close = labelsOf(linear(16_777_216, 16_777_220, 1), '', 48);
    expect(close.texts[0]).toBe('16,777,216');
    expect(close.width).toBeGreaterThan(48);
  });

  it('counts from a value written once where the numbers are too long for the chart', () => {
    const { texts, note } = labelsOf(linear(1e15, 1e15 + 1, 0.25));
    expect(note).toBe('1,000,000,000,000,000 +');
    expect(texts).toEqual(['+0.00', '+0.25', '+0.50', '+0.75', '+1.00']);
  });

  it('gives each decade of a logarithmic axis the digits it needs', () => {
    expect(labelsOf(logAxis({ extent: { min: 0.01, max: 1e10 }, steps: 4 }), '', 42).texts).toEqual(
      ['1 m'.length === 3 ? '0.001' : '', '1', '1 k', '1 M', '1 G'].slice(1),
    );
  });

  it('never gives two ticks the same label, and no label is wider than reported', () => {
    const value = fc.double({ min: -1e15, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(value, fc.double({ min: 1e-14, max: 1, noNaN: true }), fc.constantFrom('', '%', 'B'), (at, share, unit) => {
        const axis = valueAxis({ extent: { min: at, max: at + Math.abs(at) * share } });
        const { texts, width } = labelsOf(axis, unit);
        expect(new Set(texts).size).toBe(texts.length);
        expect(Math.max(...texts.map(widthOf))).toBe(width);
      }),
    );
  });

  it('names the unit once', () => {
    expect(axisUnit('m/s')).toBe('m/s');
    expect(axisUnit('B')).toBe('');
  });
});
