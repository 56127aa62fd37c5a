import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { minuteMs } from '#common/time/durations.ts';
import { ago, makeConnection, makeDashboard } from './make.ts';
import { openScreen } from './screen.tsx';

test('a wall that loses its console shows that until it is back, and keeps its panels', async () => {
  const { core } = await openScreen('/dashboards/belts?kiosk=true');
  const lost = page.getByRole('main').getByText(/^Connection to the console lost/);
  const chart = page.getByRole('application').first();
  await expect.element(chart).toBeVisible();
  expect(lost.elements()).toEqual([]);
  core.breakLink();
  await expect.element(lost).toBeVisible();
  await expect.element(chart).toBeVisible();
  core.restoreLink();
  await expect.poll(() => lost.elements()).toEqual([]);
});

test('the buckets of a panel stay when the stale mark or a scroll bar narrows it', async () => {
  const place = { x: 0, y: 0, w: 24, h: 8 };
  const { core } = await openScreen('/dashboards/belts?kiosk=true&range=6h', (world) => {
    world.dashboards = [makeDashboard({ panels: [{ id: 'speed', kind: 'library', chart: 'belt-speed', place }] })];
  });
  const chart = page.getByRole('application');
  await expect.element(chart).toBeVisible();
  const holder = chart.element().closest<HTMLElement>('.flex-col.size-full');
  if (!holder) throw new Error('The chart has no holder.');
  const bucketsAsked = () =>
    new Set((core.callsOf('series.query') as { query: { bucketMs: number } }[]).map(({ query }) => query.bucketMs));
  // A few pixels above a step between two widths, at which six hours are cut into other buckets.
  await page.viewport(window.innerWidth + 755 - Math.round(holder.offsetWidth), 900);
  await expect.poll(() => holder.offsetWidth).toBeLessThan(765);
  await expect.poll(() => bucketsAsked().has(minuteMs)).toBe(true);
  const before = [...bucketsAsked()];

  core.emit('connections', 'changed', [makeConnection({ state: 'offline', since: ago(minuteMs) })]);
  await expect.poll(() => getComputedStyle(holder).paddingInlineStart).not.toBe('0px');
  holder.style.width = `${holder.offsetWidth - 17}px`;
  await frames(5);
  expect([...bucketsAsked()]).toEqual(before);
  await page.viewport(1_440, 900);
});

/** Resolves after `count` animation frames. */
async function frames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
