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
import { adminPassword, startBackend } from '../support/backend.ts';
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

/** No test here looks at the conveyor's data. */
const noHistory = { WATCHFLOOR_CONVEYOR_HISTORY_DAYS: '0' };

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
    env: { ...inherited, ...noHistory, ...env },
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

test('prints one line when both are ready, keeps its folder to itself, and leaves nothing after SIGTERM', async () => {
  const host = start(['--json'], { WATCHFLOOR_ADMIN_PASSWORD: adminPassword });
  const { event, console: link, backend, pid } = await host.ready;
  expect(event).toBe('ready');
  expect(pid).toBe(host.child.pid);
  // The link in the folder is for its owner only.
  const file = join(dataDir, 'console-link');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').trim()).toBe(link);
  const { cookie, status } = await visit(link);
  expect(status).toBe(303);
  expect(await (await fetch(new URL('/', link), { headers: { cookie } })).text()).toContain('<div id="root">');
  // A link is used up by a visit; the one in the folder is always valid.
  const next = readFileSync(file, 'utf8').trim();
  expect(next).not.toBe(link);
  expect(await visit(next)).toMatchObject({ status: 303 });
  const session = await createClient({ baseUrl: backend }).auth.login({ body: { username: 'admin', password: adminPassword } });
  expect(session.user.role).toBe('ADMIN');

  const second = start(['--json']);
  expect(await second.ended).toBe(1);
  expect(second.err()).toContain(`process ${host.child.pid}`);
  expect(second.out()).toBe('');
  const named = /http:\/\/\S+token=[\w-]+/.exec(second.err())?.[0] ?? '';
  expect(await visit(named)).toMatchObject({ status: 303 });
  await allRun();

  host.child.kill('SIGTERM');
  expect(await host.ended).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
  expect(existsSync(file)).toBe(false);
  expect(host.out().trim().split('\n')).toHaveLength(1);
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

  // What flags are refused is for `options.test.ts`.
  test('a flag that cannot be', async () => {
    const host = start(['--listen', '0.0.0.0:0']);
    expect(await host.ended).toBe(2);
    expect(host.err()).toMatch(/requires TLS/);
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

  test('the page complies with its policy; a killed console ends its backend, and the next one finds all, the page too', async () => {
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

    await allRun();
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    host.child.kill('SIGKILL');
    await host.ended;
    await eventually('nothing is left', () => processesOf(dataDir).length === 0, 60_000);
    const sockets: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => void sockets.push(String(payload)));
    });
    const { console: newLink, backend } = await start(['--json', '--listen', `127.0.0.1:${port}`]).ready;
    // The generated password was kept: the console signs in to its backend without anyone.
    await eventually('the page speaks to the new console', () => sockets.some((frame) => frame.includes('"kind":"result"')), 60_000);
    expect((await fetch(new URL('/', newLink), { headers: { cookie } })).status).toBe(200);
    expect((await fetch(`${backend}/api/v1/health`)).status).toBe(200);
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
