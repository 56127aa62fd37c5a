import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { adminPassword } from '../support/backend.ts';
import { eventually } from '../support/eventually.ts';
import { allGone, cpuTicks, treeOf } from '../support/process-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-tree-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) for (const { pid } of treeOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WATCHFLOOR_|VITEST|NODE_OPTIONS|MALLOC_|npm_)/i.test(name)),
  );
  const child = spawn(command, args, {
    cwd: root,
    env: { ...inherited, WATCHFLOOR_ADMIN_PASSWORD: adminPassword, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  return child;
}

async function jsonLine(child: ChildProcess): Promise<unknown> {
  if (!child.stdout) throw new Error('It has no output.');
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) return JSON.parse(line);
  throw new Error('It ended before it was ready.');
}

describe.skipIf(process.platform !== 'linux')('npm run backend, when one of its processes is gone', () => {
  const levels = [
    ['npm, killed', 'SIGKILL', /^npm run/],
    ['npm, asked to stop', 'SIGTERM', /^npm run/],
    ['what npm started, killed', 'SIGKILL', /scripts\/backend\.mjs/],
    ['the backend, killed', 'SIGKILL', /backend-bundle\/cli\.ts/],
  ] as const;
  test.each(levels)('%s: all the others end', async (name, signal, command) => {
    const data = join(folder, name.replaceAll(/\W+/g, '-'));
    const npm = start('npm', ['run', 'backend', '--', '--data', data, '--port', '0', '--json']);
    await jsonLine(npm);
    const tree = await eventually('the reader of the shipped source', () => {
      const found = treeOf(npm.pid ?? 0);
      return found.some((one) => one.command.includes('sqlite-process')) ? found : null;
    });
    const victim = tree.find((one) => command.test(one.command));
    if (victim === undefined) throw new Error(`No process is ${command}:\n${tree.map((one) => one.command).join('\n')}`);
    expect(tree.length).toBeGreaterThanOrEqual(4);
    process.kill(victim.pid, signal);
    await allGone(tree);
  });
});

test.skipIf(process.platform !== 'linux').each([
  ['two', {}, '2'],
  ['as many as its environment says', { MALLOC_ARENA_MAX: '5' }, '5'],
])('npm run backend has few memory arenas: %s', async (name, env, expected) => {
  const data = join(folder, `arenas-${name.replaceAll(' ', '-')}`);
  const npm = start('npm', ['run', 'backend', '--', '--data', data, '--port', '0', '--json'], env);
  const { pid } = (await jsonLine(npm)) as { pid: number };
  const tree = treeOf(npm.pid ?? 0);
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain(`MALLOC_ARENA_MAX=${expected}`);
  npm.kill('SIGTERM');
  await allGone(tree);
});

test.skipIf(process.platform !== 'linux')('a reader of a SQLite file ends with its parent, even during an endless query', async () => {
  const file = join(folder, 'source.db');
  new Database(file).exec('CREATE TABLE t (a)').close();
  const script = join(folder, 'reads.ts');
  writeFileSync(
    script,
    `import { openSqlite } from '${join(root, 'backend-bundle/engines/sources/sqlite.ts')}';
     import pino from '${join(root, 'node_modules/pino/pino.js')}';
     const source = openSqlite({ file: '${file}' }, 'endless', pino({ level: 'silent' }));
     const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n WHERE :from < :to';
     source.query({ sql, from: 0, to: 1, maxRows: 10, timeoutMs: 600000 }).catch(() => {});
     console.log('{}');`,
  );
  const parent = start(process.execPath, [script]);
  await jsonLine(parent);
  // It is in a native call: none of its own JavaScript runs.
  const tree = await eventually('the reader', () => {
    const found = treeOf(parent.pid ?? 0);
    const reader = found[1];
    return reader !== undefined && cpuTicks(reader.pid) > 150 ? found : null;
  });
  parent.kill('SIGKILL');
  await allGone(tree);
});
