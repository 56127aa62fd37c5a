import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { RetryLaterError } from '#common/contract/client.ts';
import { type Product, startProduct } from '../../e2e/product.ts';
import { launchChromium } from '../../support/chromium.ts';
import type { Row } from '../row.ts';
import { prepareStorm, rulePrefix } from './make.ts';
import { installMeter, openWorkMeter, quantile, type Reading, readMeter } from './meter.ts';

/** Time limit for a storm to appear on the screen, ms. */
const stormLimitMs = 120_000;
const presses = 10;
const viewport = { width: 1440, height: 900 };

/** A screen at rest is watched for this long, ms. */
const restMs = 5_000;

/**
 * Thousands of alerts within a minute, on the real product in a real browser: how soon the screen answers a click and a key, how
 * even its frames are, how long its main thread is blocked, and how long "Acknowledge all" takes. Beside them stands an empty page of the same
 * size in the same browser, which separates the machine’s share from the product’s.
 */
export async function benchStorm(quick: boolean, say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const alertCount of quick ? [2_000] : [2_000, 10_000]) rows.push(...(await measureStorm(alertCount, say)));
  return rows;
}

async function measureStorm(alertCount: number, say: (text: string) => void): Promise<Row[]> {
  const product = await startProduct();
  const browser = await launchChromium();
  const rows: Row[] = [];
  const add = (work: string, ours: number, allowed: number, unit = 'ms') => {
    const name = `${alertCount.toLocaleString('en-US')}: ${work}`;
    say(`${name}: ${ours < 100 ? ours.toFixed(1) : Math.round(ours)} ${unit}`);
    rows.push({ work: name, peer: 'allowed', ours, theirs: allowed, unit, ratio: allowed / Math.max(ours, allowed / 1_000), target: 1 });
  };
  const addAgainstEmpty = (work: string, unit: string, ours: number, empty: number) => {
    const name = `${alertCount.toLocaleString('en-US')}: ${work}`;
    say(`${name}: ${ours.toFixed(1)} ${unit}, an empty page ${empty.toFixed(1)} ${unit}`);
    rows.push({ work: name, peer: 'empty page', ours, theirs: empty, unit, ratio: empty / Math.max(ours, 0.001), target: null });
  };
  const addReading = (place: string, { clicks, keys, frames, blocks }: Reading) => {
    if (clicks.length > 0) add(`${place}, slowest click of ${clicks.length}`, Math.max(...clicks), 200);
    if (keys.length > 0) add(`${place}, slowest key of ${keys.length}`, Math.max(...keys), 100);
    add(`${place}, 95 % of frames within`, quantile(frames, 0.95), 50);
    add(`${place}, longest block of the main thread`, Math.max(0, ...blocks), 200);
    add(`${place}, blocked for longer than 50 ms`, blocks.length, 20, 'times');
  };
  try {
    const empty = await measureEmptyPage(browser);
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(60_000);
    const measureRest = async (place: string) => {
      const rest = await measureAtRest(page);
      addAgainstEmpty(`${place} at rest, 95 % of frames within`, 'ms', rest.frameMs, empty.frameMs);
      addAgainstEmpty(`${place} at rest, work of the main thread`, 'ms/s', rest.workMsPerS, empty.workMsPerS);
    };
    await installMeter(page);
    await page.goto(product.console);
    await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
    const storm = await prepareStorm(await product.client(), alertCount);
    await settle(page);
    await measureRest('Now before the storm');
    await openAndCloseStatus(page, presses);
    await page.waitForTimeout(3_000);
    addReading('Now before the storm', await readMeter(page));

    const begun = performance.now();
    await storm.begin();
    await clickUntilShown(page, alertCount);
    add('all on screen after the first bad value', performance.now() - begun, 60_000);
    addReading('Now while they fire', await readMeter(page));

    await settle(page);
    await measureRest('Now afterwards');
    for (let press = 0; press < presses; press++) await page.keyboard.press('j');
    await openAndCloseStatus(page, presses);
    await page.waitForTimeout(5_000);
    addReading('Now afterwards', await readMeter(page));

    const opened = performance.now();
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Alerts' }).click();
    await page.getByRole('row').nth(1).waitFor();
    add('Alerts, first rows', performance.now() - opened, 1_000);
    await settle(page);
    await measureRest('Alerts');
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('hall 3 line-007', { delay: 120 });
    for (let row = 1; row <= 4; row++) await page.getByRole('row').nth(row).click();
    await page.waitForTimeout(2_000);
    addReading('Alerts, filter and rows', await readMeter(page));

    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Now' }).click();
    await settle(page);
    await acknowledgeAll(page, product, alertCount, add);
    addReading('Now while all are acknowledged', await readMeter(page));
  } finally {
    await browser.close();
    await product.stop();
  }
  return rows;
}

/** Measures the frames of an idle page and the work of its main thread. Both include the meter itself. */
async function measureAtRest(page: Page): Promise<{ frameMs: number; workMsPerS: number }> {
  const work = await openWorkMeter(page);
  await readMeter(page);
  const before = await work.read();
  const began = performance.now();
  await page.waitForTimeout(restMs);
  const workMsPerS = ((await work.read()) - before) / ((performance.now() - began) / 1_000);
  await work.close();
  return { frameMs: quantile((await readMeter(page)).frames, 0.95), workMsPerS };
}

async function measureEmptyPage(browser: Browser): Promise<{ frameMs: number; workMsPerS: number }> {
  const page = await browser.newPage({ viewport });
  await installMeter(page);
  await page.goto('about:blank');
  await page.waitForTimeout(1_000);
  const rest = await measureAtRest(page);
  await page.context().close();
  return rest;
}

/** Waits until what the screen had to do is done, and forgets how long that took. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(3_000);
  await readMeter(page);
}

/** A click on the status bar that explains how rules are evaluated, and the key that closes it. */
async function openAndCloseStatus(page: Page, times: number): Promise<void> {
  const item = page.getByRole('contentinfo').getByRole('button').nth(1);
  for (let time = 0; time < times; time++) {
    await item.click();
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
  }
}

async function clickUntilShown(page: Page, alertCount: number): Promise<void> {
  const end = performance.now() + stormLimitMs;
  while (performance.now() < end) {
    const heading = await page.locator('main h2').first().textContent();
    const shown = Number((heading ?? '').replace(/\D/g, ''));
    if (/alerts/.test(heading ?? '') && shown >= alertCount) return;
    await openAndCloseStatus(page, 1);
    await page.waitForTimeout(500);
  }
  throw new Error(`Not all of ${alertCount} alerts were on screen within ${stormLimitMs} ms.`);
}

/** Takes everything at once, and waits until the backend itself has it. */
async function acknowledgeAll(page: Page, product: Product, alertCount: number, add: (work: string, ms: number, allowed: number) => void) {
  const begun = performance.now();
  await page.getByRole('button', { name: /^Acknowledge all/ }).click();
  await page.getByText(/^Acknowledged [\d,]+ alerts/).waitFor();
  add('Acknowledge all, until it says so', performance.now() - begun, 5_000);
  const client = await product.client();
  const end = performance.now() + 120_000;
  for (;;) {
    const newest = await client.alerts.list({ query: { state: 'FIRING', limit: 500 } }).catch(waitIfLimited);
    // A shipped rule may fire in the meantime, because the load on the machine is high.
    const ofStorm = newest?.items.filter(({ ruleCode }) => ruleCode.startsWith(rulePrefix));
    if (ofStorm?.every((alert) => alert.acknowledgement !== null)) break;
    if (performance.now() > end) throw new Error(`Not all of ${alertCount} acknowledgements arrived within 2 minutes.`);
    await page.waitForTimeout(3_000);
  }
  add('Acknowledge all, until the backend has the newest 500', performance.now() - begun, 60_000);
}

/** The console's own requests count against the same limit. @returns nothing, once the next request may be made */
async function waitIfLimited(error: unknown): Promise<undefined> {
  if (!(error instanceof RetryLaterError)) throw error;
  await sleep(error.retryAfterMs);
}
