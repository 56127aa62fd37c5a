import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRule } from '../../test/support/arbitrary-rules.ts';
import { examples } from '../../test/support/chance.ts';
import { ruleInput } from '../contract/rules.ts';
import { describeFileMistake } from '../words/rule-files.ts';
import { RuleFileError } from './yaml/problems.ts';
import { parseRules, readRules, writeRules } from './yaml.ts';

const beltSpeed = `code: belt-speed-low
name: Belt speed low
chart: belt-speed
severity: HIGH
when:
  match: score
  score: 0.6
  conditions:
    - kind: threshold
      aggregation: avg
      window: 5m
      operator: below
      threshold: 0.6
      levels:
        - severity: CRITICAL
          threshold: 0.2
    - kind: baseline
      aggregation: p95
      window: 1h30m
      every: week
      count: 4
      as: ratio
      operator: outside
      threshold: 0.5
      upper: 2
      weight: 2
for: 1m30s
runbook: |
  Look at the drive.
  Then call the shift.
`;
const beltRule = ruleInput.parse({
  code: 'belt-speed-low',
  name: 'Belt speed low',
  chartCode: 'belt-speed',
  severity: 'HIGH',
  match: { kind: 'score', threshold: 0.6 },
  conditions: [
    {
      kind: 'threshold',
      aggregation: 'avg',
      windowMs: 300_000,
      operator: '<',
      threshold: 0.6,
      levels: [{ severity: 'CRITICAL', threshold: 0.2 }],
    },
    {
      kind: 'baseline',
      aggregation: 'p95',
      windowMs: 5_400_000,
      every: 'week',
      count: 4,
      as: 'ratio',
      operator: 'outside',
      threshold: 0.5,
      upper: 2,
      weight: 2,
    },
  ],
  forMs: 90_000,
  runbook: 'Look at the drive.\nThen call the shift.\n',
});
/** A valid rule with one line replaced. */
const beltWith = (line: string, by: string) => {
  expect(beltSpeed).toContain(line);
  return beltSpeed.replace(line, by);
};

/** Returns the mistakes of a file as `line:column field: message`. */
function mistakesIn(text: string): string[] {
  try {
    parseRules(text);
    return [];
  } catch (error) {
    if (!(error instanceof RuleFileError)) throw error;
    return error.problems.map(({ line, column, field, mistake }) => `${line}:${column} ${field}: ${describeFileMistake(mistake, 'en')}`);
  }
}

describe('rules as YAML', () => {
  it('are written as a person would say them, without what has its default', () => {
    expect(writeRules([beltRule])).toBe(beltSpeed);
    expect(parseRules(beltSpeed)).toEqual([beltRule]);
  });

  it('are one to a document, or a list', () => {
    const other = beltSpeed.replace('code: belt-speed-low', 'code: other');
    const both = parseRules(`${beltSpeed}---\n${other}`);
    expect(both.map(({ code }) => code)).toEqual(['belt-speed-low', 'other']);
    const indented = [beltSpeed, other].map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`).join('');
    expect(parseRules(`rules:\n${indented}`).map(({ code, conditions }) => [code, conditions])).toEqual(
      both.map(({ code, conditions }) => [code, conditions]),
    );
    expect([parseRules(''), parseRules('# nothing\n'), parseRules('rules: []\n')]).toEqual([[], [], []]);
  });

  it('survive being written and read, whatever they hold', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitraryRule, { minLength: 1, maxLength: 3, selector: ({ code }) => code }), (rules) => {
        const text = writeRules(rules);
        expect(parseRules(text)).toEqual(rules);
        expect(writeRules(parseRules(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a file with mistakes', () => {
  it.each([
    ['an unknown field', beltWith('for: 1m30s', 'fore: 90s'), [/^27:1 fore: There is no such field here. Use “when”, “code”/]],
    ['a field in other letters', beltWith('for: 1m30s', 'keep_firing_for: 90s'), [/^27:1 keep_firing_for: .*Write “keepFiringFor”/]],
    ['a field of the API', beltWith('for: 1m30s', 'forMs: 90000'), [/^27:1 forMs: This field is called “for” in files/]],
    [
      'an unknown field of a condition',
      beltWith('window: 5m', 'span: 5m'),
      [
        /^9:7 when.conditions.0.window: This is missing/,
        /^11:7 when.conditions.0.span: There is no such field here. Use “kind”, “aggregation”, “window”/,
      ],
    ],
    [
      'an unknown field beside the conditions',
      beltWith('  match: score', '  match: score\n  mood: good'),
      [/^7:3 when.mood: .*“match”, “score”, “conditions”/],
    ],
    [
      'a number without a unit',
      beltWith('window: 5m', 'window: 300'),
      [/^11:15 when.conditions.0.window: Write a length of time with its unit/],
    ],
    ['a duration that is too long', beltWith('for: 1m30s', 'for: 31d'), [/^27:6 for: Enter at most 30d\./]],
    [
      'a sign for an operator',
      beltWith('operator: below', 'operator: "<"'),
      [/^12:17 when.conditions.0.operator: Use one of “below”, “at most”/],
    ],
    [
      'a sign that YAML reads as a folded text',
      beltWith('operator: below', 'operator: >'),
      [/^12:17 when.conditions.0.operator: Use one of “below”/],
    ],
    [
      'a number where text belongs',
      beltWith('name: Belt speed low', 'name: 17'),
      [/^2:7 name: This has to be text. Put it in quotes: "17"/],
    ],
    [
      'text where a number belongs',
      beltWith('threshold: 0.6', 'threshold: "0.6"'),
      [/^13:18 when.conditions.0.threshold: This has to be a number, not text/],
    ],
    ['no conditions', beltWith('when:', 'whence:'), [/^1:1 when: This is missing/, /^5:1 whence: There is no such field/]],
    ['no code', beltWith('code: belt-speed-low\n', ''), [/^1:1 code: This is missing/]],
    [
      'a score of a rule without one',
      beltWith('match: score', 'match: any'),
      [/^7:10 when.score: Leave this out, or write “match: score”/],
    ],
    ['a field given twice', beltWith('for: 1m30s', 'for: 90s\nfor: 5m'), [/^28:1 for: This field is given twice/]],
    ['a contradiction', beltWith('threshold: 0.2', 'threshold: 0.7'), [/^16:22 when.conditions.0.levels.0.threshold: This must be below/]],
    [
      'an unknown field of a level',
      beltWith('          threshold: 0.2', '          threshold: 0.2\n          weight: 1'),
      [/^17:11 when.conditions.0.levels.0.weight: There is no such field/],
    ],
    ['an anchor and its reference', beltWith('for: 1m30s', 'for: &a 90s\nsuppress: *a'), [/^27:6 : Anchors/, /^28:11 : References/]],
    ['a tag', beltWith('for: 1m30s', 'for: !!str 90s'), [/^27:6 : Tags/]],
    ['a directive', `%YAML 1.1\n---\n${beltSpeed}`, [/^1:1 : Directives/]],
    ['a text that isn’t closed', beltWith('name: Belt', 'name: "Belt'), [/: A character is missing here/]],
    [
      'a name that means something to JavaScript',
      beltWith('for: 1m30s', 'matchLabels: { __proto__: x }'),
      [/^27:16 matchLabels: The name “__proto__”/],
    ],
    [
      'a label that is a number',
      beltWith('for: 1m30s', 'matchLabels: { port: 9100 }'),
      [/^27:22 matchLabels.port: This has to be text. Put it in quotes: "9100"/],
    ],
    ['no rule at all', 'just text\n', [/^1:1 : This has to be a group of fields/]],
    ['something beside the list', 'rules: []\ngroups: []\n', [/^2:1 groups: /]],
  ])('is refused with the place and the way to mend it: %s', (_, text, expected) => {
    const found = mistakesIn(text);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });

  it('has all its mistakes reported at once, and those of other files', () => {
    const text = beltWith('for: 1m30s', 'for: soon\nseverity2: x')
      .replace('threshold: 0.6', 'threshold: low')
      .replace('severity: HIGH', 'severity: high');
    const read = () =>
      readRules([
        { name: 'a.yaml', text },
        { name: 'b.yaml', text: 'code: [' },
        { name: 'c.yaml', text: beltSpeed },
        { name: 'd.yaml', text: beltSpeed },
      ]);
    expect(read).toThrowError(RuleFileError);
    const lines = (() => {
      try {
        return read();
      } catch (error) {
        return (error as Error).message.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '));
      }
    })();
    expect(lines).toEqual([
      'a.yaml:4:11: severity:',
      'a.yaml:13:18: when.conditions.0.threshold:',
      'a.yaml:27:6: for:',
      'a.yaml:28:1: severity2:',
      'b.yaml:1:8: The',
      'd.yaml:1:7: code:',
    ]);
  });

  it('is refused when it is too large or nested too deep, before anything is built from it', () => {
    expect(mistakesIn(`# ${'…'.repeat(400_000)}`)).toEqual(['1:1 : The file is larger than 1 MB. Split it into several files.']);
    for (const deep of ['['.repeat(900_000), '- '.repeat(400_000), '? '.repeat(400_000), '{a: '.repeat(200_000), `${'[a,'.repeat(40)}b`])
      expect(mistakesIn(deep)).toEqual([expect.stringMatching(/^1:\d+ : Lists and groups are nested too deep/)]);
  });

  it('never makes the reader fail with anything but its own error', () => {
    const fragment = fc.constantFrom(
      ...beltSpeed.split(/(?<=\n)|(?<= )/),
      '- ',
      '? ',
      ': ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a ',
      '*a ',
      '!t ',
      '|',
      '>',
      '"',
      "'",
      '\t',
      '\n',
      '%',
      '---\n',
      '...\n',
      '#',
      '<<: ',
      '\u0000',
      '\ufeff',
      '~',
      '__proto__: 1\n',
      '0x',
      '.inf',
    );
    const mixed = fc
      .array(fc.oneof(fragment, fc.string({ maxLength: 5, unit: 'binary' })), { maxLength: 40 })
      .map((parts) => parts.join(''));
    const broken = fc
      .tuple(fc.nat(beltSpeed.length), fc.nat(20), fragment)
      .map(([at, length, by]) => beltSpeed.slice(0, at) + by + beltSpeed.slice(at + length));
    fc.assert(
      fc.property(fc.oneof(mixed, broken), (text) => {
        for (const mistake of mistakesIn(text)) expect(mistake).toMatch(/^[1-9]\d*:[1-9]\d* .*: .*[.”]/su);
      }),
      { numRuns: examples(3_000) },
    );
  });
});
