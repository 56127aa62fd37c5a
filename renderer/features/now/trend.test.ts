import { describe, expect, it } from 'vitest';
import { trendOf } from './trend.ts';

const minute = 60_000;

describe('trendOf', () => {
  it('compares the newest value with the mean of the first five minutes', () =>
    expect(trendOf({ t: [0, 4 * minute, 5 * minute, 60 * minute], v: [1, 3, 100, 4] }, 0)).toEqual({
      last: 4,
      lastAt: 60 * minute,
      before: 2,
    }));
  it('has nothing to compare with when the start is missing', () =>
    expect(trendOf({ t: [6 * minute], v: [1] }, 0)).toEqual({ last: 1, lastAt: 6 * minute, before: null }));
  it('knows nothing of an empty series', () => expect(trendOf({ t: [], v: [] }, 0)).toEqual({ last: null, lastAt: null, before: null }));
});
