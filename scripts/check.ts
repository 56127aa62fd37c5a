import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Check {
  name: string;
  args: string[];
}

/** The checks that read the source without running it. */
const checks: readonly Check[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the renderer', args: ['node_modules/typescript/bin/tsc', '-p', 'renderer/tsconfig.json'] },
  { name: 'lint and format', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'import boundaries', args: ['scripts/boundaries/check.ts'] },
  { name: 'function lengths', args: ['scripts/function-lengths.ts'] },
  {
    name: 'unused files, exports and dependencies',
    args: ['node_modules/knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors'],
  },
];

/** Tests that only read the source. `npm test` runs them with the others. */
const words: Check = {
  name: 'words, numbers and times',
  args: [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    'scripts/vocabulary',
    'scripts/formatting',
    'renderer/app/catalogues',
  ],
};

/** How many checks run at a time. Most of them use a single core. */
const checksAtOnce = 2;

/** Runs every check and prints its result as it ends, with the reason of failures. @returns how many passed and failed */
export async function check(chosen: readonly Check[] = checks): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  const waiting = chosen.values();
  const runNext = async () => {
    for (const one of waiting) if (!(await passes(one))) failed += 1;
  };
  await Promise.all(Array.from({ length: checksAtOnce }, runNext));
  return { passed: chosen.length - failed, failed };
}

async function passes({ name, args }: Check): Promise<boolean> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.replace(/^/gm, '       '));
  return code === 0;
}

if (import.meta.main) {
  // Without a build step there is one thing to run; `--write` formats and applies safe fixes first.
  if (process.argv.includes('--write')) {
    const biome = spawn(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--write', '.'], {
      cwd: root,
      stdio: 'inherit',
    });
    await new Promise((resolve) => biome.on('exit', resolve));
  }
  process.exitCode = (await check([...checks, words])).failed === 0 ? 0 : 1;
}
