import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ruleInput } from '#common/contract/rules.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from './product.ts';
import { callConsole } from './rpc.ts';

/** The history of a rule, beside the alert that it raised. */
let product: Product;
let client: Awaited<ReturnType<Product['client']>>;
let browser: Browser;
let page: Page;
const code = 'belts-run';
const rule = ruleInput.parse({
  code,
  name: 'Belts run',
  chartCode: 'belt-speed',
  conditions: [{ kind: 'threshold', aggregation: 'max', windowMs: 600_000, operator: '>', threshold: -1 }],
  severity: 'INFO',
  evaluateEveryMs: 1_000,
});

beforeAll(async () => {
  browser = await launchChromium();
  product = await startProduct();
  client = await product.client();
  await client.rules.create({ body: rule });
  await client.rules.update({ params: { code }, body: { ...rule, runbook: 'Nothing to do.', version: 1 } });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  const isUp = async () => (await callConsole(page, 'alerts', 'list')).some(({ ruleCode }) => ruleCode === code);
  await eventually('the alert to arrive', isUp, 90_000);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const sheet = () => page.getByRole('dialog', { name: 'Versions of “Belts run”' });

test('what changed is side by side, and an earlier version is restored', async () => {
  await page.goto(`${new URL('/alerts', product.console)}`);
  await page.getByRole('row').filter({ hasText: 'Belts run' }).first().click();
  await page.getByRole('button', { name: 'Versions' }).click();
  const row = sheet().getByRole('row').filter({ hasText: 'Runbook' });
  await expect.poll(() => row.getByRole('cell').allTextContents()).toEqual(['“”', 'Nothing to do.']);
  await sheet()
    .getByRole('button', { name: /^Version 1\b/ })
    .click();
  await sheet().getByText('This is the first version.').waitFor();
  await sheet().getByRole('button', { name: 'Restore this version' }).click();
  await page.getByRole('dialog', { name: 'Restore version 1?' }).getByRole('button', { name: 'Restore this version' }).click();
  await sheet()
    .getByRole('button', { name: /^Version 3\b.*restored version 1/ })
    .waitFor();
  expect(await client.rules.get({ params: { code } })).toMatchObject({ version: 3, runbook: '', updatedBy: 'admin' });
});
