import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleInput } from '#common/contract/rules.ts';
import { type FileRule, readRules, writeRules } from '#common/rules/yaml.ts';
import { UsageError } from '../command.ts';

/**
 * Reads the rules of a folder with all folders in it, or of one file. Hidden folders are skipped.
 * @throws RuleFileError with every mistake of every file; UsageError when there is no such folder
 */
export async function readRulesAt(path: string): Promise<FileRule[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`There is no file or folder ${path}.`);
  const names = found.isDirectory() ? await yamlFilesIn(path) : [path];
  return readRules(await Promise.all(names.map(async (name) => ({ name, text: await readFile(name, 'utf8') }))));
}

async function yamlFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : yamlFilesIn(path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    }),
  );
  return nested.flat().sort();
}

/** Writes each rule to a file of its own, which has its code for a name. @returns the names of the files */
export async function writeRulesTo(folder: string, rules: readonly RuleInput[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  const names = rules.map(({ code }) => {
    // Two codes may differ in letter case alone, which not every file system keeps apart.
    const name = taken.has(code.toLowerCase()) ? `${code}.${taken.size}` : code;
    taken.add(code.toLowerCase());
    return join(folder, `${name}.yaml`);
  });
  await Promise.all(rules.map((rule, i) => writeFile(names[i] ?? '', writeRules([rule]))));
  return names;
}
