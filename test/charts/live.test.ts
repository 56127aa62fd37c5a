import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { servePage } from '../support/page-site.ts';
import { EnginePage } from './charts-page.ts';

const has = findChromium() !== null;

describe.skipIf(!has && process.env['WATCHFLOOR_REQUIRE_ENGINES'] !== '1')('charts under load', () => {
  let site: Awaited<ReturnType<typeof servePage>>;
  let browser: Browser;
  let page: EnginePage;

  beforeAll(async () => {
    [site, browser] = await Promise.all([servePage(new URL('./page/', import.meta.url)), launchChromium()]);
    page = await EnginePage.open(browser, site.url, { width: 1_280, height: 800 });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('30 live charts with ten points a second keep running at the same cost however long their history is', async () => {
    const short = await page.call('live', { charts: 30, points: 2_000, forMs: 3_000 });
    const long = await page.call('live', { charts: 30, points: 200_000, forMs: 3_000 });
    for (const { added, pictures, read, median, p95 } of [short, long]) {
      console.log(`30 live charts: a frame every ${Math.round(median)} ms, p95 ${Math.round(p95)} ms`);
      expect(added).toBeGreaterThan(10);
      // Every chart was drawn repeatedly, and shows its newest point.
      expect(pictures).toBeGreaterThan(30 * 3);
      expect(read).toHaveLength(1);
    }
    // A hundred times the points: reading the history again for each frame would take a hundred times as long.
    expect(long.work).toBeLessThan(10 * short.work + 1);
  });

  test('points older than its range are removed from a live chart, which then equals a new one', async () => {
    const { bytes, lit, different } = await page.call('longLife', 20_000);
    expect(bytes).toHaveLength(11);
    // An eighth may wait to leave, and an eighth is room to grow into.
    expect(Math.max(...bytes.slice(1))).toBeLessThan(1.35 * (bytes[0] ?? 0));
    expect(lit).toBeGreaterThan(500);
    expect(different).toBe(0);
  });

  test('a thousand lines in one chart are drawn exactly', async () => {
    const { lit, different, frame } = await page.call('manyLines', 1_000, 2_000);
    console.log(`1,000 lines of 2,000 points: ${Math.round(frame)} ms a picture`);
    expect(lit).toBeGreaterThan(10_000);
    expect(different).toBe(0);
  });
});
