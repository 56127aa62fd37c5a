import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { shortHistory } from '../support/backend.ts';
import { eventually } from '../support/eventually.ts';
import { allGone, treeOf } from '../support/process-tree.ts';
import { password } from './product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-start-'));
let npm: ChildProcess;
afterEach(() => {
  for (const { pid } of treeOf(npm.pid ?? 0)) process.kill(pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

describe.skipIf(process.platform !== 'linux')('npm start, when one of its processes is gone', () => {
  test.each([
    ['npm, killed', 'SIGKILL', /^npm start/],
    ['npm, asked to stop', 'SIGTERM', /^npm start/],
    ['the script that npm runs, killed', 'SIGKILL', /scripts\/start\.mjs/],
    ['the launcher, killed', 'SIGKILL', /scripts\/launch\.ts/],
    ['the console, killed', 'SIGKILL', /web\/main\.[jt]s/],
  ] as const)('%s: all the others end', async (_, signal, command) => {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|npm_)/i.test(name)));
    npm = spawn('npm', ['start', '--', '--web', '--no-open', '--json', '--data', dataDir], {
      cwd: root,
      env: { ...inherited, ...shortHistory, WATCHFLOOR_ADMIN_PASSWORD: password },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!npm.stdout) throw new Error('npm has no output.');
    for await (const line of createInterface({ input: npm.stdout })) if (line.startsWith('{')) break;
    // The console, its three parts, and the reader of the shipped source below the backend.
    const wanted = [/web\/main\.[jt]s/, /cli\.[jt]s embedded/, /cli\.[jt]s agent/, /cli\.[jt]s conveyor/, /sqlite-process/];
    const tree = await eventually('all parts', () => {
      const found = treeOf(npm.pid ?? 0);
      return wanted.every((part) => found.some((one) => part.test(one.command))) ? found : null;
    });
    const victim = tree.find((one) => command.test(one.command));
    expect(victim, tree.map((one) => one.command).join('\n')).toBeDefined();
    process.kill(victim?.pid ?? 0, signal);
    await allGone(tree);
  });
});
