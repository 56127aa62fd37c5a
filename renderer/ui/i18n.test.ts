import { describe, expect, it } from 'vitest';
import { allMessages, formatMessage, type Message } from './i18n.ts';

// Loads every module that declares words, so that all catalogs are compared.
const declaring = import.meta.glob(
  ['../**/words.ts', '../**/messages.ts', './alert-actions.ts', './snooze-dialog.tsx', './sign-in.tsx', '../**/*gate.tsx'],
  {
    eager: true,
  },
);

const forms = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('catalogs', () => {
  it('are all here', () => {
    expect(Object.keys(declaring).length).toBeGreaterThan(5);
    expect(allMessages.length).toBeGreaterThanOrEqual(Object.keys(declaring).length);
  });

  it('have the same keys in both languages, none empty', () => {
    for (const { en, ar } of allMessages) {
      expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
      for (const message of [...Object.values(en), ...Object.values(ar)])
        for (const text of forms(message)) expect(text.trim()).not.toBe('');
    }
  });

  it('have no hole in Arabic that English does not fill', () => {
    for (const { en, ar } of allMessages) {
      for (const [key, message] of Object.entries(en)) {
        const known = new Set([...forms(message).flatMap(holes), 'count']);
        for (const text of forms(ar[key] ?? '')) expect([...holes(text).filter((hole) => !known.has(hole))], key).toEqual([]);
      }
    }
  });
});

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
