import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { servePage } from '../support/page-site.ts';
import { EnginePage } from './charts-page.ts';

const has = findChromium() !== null;

describe.skipIf(!has && process.env['WATCHFLOOR_REQUIRE_ENGINES'] !== '1')('a chart whose worker ends', () => {
  let site: Awaited<ReturnType<typeof servePage>>;
  let browser: Browser;
  let page: EnginePage;
  let whole = 0;

  beforeAll(async () => {
    [site, browser] = await Promise.all([servePage(new URL('./page/', import.meta.url)), launchChromium()]);
  });
  // A new page for each test, because the page counts how often workers ended.
  beforeEach(async () => {
    page = await EnginePage.open(browser, site.url);
    whole = await page.call('openFaulty');
    expect(whole).toBeGreaterThan(500);
  });
  afterEach(() => page.page.close());
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test.each([
    ['without a word', () => self.close()],
    [
      'with an error nobody caught',
      () =>
        void setTimeout(() => {
          throw new Error('out of luck');
        }),
    ],
  ])('%s: gets another one and sends its points again', async (_, end) => {
    const [worker] = page.page.workers();
    if (!worker) throw new Error('no worker');
    const gone = worker.waitForEvent('close');
    await worker.evaluate(end);
    await gone;
    await expect.poll(async () => (await page.call('showAgain')).lost).toBe(1);
    expect(await page.call('showAgain')).toEqual({ pixels: whole, lost: 1, failures: [] });
  });

  test('gets the answers to its requests, for the screen and for exports', async () => {
    const found = await page.call('endWhileAsked');
    expect(found).toMatchObject({ pixels: whole, lost: 1, failures: [] });
    expect(found.onPaper).toBeGreaterThan(whole / 2);
  });

  test('notices it by a timeout if the browser has no locks', async () => {
    const { clock } = page.page;
    await clock.install();
    await page.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
    await page.page.reload();
    await page.ready();
    await page.call('openFaulty');
    // The timeout is 10 s: the page's clock is paused until this test moves it.
    await clock.pauseAt((await page.page.evaluate(() => Date.now())) + 1_000);
    let isAnswered = false;
    const asked = page.call('endWhileAsked').finally(() => {
      isAnswered = true;
    });
    await clock.runFor(9_000);
    expect(isAnswered).toBe(false);
    await clock.runFor(2_000);
    await clock.resume();
    expect(await asked).toMatchObject({ pixels: whole, lost: 1, failures: [] });
  });

  test('reports repeated crashes, and can be retried', async () => {
    const found = await page.call('endForGood');
    expect(found.refusal).toMatch(/stopped 3 times within a minute/);
    expect(found.failures).toEqual([found.refusal, null]);
    expect(found).toMatchObject({ rows: 0, pixels: whole });
  });

  test('is distinguished from a chart whose own image fails', async () => {
    const found = await page.call('failAlone');
    expect(found.refusal).toMatch(/length/i);
    expect(found).toMatchObject({ lost: 0, pixels: whole });
  });
});
