import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { connectionId, makeAlert, makeConnection, makeSilence } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const main = page.getByRole('main');
const detail = main.getByRole('article');

const twoBelts = (world: World) => {
  world.alerts = ['belt-2', 'belt-3'].map((segment) =>
    makeAlert({ ruleName: `Slow ${segment}`, labels: { loader: 'belts', segment }, seriesKey: segment }),
  );
};

test('a silenced alert has a mark and a view of its own, and says by whom it is silenced, offline as well', async () => {
  const silence = makeSilence();
  await openScreen('/alerts', (world) => {
    twoBelts(world);
    world.connections = [makeConnection({ state: 'offline' })];
    world.policies.silences = [
      silence,
      makeSilence({ endsAt: Date.now() - 1_000, matchers: [{ name: 'segment', operator: '=', value: 'belt-3' }] }),
    ];
  });
  await expect.element(main.getByRole('row', { name: /Slow belt-2.*silenced by omar until/ })).toBeVisible();
  await main.getByRole('button', { name: 'Silenced 1' }).click();
  await expect.poll(() => main.getByRole('row', { name: /Slow/ }).elements().length).toBe(1);
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  await expect.element(detail.getByText(/^Not notified: silenced by omar until \d\d:\d\d \(pump replaced\)$/)).toBeVisible();
  await detail.getByText('Steps').click();
  await expect.element(detail.getByText('not reached').first()).toBeVisible();
});

test('an alert that no policy stops notifies, until another person silences it', async () => {
  const { core } = await openScreen('/alerts', (world) => {
    twoBelts(world);
    world.policies.silences = [makeSilence()];
  });
  await main.getByRole('row', { name: /Slow belt-3/ }).click();
  await expect.element(detail.getByText('Notifies', { exact: true })).toBeVisible();
  // Another person silences it meanwhile.
  const silences = [makeSilence({ matchers: [{ name: 'segment', operator: '=~', value: 'belt-.' }], by: 'sara' })];
  core.emit('policies', 'changed', { connectionId, policies: { silences, maintenance: [], inhibitions: [] }, asOf: Date.now() });
  await expect.element(detail.getByText(/^Not notified: silenced by sara/)).toBeVisible();
  await expect.element(main.getByRole('button', { name: 'Silenced 2' })).toBeVisible();
});

test('whether an alert notifies is unknown until the policies of its backend have been read', async () => {
  await openScreen('/alerts', twoBelts, {
    policies: { list: () => ({ value: { silences: [], maintenance: [], inhibitions: [] }, asOf: null }) },
  });
  await main.getByRole('row', { name: /Slow belt-3/ }).click();
  await expect.element(detail.getByText(/^Not known/)).toBeVisible();
});

test('an inhibited alert links to the alert that explains it', async () => {
  await openScreen('/alerts', (world) => {
    twoBelts(world);
    const stored = { id: makeSilence().id, by: 'sara', createdAt: 0, version: 1 };
    const segment = (value: string) => [{ name: 'segment', operator: '=' as const, value }];
    world.policies.inhibitions = [
      { ...stored, name: 'Belt 3 feeds belt 2', source: segment('belt-3'), target: segment('belt-2'), equal: [] },
    ];
  });
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  await detail.getByRole('link', { name: 'Slow belt-3 · belt-3' }).click();
  await expect.element(main.getByRole('article', { name: 'Slow belt-3' })).toBeVisible();
});
