import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { PanelQuery } from '#common/contract/console/series.ts';
import { dayMs } from '#common/time/durations.ts';
import { ago, connectionId } from './make.ts';
import { openScreen } from './screen.tsx';

/** Counts the accent pixels in the margin above the plot, where only incidents have something: their bars. */
function barPixels(): number {
  const canvas = document.querySelector<HTMLCanvasElement>('main [role=application] canvas');
  const pen = canvas?.getContext('2d');
  if (!canvas || !pen || canvas.width === 0) return 0;
  const root = getComputedStyle(document.documentElement);
  const accent = root.getPropertyValue('--accent').trim().slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => Number.parseInt(accent.slice(at, at + 2), 16));
  const margin = Math.floor(1.5 * Number.parseFloat(root.fontSize) * devicePixelRatio);
  const { data } = pen.getImageData(0, 0, canvas.width, margin);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count += 1;
  return count;
}

test.each([
  ['en', 'Incidents', 'Remove incident 1'],
  ['ar', 'الحوادث', 'إزالة الحادث 1'],
] as const)('incidents have a bar above the chart and are named there, as long as they are marked (%s)', async (language, name, remove) => {
  await openScreen('/rules/edit?rule=belt-speed', (world) => {
    world.settings.language = language;
    world.settings.incidents = {
      [`${connectionId} belt-speed`]: [{ from: ago(3 * dayMs), to: ago(2 * dayMs) }],
      [`${connectionId} host-load`]: [{ from: ago(20 * dayMs), to: ago(5 * dayMs) }],
    };
  });
  const named = page.getByRole('listitem').getByText(name);
  await expect.element(named).toBeVisible();
  // A day of thirty: about 20 pixels wide and 4 high. Those of the other chart would be 15 times as wide.
  await expect.poll(barPixels).toSatisfy((count) => count > 20 && count < 400);
  await page.getByRole('button', { name: remove }).click();
  await expect.poll(barPixels).toBe(0);
  await expect.element(named).not.toBeInTheDocument();
});

test('what the threshold catches is said once the past has been evaluated', async () => {
  const evaluated = Promise.withResolvers<void>();
  const query = async ({ query: { aggregation } }: { query: PanelQuery }) => {
    if (aggregation === 'sum') await evaluated.promise;
    const [t, v] = [Float64Array.of(ago(2 * dayMs)), Float64Array.of(1)];
    return { series: [{ labels: { segment: 'belt-2' }, t, v }], asOf: Date.now(), missing: [], damaged: [], problem: null };
  };
  await openScreen(
    '/rules/edit?rule=belt-speed',
    (world) => {
      world.settings.incidents = { [`${connectionId} belt-speed`]: [{ from: ago(3 * dayMs), to: ago(2 * dayMs) }] };
    },
    { series: { query } },
  );
  await expect.element(page.getByRole('button', { name: 'Remove incident 1' })).toBeVisible();
  const missed = page.getByText(/misses 1$/);
  expect(missed.elements()).toEqual([]);
  evaluated.resolve();
  await expect.element(missed).toBeVisible();
});
