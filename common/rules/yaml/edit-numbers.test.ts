import { expect, it } from 'vitest';
import type { RuleInput } from '../../contract/rules.ts';
import { moveThreshold } from '../suggest.ts';
import { parseRules } from '../yaml.ts';
import { editNumbers } from './edit-numbers.ts';

const text = `# Belts of line 3. Ask Sara before you change this.
severity:   HIGH   # as agreed

when:
  conditions:
    # The motor stalls below this.
    - threshold: 1.50 # m/s, was 1.2 until March
      kind: threshold
      aggregation: avg
      operator: below
      "window": '5m'
      levels: [{ threshold: 0.5, severity: CRITICAL }]

chart: belt
name: "Low"
code: low

# The end.
`;
const [rule] = parseRules(text) as [RuleInput];
const moved = (threshold: number): RuleInput => ({
  ...rule,
  conditions: rule.conditions.map((one) => (one.kind === 'threshold' ? { ...one, threshold } : one)),
});

it('changes a threshold and nothing else: comments, blank lines, quotes and the order of fields stay', () => {
  const edited = editNumbers(text, rule, moved(0.875));
  expect(edited).toBe(text.replace('1.50', '0.875'));
  expect(parseRules(edited ?? '')).toEqual([moved(0.875)]);
  expect(editNumbers(text, rule, moved(-1e-9))).toBe(text.replace('1.50', '-1e-9'));
  expect(editNumbers(text, rule, rule)).toBe(text);
});

it('changes several numbers at once, whatever their lengths', () => {
  const after = { ...rule, conditions: rule.conditions.map((one) => (one.kind === 'threshold' ? moveThreshold(one, 100) : one)) };
  const edited = editNumbers(text, rule, after);
  expect(edited).toBe(text.replace('1.50', '100').replace('0.5,', '99,'));
});

it('finds the rule in a list', () => {
  const listed = `rules:\n  # one\n  -\n${text.replace(/^(?=.)/gm, '    ')}`;
  expect(parseRules(listed)).toEqual([rule]);
  expect(editNumbers(listed, rule, moved(7))).toBe(listed.replace('1.50', '7'));
});

it('returns null where a number can’t be changed in place', () => {
  expect(editNumbers(text, rule, { ...rule, name: 'Other' })).toBeNull();
  expect(editNumbers(text, rule, { ...rule, forMs: 60_000 })).toBeNull();
  expect(editNumbers(text, rule, moved(Number.NaN))).toBeNull();
  expect(editNumbers(text.replace('threshold: 1.50', 'clear: 1.50'), rule, moved(7))).toBeNull();
  expect(editNumbers('when: [', rule, moved(7))).toBeNull();
});
