import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketEdges, bucketStart, nextBucket } from './buckets.ts';

const utc = (text: string) => Date.parse(text);

describe('calendar days', () => {
  const berlin = { days: 1, timeZone: 'Europe/Berlin' } as const;

  test('the day the clocks go forward has 23 hours', () => {
    const start = bucketStart(utc('2026-03-29T12:00:00Z'), berlin);
    expect(start).toBe(utc('2026-03-28T23:00:00Z'));
    expect(nextBucket(start, berlin) - start).toBe(23 * 3_600_000);
  });

  test('the day the clocks go back has 25 hours', () => {
    const start = bucketStart(utc('2026-10-25T00:30:00Z'), berlin);
    expect(start).toBe(utc('2026-10-24T22:00:00Z'));
    expect(nextBucket(start, berlin) - start).toBe(25 * 3_600_000);
  });

  test('a day without a midnight begins where the clocks jumped to', () => {
    // Beirut skips 00:00 to 01:00.
    const start = bucketStart(utc('2026-03-29T10:00:00Z'), { days: 1, timeZone: 'Asia/Beirut' });
    expect(start).toBe(utc('2026-03-28T22:00:00Z'));
  });

  test('an unknown zone is refused', () => {
    expect(() => bucketStart(0, { days: 1, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  });

  test.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'days of %s join without gap or overlap',
    (timeZone) => {
      fc.assert(
        fc.property(fc.integer({ min: utc('2001-01-01'), max: utc('2037-01-01') }), (t) => {
          const start = bucketStart(t, { days: 1, timeZone });
          const end = nextBucket(start, { days: 1, timeZone });
          expect(start).toBeLessThanOrEqual(t);
          expect(end).toBeGreaterThan(t);
          expect(bucketStart(end, { days: 1, timeZone })).toBe(end);
          expect(bucketStart(end - 1, { days: 1, timeZone })).toBe(start);
        }),
        { numRuns: 60 },
      );
    },
  );
});

test('edges cover the range: the first at or before its start, the last at or after its end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 1_000, max: 86_400_000 }),
      (from, length, ms) => {
        const edges = bucketEdges(from, from + length, { ms });
        expect(edges[0]).toBeLessThanOrEqual(from);
        expect(edges[1]).toBeGreaterThan(from);
        expect(edges.at(-1)).toBeGreaterThanOrEqual(from + length);
        expect(edges.at(-2)).toBeLessThan(from + length);
      },
    ),
  );
});

test('too many edges are refused before any is computed', () => {
  const year57742 = 1_760_000_000_000_000;
  for (const width of [{ days: 1, timeZone: 'Europe/Berlin' }, { ms: 1_000 }] as const) {
    expect(() => bucketEdges(0, year57742, width)).toThrow(expect.objectContaining({ code: 'query_too_large' }));
    expect(() => bucketEdges(0, Number.POSITIVE_INFINITY, width)).toThrow(expect.objectContaining({ code: 'query_too_large' }));
  }
  expect(bucketEdges(0, 1_000_000_000, { ms: 1_000 }).length).toBe(1_000_001);
});
