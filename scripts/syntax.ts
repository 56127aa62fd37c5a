import { type Node, parseSync, visitorKeys } from 'oxc-parser';

type Visit = (node: Node, parent: Node | null, key: string) => void;

/**
 * Calls `visit` for each node of a source file's syntax tree, parents first, with the parent and the parent's key that holds the node.
 * @throws Error when the file cannot be parsed
 */
export function walkSource(file: string, text: string, visit: Visit): void {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  walk(program, null, '', visit);
}

function walk(node: Node, parent: Node | null, key: string, visit: Visit): void {
  visit(node, parent, key);
  for (const childKey of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[childKey];
    for (const each of Array.isArray(child) ? child : [child]) if (each) walk(each, node, childKey, visit);
  }
}

/** Returns a function that turns an offset in `text` into its line, counted from 1. */
export function lineCounter(text: string): (offset: number) => number {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => lineStarts.findLastIndex((start) => start <= offset) + 1;
}
