import { describe, expect, it } from 'vitest';
import { ruleText as rule } from '../../../test/support/rule-text.ts';
import { describeFileMistake, isMistakeCode, ruleFileTexts } from '../../words/rule-files.ts';
import { readRules } from '../yaml.ts';
import { RuleFileError } from './problems.ts';

const ruleWith = (line: string, by: string) => rule.replace(line, by);

function mistakesIn(text: string) {
  try {
    readRules([{ name: 'a.yaml', text }]);
    return [];
  } catch (error) {
    if (!(error instanceof RuleFileError)) throw error;
    return error.problems.map(({ mistake }) => mistake);
  }
}

/** Texts with a mistake, and its code. */
const broken: readonly [code: string, text: string][] = [
  ['yaml_indent', ruleWith('  conditions:', '  match: all\n conditions:')],
  ['yaml_indent', 'code: ['],
  ['yaml_tab', ruleWith('  conditions:', '\tconditions:')],
  ['yaml_missing_char', ruleWith('name: Low', 'name: "Low')],
  ['yaml_name', ruleWith('name: Low', 'name Low')],
  ['yaml_unexpected', ruleWith('name: Low', 'name: "Low" speed')],
  ['yaml_unexpected', ruleWith('name: Low', 'name: [a,, b]')],
  ['yaml_start', ruleWith('name: Low', 'name: @low')],
  ['yaml_escape', ruleWith('name: Low', 'name: "\\d"')],
  ['yaml_name', `"co\nde": low\n`],
  ['yaml_name', `${'x'.repeat(1_100)}: low\n`],
  ['yaml_nested', ruleWith('name: Low', 'name: Belt: low')],
  ['yaml_in_brackets', ruleWith('name: Low', 'name: [\n  - a\n  ]')],
  ['alias', ruleWith('name: Low', 'name: *a')],
  ['anchor', ruleWith('name: Low', 'name: &a Low')],
  ['tag', ruleWith('name: Low', 'name: !!str Low')],
  ['directive', `%YAML 1.1\n---\n${rule}`],
  ['nested_deep', '['.repeat(100)],
  ['file_large', `# ${'x'.repeat(1_000_000)}`],
  ['name_text', ruleWith('name: Low', '5: Low')],
  ['name_reserved', ruleWith('name: Low', '__proto__: Low')],
  ['field_twice', ruleWith('name: Low', 'name: Low\nname: Low')],
  ['field_renamed', ruleWith('chart: belt', 'chart: belt\nchartCode: belt')],
  ['field_similar', ruleWith('chart: belt', 'chart: belt\nOwner: me')],
  ['field_unknown', ruleWith('chart: belt', 'chart: belt\nmood: good')],
  ['beside_rules', 'rules: []\nmood: good\n'],
  ['rules_list', 'rules: 5\n'],
  ['when_missing', 'code: low\nname: Low\nchart: belt\nseverity: HIGH\n'],
  ['when_group', 'code: low\nname: Low\nchart: belt\nseverity: HIGH\nwhen: low\n'],
  ['score_unused', ruleWith('when:', 'when:\n  score: 0.5')],
  ['code_twice', `${rule}---\n${rule}`],
  ['duration_unit', ruleWith('window: 5m', 'window: 5')],
  ['text_unquoted', ruleWith('name: Low', 'name: 17')],
  ['type', ruleWith('threshold: 1', 'threshold: high')],
  ['type', ruleWith('chart: belt', 'chart: belt\nenabled: 5')],
  ['type', ruleWith('chart: belt', 'chart: belt\nchartVersion: 1.5')],
  ['type', ruleWith('chart: belt', 'chart: belt\nlabels: ~')],
  ['type', '- low\n'],
  ['missing', ruleWith('threshold: 1', 'clear: 1')],
  ['empty', ruleWith('name: Low', 'name: ""')],
  ['code', ruleWith('code: low', 'code: ü')],
  ['too_long', ruleWith('name: Low', `name: ${'x'.repeat(121)}`)],
  ['too_few', 'code: low\nname: Low\nchart: belt\nseverity: HIGH\nwhen:\n  conditions: []\n'],
  ['at_least', ruleWith('window: 5m', 'window: 5ms')],
  ['at_most', ruleWith('window: 5m', 'window: 31d')],
  ['above', ruleWith('threshold: 1', 'threshold: 1\n      weight: 0')],
  ['choice', ruleWith('severity: HIGH', 'severity: high')],
  ['choice', ruleWith('kind: threshold', 'kind: limit')],
  ['choice', ruleWith('when:', 'when:\n  match: some')],
  ['choice', ruleWith('operator: below', 'operator: "<"')],
  ['text_name', ruleWith('chart: belt', 'chart: belt\nlabels: { "1": x }')],
  ['upper_missing', ruleWith('operator: below', 'operator: between')],
  ['time_zone', ruleWith('chart: belt', 'chart: belt\ntimeZone: Mars')],
];

/** Codes that aren't about what a rule file says, and the YAML errors without a code of their own. */
const madeElsewhere = ['rules_none', 'yaml_other', 'chart_none', 'more'];

describe('the mistakes of a file of rules', () => {
  it.each(broken)('%s (text %#)', (code, text) => {
    const found = mistakesIn(text);
    expect(found.map((mistake) => mistake.code)).toContain(code);
    for (const mistake of found) {
      expect(isMistakeCode(mistake.code)).toBe(true);
      expect(mistake.code).not.toBe('other');
      const english = describeFileMistake(mistake, 'en');
      const arabic = describeFileMistake(mistake, 'ar');
      expect(english).not.toMatch(/\p{Script=Arabic}/u);
      expect(`${english} ${arabic}`).not.toMatch(/\{\w+\}/);
      // What isn't Arabic in it are names, values and quoted parts of a file.
      expect(arabic.replaceAll(/⁦.*?⁩|«.*?»|YAML|IANA|Tab|MB|UTC|Europe\/Berlin/g, '')).not.toMatch(/[A-Za-z]/);
    }
  });

  it('all have an example here', () => {
    const seen = broken.map(([code]) => code);
    expect(Object.keys(ruleFileTexts).filter((code) => !seen.includes(code))).toEqual(madeElsewhere);
  });
});
