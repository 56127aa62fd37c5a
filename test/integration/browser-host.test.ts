import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import { ensureBuilt, programFile } from '../../scripts/build.ts';
import { adminPassword, shortHistory, startBackend } from '../support/backend.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';

/** The browser host as users start it, with the real core and the real backend behind it. */

interface RunningHost {
  child: ChildProcess;
  ready: Promise<{ event: string; console: string; backend: string; pid: number }>;
  out(): string;
  err(): string;
  /** @returns the exit status */
  ended: Promise<number | null>;
}

let dataDir: string;
const running: RunningHost[] = [];
beforeAll(ensureBuilt);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-host-'));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  await eventually('all processes of the host are gone', () => processesOf(dataDir).length === 0);
  rmSync(dataDir, { recursive: true, force: true });
});

function start(args: string[] = [], env: Record<string, string> = {}): RunningHost {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WATCHFLOOR_|VITEST|DISPLAY)/.test(name)));
  const child = spawn(process.execPath, [programFile('web'), '--data', dataDir, ...args], {
    env: { ...inherited, ...shortHistory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const first = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(line as string));
  const ready = Promise.race([
    first,
    ended.then((status) => {
      throw new Error(`The host ended with ${status} before it was ready:\n${err}`);
    }),
  ]);
  ready.catch(() => {});
  const host = { child, ready, ended, out: () => out, err: () => err };
  running.push(host);
  return host;
}

/** Command lines of every process that works on a folder. */
function processesOf(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

/** Waits until the backend, the agent and the producer are there. */
async function allRun(): Promise<void> {
  const parts = [' embedded ', ' agent ', ' conveyor '];
  await eventually('all parts run', () => parts.every((part) => processesOf(dataDir).some((line) => line.includes(part))));
}

async function visit(link: string): Promise<{ status: number; location: string | null; cookie: string }> {
  const answer = await fetch(link, { redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

test('prints one line when both are ready; SIGTERM ends everything and leaves nothing', async () => {
  const host = start(['--json'], { WATCHFLOOR_ADMIN_PASSWORD: adminPassword });
  const { event, console: link, backend, pid } = await host.ready;
  expect(event).toBe('ready');
  expect(pid).toBe(host.child.pid);
  const { cookie, status } = await visit(link);
  expect(status).toBe(303);
  expect(await (await fetch(new URL('/', link), { headers: { cookie } })).text()).toContain('<div id="root">');
  const session = await createClient({ baseUrl: backend }).auth.login({ body: { username: 'admin', password: adminPassword } });
  expect(session.user.role).toBe('ADMIN');
  await allRun();

  host.child.kill('SIGTERM');
  expect(await host.ended).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, 'console-link'))).toBe(false);
  expect(host.out().trim().split('\n')).toHaveLength(1);
});

test('a killed console ends its backend; the next start finds everything unchanged', async () => {
  const first = start(['--json']);
  const { console: link } = await first.ready;
  await allRun();
  const { cookie } = await visit(link);
  first.child.kill('SIGKILL');
  await first.ended;
  await eventually('nothing is left', () => processesOf(dataDir).length === 0, 60_000);

  // The generated password was kept: the console signs in to its backend without anyone.
  const again = start(['--json']);
  const { console: newLink, backend } = await again.ready;
  expect((await fetch(new URL('/', newLink), { headers: { cookie } })).status).toBe(200);
  expect((await fetch(`${backend}/api/v1/health`)).status).toBe(200);
});

test('a second console on the same folder names the first one and its address', async () => {
  const first = start(['--json']);
  await first.ready;
  const second = start(['--json']);
  expect(await second.ended).toBe(1);
  expect(second.err()).toContain(`process ${first.child.pid}`);
  expect(second.out()).toBe('');
  const link = /http:\/\/\S+token=[\w-]+/.exec(second.err())?.[0] ?? '';
  expect(await visit(link)).toMatchObject({ status: 303 });
});

test('the link in the folder is readable for its owner only, and always valid', async () => {
  const host = start(['--json']);
  const { console: link } = await host.ready;
  const file = join(dataDir, 'console-link');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').trim()).toBe(link);
  await visit(link);
  const next = readFileSync(file, 'utf8').trim();
  expect(next).not.toBe(link);
  expect(await visit(next)).toMatchObject({ status: 303 });
});

test('with --backend nothing is launched, and the console signs in with the password from the environment', async () => {
  const backend = await startBackend();
  try {
    const host = start(['--json', '--backend', backend.url], { WATCHFLOOR_ADMIN_PASSWORD: adminPassword });
    expect(await host.ready).toMatchObject({ backend: backend.url });
    expect(processesOf(dataDir)).toHaveLength(1);
  } finally {
    await backend.stop();
  }
});

describe('a failed start reports the reason, quickly, and launches nothing', () => {
  test('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const host = start(['--json', '--listen', `127.0.0.1:${port}`]);
    expect(await host.ended).toBe(1);
    taken.close();
    expect(host.err()).toContain(`Port ${port}`);
    expect(host.err()).not.toContain('embedded');
    expect(existsSync(join(dataDir, 'watchfloor.db'))).toBe(false);
  });

  test.each([
    [['--listen', '0.0.0.0:0'], /requires TLS/],
    [['--colour'], /--colour/],
    [['--backend', 'nowhere'], /--backend/],
  ])('%j', async (args, message) => {
    const host = start(args);
    expect(await host.ended).toBe(2);
    expect(host.err()).toMatch(message);
  });

  test('--help is help', async () => {
    const host = start(['--help']);
    expect(await host.ended).toBe(0);
    expect(host.out()).toContain('--listen HOST:PORT');
  });
});

describe('in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test('the page complies with its policy, and reconnects after a restart of the console', async () => {
    const port = await freePort();
    const host = start(['--json', '--listen', `127.0.0.1:${port}`]);
    const { console: link } = await host.ready;
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(link);
    await page.getByText('This computer').first().waitFor();
    expect(page.url()).not.toContain('token');
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    // The policy refuses inline scripts and connections to other hosts.
    const inline = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      return 'inlineRan' in window;
    });
    expect(inline).toBe(false);
    expect(await page.evaluate((url) => fetch(url).then(String, () => 'refused'), `http://127.0.0.1:${port + 1}/`)).toBe('refused');

    host.child.kill('SIGKILL');
    await host.ended;
    await eventually('the old backend is gone', () => processesOf(dataDir).length === 0);
    const sockets: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => void sockets.push(String(payload)));
    });
    await start(['--json', '--listen', `127.0.0.1:${port}`]).ready;
    await eventually('the page speaks to the new console', () => sockets.some((frame) => frame.includes('"kind":"result"')), 60_000);
    await page.close();
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
