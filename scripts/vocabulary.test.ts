import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('{common,backend-bundle,main,preload,renderer}/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !/\.test\.tsx?$/.test(file),
);

/** Literal lengths of an hour, a day and a week, and names that would define them again. */
const handmade = /(?<![\w.])(3_600_000|86_400_000|604_800_000)\b|\b(hourMs|dayMs|weekMs) =/;

const handmadeIn = (text: string) => text.split('\n').flatMap((line, at) => (handmade.test(line) ? [at + 1] : []));

it('hours, days and weeks have their length from common/time/durations.ts', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(handmadeIn(['const keptMs = 30 * 86_400_000;', 'const dayMs = 1;', 'const keptMs = 30 * dayMs;'].join('\n'))).toEqual([1, 2]);

  const found = files
    .filter((file) => file !== 'common/time/durations.ts')
    .flatMap((file) => handmadeIn(readFileSync(`${root}/${file}`, 'utf8')).map((line) => `${file}:${line}`));
  expect(found).toEqual([]);
});

/** Types, interfaces, classes and enums that a file declares and exports; re-exports don't count. */
function exportedTypes(file: string, text: string): string[] {
  const declared = new Set<string>();
  const exported = new Set<string>();
  for (const statement of parseSync(file, text).program.body) {
    const isExport = statement.type === 'ExportNamedDeclaration';
    if (isExport && statement.source !== null) continue;
    for (const { local, exported: name } of isExport ? statement.specifiers : []) {
      if (local.type === 'Identifier' && name.type === 'Identifier') exported.add(local.name);
    }
    const declaration = isExport ? statement.declaration : statement;
    if (
      declaration?.type === 'TSTypeAliasDeclaration' ||
      declaration?.type === 'TSInterfaceDeclaration' ||
      declaration?.type === 'ClassDeclaration' ||
      declaration?.type === 'TSEnumDeclaration'
    ) {
      const name = declaration.id?.name;
      if (name === undefined) continue;
      declared.add(name);
      if (isExport) exported.add(name);
    }
  }
  return [...declared].filter((name) => exported.has(name));
}

/** Names that two or more files use for different types. */
function sharedNames(sources: readonly { file: string; text: string }[]): string[] {
  const homes = new Map<string, string[]>();
  for (const { file, text } of sources) {
    for (const name of exportedTypes(file, text)) homes.set(name, [...(homes.get(name) ?? []), file]);
  }
  return [...homes].filter(([, at]) => at.length > 1).map(([name, at]) => `${name}: ${at.join(', ')}`);
}

it('no two files export different types of one name', () => {
  expect(
    sharedNames([
      {
        file: 'a.ts',
        text: 'export interface Line {} export const part = 1; type Cell = 1; export enum Mark {} class Held {} export { Held };',
      },
      {
        file: 'b.ts',
        text: "export type Line = 1; export type Cell = 2; export class Mark {} export { Line } from './a.ts'; export class Held {}",
      },
      { file: 'c.ts', text: "export * from './a.ts'; export type { Mark } from './b.ts'; interface Line {} export interface part {}" },
    ]),
  ).toEqual(['Line: a.ts, b.ts', 'Mark: a.ts, b.ts', 'Held: a.ts, b.ts']);

  expect(sharedNames(files.map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') })))).toEqual([]);
});
