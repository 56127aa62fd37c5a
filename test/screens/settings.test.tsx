import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '#common/contract/errors.ts';
import { connectionId } from './make.ts';
import { openScreen } from './screen.tsx';

test('a setting takes effect at once and is stored', async () => {
  const { core } = await openScreen('/settings');
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('light');
  expect(core.callsOf('settings.set')).toEqual([{ theme: 'light' }]);
});

test('a setting that can’t be stored is reverted with a message', async () => {
  await openScreen('/settings', () => {}, {
    settings: {
      set: () => {
        throw new AppError('internal', 'The disk is full.');
      },
    },
  });
  await expect.poll(() => document.documentElement.lang).toBe('en');
  await page.getByRole('radio', { name: 'العربية' }).click();
  await expect.element(page.getByText('The setting couldn’t be saved').first()).toBeVisible();
  expect(document.documentElement.dir).toBe('ltr');
});

test('a change in another window is applied', async () => {
  const { core, world } = await openScreen('/settings');
  await expect.element(page.getByRole('radio', { name: 'Light' })).toBeVisible();
  core.emit('settings', 'changed', { ...world.settings, theme: 'contrast' });
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('contrast');
});

test('a pending change is discarded only after confirmation', async () => {
  const change = {
    kind: 'acknowledge',
    alertName: 'Belt speed low',
    entity: 'alert',
    title: '',
    createdAt: Date.now(),
    attempts: 1,
  } as const;
  const waiting = { id: uuidv7(), connectionId, ...change, state: 'conflict', nextTryAt: null, problem: null } as const;
  const { core } = await openScreen('/settings?section=outbox', (world) => void world.outbox.push(waiting));
  await page.getByRole('button', { name: 'Discard' }).click();
  const question = page.getByRole('dialog');
  await expect.element(question).toBeVisible();
  expect(core.callsOf('outbox.discard')).toEqual([]);
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => core.callsOf('outbox.discard')).toEqual([{ id: waiting.id }]);
  await expect.element(question).not.toBeInTheDocument();
});
