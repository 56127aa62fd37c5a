import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SeriesData } from '#common/contract/charts.ts';
import { chartDefinition } from '#common/contract/charts.ts';
import { bytesOf, launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from './product.ts';

/** The explorer and the chart library as a person uses them, on the real product: what is on screen against what the backend holds. */
let product: Product;
let browser: Browser;
let page: Page;
let client: Awaited<ReturnType<Product['client']>>;
const problems: string[] = [];
const hour = 3_600_000;
/** An interval entirely in the past: nothing is added to it while the test runs. */
let from: number;
let to: number;

beforeAll(async () => {
  browser = await launchChromium();
  // The request limit counts the console and this client as one user.
  product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '1000' });
  client = await product.client();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  to = Math.floor(Date.now() / hour) * hour - hour;
  from = to - hour;
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const parameter = (name: string) => new URL(page.url()).searchParams.get(name);
const legend = () => page.getByRole('table', { name: 'Series' });
const dialog = () => page.getByRole('dialog');
const open = (path: string) => page.goto(new URL(path, product.console).href);
const stretch = () => `${new Date(from).toISOString()}~${new Date(to).toISOString()}`;
const stored = async (bucketMs: number, shift = 0): Promise<SeriesData[]> => {
  const query = { selector: { from: 'signal' as const, loaderCode: 'belt-speed' }, aggregation: 'avg' as const, bucketMs };
  const { results } = await client.charts.data({ body: { queries: [{ ...query, from: from + shift, to: to + shift }] } });
  if (!results[0]?.ok) throw new Error('The backend did not answer.');
  return results[0].series.toSorted((a, b) => ((a.labels['segment'] ?? '') < (b.labels['segment'] ?? '') ? -1 : 1));
};

async function exported(kind: RegExp): Promise<{ download: Download; bytes: Buffer }> {
  const choose = async () => {
    await page.keyboard.press('e');
    await page.getByRole('menuitem', { name: kind }).click();
  };
  const [download] = await Promise.all([page.waitForEvent('download'), choose()]);
  return { download, bytes: await bytesOf(download) };
}

test('a loader is found by name and drawn, and its figures are the backend’s', async () => {
  // Yesterday is part of a story below: two of the thirty days that the loader goes back.
  const loaded = async () => (await client.loaders.list()).items.find(({ code }) => code === 'belt-speed')?.historyProgress;
  await expect.poll(loaded, { timeout: 120_000, interval: 250 }).toBeGreaterThan(2 / 30);
  await open(`/explore?range=${stretch()}&bucket=60000`);
  await page.getByRole('button', { name: /^Query: / }).waitFor();
  await page.keyboard.press('w');
  await page.getByPlaceholder('Query').fill('loader:belt-speed');
  await page.keyboard.press('Enter');
  await expect.poll(() => parameter('loader')).toBe('belt-speed');
  await legend()
    .getByRole('row', { name: /belt-3/ })
    .waitFor();
  const [first] = await stored(60_000);
  const mean = (first?.v.reduce((sum, value) => sum + value, 0) ?? 0) / (first?.v.length ?? 1);
  const cells = legend()
    .getByRole('row', { name: /belt-1/ })
    .getByRole('cell');
  expect(Number.parseFloat((await cells.nth(3).textContent()) ?? '')).toBeCloseTo(mean, 1);
});

test('a legend line alone, then another with Shift; the address holds both', async () => {
  await legend().getByRole('button', { name: 'belt-2' }).click();
  await expect.poll(() => parameter('only')).toBe('["belt-2"]');
  await legend()
    .getByRole('button', { name: 'belt-3' })
    .click({ modifiers: ['Shift'] });
  await expect.poll(() => parameter('only')).toBe('["belt-2","belt-3"]');
  await page.getByRole('button', { name: /^Series:/ }).click();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => parameter('only')).toBeNull();
});

test('the table beside the chart holds every value, sorts, and is copied with both clocks', async () => {
  await page.keyboard.press('d');
  const table = page.getByRole('region', { name: 'Show values' });
  await table.getByText('60 rows').waitFor();
  await table.getByRole('button', { name: 'belt-1' }).click();
  const [first] = await stored(60_000);
  const top = table.getByRole('row').nth(1).getByRole('cell');
  const shown = async () => Number.parseFloat((await top.nth(-3).textContent()) ?? '');
  expect(await shown()).toBeCloseTo(Math.max(...(first?.v ?? [])), 1);
  await table.getByRole('button', { name: 'Copy table' }).click();
  await page.getByText('60 rows copied').waitFor();
  const [head, ...rows] = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(head).toBe('UTC\tLocal time\tbelt-1\tbelt-2\tbelt-3');
  expect(rows).toHaveLength(60);
  await page.keyboard.press('d');
});

test('CSV and JSON hold what the backend holds', async () => {
  const series = await stored(60_000);
  const csv = await exported(/CSV/);
  expect(csv.download.suggestedFilename()).toMatch(/^loader-belt-speed-\d{8}-\d{6}Z\.csv$/);
  const text = csv.bytes.toString();
  expect(text.startsWith('\uFEFF')).toBe(true);
  const [head, ...rows] = text.slice(1).trimEnd().split('\r\n');
  expect(head).toBe('time,belt-1 (m/s),belt-2 (m/s),belt-3 (m/s)');
  expect(rows).toEqual(series[0]?.t.map((at, i) => [new Date(at).toISOString(), ...series.map(({ v }) => v[i])].join(',')));

  const json = JSON.parse((await exported(/JSON/)).bytes.toString());
  expect(json).toMatchObject({
    title: 'Belt speed',
    unit: 'm/s',
    aggregation: 'avg',
    bucketMs: 60_000,
    from: new Date(from).toISOString(),
  });
  expect(json.series).toEqual(series.map(({ labels, t, v }) => ({ name: labels['segment'], points: t.map((at, i) => [at, v[i]]) })));
});

test('a menu opened again before the last one gave its focus back stays open', async () => {
  await page.keyboard.press('e');
  const csv = page.getByRole('menuitem', { name: /CSV/ });
  const choose = () =>
    csv.evaluate(async (item: HTMLElement) => {
      item.click();
      // Neither a frame nor a timer passes here: this is a key pressed in the same moment.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true }));
    });
  await Promise.all([page.waitForEvent('download'), choose()]);
  await page.waitForTimeout(300);
  expect(await page.getByRole('menu').count()).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Export');
});

test('PNG and SVG are the chart: as many pixels as it has, and its lines as paths', async () => {
  const png = (await exported(/PNG/)).bytes;
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const box = await page.getByRole('application').first().boundingBox();
  expect(png.readUInt32BE(16)).toBe(Math.round(2 * (box?.width ?? 0)));
  const svg = (await exported(/SVG/)).bytes.toString();
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('Belt speed');
  expect(svg.match(/<path/g)?.length ?? 0).toBeGreaterThanOrEqual(3);
});

test('a range is typed, and errors in it are explained', async () => {
  await page.keyboard.press('t');
  const field = dialog().getByLabel('Type a range');
  await field.fill('2026-02-30');
  await page.keyboard.press('Enter');
  await dialog().getByText('2026-02-30 isn’t a valid date.').waitFor();
  await field.fill('now-6h');
  await dialog()
    .getByText(/^The last 6 h/)
    .waitFor();
  const began = performance.now();
  await page.keyboard.press('Enter');
  await expect.poll(() => parameter('range')).toBe('6h');
  await page.locator('canvas').first().waitFor();
  console.log(`a typed range was on screen after ${Math.round(performance.now() - began)} ms`);
});

test('yesterday is drawn below, and the legend shows the difference', async () => {
  await open(`/explore?loader=belt-speed&bucket=60000&range=${stretch()}`);
  await legend()
    .getByRole('row', { name: /belt-1/ })
    .waitFor();
  await page.keyboard.press('c');
  await expect.poll(() => parameter('compare')).toBe('day');
  await legend().getByRole('columnheader', { name: 'vs yesterday' }).waitFor();
  const mean = ({ v = [] }: Partial<SeriesData> = {}) => v.reduce((sum, value) => sum + value, 0) / v.length;
  const change = mean((await stored(60_000))[0]) / mean((await stored(60_000, -24 * hour))[0]) - 1;
  const share = async () => {
    const text = await legend()
      .getByRole('row', { name: /belt-1/ })
      .getByRole('cell')
      .last()
      .textContent();
    return Number.parseFloat(/([+−-]?[\d.]+) %/.exec(text ?? '')?.[1]?.replace('−', '-') ?? 'NaN');
  };
  await expect.poll(share, { timeout: 60_000 }).toBeCloseTo(change * 100, 0);
});

test('it is saved as a definition: wrong fields are marked, and the backend stores it', async () => {
  await page.keyboard.press('s');
  const title = dialog().getByLabel('Title', { exact: true });
  await title.fill('');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Enter a title of 1 to 120 characters.').waitFor();
  await title.fill('Speed of all belts');
  await expect.poll(() => dialog().getByLabel('Code').inputValue()).toBe('speed-of-all-belts');
  await dialog().getByRole('button', { name: 'Add threshold' }).click();
  await dialog().getByLabel('Value').fill('slow');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Enter a number, such as 0.6.').waitFor();
  await dialog().getByLabel('Value').fill('0,7');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByText('Chart saved').waitFor();
  const saved = await client.charts.get({ params: { code: 'speed-of-all-belts' } });
  expect(saved).toMatchObject({
    selector: { from: 'signal', loaderCode: 'belt-speed' },
    bucketMs: 60_000,
    thresholds: [{ value: 0.7, severity: 'WARNING' }],
    version: 1,
  });
});

test('an alert made from it would have fired, exists, and fires', async () => {
  await open('/explore?chart=speed-of-all-belts&range=1h');
  await legend()
    .getByRole('row', { name: /belt-1/ })
    .waitFor();
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'New alert rule' }).waitFor();
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await page.getByLabel('Relation').selectOption('below');
  await field('Threshold').fill('-1');
  await page.getByText('Would not have fired.').waitFor();
  await field('Threshold').fill('5');
  await field('Duration').fill('ages');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByText('Correct 1 field first').waitFor();
  await field('Duration').fill('0');
  await field('Window').fill('20 s');
  await page.getByText('Evaluation and notification').click();
  await field('Evaluate every').fill('5 s');
  await page.getByText(/^Would have fired \d+ times$/).waitFor();
  await field('Name').fill('Belts below five');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await page.getByText('Rule saved. Evaluation has started.').waitFor();
  const rule = async () => client.rules.get({ params: { code: 'speed-of-all-belts' } });
  expect(await rule()).toMatchObject({
    name: 'Belts below five',
    chartCode: 'speed-of-all-belts',
    conditions: [{ operator: '<', threshold: 5 }],
  });
  await expect
    .poll(async () => (await rule()).statuses.map(({ state }) => state), { timeout: 60_000 })
    .toEqual(['FIRING', 'FIRING', 'FIRING']);
});

test('an alert for a query that is no chart saves it under a name first, for the only series that is shown', async () => {
  await open('/explore?loader=belt-speed&range=1h&only=["belt-1"]');
  await legend()
    .getByRole('row', { name: /belt-1/ })
    .waitFor();
  await page.keyboard.press('r');
  await dialog().getByLabel('Name of the chart').fill('Speed for a rule');
  await dialog().getByRole('button', { name: 'Save and go on' }).click();
  await page.getByRole('heading', { name: 'New alert rule' }).waitFor();
  expect(page.url()).toContain('chart=speed-for-a-rule');
  await expect.poll(() => page.getByRole('combobox', { name: 'Series' }).locator('option:checked').textContent()).toContain('belt-1');
  const handle = page.getByRole('slider', { name: 'Threshold' });
  const field = page.getByRole('textbox', { name: 'Threshold', exact: true });
  const before = Number(await field.inputValue());
  await handle.press('ArrowUp');
  await expect.poll(async () => Number(await field.inputValue())).toBeGreaterThan(before);
  await client.charts.remove({ params: { code: 'speed-for-a-rule' } });
});

test('the library shows who uses a chart and keeps it while it is used', async () => {
  await open('/charts?code=speed-of-all-belts');
  await page.getByRole('tab', { name: 'Used by' }).click();
  await page.getByRole('tabpanel').getByText('Belts below five').waitFor();
  await page.keyboard.press('Delete');
  await dialog().getByText('Belts below five').waitFor();
  await expect.poll(() => dialog().getByRole('button', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

test('a change creates a version with a diff, and restoring creates a third', async () => {
  await page.keyboard.press('e');
  await dialog().getByLabel('Title', { exact: true }).fill('Belts');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Belts', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Versions' }).click();
  const row = page.getByRole('tabpanel').getByRole('row').filter({ hasText: 'Title' });
  await expect.poll(() => row.getByRole('cell').allTextContents()).toEqual(['Speed of all belts', 'Belts']);
  await page.getByRole('button', { name: /^Version 1 / }).click();
  await page.getByRole('button', { name: 'Restore this version' }).click();
  await dialog().getByRole('button', { name: 'Restore this version' }).click();
  await page.getByRole('heading', { name: 'Speed of all belts' }).waitFor();
  expect(await client.charts.get({ params: { code: 'speed-of-all-belts' } })).toMatchObject({ title: 'Speed of all belts', version: 3 });
});

test('two who change one chart both keep what they wrote', async () => {
  await page.keyboard.press('e');
  await dialog().getByLabel('Unit').fill('metres a second');
  const {
    version,
    createdAt: _,
    createdBy: __,
    updatedAt: ___,
    updatedBy: ____,
    ...body
  } = await client.charts.get({ params: { code: 'speed-of-all-belts' } });
  await client.charts.update({
    params: { code: body.code },
    body: { ...chartDefinition.parse(body), title: 'Renamed by someone else', version },
  });
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('The changes are in different places: both can be kept.').waitFor();
  await dialog().getByRole('cell', { name: 'Renamed by someone else' }).waitFor();
  await dialog().getByRole('button', { name: 'Save both' }).click();
  // The heading may have followed the other's change already: the dialog closes once both are saved.
  await dialog().waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: 'Renamed by someone else' }).waitFor();
  expect(await client.charts.get({ params: { code: body.code } })).toMatchObject({
    title: 'Renamed by someone else',
    unit: 'metres a second',
  });
});

test('a definition is exported, and imported as another', async () => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const choose = page.getByRole('menuitem', { name: 'Export JSON' });
  const [download] = await Promise.all([page.waitForEvent('download'), choose.click()]);
  const text = (await bytesOf(download)).toString();
  await page.keyboard.press('i');
  await dialog()
    .getByLabel('Or paste JSON')
    .fill(`[${text}, ${text.replace('"code": "speed-of-all-belts"', '"code": "belts-again"')}]`);
  await dialog().getByText('unchanged').waitFor();
  await dialog().getByRole('button', { name: 'Import 1 chart' }).click();
  await page.getByText('1 chart imported').waitFor();
  expect(await client.charts.get({ params: { code: 'belts-again' } })).toMatchObject({ title: 'Renamed by someone else', version: 1 });
});

test('a link opens the same chart, and every key is in the help', async () => {
  await open(`/explore?loader=belt-speed&as=area&agg=max&compare=week&bucket=300000&range=24h&table=true`);
  await legend()
    .getByRole('row', { name: /belt-1/ })
    .waitFor();
  expect(await page.getByLabel('Chart type').inputValue()).toBe('area');
  expect(await page.getByLabel('Aggregation').inputValue()).toBe('max');
  expect(await page.getByLabel('Compare with').inputValue()).toBe('week');
  await page.getByRole('region', { name: 'Show values' }).waitFor();
  await page.keyboard.press('?');
  for (const action of ['Type a range', 'Compare with', 'Bucket', 'Create an alert rule from this query', 'Export', 'Save as a chart'])
    await dialog().getByText(action, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
});

test('the page never failed', () => {
  expect(problems).toEqual([]);
});
