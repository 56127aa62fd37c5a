import { describe, expect, it } from 'vitest';
import type { Condition } from '#common/contract/conditions.ts';
import { type RuleInput, ruleInput } from '#common/contract/rules.ts';
import { listTextMistakes } from '#common/rules/alert-texts.ts';
import { describeIssue, describeTextMistake, issueTexts } from './issues.ts';

const threshold = { kind: 'threshold', aggregation: 'avg', windowMs: 300_000, operator: '>', threshold: 5 } as const;
const rule = { code: 'a', name: 'A', chartCode: 'c', conditions: [threshold], severity: 'HIGH' } as const;
const problemsOf = (change: object, language: 'en' | 'ar') =>
  (ruleInput.safeParse({ ...rule, ...change }).error?.issues ?? []).map((issue) => describeIssue(issue, language));
const withCondition = (change: object): { conditions: Condition[] } => ({ conditions: [{ ...threshold, ...change } as Condition] });

const cases: [string, object, string][] = [
  ['an empty name', { name: '' }, 'This must not be empty.'],
  ['a code', { code: 'ü' }, 'Use letters, digits, “.”, “_” and “-”.'],
  ['no duration', { forMs: Number.NaN }, 'Enter a duration, such as 5 min.'],
  ['a long duration', { forMs: 1e12 }, 'Enter at most 30 d.'],
  ['a short window', withCondition({ windowMs: 5 }), 'Enter at least 1 s.'],
  ['no number', withCondition({ threshold: Number.NaN }), 'Enter a number, such as 0.6.'],
  ['a share above all', { match: { kind: 'score', threshold: 2 } }, 'Enter at most 100 %.'],
  ['a time zone', { timeZone: 'Mars' }, 'Use an IANA time zone, such as UTC or Europe/Berlin.'],
  ['an end without a range', withCondition({ upper: 9 }), 'Leave this out; only a range has an upper end.'],
  ['a range without an end', withCondition({ operator: 'between' }), 'Give the upper end of the range; it must be above 5.'],
  ['a range with levels', withCondition({ operator: '=', clear: 4 }), 'Leave this out, or compare with below, at most, above or at least.'],
  ['a clear outside', withCondition({ clear: 6 }), 'This must be at or below the threshold, 5.'],
  ['a level inside', withCondition({ levels: [{ severity: 'CRITICAL', threshold: 4 }] }), 'This must be above the threshold before it, 5.'],
  ['too many labels', { labels: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`a${i}`, ''])) }, 'Use at most 20 of them.'],
  ['the name of a label', { labels: { '1': 'x' } }, 'Begin the name with a letter, and use letters, digits and “_”.'],
];

describe('what is wrong with a rule, for screens', () => {
  it.each(cases)('names %s', (_what, change, text) => expect(problemsOf(change, 'en')).toEqual([text]));

  it.each(cases)('names %s in Arabic too', (_what, change) => {
    const [text = ''] = problemsOf(change, 'ar');
    expect(text).toMatch(/\p{Script=Arabic}/u);
    expect(text).not.toMatch(/\{\w+\}/);
    expect(text).not.toBe(issueTexts.other.ar);
  });

  it('names the mistakes of templates, and labels that every series has', () => {
    const texts: Partial<RuleInput> = {
      labels: { host: 'x', team: '{{ labels.team | nothing }}' },
      annotations: { summary: '{{ speed }}', more: '{% for %}' },
      matchLabels: { host: 'a' },
    };
    const found = listTextMistakes(ruleInput.parse({ ...rule, ...texts }));
    expect(found.map((mistake) => `${mistake.field}: ${describeTextMistake(mistake, 'en')}`)).toEqual([
      expect.stringMatching(/^labels\.team: Line 1: there is no filter “nothing”\. Use unit, /),
      expect.stringMatching(/^annotations\.summary: Line 1: there is no variable speed\. Use labels\.NAME/),
      expect.stringMatching(/^annotations\.more: Line 1: the tag “for” can’t be used here\./),
      'labels.host: Every series of this rule has a label “host” already. Choose another name.',
    ]);
    for (const mistake of found) expect(describeTextMistake(mistake, 'ar')).toMatch(/^[\p{Script=Arabic} ]+/u);
  });
});
