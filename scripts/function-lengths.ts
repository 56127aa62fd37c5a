import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Node } from 'oxc-parser';
import { lineCounter, walkSource } from './syntax.ts';

/** Maximum length of a function, lines: from its first to its last, those of comments and of functions inside included. */
const maxLines = 80;

/** Functions that are longer. The list may only shrink, and the check refuses an exception that is no longer needed. */
const exceptions: readonly string[] = [
  'backend-bundle/engines/database/migrations/0001_first.ts up',
];

interface LongFunction {
  name: string;
  /** Its first line. */
  line: number;
  lines: number;
}

/** Finds the functions of a source file that have more than `max` lines. */
export function findLongFunctions(file: string, text: string, max = maxLines): LongFunction[] {
  const lineAt = lineCounter(text);
  const found: LongFunction[] = [];
  walkSource(file, text, (node, parent) => {
    if (!isFunction(node)) return;
    const line = lineAt(node.start);
    const lines = lineAt(node.end - 1) - line + 1;
    if (lines > max) found.push({ name: nameOf(node, parent), line, lines });
  });
  return found;
}

const isFunction = ({ type }: Node): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

/** A function's own name, else that of the variable, property or method that holds it; '' where nothing names it. */
function nameOf(node: Node, owner: Node | null): string {
  for (const named of [node, owner]) {
    if (named === null) continue;
    const identifier = 'id' in named ? named.id : 'key' in named ? named.key : null;
    if (identifier?.type === 'Identifier' || identifier?.type === 'PrivateIdentifier') return identifier.name;
  }
  return '';
}

/** Lists the problems: functions of the product that are too long, and exceptions that are no longer needed. */
function checkLengths(root: string): string[] {
  const files = globSync('{common,backend-bundle,main,preload,renderer}/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/\.test\.tsx?$/.test(file),
  );
  const long = files.flatMap((file) => findLongFunctions(file, readFileSync(`${root}/${file}`, 'utf8')).map((one) => ({ file, ...one })));
  const keyOf = ({ file, name }: { file: string; name: string }) => `${file} ${name}`;
  return [
    ...long
      .filter((one) => !exceptions.includes(keyOf(one)))
      .map(({ file, line, name, lines }) => `${file}:${line} ${name} has ${lines} lines; at most ${maxLines} are allowed`),
    ...exceptions
      .filter((exception) => !long.some((one) => keyOf(one) === exception))
      .map((exception) => `${exception} is not longer than ${maxLines} lines: take it off the list in scripts/function-lengths.ts`),
  ];
}

if (import.meta.main) {
  const problems = checkLengths(fileURLToPath(new URL('..', import.meta.url)));
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
