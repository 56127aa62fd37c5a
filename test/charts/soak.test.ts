import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BenchPage, startBrowser } from '../bench/charts/browser.ts';
import { sampleOf } from '../bench/charts/soak.ts';
import { judge, type Sample } from '../bench/charts/verdict.ts';
import { findChromium } from '../support/chromium.ts';
import { type Site, servePage } from '../support/page-site.ts';

type Browser = Awaited<ReturnType<typeof startBrowser>>;

const minute = 60_000;
const megabyte = 1_048_576;

describe.skipIf(findChromium() === null)('charts in long runs', () => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    site = await servePage(new URL('../bench/charts/page/', import.meta.url));
    browser = await startBrowser(false);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Returns the memory of a page after a first visit of a dashboard, and after `visits` more. */
  async function before(visits: number, leak: boolean): Promise<{ first: Sample; last: Sample }> {
    const page = await BenchPage.open(browser, site.url, { width: 1280, height: 720 });
    try {
      await page.call('soakStart', 2);
      for (let visit = 1; visit <= 2; visit++) await page.call('soakVisit', { visit, forMs: minute, leak: false });
      const first = await sampleOf(page, browser, 0);
      for (let visit = 1; visit <= visits; visit++) await page.call('soakVisit', { visit, forMs: minute, leak });
      return { first, last: await sampleOf(page, browser, visits * minute) };
    } finally {
      await page.close();
    }
  }

  test('free everything when a dashboard is closed, however often it is opened', async () => {
    const { first, last } = await before(12, false);
    expect(last.nodes).toBeLessThanOrEqual(first.nodes);
    expect(last.listeners).toBeLessThanOrEqual(first.listeners);
    expect(last.heap).toBeLessThan(first.heap + 2 * megabyte);
  });

  test('are detected if they do not', async () => {
    const { first, last } = await before(4, true);
    expect(last.nodes).toBeGreaterThan(first.nodes);
    expect(last.listeners).toBeGreaterThan(first.listeners);
    // Four charts of four lines with an hour of ten points a second, each visit.
    expect(last.heap).toBeGreaterThan(first.heap + 4 * 4 * 4 * 36_000 * 8 * 0.9);
  });
});

describe('the verdict on a soak', () => {
  /** Eight hours, a sample every ten minutes, with a sawtooth that collections leave. */
  const soaked = (leakAnHour: number): Sample[] =>
    Array.from({ length: 48 }, (_, i) => ({
      at: i * 10 * minute,
      heap: 30 * megabyte + (i % 3) * 100_000 + (i / 6) * leakAnHour,
      nodes: 100 + (i % 2),
      listeners: 40,
      resident: null,
    }));

  test('a level that only fluctuates is flat', () => {
    const verdicts = judge(soaked(0));
    expect(verdicts.map(({ kind }) => kind)).toEqual(['heap', 'nodes', 'listeners']);
    expect(verdicts.every(({ flat }) => flat)).toBe(true);
  });

  test('a third of a megabyte per hour is not', () => {
    const heap = judge(soaked(megabyte / 3)).find(({ kind }) => kind === 'heap');
    expect(heap).toMatchObject({ flat: false });
    expect(heap?.rise).toBeGreaterThan(2 * megabyte);
  });

  test('a large size at the start that is freed is accepted', () => {
    const samples = soaked(0).map((sample, i) => (i < 6 ? { ...sample, heap: sample.heap + 20 * megabyte } : sample));
    expect(judge(samples).every(({ flat }) => flat)).toBe(true);
  });
});
