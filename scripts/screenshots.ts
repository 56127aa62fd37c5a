import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startProduct } from '../test/e2e/product.ts';
import { callConsole } from '../test/e2e/rpc.ts';
import { launchChromium } from '../test/support/chromium.ts';

/**
 * `npm run screenshots`: starts the product on a fresh data folder, waits until its history is in, makes something happen, and
 * pictures every screen into docs/screenshots. Run it after a change to a screen, and look at the result.
 */
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const desk = { width: 1440, height: 900 };
const wall = { width: 3840, height: 2160 };
const screens = ['now', 'explore', 'dashboards', 'dashboards/host-health', 'alerts', 'conveyor', 'loaders', 'settings'] as const;

mkdirSync(folder, { recursive: true });
const product = await startProduct();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: desk });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  const client = await product.client();
  const settings = (change: object) => callConsole(page, 'settings', 'set', change);

  console.log('Waiting for the history…');
  while ((await client.loaders.list()).items.some((loader) => loader.historyProgress < 1)) await page.waitForTimeout(2_000);
  await client.conveyor.inject({ params: { belt: 'belt-2' }, body: { kind: 'stop' } });
  await page.getByText('Belt speed low').first().waitFor({ timeout: 90_000 });
  await page.waitForTimeout(20_000);

  for (const theme of ['dark', 'light'] as const) {
    await settings({ theme });
    for (const screen of screens) await picture(page, screen, `${screen.replace('/', '-')}-${theme}`);
  }
  await settings({ theme: 'dark', language: 'ar' });
  for (const screen of ['now', 'alerts', 'dashboards/host-health'] as const)
    await picture(page, screen, `${screen.replace('/', '-')}-arabic`);
  await settings({ language: 'en' });
  await picture(page, 'dashboards/conveyor?edit=true', 'dashboards-edit');
  await settings({ theme: 'contrast' });
  await picture(page, 'now', 'now-contrast');

  await explorer(page, settings);

  await settings({ theme: 'dark' });
  await page.setViewportSize(wall);
  await picture(page, 'now', 'now-wall');
  await picture(page, 'dashboards/host-health', 'dashboards-host-health-wall');
  await page.setViewportSize(desk);

  process.kill(product.backendPid(), 'SIGKILL');
  await page.getByText(/No contact with/).waitFor();
  await picture(page, 'now', 'now-offline');
} finally {
  await browser.close();
  await product.stop();
}

async function picture(page: Page, screen: string, name: string): Promise<void> {
  await page.goto(new URL(`/${screen}`, page.url()).href);
  if (screen === 'alerts') {
    const row = page.getByRole('row').nth(1);
    await row.waitFor();
    await row.click();
  }
  await page.waitForTimeout(screen.startsWith('dashboards/') ? 6_000 : 3_000);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(name);
}

/** Explore as lines, heat map, comparison and table, the rule editor, and the library: dark, light, Arabic, and as large as a wall. */
async function explorer(page: Page, settings: (change: object) => Promise<unknown>): Promise<void> {
  const shot = async (path: string, name: string, key?: string) => {
    await page.goto(new URL(path, page.url()).href);
    await page.waitForTimeout(3_000);
    if (key !== undefined) {
      await page.keyboard.press(key);
      await page.waitForTimeout(2_000);
    }
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(name);
  };
  const compared = '/explore?loader=belt-speed&compare=day&table=true';
  for (const theme of ['dark', 'light'] as const) {
    await settings({ theme, language: 'en' });
    await shot(compared, `explore-compare-${theme}`);
    await shot('/explore?loader=belt-speed&as=heatmap', `explore-heatmap-${theme}`);
    await shot('/charts?code=belt-speed', `library-${theme}`);
    await shot('/explore?chart=belt-speed', `rule-editor-${theme}`, 'r');
  }
  await settings({ theme: 'dark', language: 'ar' });
  await shot(compared, 'explore-arabic');
  await shot('/charts?code=belt-speed&tab=versions', 'library-arabic');
  await settings({ language: 'en' });
  await page.setViewportSize(wall);
  await shot(compared, 'explore-wall');
  await page.setViewportSize(desk);
}
