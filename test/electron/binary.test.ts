import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.ts';

/** The desktop host on Electron's own binary, wherever it and a display are; desktop.test.ts covers the rest without them. */
const root = fileURLToPath(new URL('../..', import.meta.url));

function findElectron(): string | null {
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : null;
  return binary !== null && existsSync(binary) ? binary : null;
}

const binary = findElectron();
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const why = binary === null ? 'Electron’s binary is not here' : hasDisplay ? null : 'there is no display';

describe.skipIf(why !== null)(`on Electron itself${why ? ` (skipped: ${why})` : ''}`, () => {
  let dataDir: string;
  let app: ElectronApplication;

  beforeAll(async () => {
    await ensureBuilt();
    dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-electron-'));
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [root, '--data', dataDir, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...(process.env as Record<string, string>), WATCHFLOOR_NODE: process.execPath },
    });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('the page comes from its own scheme, is live, and reaches nothing of Node', async () => {
    const page = await app.firstWindow();
    expect(page.url()).toMatch(/^app:\/\/watchfloor\//);
    await page.getByText('Live', { exact: true }).first().waitFor({ timeout: 60_000 });
    const reach = await page.evaluate(() => {
      const { require, process, watchfloor } = globalThis as { require?: unknown; process?: unknown; watchfloor?: object };
      return { require: typeof require, process: typeof process, keys: Object.keys(watchfloor ?? {}) };
    });
    expect(reach).toEqual({ require: 'undefined', process: 'undefined', keys: ['connect'] });
  });

  test('file: pages, other origins and permissions are out of reach', async () => {
    const page = await app.firstWindow();
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'file:///etc/hostname';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toBe(before);
    expect(await page.evaluate(() => fetch('app://watchfloor/..%2f..%2fpackage.json').then((answer) => answer.status))).toBe(404);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(await page.evaluate(() => window.open('about:blank'))).toBeNull();
  });
});
