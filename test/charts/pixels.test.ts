import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { servePage } from '../support/page-site.ts';
import { EnginePage } from './charts-page.ts';
import type { Shot } from './page/main.ts';

const has = findChromium() !== null;

describe.skipIf(!has && process.env['WATCHFLOOR_REQUIRE_ENGINES'] !== '1')('a chart drawn from the extremes of each pixel column', () => {
  let site: Awaited<ReturnType<typeof servePage>>;
  let browser: Browser;
  let page: EnginePage;

  beforeAll(async () => {
    [site, browser] = await Promise.all([servePage(new URL('./page/', import.meta.url)), launchChromium()]);
    page = await EnginePage.open(browser, site.url);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const shots: (Omit<Shot, 'means'> & { name: string })[] = [
    { name: 'all of it', recipe: { seed: 1, count: 60_000, regular: true, broken: 0 }, width: 640, height: 240, ratio: 1, from: 0, to: 1 },
    {
      name: 'any times, silences',
      recipe: { seed: 2, count: 60_000, regular: false, broken: 0 },
      width: 640,
      height: 240,
      ratio: 1,
      from: 0,
      to: 1,
    },
    {
      name: 'NaN and infinities',
      recipe: { seed: 3, count: 60_000, regular: true, broken: 0.002 },
      width: 640,
      height: 240,
      ratio: 1,
      from: 0,
      to: 1,
    },
    {
      name: 'a tenth of the values missing',
      recipe: { seed: 4, count: 40_000, regular: false, broken: 0.1 },
      width: 500,
      height: 200,
      ratio: 1,
      from: 0,
      to: 1,
    },
    {
      name: 'a part of it',
      recipe: { seed: 5, count: 60_000, regular: true, broken: 0.001 },
      width: 640,
      height: 240,
      ratio: 1,
      from: 0.31,
      to: 0.47,
    },
    {
      name: 'few points',
      recipe: { seed: 6, count: 60_000, regular: false, broken: 0.01 },
      width: 640,
      height: 240,
      ratio: 1,
      from: 0.5,
      to: 0.504,
    },
    {
      name: 'twice the pixels',
      recipe: { seed: 7, count: 60_000, regular: true, broken: 0.001 },
      width: 400,
      height: 200,
      ratio: 2,
      from: 0,
      to: 1,
    },
    {
      name: 'half as many again',
      recipe: { seed: 8, count: 60_000, regular: false, broken: 0.001 },
      width: 401,
      height: 199,
      ratio: 1.5,
      from: 0.2,
      to: 0.9,
    },
  ];

  describe.each(['canvas', 'webgl'] as const)('by %s', (means) => {
    test.each(shots)('$name', async ({ name: _, ...shot }) => {
      const found = await page.call('compare', { ...shot, means });
      expect(found.means).toBe(means);
      expect(found.lit).toBeGreaterThan(500);
      // Without half-covered pixels: the same picture as from every point, by this layer and by a walk along every segment.
      expect(found.crispVsEveryPoint).toBe(0);
      expect(found.crispVsWalk).toBe(0);
      // With them: nothing is farther than a pixel from what the browser strokes through all points, and nothing of that is lacking.
      expect(found.beyondStroke).toBe(0);
      expect(found.missingFromStroke).toBe(0);
      if (shot.to - shot.from > 0.1) expect(found.smoothVsEveryPoint).toBe(0);
    });
  });

  test('this test fails for every tenth point', async () => {
    const [first] = shots;
    if (!first) throw new Error('no shot');
    const found = await page.call('compare', { ...first, means: 'canvas' }, true);
    expect(found.crispVsWalk).toBeGreaterThan(1_000);
    expect(found.crispVsEveryPoint).toBeGreaterThan(1_000);
    expect(found.missingFromStroke).toBeGreaterThan(10);
  });

  test('canvas and WebGL draw the same', async () => {
    for (const shot of shots) {
      const found = await page.call('meansApart', { ...shot, means: 'canvas' });
      expect(found).toMatchObject({ means: ['canvas', 'webgl'], far: 0 });
    }
  });

  test.each([
    { thickness: 1.6, opacity: 1 },
    { thickness: 3, opacity: 1 },
    { thickness: 2, opacity: 0.4 },
  ])('also a line $thickness wide at opacity $opacity', async (line) => {
    for (const shot of shots.slice(0, 4)) {
      const { means, far, darkest, lit } = await page.call('meansApart', { ...shot, ...line, means: 'canvas' });
      expect({ means, far }).toEqual({ means: ['canvas', 'webgl'], far: 0 });
      expect(Math.abs((darkest[0] ?? 0) - (darkest[1] ?? 0))).toBeLessThanOrEqual(2);
      // Faintest edges may round away in one of them.
      expect((lit[0] ?? 0) / (lit[1] ?? 1)).toBeCloseTo(1, 1);
    }
  });

  test('after losing the GPU the image stays, the canvas draws, and the GPU takes over when it is back', async () => {
    expect(await page.call('gpu')).toBe('software');
    const found = await page.call('loseGpu');
    expect(found.drawnBy).toEqual(['webgl', 'canvas', 'webgl']);
    expect(found.before).toBeGreaterThan(500);
    expect(found.atOnce).toBe(found.before);
    expect(found.after).toBeGreaterThan(500);
    expect(found.back).toBeGreaterThan(500);
  });
});
