import { describe, expect, it } from 'vitest';
import { formatMessage } from './i18n.ts';

describe('formatMessage', () => {
  it('fills holes and leaves a missing one visible', () => {
    expect(formatMessage('{a} and {b}', 'en', { a: 'x' })).toBe('x and {b}');
  });
  it('chooses the plural form of the language', () => {
    const message = { one: 'one', two: 'two', few: 'few {count}', other: 'other {count}' };
    expect(formatMessage(message, 'en', { count: 1 })).toBe('one');
    expect(formatMessage(message, 'en', { count: 2 })).toBe('other 2');
    expect(formatMessage(message, 'ar', { count: 2 })).toBe('two');
    expect(formatMessage(message, 'ar', { count: 3 })).toBe('few 3');
    expect(formatMessage(message, 'ar', { count: 11 })).toBe('other 11');
  });
  it('groups large numbers with Latin digits in both', () => {
    expect(formatMessage('{n}', 'en', { n: 12_345 })).toBe('12,345');
    expect(formatMessage('{n}', 'ar', { n: 12_345 })).toBe('12,345');
  });
});
