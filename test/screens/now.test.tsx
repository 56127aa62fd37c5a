import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#common/contract/errors.ts';
import { minuteMs } from '#common/time/durations.ts';
import { ago, connectionId, makeAlert, makeConnection } from './make.ts';
import { openScreen } from './screen.tsx';

const main = page.getByRole('main');
const down = (): never => {
  throw new AppError('unavailable', 'It is down.', { reason: 'core_unreachable' });
};

test('the most urgent alert comes first, and the key acknowledges it', async () => {
  const urgent = makeAlert({ ruleName: 'Belt stopped', severity: 'CRITICAL', firedAt: ago(minuteMs) });
  const { core } = await openScreen('/now', (world) => void world.alerts.push(urgent));
  await expect.element(main.getByText('2 alerts without an owner')).toBeVisible();
  await expect.element(main.getByRole('listitem').first().getByText('Belt stopped')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.poll(() => core.callsOf('alerts.acknowledge')).toMatchObject([{ connectionId, ids: [urgent.id] }]);
});

test('a user who may not acknowledge sees why, and the key does nothing', async () => {
  const { core } = await openScreen('/now', (world) => {
    world.connections = [makeConnection({ role: 'VIEWER' })];
  });
  const button = main.getByRole('button', { name: 'Acknowledge' });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await userEvent.keyboard('a');
  await expect.element(page.getByText(/operator/i).first()).toBeVisible();
  expect(core.callsOf('alerts.acknowledge')).toEqual([]);
});

test('a new alert is shown at once', async () => {
  const { core } = await openScreen('/now', (world) => {
    world.alerts = [];
  });
  await expect.element(main.getByText(/1 rule quiet/)).toBeVisible();
  core.emit('alerts', 'changed', { changed: [makeAlert({ firedAt: Date.now() })], gone: [] });
  await expect.element(main.getByText('1 alert without an owner')).toBeVisible();
});

test('if rules can’t be loaded, no alert-free state is shown, and an unknown hour is not shown as empty', async () => {
  const quiet = (world: { alerts: unknown[] }) => void world.alerts.splice(0);
  await openScreen('/now', quiet, { alerts: { rules: down }, loaders: { list: down } });
  await expect.element(main.getByText(/^Couldn’t load the rules/)).toBeVisible();
  await expect.element(main.getByText('Couldn’t load all of the last hour.')).toBeVisible();
  await expect.element(main.getByText('couldn’t load').first()).toBeVisible();
  expect(main.getByText(/No alert rules yet|No alerts fired/).elements()).toEqual([]);
});

test('rules that are not evaluated are not shown as OK', async () => {
  await openScreen('/now', (world) => {
    world.alerts = [];
    world.connections = [makeConnection({ rulesEvaluatedAt: ago(5 * minuteMs) })];
  });
  await expect.element(main.getByText(/the rules aren’t being evaluated/)).toBeVisible();
});
