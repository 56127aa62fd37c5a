import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { connectionId, makeAlert } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const main = page.getByRole('main');
const belts = ['belt-1', 'belt-2', 'belt-3'];
const threeBelts = (world: World) => {
  world.alerts = belts.map((segment) => makeAlert({ labels: { loader: 'belts', segment }, seriesKey: segment }));
};

test('the filter shows matching alerts, and a message if there are none', async () => {
  await openScreen('/alerts', threeBelts);
  const rows = main.getByRole('row', { name: /Belt speed low/ });
  await expect.element(rows.nth(2)).toBeVisible();
  await main.getByRole('searchbox').fill('belt-3');
  await expect.poll(() => rows.elements().length).toBe(1);
  await main.getByRole('searchbox').fill('nothing like this');
  await expect.poll(() => rows.elements().length).toBe(0);
});

test('alerts of rules made from one ready rule are shown together, and their detail leads to them', async () => {
  const { address } = await openScreen('/alerts', (world) => {
    world.alerts = [
      makeAlert({ ruleName: 'Disk of A', ruleCode: 'a', seriesKey: 'a', templateCode: 'host-disk-full' }),
      makeAlert({ ruleName: 'Disk of B', ruleCode: 'b', seriesKey: 'b', templateCode: 'host-disk-full' }),
      makeAlert({ ruleName: 'Belt', ruleCode: 'c', seriesKey: 'c' }),
    ];
  });
  const rows = main.getByRole('row', { name: /Disk of|Belt/ });
  await expect.poll(() => rows.elements().length).toBe(3);
  await main.getByRole('combobox', { name: 'Ready rule' }).selectOptions('Disk almost full (2)');
  await expect.poll(() => rows.elements().length).toBe(2);
  await main.getByRole('combobox', { name: 'Ready rule' }).selectOptions('Any ready rule');
  await main.getByRole('row', { name: /Disk of B/ }).click();
  const detail = main.getByRole('article');
  await expect.element(detail.getByText('Disk almost full')).toBeVisible();
  await detail.getByRole('link', { name: 'All alerts of rules made from it' }).click();
  await expect.poll(address).toContain('template=host-disk-full');
  await expect.poll(() => rows.elements().length).toBe(2);
});

test('selected alerts are acknowledged in one call, which can be undone', async () => {
  const { core, world } = await openScreen('/alerts', threeBelts);
  await main.getByRole('checkbox').first().click();
  await main.getByRole('button', { name: 'Acknowledge 3 alerts' }).click();
  await expect.poll(() => core.callsOf('alerts.acknowledge')).toHaveLength(1);
  const ids = world.alerts.map(({ id }) => id);
  expect(core.callsOf('alerts.acknowledge')).toEqual([{ connectionId, ids: expect.arrayContaining(ids), note: '', expiresAt: null }]);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect
    .poll(() => core.callsOf('alerts.undo'))
    .toMatchObject([{ outboxIds: [expect.any(String), expect.any(String), expect.any(String)] }]);
});

test('a snooze requires a reason', async () => {
  const { core } = await openScreen('/alerts');
  await expect.element(main.getByRole('row', { name: /Belt speed low/ })).toBeVisible();
  await userEvent.keyboard('js');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Snooze', exact: true }).click();
  await expect.element(dialog.getByText(/^Enter a reason/)).toBeVisible();
  expect(core.callsOf('alerts.snooze')).toEqual([]);
  await dialog.getByRole('textbox').fill('The belt is being greased');
  await dialog.getByRole('button', { name: 'Snooze', exact: true }).click();
  await expect.poll(() => core.callsOf('alerts.snooze')).toMatchObject([{ reason: 'The belt is being greased' }]);
});

test('an alert opens next to the list, with what to check first', async () => {
  const { world, address } = await openScreen('/alerts');
  await main.getByRole('row', { name: /Belt speed low/ }).click();
  await expect.element(main.getByText('Look at the motor of the belt.')).toBeVisible();
  expect(address()).toContain(world.alerts[0]?.id);
  await expect.element(main.getByRole('row', { name: /Belt speed low/ })).toBeVisible();
});

test('an alert shows what its rule says about it, and the labels that the rule adds', async () => {
  const alert = makeAlert({
    labels: { loader: 'belts', segment: 'belt-2', team: 'ops' },
    ruleLabels: { team: 'ops' },
    annotations: { summary: 'belt-2 runs at 0.32 m/s', description: 'Below 0.5 m/s since 09:05.', escalation: 'Call the shift' },
  });
  await openScreen('/alerts', (world) => {
    world.alerts = [alert];
  });
  const row = main.getByRole('row', { name: /Belt speed low/ });
  await row.click();
  const detail = page.getByRole('article', { name: 'Belt speed low' });
  for (const text of ['belt-2 runs at 0.32 m/s', 'Below 0.5 m/s since 09:05.', 'Call the shift'])
    await expect.element(detail.getByText(text, { exact: true })).toBeVisible();
  await expect.element(detail.getByRole('definition').filter({ hasText: /^ops$/ })).toBeVisible();
  // The rule's labels don't name the series.
  expect(row.element().textContent).toContain('belt-2');
  expect(row.element().textContent).not.toContain('ops');
});

test.each([800, 900, 1_100])('in a window of %i px the list has room beside an alert’s page', async (width) => {
  await page.viewport(width, 800);
  onTestFinished(() => page.viewport(1_440, 900));
  await openScreen('/alerts', threeBelts);
  await main.getByRole('row', { name: /belt-2/ }).click();
  await expect.element(main.getByRole('article')).toBeVisible();
  const detail = main.getByRole('article').element().getBoundingClientRect();
  for (const head of main.getByRole('columnheader').elements())
    expect(head.getBoundingClientRect().right, head.textContent).toBeLessThanOrEqual(detail.left);
  expect(main.getByRole('searchbox').element().getBoundingClientRect().width).toBeGreaterThan(80);
});
