import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startProduct } from '../test/e2e/product.ts';
import { callConsole } from '../test/e2e/rpc.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { changeChart, changeRule, makeRules, makeWall } from './screenshots/content.ts';
import { defaultSize, offline, type Picture, pictures, wall } from './screenshots/pictures.ts';

/**
 * `npm run screenshots [-- WORD…]`: starts the product on a fresh data folder, waits until its history is in, makes something happen,
 * and pictures the screens into docs/screenshots; with words, only those whose name contains one. A whole run removes what it did not
 * make. Run it after a change to a screen, and look at the result.
 */
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));

const words = process.argv.slice(2);
const wanted = ({ name }: Picture) => words.length === 0 || words.some((word) => name.includes(word));
mkdirSync(folder, { recursive: true });
const product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '1000' });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: defaultSize });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  const client = await product.client();
  console.log('Waiting for the history…');
  while ((await client.loaders.list()).items.some((loader) => loader.historyProgress < 1)) await page.waitForTimeout(2_000);
  await changeRule(client);
  await makeRules(client);
  await changeChart(client);
  await client.conveyor.inject({ params: { belt: 'belt-2' }, body: { kind: 'stop' } });
  await page.getByText('Belt speed low').first().waitFor({ timeout: 90_000 });
  await makeWall(client);
  // Waits for some points about the computer and the backend.
  await page.waitForTimeout(words.length === 0 ? 180_000 : 20_000);

  for (const picture of pictures.filter(wanted)) await take(page, picture);
  if (offline.some(wanted)) await takeOffline(page);
  if (words.length === 0) {
    const made = new Set([...pictures, ...offline].map(({ name }) => `${name}.png`));
    for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(join(folder, file));
  }
} finally {
  await browser.close();
  await product.stop();
}

async function takeOffline(page: Page): Promise<void> {
  await callConsole(page, 'settings', 'set', { language: 'en' });
  // Seen once, it is readable without contact.
  await page.goto(new URL('/dashboards/host-health', page.url()).href);
  await page.waitForTimeout(5_000);
  // Stopped and not killed: the console would start another one within seconds.
  const backend = product.backendPid();
  process.kill(backend, 'SIGSTOP');
  try {
    await page.getByText(/No connection to/).waitFor({ timeout: 90_000 });
    for (const picture of offline.filter(wanted)) await take(page, picture);
  } finally {
    process.kill(backend, 'SIGCONT');
  }
}

async function take(page: Page, { name, path, look, size, act, leave }: Picture): Promise<void> {
  await callConsole(page, 'settings', 'set', { theme: 'dark', language: 'en', ...look });
  await page.setViewportSize(size ?? defaultSize);
  await page.goto(new URL(path, page.url()).href);
  // The list makes pictures of its dashboards, one after another.
  await page.waitForTimeout(path === '/dashboards' ? 12_000 : size === wall ? 9_000 : 5_000);
  if (act) {
    await act(page);
    await page.waitForTimeout(2_500);
  }
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await leave?.(page);
  console.log(name);
}
