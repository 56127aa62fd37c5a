import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { connectionId, makeConnection, makeLoader } from './make.ts';
import { openScreen } from './screen.tsx';

const main = page.getByRole('main');

test('Loaders: one is paused, and the list shows the result', async () => {
  const { core } = await openScreen('/loaders?loader=belts', () => {}, { loaders: { pause: () => makeLoader({ state: 'paused' }) } });
  await main.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => core.callsOf('loaders.pause')).toEqual([{ connectionId, code: 'belts' }]);
  core.emit('loaders', 'changed', { connectionId, loaders: [makeLoader({ state: 'paused' })] });
  await expect.element(main.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('Loaders: a viewer sees no SQL, and why nothing can be changed', async () => {
  await openScreen('/loaders?loader=belts', (world) => {
    world.connections = [makeConnection({ role: 'VIEWER' })];
    world.loaders = [makeLoader({ sql: '***' })];
  });
  await expect.element(main.getByText(/Only administrators can see the SQL/)).toBeVisible();
  await expect.element(main.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-disabled', 'true');
});

test('Conveyor: the producer is stopped only after a confirmation that explains the effect', async () => {
  const { core, world } = await openScreen('/conveyor', () => {}, {
    conveyor: { producer: ({ running }) => ({ producer: running ? 'running' : 'stopped', lastWriteAt: null, periodMs: 1_000, belts: [] }) },
  });
  await main.getByRole('button', { name: 'Stop the producer' }).click();
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await expect.element(question.getByText(/Loaders will find no rows/)).toBeVisible();
  expect(core.callsOf('conveyor.producer')).toEqual([]);
  await question.getByRole('button', { name: 'Stop the producer' }).click();
  await expect.poll(() => core.callsOf('conveyor.producer')).toEqual([{ connectionId, running: false }]);
  expect(world.conveyor?.producer).toBe('running');
});

test('Charts: a used chart lists its usage, and is not deleted', async () => {
  const usage = { 'belt-speed': { dashboards: [{ code: 'belts', title: 'Belts of the night shift' }], rules: [] } };
  const { core } = await openScreen('/charts?code=belt-speed', () => {}, { charts: { usage: () => ({ value: usage, asOf: Date.now() }) } });
  await main.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Delete' });
  await expect.element(dialog.getByText('Belts of the night shift')).toBeVisible();
  await expect.element(dialog.getByRole('button', { name: 'Delete' })).toHaveAttribute('aria-disabled', 'true');
  expect(core.callsOf('charts.remove')).toEqual([]);
});

test('a window that loses its core shows that, and reads everything again when it is back', async () => {
  const { core } = await openScreen('/loaders');
  await expect.element(main.getByRole('row', { name: /Belts/ })).toBeVisible();
  const before = core.callsOf('loaders.list').length;
  core.breakLink();
  await expect.element(page.getByRole('status').filter({ hasText: /lost its connection/ })).toBeVisible();
  core.restoreLink();
  await expect.poll(() => core.callsOf('loaders.list').length).toBeGreaterThan(before);
});
