import { expect, it } from 'vitest';
import { readMinutes, writeMinutes } from './minutes.ts';

it('reads back every minute of the day', () => {
  for (let minute = 0; minute < 1_440; minute++) expect(readMinutes(writeMinutes(minute))).toBe(minute);
});
it.each(['', '24:00', '1:00', '12:60', 'noon'])('refuses "%s"', (text) => expect(readMinutes(text)).toBeNull());
