import type { Language } from '#common/format.ts';
import { type FileProblem, RuleFileError } from '#common/rules/yaml/problems.ts';
import { type FileRule, readRules, writeRules } from '#common/rules/yaml.ts';
import { describeFileMistake } from '#common/words/rule-files.ts';
import type { EditedRule } from '../draft.ts';

/** A mistake in the text of a rule. Lines count from 1. */
export type TextProblem = Pick<FileProblem, 'line' | 'field'> & { message: string };
export type ReadText = { rule: EditedRule; problems: readonly TextProblem[] } | { rule: null; problems: readonly TextProblem[] };

/** What the text can't change, because the editor is open for it. */
export interface Fixed {
  /** Null for a new rule, whose code is free. */
  code: string | null;
  chartCode: string;
}

/** Messages about texts that are a file of rules, but not the one rule that is edited. */
export type TextMessages = Record<'textEmpty' | 'oneRule' | 'codeFixed' | 'chartFixed', string>;

const isGroup = (value: unknown): value is object => typeof value === 'object' && value !== null;
const hasValue = ([, value]: [string, unknown]) => !Number.isNaN(value);

/** Leaves out the numbers that weren't valid as typed: the text then says that they are missing. */
function withoutInvalid(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInvalid);
  if (!isGroup(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(hasValue)
      .map(([name, one]) => [name, withoutInvalid(one)]),
  );
}

/** Writes a draft as YAML, in the form of files of rules. */
export const writeDraft = (draft: EditedRule): string => writeRules([withoutInvalid(draft) as EditedRule]);

/** Reads the text of one rule. @param language of the mistakes */
export function readText(text: string, fixed: Fixed, messages: TextMessages, language: Language): ReadText {
  const wrong = (line: number, field: string, message: string): ReadText => ({ rule: null, problems: [{ line, field, message }] });
  try {
    const [first, second] = readRules([{ name: 'rule', text }]);
    if (first === undefined) return wrong(1, '', messages.textEmpty);
    if (second !== undefined) return wrong(second.at('').line, '', messages.oneRule);
    const changed = changeOfFixed(first, fixed);
    if (changed !== null) return wrong(first.at(changed).line, changed, messages[changed === 'code' ? 'codeFixed' : 'chartFixed']);
    return { rule: first.rule, problems: [] };
  } catch (error) {
    if (!(error instanceof RuleFileError)) throw error;
    const problems = error.problems.map(({ line, field, mistake }) => ({ line, field, message: describeFileMistake(mistake, language) }));
    return { rule: null, problems };
  }
}

function changeOfFixed({ rule }: FileRule, { code, chartCode }: Fixed): 'code' | 'chart' | null {
  if (code !== null && rule.code !== code) return 'code';
  return rule.chartCode === chartCode ? null : 'chart';
}
