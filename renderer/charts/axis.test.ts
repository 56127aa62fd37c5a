import { describe, expect, it } from 'vitest';
import { axisUnit, valueTick } from './axis.ts';

describe('valueTick', () => {
  it.each([
    [0.8, 0.1, 'm/s', '0.8'],
    [0.25, 0.25, 'm/s', '0.25'],
    [7.5, 2.5, 'm/s', '7.5'],
    [1.025, 0.025, 'm/s', '1.025'],
    [0.3, 0.1 + 0.2 - 0.2, '', '0.3'],
    [20, 20, '%', '20'],
    [1500, 500, '', '1,500'],
    [1_500_000_000, 5e8, 'B', '1.5 GB'],
    [2_000_000, 1e6, 'B/s', '2 MB/s'],
  ])('writes %d by %d %s as %s', (value, step, unit, text) => expect(valueTick(value, step, unit)).toBe(text));
  it('names the unit once', () => {
    expect(axisUnit('m/s')).toBe('m/s');
    expect(axisUnit('B')).toBe('');
  });
});
