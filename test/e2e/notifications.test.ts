import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from './product.ts';

/**
 * Notifications of the operating system from a tab that is out of sight, on the real product. Chromium makes them; nobody can click one
 * here, nor hide a tab of a browser without a window, so the test does both in the page.
 */
let product: Product;
let browser: Browser;
let page: Page;
let client: Awaited<ReturnType<Product['client']>>;

interface Shown {
  title: string;
  tag: string;
  requireInteraction: boolean;
  isClosed: boolean;
}

beforeAll(async () => {
  browser = await launchChromium();
  product = await startProduct();
  client = await product.client();
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** Opens the console; `answer` is the person's answer to the browser's permission prompt. */
async function open(answer: 'granted' | 'denied' | 'ask'): Promise<void> {
  // The link works once; the cookie that it was swapped for stays in the context.
  const context = page?.context() ?? (await browser.newContext());
  const address = page ? new URL('/', page.url()).href : product.console;
  await page?.close();
  page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.addInitScript((permission) => {
    const shown: (Notification & { isClosed?: boolean })[] = [];
    let asked = 0;
    let isHidden = false;
    let state: NotificationPermission = permission === 'ask' ? 'default' : permission;
    class Noted extends Notification {
      static override get permission() {
        return state;
      }
      static override async requestPermission() {
        asked += 1;
        state = 'granted';
        return state;
      }
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(this);
      }
      override close() {
        Object.assign(this, { isClosed: true });
        super.close();
      }
    }
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
    Object.assign(globalThis, {
      Notification: Noted,
      tab: {
        asked: () => asked,
        hide: (on: boolean) => {
          isHidden = on;
          document.dispatchEvent(new Event('visibilitychange'));
        },
        shown: () => shown.map(({ title, tag, requireInteraction, isClosed = false }) => ({ title, tag, requireInteraction, isClosed })),
        click: (tag: string) => shown.find((one) => one.tag === tag)?.dispatchEvent(new Event('click')),
      },
    });
  }, answer);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
}

const tab = <T>(call: string, ...args: unknown[]) =>
  page.evaluate(
    ([name, given]) => (globalThis as unknown as { tab: Record<string, (...all: unknown[]) => unknown> }).tab[name]?.(...given),
    [call, args] as [string, unknown[]],
  ) as Promise<T>;
const shown = () => tab<Shown[]>('shown');

const values = { recCount: 1, minVal: 9, maxVal: 9, avgVal: 9, sumVal: 9 };
/** A rule that fires at once, on points that are stored now. */
async function fire(code: string): Promise<void> {
  await client.signals.bulk({
    body: { signals: [{ ...values, loaderCode: code, segmentCode: 'a', timestamp: Math.floor(Date.now() / 1_000) }] },
  });
  await client.charts.create({ body: { code, title: code, selector: { from: 'signal', loaderCode: code } } });
  await client.rules.create({
    body: {
      code,
      name: `Rule ${code}`,
      chartCode: code,
      conditions: [{ kind: 'threshold', aggregation: 'max', windowMs: 3_600_000, operator: '>', threshold: 1 }],
      severity: 'CRITICAL',
      evaluateEveryMs: 1_000,
    },
  });
}
async function alertOf(code: string) {
  const of = async () => (await client.alerts.list({ query: {} })).items.find(({ ruleCode }) => ruleCode === code);
  await expect.poll(of, { timeout: 60_000 }).toBeDefined();
  const found = await of();
  if (!found) throw new Error(`There is no alert of ${code}.`);
  return found;
}
async function shownOf(code: string): Promise<Shown> {
  const of = async () => (await shown()).find(({ title }) => title.includes(`Rule ${code}`));
  await expect.poll(of, { timeout: 60_000 }).toBeDefined();
  return (await of()) as Shown;
}

test('the user is asked once, below the first popup, and an explanation is shown', async () => {
  await open('ask');
  await fire('asking');
  const allow = page.getByRole('button', { name: 'Allow notifications' });
  await allow.waitFor();
  await page.getByText('You can’t see popups while another tab is in front.').waitFor();
  await page.getByRole('button', { name: 'Not now' }).click();
  await allow.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  await fire('asking-again');
  await page.getByText('Rule asking-again').first().waitFor();
  expect(await allow.count()).toBe(0);
  expect(await tab('asked')).toBe(0);
  await page.goto(new URL('/settings?section=notifications', page.url()).href);
  await page.getByText('Allow them to see alerts while another tab or window is in front. Sounds play either way.').waitFor();
  await allow.click();
  await page.getByText('While this tab is hidden, alerts appear as notifications of the operating system.').waitFor();
  expect(await tab('asked')).toBe(1);
});

test('in a hidden tab an alert is a notification that stays; a click opens the alert, also after it resolved', async () => {
  await open('granted');
  await fire('in-sight');
  await page.getByText('Rule in-sight').first().waitFor();
  expect((await shown()).filter(({ title }) => title.includes('in-sight'))).toEqual([]);

  await tab('hide', true);
  await fire('unseen');
  const { tag, requireInteraction } = await shownOf('unseen');
  expect(requireInteraction).toBe(true);
  const { id } = await alertOf('unseen');
  await client.rules.remove({ params: { code: 'unseen' } });
  await expect.poll(async () => (await alertOf('unseen')).state, { timeout: 60_000 }).toBe('RESOLVED');
  expect(await shownOf('unseen')).toMatchObject({ isClosed: false });
  await tab('click', tag);
  await page.waitForURL(new RegExp(`/alerts/[\\w-]+/${id}`));
});

test('a notification is removed when someone else acknowledges its alert', async () => {
  await open('granted');
  await tab('hide', true);
  await fire('taken');
  expect(await shownOf('taken')).toMatchObject({ isClosed: false });
  const { id } = await alertOf('taken');
  await client.alerts.acknowledge({ params: { id }, body: {} });
  await expect.poll(async () => (await shownOf('taken')).isClosed, { timeout: 60_000 }).toBe(true);
});
