import { describe, expect, it } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import { readText, writeDraft } from './rule-text.ts';

const rule = ruleInput.parse({
  code: 'belt-slow',
  name: 'Belt slow',
  chartCode: 'belt-speed',
  conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 300_000, operator: '<', threshold: 0.5 }],
  severity: 'HIGH',
});
const messages = { textEmpty: 'empty', oneRule: 'several', codeFixed: 'code is fixed', chartFixed: 'chart is fixed' };
const stored = { code: 'belt-slow', chartCode: 'belt-speed' };
const read = (text: string, fixed: { code: string | null; chartCode: string } = stored) => readText(text, fixed, messages, 'en');

describe('the text of one rule', () => {
  it('says what the draft says, and is read as the same draft', () => {
    expect(read(writeDraft(rule))).toEqual({ rule, problems: [] });
  });

  it('leaves out a number that was not valid as typed, so that reading it says where it is missing', () => {
    const [condition] = rule.conditions;
    const text = writeDraft({ ...rule, conditions: [{ ...condition, threshold: Number.NaN } as never] });
    expect(text).not.toContain('threshold:');
    expect(read(text).problems).toEqual([expect.objectContaining({ field: 'when.conditions.0.threshold', message: 'This is missing.' })]);
  });

  it('names the line of each mistake', () => {
    const text = writeDraft(rule).replace('window: 5m', 'window: 5').replace('HIGH', 'HUGE');
    const lines = text.split('\n');
    expect(read(text).problems.map(({ line }) => lines[line - 1]?.trim())).toEqual(['severity: HUGE', 'window: 5']);
  });

  it('keeps the code of a stored rule, and the chart of every rule', () => {
    const renamed = writeDraft({ ...rule, code: 'other' });
    expect(read(renamed).problems).toEqual([{ line: 1, field: 'code', message: 'code is fixed' }]);
    expect(read(renamed, { ...stored, code: null }).rule?.code).toBe('other');
    expect(read(writeDraft({ ...rule, chartCode: 'host-load' })).problems).toEqual([
      { line: 3, field: 'chart', message: 'chart is fixed' },
    ]);
  });

  it('is exactly one rule', () => {
    expect(read('# nothing').problems).toEqual([{ line: 1, field: '', message: 'empty' }]);
    const two = `${writeDraft(rule)}---\n${writeDraft({ ...rule, code: 'other' })}`;
    const [problem] = read(two).problems;
    expect(problem?.message).toBe('several');
    expect(two.split('\n')[(problem?.line ?? 0) - 1]).toBe('code: other');
  });
});
