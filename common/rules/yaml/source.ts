import {
  Composer,
  CST,
  type ErrorCode,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
} from 'yaml';
import type { FileMistake } from '../../words/rule-files.ts';
import { type FileProblem, RuleFileError } from './problems.ts';

/** Maximum size of a file, bytes of UTF-8. */
const maxFileBytes = 1_000_000;
/** Maximum depth of nested lists and groups. A rule needs eight. */
const maxNesting = 32;

export type Path = readonly (string | number)[];

interface Place {
  line: number;
  column: number;
}

/** A value of a YAML file that knows where each of its parts is. */
export interface Located {
  value: unknown;
  /** Returns the place of a field, or of the closest group around it that the file has. */
  at(path: Path): Place;
  /** Returns the place of a field's name. */
  atKey(path: Path): Place;
}

/**
 * Reads the documents of a YAML 1.2 file as plain data. Anchors, aliases, tags and directives are refused: a rule needs none, and they let
 * a small file stand for a large one.
 * @param name of the file, for messages
 * @throws RuleFileError
 */
export function readDocuments(text: string, name: string): Located[] {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const problems: FileProblem[] = [];
  const report = (offset: number, mistake: FileMistake, field = '') => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file: name, line: Math.max(1, line), column: Math.max(1, col), field, mistake });
  };
  const size = text.length > maxFileBytes ? text.length : new TextEncoder().encode(text).length;
  if (size > maxFileBytes) {
    report(0, { code: 'file_large', params: { maxBytes: maxFileBytes } });
    throw new RuleFileError(problems);
  }
  const tokens = tokensOf(text, lines, report);
  if (problems.length > 0) throw new RuleFileError(problems);

  const documents = [
    ...new Composer({ uniqueKeys: false, merge: false, strict: true, prettyErrors: false, logLevel: 'silent' }).compose(tokens),
  ];
  for (const { errors } of documents) {
    for (const { pos, code } of errors) report(pos[0], { code: syntaxMistakes[code] ?? 'yaml_other' });
  }
  if (problems.length > 0) throw new RuleFileError(problems);

  const found = documents.flatMap(({ contents }) => (contents === null ? [] : [locate(contents, lines, report)]));
  if (problems.length > 0) throw new RuleFileError(problems);
  return found;
}

type Report = (offset: number, mistake: FileMistake, field?: string) => void;

/** What the parser's errors mean to the writer of a file. */
const syntaxMistakes: Partial<Record<ErrorCode, FileMistake['code']>> = {
  BAD_DQ_ESCAPE: 'yaml_escape',
  BAD_INDENT: 'yaml_indent',
  BAD_SCALAR_START: 'yaml_start',
  BLOCK_AS_IMPLICIT_KEY: 'yaml_nested',
  BLOCK_IN_FLOW: 'yaml_in_brackets',
  KEY_OVER_1024_CHARS: 'yaml_name',
  MISSING_CHAR: 'yaml_missing_char',
  MULTILINE_IMPLICIT_KEY: 'yaml_name',
  TAB_AS_INDENT: 'yaml_tab',
  UNEXPECTED_TOKEN: 'yaml_unexpected',
};

const refusals: Partial<Record<string, FileMistake['code']>> = {
  alias: 'alias',
  anchor: 'anchor',
  tag: 'tag',
  'directive-line': 'directive',
};

/** Splits a file into tokens, and reports what is refused before anything is built from it. */
function tokensOf(text: string, lines: LineCounter, report: Report): CST.Token[] {
  const parser = new Parser((offset) => lines.addNewLine(offset));
  const tokens: CST.Token[] = [];
  const reported = new Set<string>();
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type = isContent ? 'scalar' : (CST.tokenType(lexeme) ?? 'scalar');
    // The text of a plain scalar follows its mark as a lexeme of its own.
    isContent = !isContent && lexeme === CST.SCALAR;
    const refusal = refusals[type];
    if (refusal !== undefined && !reported.has(type)) {
      reported.add(type);
      report(parser.offset, { code: refusal });
    }
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxNesting) {
      report(Math.max(0, parser.offset - 1), { code: 'nested_deep' });
      return [];
    }
  }
  tokens.push(...parser.end());
  return tokens;
}

function locate(contents: ParsedNode, lines: LineCounter, report: Report): Located {
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return {
    value: dataOf(contents, [], report),
    at: (path) => placeOf(offsetOf(contents, path)),
    atKey: (path) => placeOf(keyOffsetOf(contents, path)),
  };
}

/** Converts a node to plain data, and reports keys that can't be names of fields. */
function dataOf(node: unknown, path: Path, report: Report): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item, i) => dataOf(item, [...path, i], report));
  if (!isMap(node)) return null;
  const found: Record<string, unknown> = {};
  for (const { key, value } of node.items) {
    const offset = (isNode(key) ? key.range?.[0] : undefined) ?? node.range?.[0] ?? 0;
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== 'string') report(offset, { code: 'name_text' }, path.join('.'));
    else if (name === '__proto__') report(offset, { code: 'name_reserved', params: { name } }, path.join('.'));
    else if (Object.hasOwn(found, name)) report(offset, { code: 'field_twice' }, [...path, name].join('.'));
    else found[name] = dataOf(value, [...path, name], report);
  }
  return found;
}

/** Returns where a field's value is; of a field that is missing, where the group that lacks it begins. */
function offsetOf(contents: Node, path: Path): number {
  let node: Node = contents;
  for (const [depth, step] of path.entries()) {
    const inner: unknown = isCollection(node) ? node.get(step, true) : undefined;
    if (!isNode(inner)) return depth === 0 ? startOf(contents) : keyOffsetOf(contents, path.slice(0, depth));
    node = inner;
  }
  return startOf(node);
}

/** Returns where the name of a field is; of an entry of a list, where the entry begins. */
function keyOffsetOf(contents: Node, path: Path): number {
  const name = path.at(-1);
  const group: unknown = path.length < 2 ? contents : isCollection(contents) ? contents.getIn(path.slice(0, -1), true) : null;
  const pair = isMap(group) ? group.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
  return pair !== undefined && isNode(pair.key) ? startOf(pair.key) : offsetOf(contents, path);
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
