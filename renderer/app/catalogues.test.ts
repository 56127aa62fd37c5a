import { describe, expect, it, test } from 'vitest';
import { allMessages, type Message } from '#renderer/ui/i18n.ts';
import { listBypasses } from '../../test/texts/bypasses.ts';
import { listProblems } from '../../test/texts/terms.ts';

// Loads every module that declares texts, so that all catalogues are read.
const declaring = import.meta.glob(
  [
    '../**/words.ts',
    '../**/*-words.ts',
    '../**/messages.ts',
    '../charts/definition-form/{conflict.tsx,kinds.ts}',
    '../domain/{alert-actions.ts,sign-in.tsx,snooze-dialog.tsx}',
    '../ui/diff-view.tsx',
    './sign-in-gate.tsx',
  ],
  { eager: true },
);
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*'], { query: '?raw', import: 'default', eager: true });

const formsOf = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));
const holesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');

/** Names of things that are the same in every language: what a person types, and keys. */
const untranslated = /^(UTC|SQL:|NULL|· pid|host|loader|\$loader|now-6h|· Ctrl (Shift )?Z)$/;

describe('catalogues', () => {
  it('are all loaded here', () => {
    const undeclared = Object.entries(sources)
      .filter(([file, text]) => /\bdefineMessages\(\s*[{\w]/.test(text) && !file.endsWith('/i18n.ts') && !Object.hasOwn(declaring, file))
      .map(([file]) => file);
    expect(undeclared).toEqual([]);
    expect(allMessages.length).toBeGreaterThanOrEqual(Object.keys(declaring).length);
  });

  it('have the same keys in both languages, none empty', () => {
    for (const { en, ar } of allMessages) {
      expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
      for (const message of [...Object.values(en), ...Object.values(ar)])
        for (const text of formsOf(message)) expect(text.trim()).not.toBe('');
    }
  });

  it('have no hole in Arabic that English does not fill', () => {
    for (const { en, ar } of allMessages) {
      for (const [key, message] of Object.entries(en)) {
        const known = new Set([...formsOf(message).flatMap(holesOf), 'count']);
        for (const text of formsOf(ar[key] ?? '')) expect([...holesOf(text).filter((hole) => !known.has(hole))], key).toEqual([]);
      }
    }
  });

  it('count as Arabic does: 11 to 99 take the accusative, hundreds do not', () => {
    const counted = allMessages.flatMap(({ ar }) => Object.entries(ar)).filter(([, message]) => typeof message !== 'string');
    expect(counted.length).toBeGreaterThan(0);
    for (const [key, message] of counted)
      expect(formsOf(message).length === 1 ? '' : (message as { other: string }).other, key).not.toMatch(/\{count\} \S*ًا/);
  });

  it('use the glossary’s terms and typographic quotes', () => {
    const problems = new Set(
      allMessages.flatMap(({ en, ar }) =>
        (
          [
            ['en', en],
            ['ar', ar],
          ] as const
        ).flatMap(([language, catalogue]) =>
          Object.entries(catalogue).flatMap(([key, message]) =>
            formsOf(message).flatMap((text) => listProblems(text, language).map((problem) => `${key}: ${text} (${problem})`)),
          ),
        ),
      ),
    );
    expect([...problems]).toEqual([]);
  });

  it('hold every word that components show', () => {
    const bypasses = Object.entries(sources).flatMap(([file, text]) =>
      listBypasses(file, text)
        .filter((one) => !untranslated.test(one.text))
        .map((one) => `${file}:${one.line} ${one.text}`),
    );
    expect(bypasses).toEqual([]);
  });
});

test.each([
  ['You have taken no alert.', 'en', /“taken”: use acknowledge/],
  ['Gave back “{name}”', 'en', /use release/],
  ['The event stream speaks.', 'en', /use live/],
  ['{count} readings', 'en', /use series or point/],
  ["The backend's log", 'en', /straight quote/],
  ['Wait...', 'en', /three dots/],
  ['استلام', 'ar', /إقرار/],
  ['قال "نعم"', 'ar', /straight quote/],
] as const)('refused: %s', (text, language, problem) => expect(listProblems(text, language)).toEqual([expect.stringMatching(problem)]));

test.each(['Acknowledge {line}', 'No alerts are firing.', '{count} series'])('fine: %s', (text) =>
  expect(listProblems(text, 'en')).toEqual([]),
);

test.each([
  ['const a = <p>Hello there</p>;', 'Hello there'],
  ["const a = <p>{on ? t('on') : 'Off now'}</p>;", 'Off now'],
  [['const a = <p>{`pid $', '{id}`}</p>;'].join(''), 'pid'],
  ['const a = <Button aria-label="Close it" />;', 'Close it'],
  ["const a = <Button tooltip={busy && 'Wait here'} />;", 'Wait here'],
])('a bypass: %s', (text, found) => expect(listBypasses('x.tsx', text)).toEqual([{ line: 1, text: found }]));

test('no bypass: keys, classes, ids and texts of the catalogue', () => {
  expect(listBypasses('x.tsx', "const a = <p className=\"text-muted\" id='x'>{t('title')} · {name}</p>;")).toEqual([]);
});
