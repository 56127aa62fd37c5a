import { Document, visit } from 'yaml';
import { type RuleInput, ruleInput } from '../contract/rules.ts';
import type { FileMistake } from '../words/rule-files.ts';
import {
  conditionFields,
  type FileFields,
  fileName,
  filePath,
  quotedNames,
  ruleFields,
  toContract,
  toFile,
  whenFields,
} from './yaml/fields.ts';
import { mistakeOf } from './yaml/issues.ts';
import { type FileProblem, RuleFileError } from './yaml/problems.ts';
import { type Located, type Path, readDocuments } from './yaml/source.ts';

/** A rule of a file. */
export interface FileRule {
  rule: RuleInput;
  /** The file's name, as it was given. */
  file: string;
  /** Returns the place of a field of the rule, named as in the file. Line and column count from 1. */
  at(field: string): { line: number; column: number };
}

export interface RuleFile {
  name: string;
  text: string;
}

/**
 * Reads rules from files. A document of a file holds one rule, or a list of them in `rules`.
 * @throws RuleFileError with every mistake of every file
 */
export function readRules(files: readonly RuleFile[]): FileRule[] {
  const problems: FileProblem[] = [];
  const found: FileRule[] = [];
  for (const file of files) {
    try {
      found.push(...rulesIn(file, problems));
    } catch (error) {
      if (!(error instanceof RuleFileError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...repeatedCodes(found));
  if (problems.length > 0) throw new RuleFileError(problems);
  return found;
}

/** Reads the rules of one file. @throws RuleFileError */
export const parseRules = (text: string, name = 'rules.yaml'): RuleInput[] => readRules([{ name, text }]).map(({ rule }) => rule);

/** Writes rules as a file, one document for each. What has its default is left out. */
export const writeRules = (rules: readonly RuleInput[]): string => rules.map(writeRule).join('---\n');

function writeRule(rule: RuleInput): string {
  const document = new Document(toFile(rule), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      // As a block, the lines of a text that isn't plain prose could lose their white space.
      if (typeof scalar.value === 'string' && scalar.value.includes('\n') && !isProse(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Returns whether each line of a text begins and ends with something that is visible. */
const isProse = (text: string): boolean =>
  /^(?:[\p{L}\p{N}\p{P}\p{S}](?:[\p{L}\p{N}\p{M}\p{P}\p{S} ]*[\p{L}\p{N}\p{M}\p{P}\p{S}])?(?:\n|$))+$/u.test(text);

function rulesIn({ name, text }: RuleFile, problems: FileProblem[]): FileRule[] {
  return readDocuments(text, name).flatMap((document) => {
    const list = document.value;
    if (typeof list !== 'object' || list === null || !('rules' in list)) return readRule(document, [], name, problems) ?? [];
    const report = (field: string, code: FileMistake['code']) =>
      problems.push({ file: name, ...document.atKey([field]), field, mistake: { code } });
    for (const field of Object.keys(list)) if (field !== 'rules') report(field, 'beside_rules');
    if (!Array.isArray(list.rules)) {
      report('rules', 'rules_list');
      return [];
    }
    return list.rules.flatMap((_, i) => readRule(document, ['rules', i], name, problems) ?? []);
  });
}

/** @param base where in the document the rule is */
function readRule(document: Located, base: Path, file: string, problems: FileProblem[]): FileRule | null {
  const mistakes = new Map<string, FileProblem>();
  const report = (path: Path, mistake: FileMistake, place = document.at([...base, ...path])) => {
    const field = [...base, ...path].join('.');
    // The first mistake about a field or the group around it says most: what follows is a consequence of it.
    const isKnown = [...base, ...path].some((_, i, steps) => mistakes.has(steps.slice(0, i + 1).join('.')));
    if (!isKnown) mistakes.set(field, { file, ...place, field, mistake });
  };
  const value = base.reduce<unknown>((group, step) => (group as FileFields)[step], document.value);
  const converted = toContract(value, report);
  reportUnknownFields(value, (path, mistake) => report(path, mistake, document.atKey([...base, ...path])));
  const result = ruleInput.safeParse(converted);
  if (!result.success) {
    for (const issue of result.error.issues) {
      if (issue.code !== 'unrecognized_keys') report(filePath(issue.path), mistakeOf(issue, converted));
    }
  }
  problems.push(...[...mistakes.values()].sort((a, b) => a.line - b.line || a.column - b.column));
  return result.success && mistakes.size === 0 ? { rule: result.data, file, at: (field) => document.at([...base, field]) } : null;
}

type ReportUnknown = (path: Path, mistake: FileMistake) => void;
const isGroup = (value: unknown): value is FileFields => typeof value === 'object' && value !== null && !Array.isArray(value);

function reportUnknownFields(value: unknown, report: ReportUnknown): void {
  const check = (group: unknown, path: Path, known: readonly string[] | undefined) => {
    if (!isGroup(group) || known === undefined) return;
    for (const name of Object.keys(group)) if (!known.includes(name)) report([...path, name], unknownField(name, known));
  };
  check(value, [], ruleFields);
  const when = isGroup(value) ? value['when'] : undefined;
  check(when, ['when'], whenFields);
  const conditions = isGroup(when) ? when['conditions'] : undefined;
  if (!Array.isArray(conditions)) return;
  for (const [i, one] of conditions.entries()) {
    const path = ['when', 'conditions', i];
    check(one, path, isGroup(one) ? conditionFields.get(one['kind']) : undefined);
    const levels = isGroup(one) ? one['levels'] : undefined;
    if (Array.isArray(levels))
      for (const [k, each] of levels.entries()) check(each, [...path, 'levels', k], ['severity', 'threshold', 'clear']);
  }
}

function unknownField(name: string, known: readonly string[]): FileMistake {
  const renamed = fileName(name);
  if (renamed !== name && known.includes(renamed)) return { code: 'field_renamed', params: { name: renamed } };
  const similar = known.find((one) => one.toLowerCase() === name.toLowerCase().replace(/[_-]/g, ''));
  return similar === undefined
    ? { code: 'field_unknown', params: { names: quotedNames(known) } }
    : { code: 'field_similar', params: { name: similar } };
}

function repeatedCodes(found: readonly FileRule[]): FileProblem[] {
  const first = new Map<string, FileRule>();
  return found.flatMap((one) => {
    const { code } = one.rule;
    const earlier = first.get(code);
    if (earlier === undefined) {
      first.set(code, one);
      return [];
    }
    const params = { code, file: earlier.file, line: earlier.at('code').line };
    return [{ file: one.file, ...one.at('code'), field: 'code', mistake: { code: 'code_twice', params } }];
  });
}
