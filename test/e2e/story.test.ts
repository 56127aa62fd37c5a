import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PanelData } from '#common/contract/console/series.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from './product.ts';
import { callConsole } from './rpc.ts';

/** The whole way through: a measurement becomes an alert, finds a person, and comes back as an acknowledgement, with the backend killed in between. */
let product: Product;
let browser: Browser;
let page: Page;
const problems: string[] = [];
const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

beforeAll(async () => {
  browser = await launchChromium();
  product = await startProduct();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const popups = () => page.getByRole('list', { name: 'New alerts' });
const go = async (screen: string) => page.getByRole('navigation').getByRole('link', { name: screen }).click();

test('soon after opening there are live numbers of this computer and of the database', async () => {
  const opened = performance.now();
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  // What the screen says is part of the failure.
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text is not on the screen
  const text = () => page.locator('main').innerText();
  for (const unit of ['m/s', '%']) await expect.poll(text, { timeout: 120_000 }).toMatch(new RegExp(`\\d\\s?${unit}`));
  const took = performance.now() - opened;
  console.log(`ready in ${Math.round(product.startedInMs)} ms, first live numbers ${Math.round(took)} ms after opening the window`);
  expect(new URL(page.url()).search).not.toContain('token');
});

test('the page as it is served has no finding of axe', async () => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`)])).toEqual([]);
});

test('a stopped belt causes a popup, and the key a acknowledges it', async () => {
  await go('Conveyor');
  await page
    .getByRole('button', { name: /^Stop: / })
    .nth(1)
    .click();
  const popup = popups().getByRole('listitem').filter({ hasText: 'Belt speed low' });
  await popup.waitFor({ timeout: 90_000 });
  await popup.getByText('CRITICAL').waitFor();
  await popup.getByText(/below 0\.6/).waitFor();
  await page.keyboard.press('a');
  await popup.waitFor({ state: 'detached' });
  const client = await product.client();
  await expect.poll(async () => (await speedAlert(client)).acknowledgement?.by, { timeout: 60_000 }).toBe('admin');
});

test('clearing the fault resolves the alert, and that is announced, to a hidden tab by the operating system', async () => {
  await page.context().grantPermissions(['notifications'], { origin: new URL(page.url()).origin });
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
    const shown: Notification[] = [];
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(this);
      }
    };
    (window as unknown as { shown: Notification[] }).shown = shown;
  });
  await page.getByRole('button', { name: 'Clear fault' }).click();
  await popups().getByRole('listitem').filter({ hasText: 'Belt speed low' }).filter({ hasText: 'Resolved' }).waitFor({ timeout: 90_000 });
  const { title, body } = await page.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    // A busy computer may announce its own load in between.
    const resolved = (window as unknown as { shown: Notification[] }).shown.find(({ title: one }) => one.includes('Belt speed low'));
    resolved?.onclick?.(new Event('click'));
    return { title: resolved?.title, body: resolved?.body };
  });
  expect(title).toMatch(/^Resolved: Belt speed low · belt-\d$/);
  expect(body).toMatch(/firing for/);
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/alerts\/[^/]+\/[^/]+$/);
  await go('Conveyor');
});

test('after the backend is killed everything stays readable and an acknowledgement is queued; after its restart it is delivered once and the gap is filled', async () => {
  await page
    .getByRole('button', { name: /^Stop: / })
    .nth(0)
    .click();
  await popups().getByRole('listitem').filter({ hasText: 'Belt speed low' }).getByText('CRITICAL').waitFor({ timeout: 90_000 });
  const alert = await speedAlert(await product.client());

  const killedAt = Date.now();
  process.kill(product.backendPid(), 'SIGKILL');
  await page.getByText(/No connection to .* since/).waitFor({ timeout: 60_000 });
  await go('Alerts');
  const row = page.getByRole('row').filter({ hasText: 'Belt speed low' });
  await row.click();
  await page
    .getByText(/below 0\.6/)
    .first()
    .waitFor();
  await page.keyboard.press('a');
  await page.getByText('1 pending change').first().waitFor();

  await page.getByText('All changes sent').waitFor({ timeout: 60_000 });
  const restartedAt = Date.now();
  const client = await product.client();
  const { alert: after, events } = await client.alerts.get({ params: { id: alert.id } });
  expect(after.acknowledgement?.by).toBe('admin');
  expect(events.filter((event) => event.kind === 'acknowledged')).toHaveLength(1);
  expect(events.filter((event) => event.kind === 'fired')).toHaveLength(1);

  // The agent buffered and the producer went on, so the outage must not show in what the console draws.
  const [connection] = await callConsole(page, 'connections', 'list');
  for (const selector of [
    { from: 'metric', name: 'host_cpu_percent', labels: {} },
    { from: 'signal', loaderCode: 'belt-speed', segmentCode: 'belt-2' },
  ] as const) {
    const holes = async () => {
      const query = { selector, aggregation: 'avg', from: killedAt - 30_000, to: restartedAt, bucketMs: 0 } as const;
      const data: PanelData = await callConsole(page, 'series', 'query', { connectionId: connection?.id ?? '', query });
      const times = data.series[0]?.t ?? [];
      const gaps = times.slice(1).map((t, i) => t - (times[i] ?? 0));
      return { missing: data.missing, widest: Math.max(...gaps), reaches: (times.at(-1) ?? 0) > restartedAt - 15_000 };
    };
    await expect
      .poll(holes, { timeout: 60_000, interval: 1_000 })
      .toEqual({ missing: [], widest: expect.toSatisfy((ms: number) => ms < 12_000), reaches: true });
  }
});

test('the page never failed, and Ctrl-C leaves nothing behind', async () => {
  await page.close();
  expect(problems).toEqual([]);
  const { left, tookMs } = await product.stop();
  console.log(`ended in ${Math.round(tookMs)} ms`);
  expect(left).toEqual([]);
});

async function speedAlert(client: Awaited<ReturnType<Product['client']>>) {
  const { items } = await client.alerts.list({ query: { ruleCode: 'belt-speed-low', state: 'FIRING' } });
  const [newest] = items;
  if (!newest) throw new Error('No alert fires on the belts’ speed.');
  return newest;
}
