import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Node } from 'oxc-parser';
import { lineCounter, walkSource } from './syntax.ts';

/** Maximum length of a function, lines: from its first to its last, those of comments and of functions inside included. */
const maxLines = 60;

/** A migration is a list of statements that nobody changes any more: it may be of any length. */
const migrations = /\/migrations\//;

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

/** Lists the functions of the product that are too long. */
function checkLengths(root: string): string[] {
  const files = globSync('{common,backend-bundle,main,preload,renderer}/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/\.test\.tsx?$/.test(file) && !migrations.test(file),
  );
  return files.flatMap((file) =>
    findLongFunctions(file, readFileSync(`${root}/${file}`, 'utf8')).map(
      ({ line, name, lines }) => `${file}:${line} ${name} has ${lines} lines; at most ${maxLines} are allowed`,
    ),
  );
}

if (import.meta.main) {
  const problems = checkLengths(fileURLToPath(new URL('..', import.meta.url)));
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
