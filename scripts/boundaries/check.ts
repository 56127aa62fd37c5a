import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCircles } from './circles.ts';
import { type Floor, floors, mayGlob, mayNotQuery, mayNotTransact, reservedGlobals, reservedPackages } from './floors.ts';
import { listImports } from './imports.ts';

export interface Violation {
  file: string;
  line: number;
  message: string;
}

interface CheckedFile {
  violations: Violation[];
  /** Files of the project that it imports, relative to the root. */
  targets: string[];
}

const aliases: Record<string, string> = {
  '#common/': 'common/',
  '#backend/': 'backend-bundle/',
  '#core/': 'main/core/',
  '#renderer/': 'renderer/',
};

/** Checks one file's text. `file` is relative to the root, with forward slashes. */
export function checkFile(file: string, text: string, isFile: (path: string) => boolean): CheckedFile {
  const floor = floors.find((candidate) => matches(candidate.at, file) !== null);
  if (!floor)
    return { violations: [{ file, line: 1, message: 'stands on no floor; add its folder to scripts/boundaries/floors.ts' }], targets: [] };
  const { imports, unreadable, globs, globals, statements, transactions } = listImports(file, text);
  const violations: Violation[] = unreadable.map((each) => ({ file, ...each }));
  if (!mayGlob.includes(file)) {
    violations.push(...globs.map(({ line }) => ({ file, line, message: 'uses import.meta.glob: import each file by its name' })));
  }
  if (!isTest(file) && mayNotQuery.within.test(file) && !mayNotQuery.except.test(file)) {
    violations.push(...statements.map(({ name, line }) => ({ file, line, message: `uses ${name}: ${mayNotQuery.why}` })));
  }
  if (mayNotTransact.within.test(file)) {
    violations.push(...transactions.map(({ line }) => ({ file, line, message: `uses transaction: ${mayNotTransact.why}` })));
  }
  const targets: string[] = [];
  for (const { specifier, line, optional } of imports) {
    const target = resolve(file, specifier);
    if (typeof target === 'object') {
      const message = isTest(file) ? null : packageComplaint(file, floor, target.package);
      if (message !== null) violations.push({ file, line, message });
      continue;
    }
    if (optional && !isFile(target)) continue;
    targets.push(target);
    const message = targetComplaint(file, floor, specifier, target);
    if (message !== null) violations.push({ file, line, message });
  }
  if (!isTest(file)) violations.push(...globalComplaints(file, globals));
  return { violations, targets };
}

/** Tests may use any package, and the helpers under `test`. */
const isTest = (file: string) => /\.test\.tsx?$/.test(file);

function targetComplaint(file: string, floor: Floor, specifier: string, target: string): string | null {
  if (/^(\/|file:)/.test(specifier)) return `imports ${specifier}: name it relative to this file, or by an alias`;
  if (/^#[^/]+\/(.*\/)?\.\.?(\/|$)/.test(specifier)) return `imports ${specifier}: an alias must not climb`;
  if (target.startsWith('../')) return `imports ${specifier}: outside the project`;
  if (isTest(file) && target.startsWith('test/')) return null;
  if (floor.may.some((allowed) => reaches(allowed, floor.at, file, target))) return null;
  return `imports ${target}: ${floor.at} may import only ${floor.may.join(', ') || 'packages'}`;
}

function packageComplaint(file: string, floor: Floor, specifier: string): string | null {
  const name = packageName(specifier);
  const reserved = reservedPackages.find((rule) => rule.what.test(specifier) || rule.what.test(name));
  if (/^(main|preload|renderer|common|backend-bundle)\//.test(file) && reserved && !reserved.where.test(file))
    return `imports ${specifier}: ${reserved.why}`;
  if (floor.packages.some((allowed) => glob(allowed).test(name))) return null;
  return `imports ${specifier}: ${floor.at} may use only ${floor.packages.join(', ')}`;
}

function globalComplaints(file: string, globals: { name: string; line: number }[]): Violation[] {
  return reservedGlobals.flatMap(({ names, within, where, why }) => {
    if (!within.test(file) || where.test(file)) return [];
    return globals.filter(({ name }) => names.includes(name)).map(({ name, line }) => ({ file, line, message: `uses ${name}: ${why}` }));
  });
}

function resolve(file: string, specifier: string): string | { package: string } {
  const alias = Object.keys(aliases).find((prefix) => specifier.startsWith(prefix));
  if (alias) return posix.normalize(aliases[alias] + specifier.slice(alias.length));
  if (/^(\/|file:)/.test(specifier)) return specifier;
  if (!/^\.\.?(\/|$)/.test(specifier)) return { package: specifier };
  return posix.normalize(posix.join(posix.dirname(file), specifier.replace(/\?.*$/, '')));
}

function packageName(specifier: string): string {
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
  if (pattern === file) return '';
  const match = new RegExp(`^${pattern.replaceAll('*', '([^/]+)')}/`).exec(file);
  return match ? (match[1] ?? '') : null;
}

function reaches(allowed: string, at: string, file: string, target: string): boolean {
  if (allowed.endsWith('.ts')) return glob(allowed).test(target);
  const folder = allowed === at ? at.replace('*', matches(at, file) ?? '') : allowed;
  return target.startsWith(`${folder}/`);
}

/** Checks every source file that git knows or would add, and that no files import one another in a circle. */
export function checkTree(root: string): { files: number; violations: Violation[] } {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const isFile = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
  const files = listed.stdout.split('\n').filter((file) => /\.([cm]?[jt]sx?|css)$/.test(file) && isFile(file));
  const graph = new Map<string, Set<string>>();
  const violations = files.flatMap((file) => {
    const checked = checkFile(file, readFileSync(join(root, file), 'utf8'), isFile);
    graph.set(file, new Set(checked.targets));
    return checked.violations;
  });
  for (const circle of findCircles(graph)) {
    violations.push({ file: circle[0] ?? '', line: 1, message: `is in a circle of imports: ${circle.join(', ')}` });
  }
  return { files: files.length, violations };
}

if (import.meta.main) {
  const { files, violations } = checkTree(fileURLToPath(new URL('../..', import.meta.url)));
  for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`);
  console.log(`${files} files, ${violations.length} imports across a boundary`);
  process.exitCode = violations.length === 0 && files > 0 ? 0 : 1;
}
