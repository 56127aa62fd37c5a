import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BackendStatus } from '#common/contract/console/backend.ts';
import { Launcher, unmanagedBackend } from './launcher.ts';

/**
 * A command line that behaves like the backend's (a ready line, a port, an exit) with nothing behind it, so that each case takes
 * milliseconds. The real one is launched in test/integration.
 */
const cli = `
import { createServer } from 'node:net';
const [command, ...args] = process.argv.slice(2);
const flag = (name) => args[args.indexOf(name) + 1];
const ready = (more) => process.stdout.write(JSON.stringify({ event: 'ready', pid: process.pid, ...more }) + '\\n');
process.stderr.write([command, ...args].join(' ') + '\\n');
if (command === 'embedded') {
  const server = createServer();
  server.on('error', () => { process.stderr.write('watchfloor embedded: Port ' + flag('--port') + ' is in use.\\n'); process.exit(1); });
  server.listen(Number(flag('--port')), '127.0.0.1', () => ready({ backend: 'http://127.0.0.1:' + server.address().port }));
} else {
  ready();
  setInterval(() => {}, 1000);
}`;

let folder: string;
let launcher: Launcher;
let urls: string[];
let statuses: BackendStatus[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-launcher-'));
  writeFileSync(join(folder, 'cli.mjs'), cli);
  urls = [];
  statuses = [];
  launcher = new Launcher({
    dataDir: folder,
    node: process.execPath,
    cli: join(folder, 'cli.mjs'),
    credentials: { username: 'admin', password: 'a long password', agentKey: 'wfk_0123456789abcdef' },
    onChange: (status) => void statuses.push(status),
    onBackend: (url) => void urls.push(url),
  });
});
afterEach(async () => {
  await launcher.stop();
  rmSync(folder, { recursive: true, force: true });
});

const part = (name: string) => launcher.status().parts.find((candidate) => candidate.name === name);
const log = (name: 'backend' | 'agent') => launcher.handlers.log({ part: name, lines: 100 }, new AbortController().signal) as string[];
async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !what(); ) {
    if (Date.now() > end) throw new Error(`Not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('starts all three, the agent after the backend is ready', async () => {
  await launcher.start();
  await until(() => launcher.status().parts.every(({ state }) => state === 'running'));
  expect(launcher.status()).toMatchObject({ managed: true, restartAt: null });
  expect(urls).toHaveLength(1);
  expect(log('agent')[0]).toContain(`--backend ${urls[0]}`);
  await until(() => statuses.at(-1)?.parts.every(({ state }) => state === 'running') === true);
});

test('a backend that was killed comes back on the same port, and the others never stopped', async () => {
  await launcher.start();
  await until(() => part('agent')?.state === 'running');
  const agent = part('agent')?.pid;
  process.kill(part('backend')?.pid ?? 0, 'SIGKILL');
  await until(() => part('backend')?.state === 'failed');
  expect(launcher.status().restartAt).toBeGreaterThan(Date.now() + 5_000);
  await launcher.start();
  expect(urls).toHaveLength(2);
  expect(urls[1]).toBe(urls[0]);
  expect(part('agent')?.pid).toBe(agent);
});

test('if its port is in use it takes another, and the agent is restarted with it', async () => {
  await launcher.start();
  await until(() => part('agent')?.state === 'running');
  const agent = part('agent')?.pid;
  process.kill(part('backend')?.pid ?? 0, 'SIGKILL');
  await until(() => part('backend')?.state === 'failed');
  const thief = createServer().listen(Number(new URL(urls[0] ?? '').port), '127.0.0.1');
  await new Promise((resolve) => thief.on('listening', resolve));
  await expect(launcher.start()).rejects.toThrow(/is in use/);
  await launcher.start();
  thief.close();
  expect(urls[1]).not.toBe(urls[0]);
  await until(() => part('agent')?.state === 'running' && part('agent')?.pid !== agent);
  expect(log('agent').at(-1)).toContain(`--backend ${urls[1]}`);
});

test('after a stop all three start again', async () => {
  await launcher.start();
  await until(() => part('agent')?.state === 'running');
  await launcher.stop();
  expect(launcher.status().parts.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  await launcher.start();
  await until(() => launcher.status().parts.every(({ state }) => state === 'running'));
});

test('secrets are not on any command line', async () => {
  await launcher.start();
  await until(() => part('agent')?.state === 'running');
  expect([...log('backend'), ...log('agent')].join('\n')).not.toMatch(/a long password|wfk_/);
});

test('a console with a backend elsewhere says that it manages none', () => {
  expect(unmanagedBackend.status(undefined, new AbortController().signal)).toEqual({ managed: false, parts: [], restartAt: null });
});
