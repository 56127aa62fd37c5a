import type { Node } from 'oxc-parser';
import { lineCounter, walkSource } from '../syntax.ts';

/** The imports and globals that one file uses, with their lines. */
export interface FileImports {
  /** Every module that is named outright. `optional` marks `new URL('x', import.meta.url)`, which may also name a folder. */
  imports: { specifier: string; line: number; optional: boolean }[];
  /** Imports whose target cannot be read from the source, so that no rule can check them. */
  unreadable: { line: number; message: string }[];
  /** Uses of `import.meta.glob`. */
  globs: { line: number }[];
  /** Names of globals that are used as values. */
  globals: { name: string; line: number }[];
  /** Statements of SQL: `db.selectFrom(…)` and the like, and the template tag `sql`. */
  statements: { name: string; line: number }[];
  /** Calls of `database.transaction(…)` and the like. */
  transactions: { line: number }[];
}

/**
 * Lists what a source file imports, from its syntax tree: static imports and exports, `import()`, `import('…')` types, `require`,
 * `import.meta.resolve` and `new URL('…', import.meta.url)`.
 * @throws Error when the file cannot be parsed
 */
export function listImports(file: string, text: string): FileImports {
  if (file.endsWith('.css')) return listCssImports(text);
  const found: FileImports = { imports: [], unreadable: [], globs: [], globals: [], statements: [], transactions: [] };
  const lineAt = lineCounter(text);
  walkSource(file, text, (node, parent, key) => {
    const line = lineAt(node.start);
    const named = importIn(node);
    if (named !== null) {
      const { what, source, optional = false } = named;
      const specifier = constantText(source);
      if (specifier !== null) found.imports.push({ specifier, line, optional });
      else found.unreadable.push({ line, message: `${what} of a computed name: name the file outright` });
    }
    const message = unreadableIn(node);
    if (message !== null) found.unreadable.push({ line, message });
    if (isImportMeta(node, 'glob') || isImportMeta(node, 'globEager')) found.globs.push({ line });
    const statement = statementIn(node);
    if (statement !== null) found.statements.push({ name: statement, line });
    if (methodCalled(node) === 'transaction') found.transactions.push({ line });
    const name = globalName(node, parent, key);
    if (name !== null) found.globals.push({ name, line });
  });
  return found;
}

interface ImportSource {
  what: string;
  source: Node | undefined;
  optional?: boolean;
}

/** The import that this node makes, if it makes one. */
function importIn(node: Node): ImportSource | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportType':
    case 'ImportExpression':
      return { what: 'import', source: node.source };
    case 'ExportNamedDeclaration':
      return node.source === null ? null : { what: 'export', source: node.source };
    case 'TSExternalModuleReference':
      return { what: 'require', source: node.expression };
    case 'NewExpression':
      if (!isNamed(node.callee, 'URL') || !isImportMeta(node.arguments[1], 'url')) return null;
      return { what: 'new URL', source: node.arguments[0], optional: true };
    case 'CallExpression':
      if (isImportMeta(node.callee, 'resolve')) return { what: 'import.meta.resolve', source: node.arguments[0] };
      return isRequire(node.callee) ? { what: 'require', source: node.arguments[0] } : null;
    default:
      return null;
  }
}

/** `require` and `require.resolve`. */
function isRequire(callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return isNamed(callee, 'require');
  return isNamed(callee.object, 'require') && isNamed(callee.property, 'resolve');
}

/** Why this node may import something that no rule can see; null for every ordinary node. */
function unreadableIn(node: Node): string | null {
  if (isNamed(node, 'createRequire')) return 'uses createRequire: use import, or import.meta.resolve for the place of a file';
  if (isNamed(node, 'getBuiltinModule')) return 'uses getBuiltinModule: import the module';
  return null;
}

/** The text of a string, or of a template without placeholders; null for anything that is computed. */
function constantText(node: Node | null | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TSLiteralType') return constantText(node.literal);
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
}

const queryMethods = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto', 'upsertMany']);

/** The method or tag by which this node makes a statement of SQL; null when it makes none. */
function statementIn(node: Node): string | null {
  if (node.type === 'TaggedTemplateExpression') return isNamed(node.tag, 'sql') ? 'sql' : null;
  const name = methodCalled(node);
  return name !== null && queryMethods.has(name) ? name : null;
}

/** The name of the method that this node calls; null when it calls none, or one whose name is computed. */
function methodCalled(node: Node): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { property } = node.callee;
  return property.type === 'Identifier' ? property.name : constantText(property);
}

function isNamed(node: Node | undefined, name: string): boolean {
  return node?.type === 'Identifier' && node.name === name;
}

function isImportMeta(node: Node | undefined, property: string): boolean {
  return node?.type === 'MemberExpression' && node.object.type === 'MetaProperty' && isNamed(node.property, property);
}

const globalObjects = new Set(['globalThis', 'window', 'self', 'navigator']);
/** Places where an identifier names a member, a type or something imported, not a value in scope. */
const namesOnly: Record<string, readonly string[]> = {
  Property: ['key'],
  MethodDefinition: ['key'],
  PropertyDefinition: ['key'],
  TSPropertySignature: ['key'],
  TSMethodSignature: ['key'],
  TSTypeQuery: ['exprName'],
  TSTypeReference: ['typeName'],
  ImportSpecifier: ['imported', 'local'],
  ExportSpecifier: ['local', 'exported'],
};

/** The name of the value that an identifier reads from its scope or from the global object; null for every other identifier. */
function globalName(node: Node, parent: Node | null, key: string): string | null {
  if (node.type !== 'Identifier') return null;
  if (parent?.type === 'MemberExpression' && key === 'property' && !parent.computed) {
    return parent.object.type === 'Identifier' && globalObjects.has(parent.object.name) ? node.name : null;
  }
  return parent !== null && namesOnly[parent.type]?.includes(key) ? null : node.name;
}

function listCssImports(text: string): FileImports {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const imports = [...code.matchAll(/@import\s+(?:url\(\s*)?(['"])([^'"\n]+)\1/g)].map(({ index, 2: specifier = '' }) => ({
    specifier,
    line: code.slice(0, index).split('\n').length,
    optional: false,
  }));
  return { imports, unreadable: [], globs: [], globals: [], statements: [], transactions: [] };
}
