import { globSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Who may import whom (docs/architecture.md draws it). The first row whose `at` matches a file judges it. `*` stands for one
 * folder, and in `may` for the same folder that matched in `at`.
 */
interface Floor {
  at: string;
  may: string[];
  /** Packages it may use; absent means any. `node:` stands for Node's own modules. */
  packages?: string[];
}

const ports = ['backend-bundle/engines/port.ts', 'backend-bundle/engines/*/port.ts', 'backend-bundle/engines/database/tables.ts'];
const react = [
  'react',
  'react-dom',
  'react-markdown',
  'remark-gfm',
  '@tanstack/*',
  'radix-ui',
  'lucide-react',
  'cmdk',
  'clsx',
  'tailwind-merge',
  'class-variance-authority',
  'zod',
  'zustand',
  'react-hook-form',
  '@hookform/*',
  '@fontsource-variable/*',
  'tailwindcss',
];

export const floors: Floor[] = [
  { at: 'common/contract', may: ['common/contract'], packages: ['zod'] },
  { at: 'common/arrow', may: ['common'], packages: ['zod', 'apache-arrow'] },
  { at: 'common', may: ['common'], packages: ['zod'] },
  { at: 'preload', may: ['preload', 'common/contract'], packages: ['electron'] },
  { at: 'renderer/link', may: ['renderer/link', 'common'], packages: react },
  { at: 'renderer/ui', may: ['renderer/ui', 'renderer/link', 'common'], packages: react },
  { at: 'renderer/charts', may: ['renderer/charts', 'renderer/ui', 'renderer/link', 'common'], packages: [...react, 'echarts'] },
  {
    at: 'renderer/features/dashboards',
    may: ['renderer/features/dashboards', 'renderer/charts', 'renderer/ui', 'renderer/link', 'common'],
    packages: [...react, 'react-grid-layout'],
  },
  { at: 'renderer/features/*', may: ['renderer/features/*', 'renderer/charts', 'renderer/ui', 'renderer/link', 'common'], packages: react },
  { at: 'renderer', may: ['renderer', 'common'], packages: react },
  { at: 'main/core', may: ['main/core', 'common'] },
  { at: 'main/web', may: ['main/web', 'main/core', 'common'] },
  { at: 'main/electron', may: ['main/electron', 'main/core', 'common'] },
  {
    // It operates the reference plant, whose control tables are the plant's own.
    at: 'backend-bundle/services/conveyor',
    may: ['backend-bundle/services/conveyor', 'backend-bundle/services/*.ts', 'backend-bundle/conveyor/file.ts', ...ports, 'common'],
  },
  { at: 'backend-bundle/services/*', may: ['backend-bundle/services/*', 'backend-bundle/services/*.ts', ...ports, 'common'] },
  { at: 'backend-bundle/services', may: ['backend-bundle/services/*.ts', ...ports, 'common'] },
  { at: 'backend-bundle/engines', may: ['backend-bundle/engines', 'common'] },
  { at: 'backend-bundle/http', may: ['backend-bundle/http', 'backend-bundle/services/*.ts', ...ports, 'common'] },
  { at: 'backend-bundle', may: ['backend-bundle', 'common'] },
];

/** Packages and names that only a few places may touch, whatever their floor. */
const reserved = [
  {
    what: /^(fastify|@fastify\/.*|fastify-type-provider-zod)$/,
    where: /^(backend-bundle\/http|main\/web)\//,
    why: 'HTTP is mounted in one place',
  },
  { what: /^electron$/, where: /^(main\/electron|preload)\//, why: 'only the desktop host knows Electron' },
  { what: /^(better-sqlite3|keytar)$/, where: /^(backend-bundle\/(engines|conveyor)|main\/core)\//, why: 'storage stays behind its port' },
  { what: /^(pg|mysql2)(\/.*)?$/, where: /^backend-bundle\/engines\//, why: 'storage stays behind its port' },
];
const rawTransport = [
  { what: /\bnew WebSocket\b/, where: /^(renderer\/link\/rpc[\w-]*\.ts|main\/core\/rpc\/)/, name: 'WebSocket' },
  { what: /\bipc(Renderer|Main)\b/, where: /^(preload|main\/electron)\//, name: 'raw Electron IPC' },
];

export interface Violation {
  file: string;
  line: number;
  message: string;
}

const importPattern =
  /(?:^[ \t]*(?:import|export)\b[^'"`;()=]*?\bfrom\s*|^[ \t]*@?import\s*|\bimport\s*\(\s*|\bnew URL\(\s*)(['"])([^'"\n]+)\1/gm;
const aliases: Record<string, string> = {
  '#common/': 'common/',
  '#backend/': 'backend-bundle/',
  '#core/': 'main/core/',
  '#renderer/': 'renderer/',
};

/** Checks one file's text. `file` is relative to the root, with forward slashes. */
export function checkFile(file: string, text: string, isFile: (path: string) => boolean): Violation[] {
  const found: Violation[] = [];
  // Comments may name anything; only line starts are cut so that URLs inside strings survive.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/^\s*\/\/.*$/gm, '');
  const lineAt = (index: number) => code.slice(0, index).split('\n').length;
  const floor = floors.find((candidate) => matches(candidate.at, file) !== null);
  if (!floor) return [{ file, line: 1, message: 'stands on no floor; add its folder to scripts/boundaries.ts' }];
  const isTest = /\.test\.tsx?$/.test(file);
  for (const match of code.matchAll(importPattern)) {
    const specifier = match[2] ?? '';
    const report = (message: string) => found.push({ file, line: lineAt(match.index), message });
    const target = resolve(file, specifier);
    if (target === null) {
      const name = packageName(specifier);
      if (name === null || isTest) continue;
      const bound = reserved.find((rule) => rule.what.test(specifier) || rule.what.test(name));
      if (bound && !bound.where.test(file)) report(`imports ${specifier}: ${bound.why}`);
      else if (floor.packages && !floor.packages.some((allowed) => glob(allowed).test(name)))
        report(`imports ${specifier}: ${floor.at} may use only ${floor.packages.join(', ')}`);
    } else {
      if (match[0].startsWith('new URL') && !isFile(target)) continue;
      if (isTest && target.startsWith('test/')) continue;
      if (!floor.may.some((allowed) => reaches(allowed, floor.at, file, target)))
        report(`imports ${target}: ${floor.at} may import only ${floor.may.join(', ')}`);
    }
  }
  for (const rule of rawTransport) {
    const match = rule.what.exec(code);
    if (match && !rule.where.test(file) && !isTest)
      found.push({ file, line: lineAt(match.index), message: `uses ${rule.name} outside the transports` });
  }
  return found;
}

function resolve(file: string, specifier: string): string | null {
  const alias = Object.keys(aliases).find((prefix) => specifier.startsWith(prefix));
  if (alias) return aliases[alias] + specifier.slice(alias.length);
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''))) : null;
}

function packageName(specifier: string): string | null {
  if (/^(https?|data|app):/.test(specifier)) return null;
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.]/g, '\\.').replaceAll('*', '[^/]+')}$`);
}

/** The folder that `*` stood for, '' when the pattern has none, null when the file is not below the pattern. */
function matches(pattern: string, file: string): string | null {
  const match = new RegExp(`^${pattern.replaceAll('*', '([^/]+)')}/`).exec(file);
  return match ? (match[1] ?? '') : null;
}

function reaches(allowed: string, at: string, file: string, target: string): boolean {
  if (allowed.endsWith('.ts')) return glob(allowed).test(target);
  const folder = allowed === at ? at.replace('*', matches(at, file) ?? '') : allowed;
  return target.startsWith(`${folder}/`);
}

/** Checks every source file of the house. */
export function checkTree(root: string): { files: number; violations: Violation[] } {
  const files = globSync('{common,preload,renderer,main,backend-bundle}/**/*.{ts,tsx,css}', { cwd: root }).map((file) =>
    relative(root, join(root, file)).replaceAll('\\', '/'),
  );
  const violations = files.flatMap((file) =>
    checkFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true,
    ),
  );
  return { files: files.length, violations };
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { files, violations } = checkTree(root);
  for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`);
  console.log(`${files} files, ${violations.length} imports across a boundary`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
