import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dashboard, type DashboardBody, dashboardBody } from '#common/contract/dashboards.ts';
import { dayMs } from '#common/time/durations.ts';
import { bytesOf, launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from './product.ts';

/** A dashboard as people use it, on the real product: looked at, changed by mouse and keys, changed by two at once, taken back, put on paper, read without contact. */
let product: Product;
let browser: Browser;
let page: Page;
let client: Awaited<ReturnType<Product['client']>>;
const problems: string[] = [];
const patience = { timeout: 60_000, interval: 250 };

beforeAll(async () => {
  browser = await launchChromium();
  // The request limit counts the console, this client and the other one as one user.
  product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '1000' });
  client = await product.client();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const panel = (name: string) => page.getByRole('region', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const stored = () => client.dashboards.get({ params: { code: 'conveyor' } });
const bodyOf = (dashboard: Dashboard): DashboardBody =>
  dashboardBody.parse(Object.fromEntries(Object.keys(dashboardBody.shape).map((key) => [key, dashboard[key as keyof DashboardBody]])));
const placeOf = ({ panels }: Pick<DashboardBody, 'panels'>, title: string) =>
  panels.find((one) => one.kind === 'chart' && one.drawing.title === title)?.place;
/** Saves a change as another person. */
const theirs = async (change: (body: DashboardBody) => DashboardBody) => {
  const now = await stored();
  return client.dashboards.update({ params: { code: 'conveyor' }, body: { ...change(bodyOf(now)), version: now.version } });
};
const retitle = (body: DashboardBody, from: string, to: string): DashboardBody => ({
  ...body,
  panels: body.panels.map((one) =>
    one.kind === 'chart' && one.drawing.title === from ? { ...one, drawing: { ...one.drawing, title: to } } : one,
  ),
});
const exported = async (kind: string): Promise<{ download: Download; bytes: Buffer }> => {
  const choose = async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: kind }).click();
  };
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 120_000 }), choose()]);
  return { download, bytes: await bytesOf(download) };
};

test('a shipped dashboard is found in the list and shows the numbers that the backend holds', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Dashboards' }).click();
  await page.getByRole('searchbox', { name: 'Search dashboards' }).fill('belt');
  const card = page.getByRole('article', { name: 'Conveyor' });
  await card.waitFor();
  expect(await page.getByRole('article').count()).toBe(1);
  // It has a thumbnail although nobody saved it: drawn from its data, and stored for others.
  await card.locator('img').waitFor();
  const { version } = await stored();
  await expect
    .poll(async () => (await client.dashboards.thumbnail({ params: { code: 'conveyor' } })).thumbnail?.version, patience)
    .toBe(version);
  await card.getByRole('link').click();
  await expect.poll(() => panel('Speed now').textContent(), patience).toMatch(/belt-1.*\d\.\d+.*m\/s/);
  // A dashboard opens with its own range, which is in the address.
  await expect.poll(() => new URL(page.url()).searchParams.get('range'), patience).toBe('1h');

  const { results } = await client.charts.data({
    body: {
      queries: [
        {
          selector: { from: 'signal', loaderCode: 'belt-speed', segmentCode: 'belt-1' },
          aggregation: 'avg',
          from: Date.now() - 3_600_000,
          to: Date.now(),
          bucketMs: 60_000,
        },
      ],
    },
  });
  const [answer] = results;
  if (!answer?.ok) throw new Error('The backend did not answer.');
  const values = answer.series[0]?.v ?? [];
  const shown = Number(/(\d\.\d+)/.exec((await panel('Speed now').textContent()) ?? '')?.[1]);
  expect(shown).toBeGreaterThanOrEqual(Math.min(...values) - 0.2);
  expect(shown).toBeLessThanOrEqual(Math.max(...values) + 0.2);
});

test('a variable narrows every panel, and is in the address', async () => {
  await page.getByRole('combobox', { name: 'Belt', exact: true }).selectOption('belt-2');
  await expect.poll(() => panel('Speed now').textContent(), patience).not.toMatch(/belt-1/);
  expect(JSON.parse(new URL(page.url()).searchParams.get('vars') ?? '{}')).toEqual({ belt: 'belt-2' });
  await page.goBack();
  await expect.poll(() => panel('Speed now').textContent(), patience).toMatch(/belt-1/);
});

/** Starts of the ranges that the console is asked for from here on, epoch ms. */
function rangesAsked(): Set<number> {
  const asked = new Set<number>();
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      for (const [, from] of String(payload).matchAll(/"from":(\d+)/g)) asked.add(Number(from));
    }),
  );
  return asked;
}

test('a wall says what time it is, and its today stays today, over a reload and into the next day', async () => {
  const before = page.url();
  const asked = rangesAsked();
  const midnight = Math.floor(Date.now() / dayMs) * dayMs;
  await page.goto(new URL('/dashboards/conveyor?kiosk=true&range=now%2Fd~now', before).href);
  const bar = page.locator('header', { hasText: 'Today so far', has: page.getByRole('heading', { name: 'Conveyor' }) });
  await bar.waitFor();
  expect(await bar.locator('time').textContent()).toMatch(/^\d\d:\d\d/);
  await expect.poll(() => panel('Speed now').textContent(), patience).toMatch(/belt-1/);
  expect(new URL(page.url()).searchParams.get('range')).toBe('now/d~now');
  expect(asked).toContain(midnight);

  asked.clear();
  await page.reload();
  await bar.waitFor();
  await expect.poll(() => panel('Speed now').textContent(), patience).toMatch(/belt-1/);
  await expect.poll(() => asked.has(midnight), patience).toBe(true);
  expect(new URL(page.url()).searchParams.get('range')).toBe('now/d~now');

  // As if the wall had been on overnight: only its clock advances.
  await page.clock.setSystemTime(midnight + dayMs + 7 * 3_600_000);
  await expect.poll(() => asked.has(midnight + dayMs), patience).toBe(true);
  expect(await bar.textContent()).toContain('Today so far');
  await page.clock.setSystemTime(Date.now());
  await page.goto(new URL('/dashboards/conveyor', before).href);
  await panel('Speed now').waitFor();
});

test('panels are moved with mouse and keys, steps are undone, and a save creates the next version', async () => {
  const before = await stored();
  await page.keyboard.press('e');
  await page.getByText('All changes saved').waitFor();
  const from = await panel('Items').locator('.panel-handle').boundingBox();
  const to = await panel('Rejects').locator('.panel-handle').boundingBox();
  if (!from || !to) throw new Error('The panels are not on screen.');
  await page.mouse.move(from.x + 60, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 90, from.y + 16, { steps: 4 });
  await page.mouse.move(to.x + 60, to.y + 12, { steps: 12 });
  await page.mouse.up();
  await page.getByText(/Unsaved changes/).waitFor();

  await panel('Belt speed').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await stored()).version, patience).toBe(before.version + 1);
  const after = await stored();
  expect(placeOf(before, 'Items')?.x).toBe(0);
  expect(placeOf(after, 'Items')?.x).toBe(12);
  // Two steps taken back, one done again.
  expect(placeOf(after, 'Belt speed')?.h).toBe((placeOf(before, 'Belt speed')?.h ?? 0) + 1);
  await expect
    .poll(async () => (await client.dashboards.thumbnail({ params: { code: 'conveyor' } })).thumbnail?.version, patience)
    .toBe(after.version);
});

test('an edit survives a reload, and is merged with what another person saved in the meantime', async () => {
  await panel('Motor current').focus();
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Title').fill('Current of the motors');
  await dialog().getByRole('button', { name: 'Apply' }).click();
  await panel('Current of the motors').waitFor();
  await page.getByText('Stored on this computer').waitFor();
  await theirs((body) => ({ ...body, tags: ['night shift'] }));
  await page.reload();
  await panel('Current of the motors').waitFor();
  await page.getByText(/saved version/).waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('Merged with changes by admin').waitFor();
  const now = await stored();
  expect(now.tags).toEqual(['night shift']);
  expect(placeOf(now, 'Current of the motors')).toBeDefined();
});

test('when both changed the same, nothing is saved until each part is chosen', async () => {
  await panel('Belt speed').focus();
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Title').fill('Speed, mine');
  await dialog().getByRole('button', { name: 'Apply' }).click();
  await panel('Speed, mine').waitFor();
  const { dashboard } = await theirs((body) => ({ ...retitle(body, 'Belt speed', 'Speed, theirs'), description: 'By another person' }));
  await page.keyboard.press('Control+s');
  await dialog()
    .getByText(/made conflicting changes/)
    .waitFor();
  expect((await stored()).version).toBe(dashboard.version);
  await dialog().getByRole('radio').filter({ hasText: 'Speed, mine' }).click();
  await dialog().getByRole('button', { name: 'Save selection' }).click();
  await expect.poll(async () => placeOf(await stored(), 'Speed, mine') !== undefined, patience).toBe(true);
  expect(await stored()).toMatchObject({ version: dashboard.version + 1, description: 'By another person' });
});

test('an edit that is discarded ends, and nothing of it is kept', async () => {
  const before = await stored();
  await panel('Items').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('Stored on this computer').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await dialog().getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Versions' }).waitFor();
  expect(new URL(page.url()).searchParams.has('edit')).toBe(false);
  expect(await page.getByText('Unsaved changes').count()).toBe(0);
  expect((await stored()).version).toBe(before.version);
  await page.keyboard.press('e');
  await page.getByText('All changes saved').waitFor();
});

test('an earlier version is compared and restored', async () => {
  await page.getByRole('button', { name: 'Done' }).click();
  const { version } = await stored();
  await page.getByRole('button', { name: 'Versions' }).click();
  await dialog()
    .getByRole('button', { name: /Version 1\b/ })
    .click();
  await dialog().getByRole('radio', { name: 'Compared with the newest' }).click();
  await dialog().getByRole('cell', { name: 'Speed, mine' }).first().waitFor();
  await dialog().getByRole('button', { name: 'Restore this version' }).click();
  await page.getByRole('dialog', { name: 'Restore version 1?' }).getByRole('button', { name: 'Restore this version' }).click();
  await expect.poll(async () => (await stored()).version, patience).toBe(version + 1);
  expect(placeOf(await stored(), 'Belt speed')).toMatchObject({ x: 0, w: 24 });
  await page.getByText('Restored version 1').first().waitFor();
  await page.keyboard.press('Escape');
  await panel('Belt speed').waitFor();
});

test('the whole dashboard is exported as PDF and PNG', { timeout: 300_000 }, async () => {
  const pdf = await exported('PDF document');
  expect(pdf.download.suggestedFilename()).toMatch(/^conveyor-\d{8}-\d{6}Z\.pdf$/);
  const text = pdf.bytes.toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text.match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
  expect(text.match(/\/Subtype \/Image\b/g)?.length).toBeGreaterThanOrEqual(9);

  const png = await exported('PNG image');
  expect(png.download.suggestedFilename()).toMatch(/\.png$/);
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  expect(width).toBe(2_880);
  expect(height).toBeGreaterThan(2_000);
  // More than a background: at least twenty colours stand in it, and lines of the palette are among them.
  const colours = await page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(image.width / 4, image.height / 4);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data: pixels } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
    const seen = new Set<number>();
    for (let i = 0; i < pixels.length; i += 4) seen.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0));
    return seen.size;
  }, png.bytes.toString('base64'));
  expect(colours).toBeGreaterThan(200);
});

test('offline, the dashboard stays readable with its age, and an edit is kept', { timeout: 180_000 }, async () => {
  process.kill(product.backendPid(), 'SIGKILL');
  await page
    .getByText(/Last updated .* ago\./)
    .first()
    .waitFor();
  await expect.poll(() => panel('Speed now').textContent(), patience).toMatch(/belt-1.*\d\.\d+/);
  await page.keyboard.press('e');
  await panel('Items').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('Stored on this computer').waitFor();
  // The launcher brings the backend back; then the edit can be saved.
  const before = (await expectStored()).version;
  // The console finds contact a moment after this test does.
  await page.getByRole('button', { name: 'Save', disabled: false }).waitFor();
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await expectStored()).version, { timeout: 90_000, interval: 500 }).toBe(before + 1);
});

/** The stored dashboard, once the backend answers again. */
async function expectStored(): Promise<Dashboard> {
  for (;;) {
    try {
      client = await product.client();
      return await stored();
    } catch {
      await page.waitForTimeout(500);
    }
  }
}

test('the page never failed', () => {
  // While the backend was away the window's own core answered; nothing else may have gone wrong.
  expect(problems).toEqual([]);
});
