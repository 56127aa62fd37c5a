import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chunkId } from '#backend/engines/signals/chunks/schema.ts';
import { createClient } from '#common/contract/client.ts';
import { type Product, startProduct } from '../e2e/product.ts';
import { callConsole } from '../e2e/rpc.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';

const has = findChromium() !== null;
const hour = 3_600_000;
const step = 10_000;
const day = 24 * hour;
const name = 'lost_load';
/** Lost points of yesterday only. */
const nameBefore = 'lost_before';
/** For looking at: a folder for pictures of each state. */
const pictures = process.env['WATCHFLOOR_PICTURES'];

/**
 * Uses a file in which the points of one hour were overwritten: everything shown to a person must mention that, wherever the answer comes
 * from.
 */
describe.skipIf(!has && process.env['WATCHFLOOR_REQUIRE_ENGINES'] !== '1')('points that the backend’s store lost', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  const lostFrom = Math.floor(Date.now() / hour) * hour - 3 * hour;
  const crossed = 'The store was damaged: points are missing (cross-hatched)';

  beforeAll(async () => {
    browser = await launchChromium();
    product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' });
    const client = await product.client();
    const { secret } = await client.auth.createApiKey({ body: { name: 'damage' } });
    const agent = createClient({ baseUrl: product.backend, apiKey: secret });
    const load = async (metric: string, from: number, to: number) => {
      for (let at = from; at < to; at += 500 * step) {
        const points = Array.from({ length: 500 }, (_, i): [number, number] => [at + i * step, 5 + Math.sin((at + i * step) / 600_000)]);
        const body = { batchId: randomUUID(), metrics: [{ name: metric, labels: {}, points: points.filter(([t]) => t < to) }] };
        await agent.metrics.ingest({ body });
      }
    };
    await load(name, lostFrom - hour, Date.now());
    await load(nameBefore, lostFrom - day - hour, lostFrom - day + 2 * hour);
    await load(nameBefore, lostFrom - hour, Date.now());
    await client.charts.create({ body: { code: 'lost-load', title: 'Load', selector: { from: 'metric', name } } });
    await client.charts.create({ body: { code: 'lost-before', title: 'Load', selector: { from: 'metric', name: nameBefore } } });
    const context = await browser.newContext({ viewport: { width: 1_280, height: 720 }, timezoneId: 'UTC' });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(product.console);
    await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
    // The running backend holds its file alone.
    await callConsole(page, 'backend', 'stop');
    expect(overwrite(name, lostFrom)).toBe(1);
    expect(overwrite(nameBefore, lostFrom - day)).toBe(1);
    await callConsole(page, 'backend', 'start');
    const isLive = async () => (await callConsole(page, 'connections', 'list')).every(({ state }) => state === 'live');
    await eventually('the backend is back', isLive, 60_000);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** Overwrites the points of one hour. @returns rows that were spoiled */
  function overwrite(metric: string, from: number): number {
    const raw = new Database(join(product.dataDir, 'series.db'));
    const id = raw.prepare<[string], number>('SELECT id FROM series WHERE name = ?').pluck().get(metric) ?? 0;
    const { changes } = raw.prepare('UPDATE data SET data = zeroblob(length(data)) WHERE id = ?').run(chunkId(id, from));
    raw.close();
    return changes;
  }

  const open = (path: string) => page.goto(new URL(path, product.console).href);
  const note = () => page.getByRole('button', { name: /The store was damaged/ });
  const look = async (as: string) => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${as}.png`) });
  };
  /** The middle of the lost hour on a chart of the last six hours, px. */
  const overLost = async () => {
    const box = await page.getByRole('application').first().boundingBox();
    if (!box) throw new Error('no chart');
    const share = (lostFrom + hour / 2 - (Date.now() - 6 * hour)) / (6 * hour);
    return { x: box.x + box.width * (0.05 + 0.95 * share), y: box.y + box.height / 2 };
  };
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  const text = async (download: Download) => (await (await download.createReadStream()).toArray()).join('');
  const save = async (kind: RegExp) => {
    await page.keyboard.press('e');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: kind }).click()]);
    return text(download);
  };

  test('are cross-hatched, with a note that lists their times, and shown in the readout', async () => {
    await open('/explore?chart=lost-load&range=6h');
    await note().filter({ hasText: crossed }).waitFor();
    await look('explore');
    await note().hover();
    const tip = page.getByRole('tooltip');
    await tip
      .getByText(new RegExp(`${clock(lostFrom)}:00 – .*${clock(lostFrom + hour)}:00`))
      .first()
      .waitFor();
    await look('tooltip');
    const { x, y } = await overLost();
    await page.mouse.move(x, y);
    await page.getByRole('status').getByText('points of this time are missing, or may be').waitFor();
    await look('pointer');
  });

  test('are included in every export', async () => {
    await open('/explore?chart=lost-load&range=6h');
    await note().waitFor();
    const rows = (await save(/CSV/)).split(/\r?\n/);
    expect(rows[0]).toMatch(/,note$/);
    const of = rows.filter((row) => row.includes('The store was damaged'));
    expect(of).toHaveLength(1);
    expect(of[0]).toContain(`${new Date(lostFrom).toISOString()},`);
    expect(of[0]).toContain(`points up to ${new Date(lostFrom + hour).toISOString()} are missing`);
    expect(JSON.parse(await save(/JSON/))).toMatchObject({ damaged: [{ from: lostFrom, to: lostFrom + hour }] });
    const svg = await save(/SVG/);
    expect(svg).toContain('The store was damaged: points of these times are missing');
  });

  test.each(['stat', 'table', 'gauge', 'heatmap'])('are shown by charts without a time axis: %s', async (type) => {
    await open(`/explore?chart=lost-load&range=6h&as=${type}`);
    await note().waitFor();
  });

  test('are shown by a chart that has no points left', async () => {
    const range = `${new Date(lostFrom + 600_000).toISOString()}~${new Date(lostFrom + 1_200_000).toISOString()}`;
    await open(`/explore?chart=lost-load&range=${encodeURIComponent(range)}&bucket=10000`);
    await page.getByText('No points are left of this range: the backend’s store was damaged.').waitFor();
  });

  test('are shown for the comparison with yesterday', async () => {
    await open('/explore?chart=lost-before&range=6h&compare=day');
    const past = page.getByRole('button', { name: 'The store was damaged: points of yesterday are missing' });
    await past.waitFor();
    await expect(note().count()).resolves.toBe(1);
    await past.hover();
    await page
      .getByRole('tooltip')
      .getByText(new RegExp(`${clock(lostFrom)}:00 – .*${clock(lostFrom + hour)}:00`))
      .first()
      .waitFor();
    await look('compared');
    expect(await save(/SVG/)).toContain('The store was damaged: points of these times are missing');
  });

  test('are mentioned in the backtest of a new rule', async () => {
    await open('/explore?chart=lost-load&range=6h');
    await page.getByRole('button', { name: 'Create alert rule' }).click();
    await page.getByRole('button', { name: 'Write your own conditions' }).click();
    await page.getByText('The store was damaged: some points it is based on are missing.').waitFor();
    await look('rule-lost-load');
  });

  test('are listed in the reasons of an alert whose window contains them', async () => {
    const client = await product.client();
    const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 5 * hour, operator: '>', threshold: 1 } as const;
    const rule = { code: 'load-high', name: 'Load high', chartCode: 'lost-load', severity: 'HIGH', evaluateEveryMs: 1_000 } as const;
    await client.rules.create({ body: { ...rule, conditions: [condition] } });
    await open('/alerts');
    await page.getByText('Load high').first().click();
    await page.getByText('The store was damaged: points are or may be missing for 1 h of the last 5 h.').waitFor();
    await look('alert');
  });

  test('are shown from the console’s cache, offline, and in Arabic', async () => {
    await callConsole(page, 'backend', 'stop');
    await open('/explore?chart=lost-load&range=6h');
    await note().filter({ hasText: crossed }).waitFor();
    const connections = await callConsole(page, 'connections', 'list');
    expect(connections.every(({ state }) => state !== 'live')).toBe(true);
    await look('offline');
    await callConsole(page, 'settings', 'set', { language: 'ar', theme: 'light' });
    await page.getByRole('button', { name: /تلف المخزن/ }).waitFor();
    await look('offline-arabic');
  });
});
