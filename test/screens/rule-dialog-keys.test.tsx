import { expect, test } from 'vitest';
import { type Locator, page, userEvent } from 'vitest/browser';
import { makeChart, makeConnection, makeRule } from './make.ts';
import { openScreen } from './screen.tsx';

const main = page.getByRole('main');
const buttonIn = (dialog: Locator, name: string | RegExp) => dialog.getByRole('button', { name });

/** Presses Tab once for each of these, and expects each to get the focus. */
async function tabThrough(stops: readonly Locator[]): Promise<void> {
  for (const stop of stops) {
    await userEvent.tab();
    await expect.element(stop).toHaveFocus();
  }
}

/** Presses a button by keyboard. */
async function press(button: Locator): Promise<void> {
  await expect.element(button).toBeVisible();
  (button.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
}

test('the list of ready rules is walked by Tab, keeps the focus inside, and gives it back on Escape', async () => {
  await openScreen('/charts?code=belt-speed', (world) => {
    world.charts = [makeChart({ selector: { from: 'signal', loaderCode: 'belt-speed' } })];
  });
  const opener = main.getByRole('button', { name: 'Add a rule' });
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  const [first, second] = ['Belt speed low', 'Belt jammed'].map((name) => dialog.getByRole('listitem', { name, exact: true }));
  if (first === undefined || second === undefined) return expect.fail();
  await press(opener);
  await expect.element(second).toBeVisible();
  await expect.element(dialog).toHaveFocus();
  const close = buttonIn(dialog, 'Close');
  await tabThrough([
    close,
    buttonIn(first, 'Adjust first'),
    buttonIn(first, 'Add rule'),
    buttonIn(second, 'Adjust first'),
    buttonIn(second, 'Add rule'),
  ]);
  buttonIn(dialog, 'Write your own conditions').element().focus();
  await tabThrough([close]);
  await userEvent.tab({ shift: true });
  await expect.element(buttonIn(dialog, 'Write your own conditions')).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(opener).toHaveFocus();
});

test('the import of rules is walked by Tab without its hidden field, and Escape closes it', async () => {
  const { core } = await openScreen('/rules', (world) => {
    world.charts = [makeChart({ code: 'cpu', title: 'CPU', selector: { from: 'metric', name: 'host_cpu_percent', labels: {} } })];
    world.rules = [makeRule()];
  });
  core.answer({ alerts: { createRule: ({ rule }) => makeRule(rule) } });
  const opener = main.getByRole('button', { name: 'Import' });
  const dialog = page.getByRole('dialog', { name: 'Import rules' });
  await press(opener);
  await expect.element(dialog).toHaveFocus();
  const close = buttonIn(dialog, 'Close');
  await tabThrough([close, buttonIn(dialog, 'Choose file'), buttonIn(dialog, 'Cancel'), close]);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(opener).toHaveFocus();

  await userEvent.keyboard('{Enter}');
  await expect.element(dialog).toHaveFocus();
  const field = dialog.element().querySelector('input[type="file"]') ?? expect.fail('no field for a file');
  const file = 'groups: [{rules: [{alert: A, expr: host_cpu_percent > 1}, {alert: B, expr: belt_up == 0}]}]';
  await userEvent.upload(field, new File([file], 'rules.yml'));
  const run = buttonIn(dialog, 'Import 1 rule');
  await expect.element(run).toBeVisible();
  close.element().focus();
  await tabThrough([
    dialog.getByRole('combobox', { name: 'belt_up' }),
    buttonIn(dialog, 'Choose another file'),
    buttonIn(dialog, 'Cancel'),
    run,
  ]);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => core.callsOf('alerts.createRule')).toMatchObject([{ rule: { code: 'a' } }]);
});

test('the question about a chart’s rules is walked by Tab, and Escape goes back to the form', async () => {
  const ofLoader = (loaderCode: string) => makeChart({ selector: { from: 'signal', loaderCode } });
  const { core } = await openScreen('/charts?code=belt-speed', (world) => {
    world.connections = [makeConnection({ username: 'sara', role: 'OPERATOR' })];
    world.charts = [ofLoader('belts')];
    world.rules = [makeRule({ name: 'Belt speed low', chartVersion: 1, owner: 'sara' })];
  });
  core.answer({ charts: { update: ({ chart }) => makeChart({ ...chart, version: chart.version + 1 }) } });
  await main.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('combobox', { name: 'Loader' }).fill('other-belts');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await press(save);
  const dialog = page.getByRole('dialog', { name: 'Rules extend this chart' });
  await expect.element(dialog).toHaveFocus();
  const [close, only] = [buttonIn(dialog, 'Close'), buttonIn(dialog, 'Save chart')];
  await tabThrough([close, buttonIn(dialog, 'Cancel'), only, buttonIn(dialog, 'Save and move 1 rule'), close]);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(save).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(dialog).toHaveFocus();
  await tabThrough([close, buttonIn(dialog, 'Cancel'), only]);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => core.callsOf('charts.update')).toHaveLength(1);
  await expect.element(dialog).not.toBeInTheDocument();
});
