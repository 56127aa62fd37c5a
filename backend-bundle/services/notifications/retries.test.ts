import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTryAt } from './retries.ts';

const latest = 1 - Number.EPSILON;

describe('an e-mail that failed for now', () => {
  it('is tried twice more: within a minute, then within two', () => {
    expect([1, 2, 3].map((attempts) => nextTryAt(1_000_000, attempts, () => latest))).toEqual([1_059_999, 1_119_999, null]);
  });

  it('is tried at any time up to then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 }), fc.double({ min: 0, max: latest, noNaN: true }), (attempts, drawn) => {
        const at = nextTryAt(5_000, attempts, () => drawn);
        expect(at).toBe(5_000 + Math.floor(drawn * attempts * 60_000));
      }),
    );
    expect(nextTryAt(5_000, 1, () => 0)).toBe(5_000);
  });
});
