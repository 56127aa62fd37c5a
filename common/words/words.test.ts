import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AppError, errorStatus } from '#common/contract/errors.ts';
import { listProblems } from '../../test/texts/terms.ts';
import { codeTexts } from './codes.ts';
import { desktopTexts } from './desktop.ts';
import { holesOf } from './fill.ts';
import { mailTexts } from './mails.ts';
import { changeTexts, describeContent, describeNotice, noticeTexts } from './notices.ts';
import { ownBackendName } from './own-backend.ts';
import { arabicProblems } from './problems.ar.ts';
import { problems } from './problems.en.ts';
import { describeProblem, problem, problemError } from './problems.ts';
import { readyRuleTexts } from './ready-rules/index.ts';
import { reasonTexts, reasonWords } from './reasons.ts';
import { ruleFileTexts, valueTypes } from './rule-files.ts';
import { importTexts } from './rule-imports.ts';
import { stepTexts } from './steps.ts';
import { webTexts } from './web.ts';

const isArabic = (text: string): boolean => /\p{Script=Arabic}/u.test(text);

/** A text of the console in both languages. */
interface Pair {
  name: string;
  en: string;
  ar: string;
}

const pairs: Pair[] = [
  ...Object.entries(codeTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries(stepTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries({ ...ruleFileTexts, ...valueTypes }).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries(importTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries(reasonTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.values(reasonWords).flatMap((words) => Object.entries(words).map(([name, { en, ar }]) => ({ name, en, ar }))),
  ...Object.entries(readyRuleTexts).flatMap(([code, texts]) =>
    Object.entries(texts).map(([name, { en, ar }]) => ({ name: `${code} ${name}`, en, ar })),
  ),
  { name: 'own backend', ...ownBackendName },
  ...Object.entries(webTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries(mailTexts).map(([name, { en, ar }]) => ({ name: `mail ${name}`, en, ar })),
  ...Object.entries(changeTexts).map(([name, { en, ar }]) => ({ name, en, ar })),
  ...Object.entries(noticeTexts).flatMap(([name, { en, ar }]) => [
    { name: `${name} title`, en: en.title, ar: ar.title },
    { name: `${name} body`, en: en.body, ar: ar.body },
  ]),
  ...Object.entries(desktopTexts.en).map(([name, en]) => ({ name, en, ar: desktopTexts.ar[name as keyof typeof desktopTexts.ar] })),
  ...Object.entries(problems).flatMap(([name, texts]) => {
    const { message, hint = '' }: { message: string; hint?: string } = texts;
    const arabic: { message: string; hint?: string } = arabicProblems[name as keyof typeof arabicProblems];
    return [
      { name: `${name} message`, en: message, ar: arabic.message },
      { name: `${name} hint`, en: hint, ar: arabic.hint ?? '' },
    ];
  }),
];

describe('the texts of codes and reasons', () => {
  it('are there for every code that the contract can send', () => {
    expect(Object.keys(codeTexts).sort()).toEqual(Object.keys(errorStatus).sort());
  });

  it.each(pairs)('$name: both languages, the same holes', ({ en, ar }) => {
    expect(holesOf(ar).sort()).toEqual(holesOf(en).sort());
    expect(ar === '').toBe(en === '');
    if (/[a-z]/i.test(en.replaceAll(/\{\w+\}/g, ''))) expect(isArabic(ar)).toBe(true);
    expect([...listProblems(en, 'en'), ...listProblems(ar, 'ar')]).toEqual([]);
    // Durations and sizes are parameters, so that the formatter writes them.
    expect(`${en} ${ar}`).not.toMatch(/\d ?(ms|s|sec|seconds?|min|minutes?|h|hours?|d|days?|[kMGT]?B|%|ث|د|س|ي|م\.ث)(?![\p{L}\p{N}])/u);
  });
});

describe('a problem', () => {
  it('travels as its code, its English text, and what other languages need', () => {
    const error = problemError('role_too_low', { connection: 'plant', role: 'VIEWER', needed: 'OPERATOR' }, { field: 'role' });
    expect(error.toBody('r1')).toEqual({
      code: 'forbidden',
      message: 'Your role on plant is VIEWER; this needs OPERATOR.',
      hint: 'Ask an administrator for that role.',
      field: 'role',
      requestId: 'r1',
      reason: 'role_too_low',
      params: { connection: 'plant', role: 'VIEWER', needed: 'OPERATOR' },
    });
  });

  it('is described in the language of the reader, durations included', () => {
    const silent = problem('silence', { host: 'plant:8080', silenceMs: 30_000 });
    expect(describeProblem(silent, 'en').message).toBe('plant:8080 has sent nothing for 30 s.');
    expect(describeProblem(silent, 'ar').message).toBe('لم يرسل plant:8080 شيئًا منذ 30 ث.');
  });

  it('without a known reason is described by its code, and its own sentence follows', () => {
    const refused = new AppError('conflict', 'The code belt-1 is taken.', { hint: 'Choose another one.' });
    expect(describeProblem(refused, 'en')).toEqual({ message: 'The code belt-1 is taken.', hint: 'Choose another one.' });
    expect(describeProblem(refused, 'ar')).toEqual({
      message: codeTexts.conflict.ar,
      hint: 'The code belt-1 is taken. Choose another one.',
    });
    const newer = { code: 'conflict', message: 'Of a newer backend.', reason: 'from_the_future', params: {} };
    expect(describeProblem(newer, 'ar').message).toBe(codeTexts.conflict.ar);
  });
});

describe('a notice', () => {
  it('describes a refused change and the reason in one language', () => {
    const { code, message, hint, reason, params } = problem('nobody_signed_in', { author: 'sara' });
    const content = {
      code: 'refused',
      params: {},
      change: { kind: 'acknowledge', alert: 'Belt speed low', note: 'on it' },
      problem: { code, message, reason, params, ...(hint === undefined ? {} : { hint }) },
    } as const;
    expect(describeContent(content, 'en')).toEqual({
      title: 'Refused: Acknowledge “Belt speed low”',
      body: 'sara made this change, but no one is signed in now. Your note: “on it”',
    });
    expect(describeContent(content, 'ar')).toEqual({
      title: 'رُفض: الإقرار بالتنبيه «Belt speed low»',
      body: 'أجرى sara هذا التغيير، ولم يسجّل أحد الدخول الآن. ملاحظتك: «on it»',
    });
  });

  it('rounds elapsed times down, as they are read at a glance', () => {
    const content = { code: 'resolved', params: { alert: 'Belt speed low', firedForMs: 64_883 } } as const;
    expect(describeContent(content, 'en').body).toBe('It was firing for 1 min 4 s.');
  });

  it('of an older console keeps its English words', () => {
    expect(describeNotice({ title: 'Old', body: 'words', content: null }, 'ar')).toEqual({ title: 'Old', body: 'words' });
  });
});

/** Files of the core whose errors reach no screen: they are printed to a terminal at start, or forward a text. */
const mayMakeErrors = [
  'core/connections/connection.ts',
  'core/database/database.ts',
  'core/database/thread.ts',
  'core/launcher/backend-process.ts',
  'core/outbox/deliverer.ts',
  'core/rpc/server.ts',
  'web/options.ts',
  'web/server.ts',
];

it('the console has no error whose text is in one language only', () => {
  const main = fileURLToPath(new URL('../../main', import.meta.url));
  const making = readdirSync(main, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => readFileSync(join(main, name), 'utf8').includes('new AppError('));
  expect(making.sort()).toEqual(mayMakeErrors);
});
