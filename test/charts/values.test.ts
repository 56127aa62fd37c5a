import { randomUUID } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import { type Product, startProduct } from '../e2e/product.ts';
import { callConsole } from '../e2e/rpc.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';

const has = findChromium() !== null;
const minute = 60_000;
/** One sample of this among 43,200 around 1. */
const spike = 50;

/** Values as strangers bring them, on the real page: what a person sees must be what was stored. */
describe.skipIf(!has && process.env['WATCHFLOOR_REQUIRE_ENGINES'] !== '1')('a chart on the real page', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  let now: number;

  beforeAll(async () => {
    browser = await launchChromium();
    product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' });
    const { secret } = await (await product.client()).auth.createApiKey({ body: { name: 'values' } });
    const agent = createClient({ baseUrl: product.backend, apiKey: secret });
    now = Math.floor(Date.now() / minute) * minute;
    const put = async (name: string, host: string, count: number, end: number, valueAt: (i: number) => number) => {
      for (let from = 0; from < count; from += 1_000) {
        const points = Array.from({ length: Math.min(1_000, count - from) }, (_, i): [number, number] => [
          end - (count - 1 - from - i) * minute,
          valueAt(from + i),
        ]);
        await agent.metrics.ingest({ body: { batchId: randomUUID(), metrics: [{ name, labels: { host }, points }] } });
      }
    };
    await put('value_spike', 'a', 43_200, now, (i) => (i === 20_000 ? spike : 1 + (i % 7) / 1_000));
    await put('value_large', 'a', 50, now, (i) => 16_777_216.5 + (i % 4));
    for (const host of 'abcdefgh') await put('value_exact', host, 50, now, (i) => 1_234_567_890_123.25 + (i % 4));
    await put('value_silent', 'a', 60, now - 90 * minute, () => 95);
    await put('value_below', 'a', 50, now, (i) => -i);
    await put('value_other_times', 'a', 50, now, () => 3);
    await put('value_other_times', 'b', 50, now - 20_000, () => 4);
    for (let i = 0; i < 200; i++) await put('value_many', `a-host-with-a-long-name-${i}`, 3, now, () => i);
    const context = await browser.newContext({ viewport: { width: 1_200, height: 640 } });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(product.console);
    await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const open = (path: string) => page.goto(new URL(path, product.console).href);
  const chart = () => page.getByRole('application').first();

  /** Rows of the chart in which a canvas has a coloured pixel, at most, in any column right of the axis: how far up anything is drawn. */
  const highest = () =>
    chart().evaluate((element) => {
      const canvas = [...element.querySelectorAll('canvas')].at(-1) as HTMLCanvasElement;
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      for (let y = 0; y < height; y++) {
        // Right of the axis and off its grid lines, which are grey.
        for (let x = Math.round(width * 0.1); x < width; x++) {
          const at = (y * width + x) * 4;
          const [r = 0, g = 0, b = 0, a = 0] = pixels.slice(at, at + 4);
          if (a > 40 && Math.max(r, g, b) - Math.min(r, g, b) > 40) return y / height;
        }
      }
      return 1;
    });

  test('shows one sample of 50 among 43,200 around 1, over 30 days and with nothing chosen', async () => {
    await open('/explore?metric=value_spike&range=30d');
    await page.getByRole('table', { name: 'Series' }).getByRole('cell', { name: /^50/ }).waitFor();
    // Its place on an axis that ends a little above 50 is in the upper third.
    await expect.poll(highest, { timeout: 60_000 }).toBeLessThan(0.35);
  });

  test('has room for every digit of its axis', async () => {
    await open('/explore?metric=value_large&range=1h');
    await page.getByRole('table', { name: 'Series' }).getByText('16,777,219.5').first().waitFor();
    // The axis rests after a moment; then nothing of a label touches the edge of the chart.
    const touched = () =>
      chart().evaluate((element) => {
        const canvases = [...element.querySelectorAll('canvas')];
        return canvases.map((canvas) => {
          const pen = canvas.getContext('2d');
          const edge = pen?.getImageData(0, 0, 1, canvas.height).data ?? [];
          let ink = 0;
          for (let i = 3; i < edge.length; i += 4) if ((edge[i] ?? 0) > 0) ink += 1;
          const strip = pen?.getImageData(0, 0, Math.round(canvas.width * 0.06), canvas.height).data ?? [];
          let label = 0;
          for (let i = 3; i < strip.length; i += 4) if ((strip[i] ?? 0) > 0) label += 1;
          return { ink, label };
        });
      });
    await expect.poll(async () => (await touched()).some(({ label }) => label > 50), { timeout: 60_000 }).toBe(true);
    expect((await touched()).every(({ ink }) => ink === 0)).toBe(true);
  });

  test.each(['stat', 'gauge', 'table', 'pie'])('shows the age of a silent source’s value: %s', async (type) => {
    await open(`/explore?metric=value_silent&range=6h&as=${type}`);
    await page.getByText(/^1 h 3\d min old$/).waitFor();
  });

  test('says why a log axis is empty', async () => {
    await open('/explore?metric=value_below&range=1h&log=true');
    await page.getByText('All values are 0 or less. A log axis can’t show them.').waitFor();
  });

  test('shows the total of stacked series, also with points at different times', async () => {
    await open('/explore?metric=value_other_times&range=1h&agg=raw&as=area&stacked=true');
    await page.getByRole('table', { name: 'Series' }).getByRole('row', { name: /b/ }).waitFor();
    const box = await chart().boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByText('Total').locator('..').getByText('7', { exact: true }).waitFor();
  });

  test('counts the figures that do not fit', async () => {
    await open('/explore?metric=value_many&range=1h&as=stat');
    const more = page.getByText(/^and \d+ more$/);
    await more.waitFor();
    const hidden = Number(/\d+/.exec((await more.textContent()) ?? '')?.[0]);
    const shown = await page.locator('ul.grid > li').count();
    expect(shown + hidden).toBe(200);
  });

  test.each(['en', 'ar'] as const)('has room for every digit of its figures in a narrow window: %s', async (language) => {
    await callConsole(page, 'settings', 'set', { language });
    await page.setViewportSize({ width: 1_100, height: 640 });
    await open('/explore?metric=value_exact&range=1h&as=stat');
    const figures = page.locator('ul.grid > li').filter({ hasText: '1,234,567,890,1' });
    await figures.nth(7).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    // Every box of the text is inside its cell, which would clip it.
    const cut = () =>
      figures.evaluateAll((cells) =>
        cells.flatMap((cell) => {
          const { left, right } = cell.getBoundingClientRect();
          const text = document.createRange();
          text.selectNodeContents(cell.querySelector('[dir=ltr]') as Element);
          return [...text.getClientRects()].filter((box) => box.left < left || box.right > right).map((box) => box.left - left);
        }),
      );
    await expect.poll(cut, { timeout: 60_000 }).toEqual([]);
    await callConsole(page, 'settings', 'set', { language: 'en' });
  });

  test('exports a picture with its title, range, zone and legend, and says what cannot be exported', async () => {
    await open('/explore?metric=value_other_times&range=1h');
    await page.getByRole('table', { name: 'Series' }).getByRole('row', { name: /b/ }).waitFor();
    await chart().waitFor();
    const save = async (kind: RegExp) => {
      await page.keyboard.press('e');
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: kind }).click()]);
      return download.createReadStream();
    };
    const svg = (await (await save(/SVG/)).toArray()).join('');
    expect(svg).toContain('value_other_times');
    expect(svg).toMatch(/\d{4} \d\d:\d\d:\d\d – .*UTC/);
    for (const line of ['>a<', '>b<']) expect(svg).toContain(line);
    const png = Buffer.concat(await (await save(/PNG/)).toArray());
    const box = await chart().boundingBox();
    expect(png.readUInt32BE(20)).toBeGreaterThan(2 * (box?.height ?? 0) + 100);
    expect(inflateSync(idatOf(png)).length).toBeGreaterThan(1_000);
    await open('/explore?metric=value_other_times&range=1h&as=stat');
    await page.locator('ul.grid > li').first().waitFor();
    await page.keyboard.press('e');
    await expect.poll(() => page.getByRole('menuitem', { name: /SVG/ }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('menuitem', { name: /SVG/ }).getByText('Tables and figures export as CSV or JSON').waitFor();
    await page.keyboard.press('Escape');
  });

  test('raises no error on the page', () => expect(problems).toEqual([]));
});

/** The compressed pixels of a PNG. */
function idatOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}
