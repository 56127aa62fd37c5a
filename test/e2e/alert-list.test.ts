import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareStorm, type Storm } from '../bench/storm/make.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, password, startProduct } from './product.ts';
import { callConsole } from './rpc.ts';

/** More alerts than a count has room for, the keys of a list, and who may use them. */
const alertCount = 1_200;
let product: Product;
let client: Awaited<ReturnType<Product['client']>>;
let browser: Browser;
let page: Page;
let storm: Storm;

beforeAll(async () => {
  browser = await launchChromium();
  product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '1000' });
  client = await product.client();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  storm = await prepareStorm(client, alertCount);
  await storm.begin();
  await eventually('all to fire', async () => (await firing()).length >= alertCount, 90_000);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const firing = async () => (await callConsole(page, 'alerts', 'list')).filter(({ state }) => state === 'FIRING');
const acknowledged = async () => (await firing()).filter(({ acknowledgement }) => acknowledgement !== null);
const go = (screen: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
const views = () => page.getByRole('navigation', { name: 'Views' });

async function signInAs(username: string): Promise<void> {
  const [connection] = await callConsole(page, 'connections', 'list');
  if (connection === undefined) throw new Error('The console has no connection.');
  await callConsole(page, 'connections', 'signIn', { id: connection.id, username, password });
}

test('a count is shortened only if there is no room', async () => {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: /Alerts/ })
    .getByText('999+', { exact: true })
    .waitFor();
  await go('Alerts');
  await views()
    .getByRole('button', { name: /1,2\d\d/ })
    .first()
    .waitFor();
});

test('Space on the box of a row checks it, and Enter on a button of a row is that button’s: neither opens the row', async () => {
  await go('Alerts');
  const address = () => new URL(page.url()).pathname;
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  const [first, second] = [rows.nth(0), rows.nth(1)];
  await first.click();
  const opened = address();
  const box = second.getByRole('checkbox');
  await box.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => box.getAttribute('aria-checked')).toBe('true');
  await page.keyboard.press('Enter');
  expect(await box.getAttribute('aria-checked')).toBe('true');
  expect(address()).toBe(opened);
  await page.keyboard.press('Space');
  await expect.poll(() => box.getAttribute('aria-checked')).toBe('false');
  // On the row itself Enter opens it.
  await second.evaluate((row: HTMLElement) => row.focus());
  await page.keyboard.press('Enter');
  await expect.poll(address).not.toBe(opened);

  await go('Now');
  const row = page.locator('main li').filter({ hasText: 'Pressure of hall' }).nth(2);
  const name = await row.getByRole('link').textContent();
  await row.getByRole('button', { name: 'Acknowledge' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await acknowledged()).map(({ ruleName, labels }) => `${ruleName} · ${labels['segment']}`)).toEqual([name]);
  expect(address()).toBe('/now');
});

test('the keys of the list on Now do nothing for a viewer, and say why', async () => {
  await client.auth.createUser({ body: { username: 'looker', password, role: 'VIEWER' } });
  await signInAs('looker');
  await go('Now');
  await page.getByRole('button', { name: /^Acknowledge all/ }).waitFor();
  const before = await acknowledged();
  await page.locator('main li').getByRole('button', { name: 'Acknowledge', disabled: true }).first().waitFor();
  for (const key of ['a', 's']) {
    const said = page.getByText(/^Requires the operator role\. You are signed in as viewer\./).first();
    await page.keyboard.press('j');
    await page.keyboard.press(key);
    await said.waitFor({ timeout: 60_000 });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await said.waitFor({ state: 'detached', timeout: 60_000 });
  }
  // A change that was made would wait in the outbox or be there by now: what comes after it is.
  expect(await callConsole(page, 'outbox', 'list')).toEqual([]);
  expect(await acknowledged()).toEqual(before);

  await signInAs('admin');
  await page.locator('main li').getByRole('button', { name: 'Acknowledge', disabled: false }).first().waitFor();
  await page.keyboard.press('s');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await expect.poll(async () => (await acknowledged()).length).toBe(before.length + 1);
});

test('a shortened history is marked', async () => {
  await storm.end();
  await eventually('all to resolve', async () => (await firing()).length < 50, 90_000);
  await go('Alerts');
  await views()
    .getByRole('button', { name: /History.*1,000\+/ })
    .waitFor();
});
