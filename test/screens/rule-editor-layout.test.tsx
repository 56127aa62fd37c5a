import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { dayMs } from '#common/time/durations.ts';
import { ago, connectionId } from './make.ts';
import { openScreen } from './screen.tsx';

afterEach(() => page.viewport(1_440, 900));

const box = (selector: string) => (document.querySelector(selector) as HTMLElement).getBoundingClientRect();

test('in a narrow window the chart and the firings follow the form', async () => {
  await page.viewport(900, 700);
  await openScreen('/rules/edit?rule=belt-speed');
  await expect.element(page.getByText(/^Would (not )?have fired/)).toBeInTheDocument();
  const fields = box('main form');
  const chart = (page.getByRole('slider', { name: 'Threshold' }).element() as HTMLElement).getBoundingClientRect();
  expect(chart.top).toBeGreaterThanOrEqual(fields.bottom);
  expect(box('[data-strip]').top).toBeGreaterThan(chart.bottom);
  const save = page.getByRole('button', { name: 'Save' }).element().getBoundingClientRect();
  expect(save.bottom).toBeLessThanOrEqual(fields.bottom);
});

test('time runs to the right in the strip, as in the chart, also where text runs to the left', async () => {
  await openScreen('/rules/edit?rule=belt-speed', (world) => {
    world.settings.language = 'ar';
    world.settings.incidents = { [`${connectionId} belt-speed`]: [{ from: ago(3 * dayMs), to: ago(2 * dayMs) }] };
  });
  await expect.poll(() => document.documentElement.dir).toBe('rtl');
  await expect.poll(() => document.querySelector('[data-incident]')).not.toBeNull();
  const [strip, incident] = [box('[data-strip]'), box('[data-incident]')];
  expect((incident.left - strip.left) / strip.width).toBeCloseTo(27 / 30, 1);
});

test('what a toast says never covers the buttons below the form', async () => {
  await openScreen('/rules/edit?rule=belt-speed');
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect.element(page.getByText(/^YAML copied|^The text couldn’t be copied/)).toBeVisible();
  const save = page.getByRole('button', { name: 'Save' }).element().getBoundingClientRect();
  expect(box('.toasts').bottom).toBeLessThan(save.top);
});

test('while the YAML has mistakes nothing is said to be loading', async () => {
  await openScreen('/rules/edit?rule=belt-speed');
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('textbox', { name: 'Rule as YAML' }).fill('when: [');
  await expect.element(page.getByText('Correct the fields to see when it would have fired.')).toBeVisible();
});
