import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { openScreen } from './screen.tsx';

test('lists the loaders with their state', async () => {
  await openScreen('/loaders');
  await expect.element(page.getByRole('row', { name: /Belts/ })).toBeVisible();
});
