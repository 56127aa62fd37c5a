import { type Node, parseSync, visitorKeys } from 'oxc-parser';

/** Attributes with text for people, including screen readers. */
const readAttributes = /^(aria-label|aria-description|alt|title|label|placeholder|description|tooltip|hint|heading|disabledReason)$/;

/**
 * Lists words on screen that no catalogue holds: text between tags, and constants in attributes that a person reads.
 * @throws Error when the file cannot be parsed
 */
export function listBypasses(file: string, text: string): { line: number; text: string }[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineOf = (node: Node) => lineStarts.findLastIndex((start) => start <= node.start) + 1;
  const found: { line: number; text: string }[] = [];
  const add = (node: Node, words: string) => {
    if (/\p{L}{2,}/u.test(words)) found.push({ line: lineOf(node), text: words.trim() });
  };
  walk(program, (node) => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children) {
        if (child.type === 'JSXText') add(child, child.value);
        if (child.type === 'JSXExpressionContainer') for (const words of constantsIn(child.expression)) add(child, words);
      }
    }
    if (node.type === 'JSXAttribute' && node.name.type === 'JSXIdentifier' && readAttributes.test(node.name.name) && node.value !== null) {
      const value = node.value.type === 'JSXExpressionContainer' ? node.value.expression : node.value;
      for (const words of constantsIn(value)) add(node, words);
    }
  });
  return found;
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
    for (const each of Array.isArray(child) ? child : [child]) if (each) walk(each, visit);
  }
}

/** The constant texts that an expression may give, through `? :`, `&&`, `||`, `??` and the fixed parts of templates. */
function constantsIn(node: Node): string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return node.quasis.map(({ value }) => value.cooked ?? '');
    case 'ConditionalExpression':
      return [...constantsIn(node.consequent), ...constantsIn(node.alternate)];
    case 'LogicalExpression':
      return node.operator === '&&' ? constantsIn(node.right) : [...constantsIn(node.left), ...constantsIn(node.right)];
    case 'ParenthesizedExpression':
      return constantsIn(node.expression);
    default:
      return [];
  }
}
