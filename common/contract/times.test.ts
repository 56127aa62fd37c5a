import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMsInput, epochSecondsInput } from './primitives.ts';
import { checkPointTime, earliestPointMs, endOfTimeMs, findPointTimeProblem, findUnitMistake, maxAheadMs } from './times.ts';

const messageOf = (schema: typeof epochMsInput, value: number) => schema.safeParse(value).error?.issues[0]?.message;

describe('a time in the wrong unit is recognised', () => {
  test.each([
    ['seconds', 1_760_000_000_000, 'is in milliseconds; this field takes epoch seconds: divide by 1000', 1_760_000_000],
    ['seconds', 1_760_000_000_000_000, 'is in microseconds; this field takes epoch seconds: divide by 1000000', 1_760_000_000],
    ['milliseconds', 1_760_000_000, 'is in seconds; this field takes epoch milliseconds: multiply by 1000', 1_760_000_000_000],
    ['milliseconds', 1_760_000_000_000_000, 'is in microseconds; this field takes epoch milliseconds: divide by 1000', 1_760_000_000_000],
    ['milliseconds', 1.76e18, 'is in nanoseconds; this field takes epoch milliseconds: divide by 1000000', 1_760_000_000_000],
  ] as const)('where %s are expected: %d', (takes, value, problem, meant) => {
    expect(findUnitMistake(value, takes)).toEqual({ problem, meant });
    expect(messageOf(takes === 'seconds' ? epochSecondsInput : epochMsInput, value)).toBe(problem);
  });

  test('a time in the right unit never is, in any year from 1973 to 3883', () => {
    fc.assert(
      fc.property(fc.integer({ min: earliestPointMs, max: endOfTimeMs - 1 }), (t) => {
        expect(findUnitMistake(t, 'milliseconds')).toBeNull();
        expect(findUnitMistake(Math.ceil(t / 1_000), 'seconds')).toBeNull();
        expect(epochMsInput.safeParse(t).success).toBe(true);
      }),
    );
  });

  test('the start of time is a fair start of a range, and the year 10000 is no unit but too late', () => {
    expect(epochMsInput.safeParse(0).success).toBe(true);
    expect(epochMsInput.safeParse(3_600_000).success).toBe(true);
    expect(messageOf(epochSecondsInput, 253_402_300_799)).toMatch(/past the year 3883/);
    expect(messageOf(epochMsInput, 253_402_300_799_000)).toMatch(/past the year 3883/);
  });
});

test('the limits are tight: the last moment is taken and the next is not, in both units', () => {
  expect(epochMsInput.safeParse(endOfTimeMs - 1).success).toBe(true);
  expect(epochMsInput.safeParse(endOfTimeMs).success).toBe(false);
  expect(epochSecondsInput.safeParse(endOfTimeMs / 1_000 - 1).success).toBe(true);
  expect(epochSecondsInput.safeParse(endOfTimeMs / 1_000).success).toBe(false);
  const now = Date.UTC(2026, 10, 26);
  expect(findPointTimeProblem(now + maxAheadMs, now)).toBeNull();
  expect(findPointTimeProblem(now + maxAheadMs + 1, now)?.problem).toMatch(/more than a day ahead/);
  expect(findPointTimeProblem(earliestPointMs, now)).toBeNull();
  expect(() => checkPointTime(earliestPointMs - 1, now, () => 'signals.3.timestamp')).toThrow(
    expect.objectContaining({ code: 'validation_failed', field: 'signals.3.timestamp' }),
  );
});
