import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A part of the product that is built, with the sources from which it follows. */
interface Part {
  /** Its folder in `out`, which also holds the fingerprint of the sources it was built from. Every build empties it first. */
  folder: string;
  title: string;
  inputs: readonly string[];
  build(): Promise<void>;
}

const sharedInputs = ['common/**/*', 'package.json', 'package-lock.json'];

/** A program that runs on Node. Its sources run as they are, too, but loading them takes more processor time. */
interface Program extends Part {
  entry: string;
  built: string;
}

function makeProgram(folder: string, title: string, entry: string, inputs: readonly string[]): Program {
  return {
    folder,
    title,
    entry,
    built: `out/${folder}/${basename(entry, '.ts')}.js`,
    inputs: [...sharedInputs, ...inputs, 'scripts/bundle.ts'],
    // Loaded only here, because most runs find everything built.
    build: async () => (await import('./bundle.ts')).bundle(root, { folder, entry }),
  };
}

const programs = {
  backend: makeProgram('backend', 'backend', 'backend-bundle/cli.ts', ['backend-bundle/**/*']),
  web: makeProgram('web', 'browser host', 'main/web/main.ts', ['main/{core,web}/**/*']),
};
const consoleParts: Part = {
  folder: 'main',
  title: 'console',
  inputs: [...sharedInputs, 'main/**/*', 'preload/**/*', 'renderer/**/*', 'electron.vite.config.ts'],
  build: buildConsole,
};

function fingerprint({ inputs }: Part): string {
  const hash = createHash('sha256');
  for (const file of globSync(inputs, { cwd: root }).sort()) {
    if (!/\.(ts|tsx|css|html|json|svg|png)$/.test(file) || /\.test\.tsx?$/.test(file)) continue;
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

const stampOf = ({ folder }: Part) => join(root, 'out', folder, '.built-from');

function isBuiltFrom(part: Part, wanted: string): boolean {
  return existsSync(stampOf(part)) && readFileSync(stampOf(part), 'utf8') === wanted;
}

async function buildConsole(): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`The console could not be built.\n${output}`);
}

/** Builds the parts of the product whose sources changed since the last build. Progress goes to stderr. */
export async function ensureBuilt(): Promise<void> {
  for (const part of [consoleParts, programs.backend, programs.web]) {
    const wanted = fingerprint(part);
    if (isBuiltFrom(part, wanted)) continue;
    process.stderr.write(`Building the ${part.title}…\n`);
    const started = performance.now();
    await part.build();
    writeFileSync(stampOf(part), wanted);
    process.stderr.write(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
  }
}

/**
 * Returns the file that starts a program: the built one if nothing has changed since its build, otherwise its sources. WATCHFLOOR_SOURCES=1
 * always chooses the sources, for what needs their modules or lines.
 */
export function programFile(name: keyof typeof programs): string {
  const program = programs[name];
  const usesBuilt = process.env['WATCHFLOOR_SOURCES'] !== '1' && isBuiltFrom(program, fingerprint(program));
  return join(root, usesBuilt ? program.built : program.entry);
}

if (import.meta.main) await ensureBuilt();
