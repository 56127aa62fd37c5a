import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Node, parseSync, visitorKeys } from 'oxc-parser';

/** Maximum length of a function, lines: from its first to its last, those of comments and of functions inside included. */
const maxLines = 80;

/** Functions that are longer. The list may only shrink: one that is no longer too long is to be taken off. */
const exceptions: readonly string[] = [
  'backend-bundle/engines/database/migrations/0001_first.ts up',
  'backend-bundle/http/server.ts makeHttpServer',
  'backend-bundle/services/gateway/sessions.ts makeSessions',
  'main/core/console.ts openConsole',
  'main/core/launcher/launcher.ts createLauncher',
];

interface LongFunction {
  name: string;
  /** Where it begins. */
  line: number;
  lines: number;
}

/** Finds the functions of a source file that have more than `max` lines. */
export function findLongFunctions(file: string, text: string, max = maxLines): LongFunction[] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineAt = (offset: number) => lineStarts.findLastIndex((start) => start <= offset) + 1;
  const found: LongFunction[] = [];
  const visit = (node: Node, owner: Node | null) => {
    if (isFunction(node)) {
      const line = lineAt(node.start);
      const lines = lineAt(node.end - 1) - line + 1;
      if (lines > max) found.push({ name: nameOf(node, owner), line, lines });
    }
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const each of Array.isArray(child) ? child : [child]) if (each) visit(each, node);
    }
  };
  visit(parseSync(file, text).program, null);
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

/** Says what is wrong with the functions of the product: those that are too long, and exceptions that are none. */
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
