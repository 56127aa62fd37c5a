import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Download } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium on this machine: `WATCHFLOOR_CHROMIUM`, the system's, or the one Playwright installed; null when there is none. */
export function findChromium(): string | null {
  const given = process.env['WATCHFLOOR_CHROMIUM'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':');
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...fixed, chromium.executablePath()];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/**
 * Without a window, in software rendering, with nothing in the background that asks the network. Pages are painted and composed without
 * OpenGL, as on any machine without a GPU: through SwiftShader, where only WebGL goes, each frame that changes costs tens of times as much.
 */
export const chromiumArgs = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
];

/** The variable of the environment that holds the address of a Chromium which is already running for all tests. */
export const sharedChromium = 'WATCHFLOOR_SHARED_CHROMIUM';

/** Opens a real Chromium: connects to the one that all tests share, or starts one. `close` ends what was opened in it. */
export async function launchChromium(): Promise<Browser> {
  const shared = process.env[sharedChromium];
  if (shared !== undefined) return chromium.connect(shared);
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('No Chromium here. Run the tests by `npm test`, which finds or installs one, or set WATCHFLOOR_CHROMIUM.');
  return chromium.launch({ executablePath, args: chromiumArgs });
}

/** The content of a downloaded file. It may be in the folder of another process, so it has no path here. */
export async function bytesOf(download: Download): Promise<Buffer> {
  return Buffer.concat(await (await download.createReadStream()).toArray());
}
