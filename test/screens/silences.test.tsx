import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#common/contract/errors.ts';
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

const dialog = page.getByRole('dialog');
const save = () => dialog.getByRole('button', { name: 'Silence', exact: true }).click();

test('an alert is silenced by its labels, for a time and a reason, which can be undone', async () => {
  const { core } = await openScreen('/alerts', twoBelts);
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  await userEvent.keyboard('q');
  await expect.element(dialog.getByText('Silences 1 firing alert')).toBeVisible();
  // Without its name and with an expression, the other belt matches as well.
  await dialog.getByRole('button', { name: 'Remove the matcher alertname' }).click();
  await dialog.getByRole('combobox', { name: 'Operator' }).nth(1).selectOptions('=~');
  await dialog.getByRole('textbox', { name: 'Value' }).nth(1).fill('belt-(');
  await expect.element(dialog.getByText(/^This regular expression can’t be read/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Value' }).nth(1).fill('belt-.');
  await expect.element(dialog.getByText('Silences 2 firing alerts')).toBeVisible();
  await dialog.getByRole('radio', { name: '4 h' }).click();
  await save();
  await expect.element(dialog.getByText(/^Enter a reason/)).toBeVisible();
  expect(core.callsOf('policies.createSilence')).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('pump replaced');
  const before = Date.now();
  await save();
  await expect.element(page.getByText('Silenced 2 alerts')).toBeVisible();
  const [made] = core.callsOf('policies.createSilence') as [{ silence: { endsAt: number } }];
  expect(made).toMatchObject({
    connectionId,
    silence: {
      matchers: [
        { name: 'loader', operator: '=', value: 'belts' },
        { name: 'segment', operator: '=~', value: 'belt-.' },
      ],
      reason: 'pump replaced',
    },
  });
  expect(made.silence.endsAt).toBeGreaterThanOrEqual(before + 4 * 3_600_000);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect.poll(() => core.callsOf('policies.endSilence')).toMatchObject([{ connectionId }]);
});

test('selected alerts are silenced until a time, and mistakes are named at their fields', async () => {
  const { core } = await openScreen('/alerts', twoBelts);
  await main.getByRole('checkbox').first().click();
  await main.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect.element(dialog.getByText('Silences 2 firing alerts')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add a matcher' }).click();
  await dialog.getByRole('radio', { name: 'Until…' }).click();
  await dialog.getByRole('textbox', { name: 'Until' }).fill('2020-01-01 10:00');
  await save();
  for (const mistake of ['Enter the name of a label.', 'This time has passed. Enter a later one.', /^Enter a reason/])
    await expect.element(dialog.getByText(mistake)).toBeVisible();
  expect(core.callsOf('policies.createSilence')).toEqual([]);
});

test('a refused silence stays in its form', async () => {
  const refused = () => {
    throw new AppError('validation_failed', 'The silence would end before it starts.');
  };
  await openScreen('/alerts', twoBelts, { policies: { createSilence: refused } });
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  await detail.getByRole('button', { name: /^Silence/ }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('pump replaced');
  await save();
  await expect.element(page.getByText('The silence couldn’t be created')).toBeVisible();
  await expect.element(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue('pump replaced');
});

test('offline, alerts can’t be silenced, and the button says why', async () => {
  await openScreen('/alerts', (world) => {
    twoBelts(world);
    world.connections = [makeConnection({ state: 'offline' })];
  });
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  const button = detail.getByRole('button', { name: /^Silence/ });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await userEvent.hover(button);
  await expect.poll(() => page.getByRole('tooltip').elements()[0]?.textContent).toMatch(/can’t wait in the outbox/);
});

test('a silence is ended from the page of an alert, and created again by undoing that', async () => {
  const silence = makeSilence();
  const { core } = await openScreen(
    '/alerts',
    (world) => {
      twoBelts(world);
      world.policies.silences = [silence];
    },
    { policies: { endSilence: () => ({ ...silence, endsAt: Date.now(), version: 2 }) } },
  );
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  await detail.getByRole('button', { name: 'End silence' }).click();
  await expect.element(page.getByText('The silence has ended')).toBeVisible();
  expect(core.callsOf('policies.endSilence')).toEqual([{ connectionId, id: silence.id }]);
  await page.getByRole('button', { name: /^Undo/ }).click();
  const { matchers, reason, endsAt } = silence;
  await expect.poll(() => core.callsOf('policies.createSilence')).toEqual([{ connectionId, silence: { matchers, reason, endsAt } }]);
});

test('a viewer can neither silence alerts nor end a silence', async () => {
  await openScreen('/alerts', (world) => {
    twoBelts(world);
    world.connections = [makeConnection({ role: 'VIEWER' })];
    world.policies.silences = [makeSilence()];
  });
  await main.getByRole('row', { name: /Slow belt-2/ }).click();
  for (const name of [/^Silence/, 'End silence'])
    await expect.element(detail.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
});

test('the popup of an alert closes when somebody silences the alert', async () => {
  const { core, world } = await openScreen('/now', twoBelts);
  await expect.element(main.getByText('Slow belt-2').first()).toBeVisible();
  for (const alert of world.alerts)
    core.emit('notices', 'shown', {
      id: alert.id,
      kind: 'fired',
      connectionId,
      alertIds: [alert.id],
      severity: 'HIGH',
      title: '',
      body: '',
      content: { code: 'fired', params: { alert: alert.ruleName, reason: 'slow' } },
      at: Date.now(),
      suppressed: null,
      read: false,
    });
  const popups = page.getByRole('list', { name: 'New alerts' });
  await expect.element(popups.getByText('Slow belt-2')).toBeVisible();
  const policies = { silences: [makeSilence()], maintenance: [], inhibitions: [] };
  core.emit('policies', 'changed', { connectionId, policies, asOf: Date.now() });
  await expect.element(popups.getByText('Slow belt-2')).not.toBeInTheDocument();
  await expect.element(popups.getByText('Slow belt-3')).toBeVisible();
});
