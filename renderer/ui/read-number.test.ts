import { expect, it } from 'vitest';
import { readNumber } from './read-number.ts';

it.each([
  ['0.6', 0.6],
  [' 0,25 ', 0.25],
  ['−3', -3],
  ['1e3', 1_000],
  ['', Number.NaN],
  ['high', Number.NaN],
  ['1,2,3', Number.NaN],
])('reads %j as %d', (text, value) => expect(readNumber(text)).toBe(value));
