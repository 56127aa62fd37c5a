import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settings } from '#common/contract/console/settings.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from './product.ts';
import { callConsole } from './rpc.ts';

/** Every screen, with alerts firing and resolved, in both themes and in Arabic: for screen readers, by the keyboard, and on narrow windows. */
const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const screens = [
  '/now',
  '/explore?loader=belt-speed&table=true',
  '/dashboards',
  '/dashboards/conveyor',
  '/charts?code=belt-speed',
  '/alerts',
  '/alerts?view=history',
  '/rules?rule=belt-speed-low',
  '/rules/edit?chart=belt-speed',
  '/conveyor',
  '/loaders?loader=belt-speed',
  '/settings',
  '/settings?section=notifications',
  '/settings?section=connections',
  '/settings?section=outbox',
  '/settings?section=backend',
] as const;
const looks: Record<string, Partial<Settings>> = {
  dark: { theme: 'dark', language: 'en' },
  light: { theme: 'light', language: 'en' },
  'light, Arabic': { theme: 'light', language: 'ar' },
};
let product: Product;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  product = await startProduct();
  // Without motion colours are the final ones at once, and nothing is drawn only to move.
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  await makeAlerts();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe.each(screens)('%s', (path) => {
  beforeAll(() => open(path));
  test.each(Object.entries(looks))('%s, has no finding of axe', { timeout: 60_000 }, async (name, look) => {
    await putOn(look);
    // A theme changes nothing but colours.
    const { violations } = await audit(name === 'dark' ? colourRules : undefined);
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`)])).toEqual([]);
  });
});

describe('with the keyboard', () => {
  test.each(['/now', '/alerts'])('%s is reached in a few steps, and directly from the first one', { timeout: 60_000 }, async (path) => {
    await callConsole(page, 'settings', 'set', { theme: 'dark', language: 'en' });
    await open(path);
    await page.keyboard.press('Tab');
    const link = page.getByRole('link', { name: 'Skip to content' });
    expect(await link.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true);
  });

  test('the screens are one Tab stop, and arrow keys move between them', { timeout: 60_000 }, async () => {
    await open('/now');
    let stops = 0;
    do {
      await page.keyboard.press('Tab');
      stops += 1;
    } while (stops < 20 && !(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement) === true)));
    expect(stops).toBeLessThanOrEqual(7);
  });
});

describe('on narrow windows', () => {
  afterAll(() => page.setViewportSize({ width: 1440, height: 900 }));
  test.each([
    ['1,100 px', 1_100, 800],
    ['1,440 × 900 px at 200 %', 720, 450],
    ['390 px', 390, 844],
  ])('nothing is cut off or overlaps at %s', { timeout: 240_000 }, async (_name, width, height) => {
    for (const language of ['en', 'ar'] as const) {
      await callConsole(page, 'settings', 'set', { theme: 'dark', language });
      await page.setViewportSize({ width, height });
      for (const path of ['/now', '/alerts', '/settings']) {
        await open(path);
        expect({ path, language, faults: await layoutFaults() }).toEqual({ path, language, faults: [] });
      }
    }
  });
});

async function open(path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await page.getByRole('contentinfo').waitFor();
  await page.locator('main h1').waitFor({ state: 'attached' });
  const loading = page.locator('main [role="status"]').filter({ hasText: /^(Loading|يجري التحميل)/ });
  await eventually(`${path} to be loaded`, async () => (await loading.count()) === 0, 60_000);
  await settled();
}

/** Changes how the open screen looks, as it changes for a person who does so in the settings. */
async function putOn(look: Partial<Settings>): Promise<void> {
  await callConsole(page, 'settings', 'set', look);
  await page.locator(`html[data-theme="${look.theme}"][lang="${look.language}"]`).waitFor({ state: 'attached' });
  await settled();
}

/** Waits until fonts are there, every transition has ended and two frames were drawn: colours and sizes are the final ones. */
async function settled(): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await document.fonts.ready;
    for (let i = 0; i < 2; i++) await frame();
    const endless = (animation: Animation) => animation.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((one) => !endless(one))
        .map((one) => one.finished),
    );
    await frame();
  });
}

/** axe's rules whose result depends on colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** @param only the rules to check; without them all that axe checks by default, and one that it leaves off */
async function audit(only?: string[]): Promise<AxeResults> {
  await page.evaluate(axe);
  const options: RunOptions = only === undefined ? { rules: { 'label-content-name-mismatch': { enabled: true } } } : { runOnly: only };
  return page.evaluate((chosen) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(chosen), {
    ...options,
    resultTypes: ['violations' as const],
  });
}

/** Returns elements of the frame around the screens that are outside the window or covered, and texts that are cut off. */
function layoutFaults(): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const nameOf = (one: Element) =>
      `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}"`;
    const isShown = (one: Element) => {
      const { width, height } = one.getBoundingClientRect();
      return width > 1 && height > 1 && getComputedStyle(one).visibility === 'visible';
    };
    if (document.documentElement.scrollWidth > window.innerWidth)
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const bar of document.querySelectorAll('#root > div > :is(header, footer, nav)')) {
      const parts = [...bar.querySelectorAll('button, a, time')].filter(isShown);
      for (const part of parts) {
        const box = part.getBoundingClientRect();
        if (box.left < -0.5 || box.right > window.innerWidth + 0.5) faults.push(`${nameOf(part)} is cut off by the window`);
        for (const other of parts) {
          if (part === other || part.contains(other) || other.contains(part)) continue;
          const next = other.getBoundingClientRect();
          const x = Math.min(box.right, next.right) - Math.max(box.left, next.left);
          const y = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
          if (x > 1 && y > 1) faults.push(`${nameOf(part)} overlaps ${nameOf(other)}`);
        }
        if (part.tagName === 'TIME' && part.scrollWidth > part.clientWidth + 1) faults.push(`${nameOf(part)} does not fit`);
      }
    }
    return faults;
  });
}

/** One alert that fires, one that is taken and one that resolved. */
async function makeAlerts(): Promise<void> {
  const client = await product.client();
  const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: -1 } as const;
  const rule = (code: string, severity: 'INFO' | 'WARNING' | 'HIGH' | 'CRITICAL') =>
    client.rules.create({
      body: { code, name: `Always ${code}`, chartCode: 'belt-speed', severity, evaluateEveryMs: 1_000, conditions: [condition] },
    });
  await rule('over', 'HIGH');
  await rule('info', 'INFO');
  await rule('bad', 'CRITICAL');
  const firing = async (ruleCode: string) => (await client.alerts.list({ query: { ruleCode, state: 'FIRING' } })).items;
  await eventually(
    'three rules to fire',
    async () => (await Promise.all(['over', 'info', 'bad'].map(firing))).every((one) => one.length > 0),
    90_000,
  );
  const [first] = await firing('info');
  if (first) await client.alerts.acknowledge({ params: { id: first.id }, body: { note: '' } });
  // A rule that is deleted resolves its alerts.
  await client.rules.remove({ params: { code: 'over' } });
  await eventually('a resolved alert', async () => (await firing('over')).length === 0, 60_000);
}
