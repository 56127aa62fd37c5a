import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bridgeChannels } from '#common/contract/console/bridge.ts';
import { lockConsole } from '#core/launcher/lock.ts';
import { linkTo } from '../../main/electron/deep-link.ts';
import { type DesktopSetup, startDesktop } from '../../main/electron/desktop.ts';
import { StageError } from '../../main/electron/stages.ts';
import { ensureBuilt, programFile } from '../../scripts/build.ts';
import { shortHistory } from '../support/backend.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { createStandIn, type StandIn } from './stand-in.ts';

/**
 * The desktop host with everything real but Electron: its own code, the built preload and renderer in Chromium, the core, and the
 * backend in its processes. What only Electron's binary can show is in binary.test.ts.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const connection = '01938d5e-7a10-7000-8000-000000000001';
const alert = '01938d5e-7a10-7000-8000-000000000002';

let browser: Browser;
let dataDir: string;
let desktop: StandIn;
let log: string[];

beforeAll(async () => {
  for (const [name, value] of Object.entries(shortHistory)) vi.stubEnv(name, value);
  await ensureBuilt();
  browser = await launchChromium();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await browser.close();
});
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-desktop-'));
  desktop = createStandIn(browser);
  log = [];
});
afterEach(async () => {
  desktop.quit();
  await Promise.race([desktop.exited, new Promise((resolve) => setTimeout(resolve, 5_500))]);
  for (const window of desktop.windows) await window.closePage();
  expect(processesOf(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (over: Partial<DesktopSetup> = {}) =>
  startDesktop({
    api: desktop.api,
    root,
    dataDir,
    node: process.execPath,
    cli: programFile('backend'),
    args: [],
    platform: 'linux',
    log: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
    ...over,
  });

function processesOf(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

/** The page in the only window, once it is connected to the core. */
async function pageOf(standIn: StandIn = desktop): Promise<Page> {
  const page = await eventually('a window with a page', () => standIn.windows[0]?.page);
  await page.getByRole('navigation').first().waitFor();
  return page;
}

test('from start to quit: shell first, live data, an alert is announced, acknowledged, quit', { timeout: 180_000 }, async () => {
  const starting = start();
  const window = await eventually('a window', () => desktop.windows[0]);
  await window.shown;
  await starting;
  const page = await pageOf();
  await page.getByText('This computer').first().waitFor();
  await page.getByText('Live', { exact: true }).first().waitFor({ timeout: 60_000 });
  expect(log.map((line) => JSON.parse(line).stage).filter(Boolean)).toEqual([
    'before Electron is ready',
    'page',
    'core',
    'tray and notifications',
  ]);

  // Someone stops a belt while the console is hidden.
  await page.goto(`${new URL(page.url()).origin}/conveyor`);
  await page
    .getByRole('button', { name: /^Stop: / })
    .first()
    .click({ timeout: 60_000 });
  const notification = await eventually(
    'a notification',
    () => desktop.notifications.find(({ options }) => options.urgency === 'critical'),
    60_000,
  );
  expect(notification).toMatchObject({ visible: true, options: { title: expect.stringMatching(/\S/), timeoutType: 'never' } });
  await eventually('the tray counts it', () => (desktop.badges.at(-1) ?? 0) > 0);
  expect(desktop.tray.tip).toMatch(/needs? an owner/);
  expect(desktop.tray.image).toContain('tray-alert');

  notification.emit('click');
  await page.waitForURL(/\/alerts\/[\w-]+\/[\w-]+/);
  expect(window.focused).toBe(true);
  // Its keys work as soon as its actions are there.
  await page
    .getByRole('button', { name: /^Acknowledge/ })
    .first()
    .waitFor({ timeout: 60_000 });
  const before = desktop.badges.length;
  await page.keyboard.press('a');
  // Other alerts may fire meanwhile: a busy computer has some of its own.
  const fell = () => desktop.badges.some((count, i) => i >= before && count < (desktop.badges[i - 1] ?? 0));
  await eventually('one fewer waits', fell, 60_000);

  desktop.quit();
  expect(await desktop.exited).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
});

describe('what a page can reach', () => {
  test('nothing of Electron, and nothing outside', async () => {
    await start();
    const page = await pageOf();
    expect(desktop.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
    expect(desktop.asked).toContain('enableSandbox');
    const bridge = await page.evaluate(() => {
      const { watchfloor, require } = globalThis as { watchfloor?: object; require?: unknown };
      return { keys: Object.keys(watchfloor ?? {}), frozen: Object.isFrozen(watchfloor), node: typeof require };
    });
    expect(bridge).toEqual({ keys: ['connect'], frozen: true, node: 'undefined' });

    const before = page.url();
    const refused = page.waitForEvent('requestfailed', (request) => request.url() === 'https://evil.example/');
    await page.evaluate(() => {
      location.href = 'https://evil.example/';
    });
    await refused;
    expect(page.url()).toBe(before);
  });

  test('external links open outside, and only with allowed schemes', async () => {
    await start();
    const window = await eventually('a window', () => desktop.windows[0]);
    for (const url of [
      'https://runbooks.example/belt',
      'mailto:ops@plant.example',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://x/y',
      '',
    ])
      expect(window.openFromPage(url)).toEqual({ action: 'deny' });
    expect(desktop.opened).toEqual(['https://runbooks.example/belt', 'mailto:ops@plant.example']);
  });

  test('no redirects, no frames elsewhere, no <webview>', async () => {
    await start();
    const { contents } = await eventually('a window', () => desktop.windows[0]);
    const prevented = (name: string, details: object) => {
      let stopped = false;
      contents.emit(name, { ...details, preventDefault: () => (stopped = true) });
      return stopped;
    };
    expect(prevented('will-redirect', { url: 'https://evil.example/' })).toBe(true);
    expect(prevented('will-attach-webview', {})).toBe(true);
    expect(prevented('will-frame-navigate', { url: 'app://watchfloor/', isMainFrame: false })).toBe(true);
    expect(prevented('will-frame-navigate', { url: 'app://watchfloor/alerts', isMainFrame: true })).toBe(false);
  });

  test('no permission but writing text to the clipboard, and that only for its own main frame', async () => {
    await start();
    const { check, request, device } = desktop.permissions;
    const own = { requestingUrl: 'app://watchfloor/now', isMainFrame: true };
    const may = (permission: string, details: object) => {
      let answer: boolean | null = null;
      request?.({} as never, permission as 'media', (granted) => (answer = granted), details as never);
      expect(check?.(null, permission as 'media', 'app://watchfloor', details as never)).toBe(answer);
      return answer;
    };
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb', 'fullscreen'])
      expect(may(permission, own)).toBe(false);
    expect(may('clipboard-sanitized-write', own)).toBe(true);
    expect(may('clipboard-sanitized-write', { ...own, isMainFrame: false })).toBe(false);
    expect(may('clipboard-sanitized-write', { ...own, requestingUrl: 'https://evil.example/' })).toBe(false);
    expect(device?.({} as never)).toBe(false);
  });

  test('only its own main frame gets a port to the core', async () => {
    await start();
    const given: string[] = [];
    const ask = (url: string, parent: unknown = null) =>
      desktop.ask(bridgeChannels.askForPort, { url, parent, postMessage: () => void given.push(url) });
    ask('https://evil.example/');
    ask('app://watchfloor.evil/');
    ask('app://watchfloor/now', {});
    desktop.ask(bridgeChannels.askForPort, null);
    expect(given).toEqual([]);
    ask('app://watchfloor/now');
    expect(given).toEqual(['app://watchfloor/now']);
  });
});

describe('links', () => {
  test('a link at a cold start opens the console there', async () => {
    await start({ args: ['/usr/bin/watchfloor', linkTo(connection, alert)] });
    const page = await pageOf();
    expect(new URL(page.url()).pathname).toBe(`/alerts/${connection}/${alert}`);
  });

  test('a link that arrives while the page is still loading is not lost', async () => {
    const starting = start();
    await eventually('a window', () => desktop.windows[0]);
    desktop.app.emit('second-instance', {}, ['/usr/bin/watchfloor', linkTo(connection, alert)]);
    await starting;
    const page = await pageOf();
    await page.waitForURL(`**/alerts/${connection}/${alert}`);
  });

  test('a link while it runs, from a second start or the system, opens and brings the window to the front', async () => {
    await start();
    const page = await pageOf();
    desktop.app.emit('second-instance', {}, ['/usr/bin/watchfloor', linkTo(connection, alert)]);
    await page.waitForURL(`**/alerts/${connection}/${alert}`);
    expect(desktop.windows[0]?.focused).toBe(true);
    let handled = false;
    desktop.app.emit('open-url', { preventDefault: () => (handled = true) }, linkTo(alert, connection));
    await page.waitForURL(`**/alerts/${alert}/${connection}`);
    expect(handled).toBe(true);
  });
});

describe('one console on a folder', () => {
  test('a second start passes its link on and ends without changing anything', async () => {
    desktop = createStandIn(browser, { locked: true });
    await start();
    expect(await desktop.exited).toBe(0);
    expect(desktop.windows).toHaveLength(0);
  });

  test('if the browser host uses the folder, the error says so and names the stage', async () => {
    const lock = lockConsole(dataDir);
    try {
      const failed = await start().catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(StageError);
      expect(failed).toMatchObject({ stage: 'core', message: expect.stringContaining(`process ${process.pid}`) });
    } finally {
      lock.release();
    }
  });
});

test('the window returns to its place on the displays it was used on', async () => {
  const laptop = { x: 0, y: 0, width: 1_600, height: 1_000 };
  const wall = { x: 1_600, y: 0, width: 3_840, height: 2_160 };
  desktop.plug(laptop, wall);
  await start();
  const window = await eventually('a window', () => desktop.windows[0]);
  const onTheWall = { x: 2_000, y: 100, width: 2_400, height: 1_600 };
  window.setBounds(onTheWall);
  await eventually('the place is remembered', () => readPlaces(dataDir).includes('"x":2000'));
  desktop.plug(laptop);
  await eventually('it came to the display that is left', () => window.bounds.x < 1_600 && window.bounds.width <= 1_600);
  desktop.plug(laptop, wall);
  await eventually('it went back', () => JSON.stringify(window.bounds) === JSON.stringify(onTheWall));
});

test('a page that crashed is loaded and connected to the core again', async () => {
  await start();
  const page = await pageOf();
  const window = desktop.windows[0];
  const reloaded = page.waitForEvent('load');
  window?.contents.emit('render-process-gone', {}, { reason: 'crashed' });
  await reloaded;
  await page.getByRole('navigation').first().waitFor();
});

function readPlaces(folder: string): string {
  try {
    return readFileSync(join(folder, 'window.json'), 'utf8');
  } catch {
    return '';
  }
}
