import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatSetDuration } from '../format.ts';
import { parseDuration } from './duration-text.ts';
import { dayMs, hourMs, minuteMs } from './durations.ts';

it.each([
  ['90', 90_000],
  ['5m', 5 * minuteMs],
  ['5 min', 5 * minuteMs],
  [' 1 H 30 min ', 1.5 * hourMs],
  ['1h30m', 1.5 * hourMs],
  ['1,5 h', 1.5 * hourMs],
  ['2w', 14 * dayMs],
  ['250 ms', 250],
  ['5 د', 5 * minuteMs],
  ['1 ي 2 س', dayMs + 2 * hourMs],
  ['0', 0],
])('reads “%s” as %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each(['', 'soon', '5 x', '-5 s', '5 min 30', 'min', '5 min,', '1e3', '٥'])('refuses “%s”', (text) =>
  expect(parseDuration(text)).toBeNaN(),
);

it('reads every duration that the formatter writes, in both languages', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * dayMs }), fc.constantFrom('en' as const, 'ar' as const), (ms, language) => {
      fc.pre(ms < 1_000 || ms % 1_000 === 0);
      // Thousands are grouped, which people don't type.
      expect(parseDuration(formatSetDuration(ms, language).replaceAll(/[,\u202f]/g, ''))).toBe(ms);
    }),
  );
});
