import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RuleFiring } from '#common/contract/console/alerts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Rule } from '#common/contract/rules.ts';
import { dayMs, hourMs, minuteMs } from '#common/time/durations.ts';
import type { Answers } from './core.ts';
import { ago, connectionId, makeAlert, makeConnection, makeRule, makeStatus } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const main = page.getByRole('main');
const rows = main.getByRole('row');
const detail = main.getByRole('article');
/** The names of the listed rules, from top to bottom. */
const listed = () => {
  const boxes = main.getByRole('checkbox', { name: /^Select (?!all)/ }).elements();
  return boxes.map((box) => box.getAttribute('aria-label')?.slice('Select '.length));
};

const fiveRules = (world: World) => {
  world.rules = [
    makeRule({ code: 'calm', name: 'Calm', statuses: [makeStatus()], firedLastWeek: 1, owner: 'Line team' }),
    makeRule({ code: 'noisy', name: 'Noisy', statuses: [makeStatus()], firedLastWeek: 40, lastFiredAt: ago(hourMs) }),
    makeRule({
      code: 'hot',
      name: 'Hot',
      severity: 'CRITICAL',
      statuses: [makeStatus({ state: 'FIRING' }), makeStatus({ seriesKey: 'b' })],
    }),
    makeRule({ code: 'blind', name: 'Blind', severity: 'WARNING', statuses: [makeStatus({ state: 'NO_DATA', reasons: [] })] }),
    makeRule({ code: 'off', name: 'Off duty', enabled: false }),
  ];
};
/** Answers changes of rules as a backend does, refusing some by their code. */
function changes(world: World, refused: string[] = []): Answers {
  const change = (code: string, more: Partial<Rule>): Rule => {
    if (refused.includes(code)) throw new AppError('not_found', 'Gone.', { reason: 'rule_unknown' });
    world.rules = world.rules.map((one) => (one.code === code ? { ...one, ...more } : one));
    return world.rules.find((one) => one.code === code) ?? expect.fail();
  };
  return {
    alerts: {
      setRuleStatus: ({ code, status }) => change(code, { enabled: status === 'ACTIVE' }),
      setRuleStatuses: ({ codes, status }) => {
        const [missing, changed] = [codes.filter((code) => refused.includes(code)), codes.filter((code) => !refused.includes(code))];
        for (const code of changed) change(code, { enabled: status === 'ACTIVE' });
        return { changed, missing };
      },
      createRule: ({ rule }) => {
        const made = makeRule(rule);
        world.rules = [...world.rules, made];
        return made;
      },
      removeRule: ({ code }) => {
        world.rules = world.rules.filter((one) => one.code !== code);
      },
      rollbackRule: () => expect.fail(),
    },
  };
}

test('the most urgent rules come first, and each column sorts the list in both directions', async () => {
  const { address } = await openScreen('/rules', fiveRules);
  await expect.poll(listed).toEqual(['Hot', 'Blind', 'Noisy', 'Calm', 'Off duty']);
  await expect.element(rows.nth(1).getByText('1 of 2 series')).toBeVisible();
  await main.getByRole('button', { name: 'Noise' }).click();
  await expect.poll(listed).toEqual(['Noisy', 'Calm', 'Hot', 'Blind', 'Off duty']);
  await main.getByRole('button', { name: 'Noise' }).click();
  await expect.poll(() => listed().slice(-2)).toEqual(['Calm', 'Noisy']);
  expect(address()).toContain('reverse=true');
});

test('the counters, the search and the selects narrow the list, and one button widens it again', async () => {
  await openScreen('/rules', fiveRules);
  const states = main.getByRole('group', { name: 'States' });
  await states.getByRole('button', { name: 'No data 1' }).click();
  await expect.poll(listed).toEqual(['Blind']);
  await states.getByRole('button', { name: 'All 5' }).click();
  await main.getByRole('searchbox').fill('line TEAM');
  await expect.poll(listed).toEqual(['Calm']);
  await main.getByRole('combobox', { name: 'Severity' }).selectOptions('WARNING');
  await expect.element(main.getByText('No rules match the filter.')).toBeVisible();
  await main.getByRole('button', { name: 'Clear filter' }).click();
  await expect.poll(() => listed().length).toBe(5);
  await main.getByRole('combobox', { name: 'Owner' }).selectOptions('No owner');
  await expect.poll(() => listed().length).toBe(4);
  await main.getByRole('combobox', { name: 'Chart or loader' }).selectOptions('belts');
  await expect.poll(() => listed().length).toBe(4);
});

test('a rule opens beside the list and says why it is in its state, what it evaluates and when it fired', async () => {
  const alert = makeAlert();
  const old: RuleFiring = {
    id: 'old',
    labels: { segment: 'belt-7' },
    severity: 'HIGH',
    cause: 'condition',
    firedAt: ago(9 * dayMs),
    resolvedAt: ago(9 * dayMs - 5 * minuteMs),
    acknowledgedBy: null,
  };
  const recent: RuleFiring = { ...old, id: alert.id, labels: alert.labels, firedAt: alert.firedAt, resolvedAt: null };
  const { address } = await openScreen(
    '/rules',
    (world) => {
      fiveRules(world);
      world.alerts = [alert];
    },
    { alerts: { ruleFirings: () => ({ value: [recent, old], asOf: Date.now() }) } },
  );
  await expect.poll(() => listed().length).toBe(5);
  await userEvent.keyboard('j');
  await expect.poll(address).toContain('rule=hot');
  await expect.element(detail.getByText('Why is it firing?')).toBeVisible();
  await expect.element(detail.getByText(/^Average over 1 min is 0.9 m\/s, not below 0.5/).first()).toBeVisible();
  await expect.element(detail.getByText(/^Average over 1 min below 0.5 m\/s, immediately$/)).toBeVisible();
  await expect.element(detail.getByText('Belt speed').first()).toBeVisible();
  // An alert that the console still lists is a link; an older one is only told about.
  await expect.element(detail.getByRole('link', { name: /belt-2/ })).toHaveAttribute('href', expect.stringContaining(alert.id));
  await expect.element(detail.getByText('lasted 5 min')).toBeVisible();
  expect(detail.getByRole('link', { name: /belt-7/ }).elements()).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.element(detail).not.toBeInTheDocument();
});

test('selected rules are paused with one toast, which names the one that failed and undoes the others', async () => {
  const { core, world } = await openScreen('/rules', fiveRules);
  core.answer(changes(world, ['blind']));
  await expect.poll(() => listed().length).toBe(5);
  await main.getByRole('checkbox', { name: 'Select all' }).click();
  await main.getByRole('button', { name: 'Pause 4 rules' }).click();
  const toast = page.getByRole('listitem').filter({ hasText: 'Paused 3 rules' });
  await expect.element(toast).toBeVisible();
  await expect.element(toast.getByText('“Blind” couldn’t be changed: It was deleted.')).toBeVisible();
  const switched = (status: string) =>
    (core.callsOf('alerts.setRuleStatuses') as { status: string; codes: string[] }[]).filter((call) => call.status === status);
  expect(switched('PAUSED').map(({ codes }) => codes)).toEqual([['hot', 'blind', 'noisy', 'calm']]);
  await expect.element(main.getByRole('button', { name: 'Paused 4' })).toBeVisible();
  // A person who undoes wants exactly the rules back that were changed, not those that were paused before.
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => switched('ACTIVE').map(({ codes }) => codes)).toEqual([['hot', 'noisy', 'calm']]);
  await expect.element(main.getByRole('button', { name: 'Paused 1' })).toBeVisible();
});

test('a backend that is gone ends the work at the first refusal', async () => {
  const { core } = await openScreen('/rules', fiveRules, {
    alerts: {
      setRuleStatuses: () => {
        throw new AppError('unavailable', 'Gone.', { reason: 'change_needs_contact', params: { connection: 'Plant North' } });
      },
    },
  });
  await expect.poll(() => listed().length).toBe(5);
  await main.getByRole('checkbox', { name: 'Select all' }).click();
  await main.getByRole('button', { name: 'Pause 4 rules' }).click();
  await expect.element(page.getByText(/^4 rules couldn’t be changed\./)).toBeVisible();
  expect(core.callsOf('alerts.setRuleStatuses')).toHaveLength(1);
});

test('a rule is deleted after a question, and restored from its last version', async () => {
  const { core, world } = await openScreen('/rules?rule=noisy', fiveRules);
  core.answer(changes(world));
  core.answer({ alerts: { rollbackRule: ({ code }) => makeRule({ code }) } });
  await detail.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(core.callsOf('alerts.removeRule')).toEqual([]);
  await detail.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(listed).toEqual(['Hot', 'Blind', 'Calm', 'Off duty']);
  expect(core.callsOf('alerts.removeRule')).toEqual([{ connectionId, code: 'noisy' }]);
  await expect.element(detail).not.toBeInTheDocument();
  const toast = page.getByRole('listitem').filter({ hasText: 'Deleted “Noisy”' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => core.callsOf('alerts.rollbackRule')).toEqual([{ connectionId, code: 'noisy', to: 1, version: 2 }]);
});

test('a duplicate is paused, has a code of its own, and opens', async () => {
  const { core, world, address } = await openScreen('/rules?rule=hot', fiveRules);
  core.answer(changes(world));
  await detail.getByRole('button', { name: 'Duplicate' }).click();
  await expect.poll(address).toContain('rule=hot-copy');
  expect(core.callsOf('alerts.createRule')).toMatchObject([
    { rule: { code: 'hot-copy', name: 'Hot (copy)', enabled: false, severity: 'CRITICAL' } },
  ]);
  await expect.element(detail.getByText('Why is it paused?')).toBeVisible();
});

test('a rule is edited in the editor, which leads back to it', async () => {
  const { core, address } = await openScreen('/rules?rule=calm', fiveRules, { alerts: { updateRule: ({ rule }) => makeRule(rule) } });
  await detail.getByRole('button', { name: 'Edit' }).click();
  await expect.poll(address).toContain('/rules/edit');
  await page.getByRole('textbox', { name: 'Owner' }).fill('Night shift');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => core.callsOf('alerts.updateRule')).toMatchObject([{ rule: { code: 'calm', owner: 'Night shift', version: 1 } }]);
  await expect.poll(address).toMatch(/^\/rules\?.*rule=calm/);
});

test('offline and without the role, rules can be read, and each refused action says why', async () => {
  const { core, world } = await openScreen('/rules?rule=noisy', (one) => {
    fiveRules(one);
    one.asOf = ago(10 * minuteMs);
    one.connections = [makeConnection({ state: 'offline', since: ago(10 * minuteMs), lastExchangeAt: ago(10 * minuteMs) })];
  });
  await expect.element(main.getByText(/10 min/).first()).toBeVisible();
  const pause = detail.getByRole('button', { name: 'Pause' });
  await pause.hover();
  await expect.element(page.getByRole('tooltip', { name: 'Not available while the backend isn’t responding.' })).toBeInTheDocument();
  await userEvent.keyboard('p');
  expect(core.callsOf('alerts.setRuleStatus')).toEqual([]);

  world.connections = [makeConnection({ role: 'VIEWER' })];
  core.emit('connections', 'changed', world.connections);
  await expect.element(pause).toHaveAttribute('aria-disabled', 'true');
  await userEvent.keyboard('p');
  await expect.element(page.getByText(/^Requires the operator role/).first()).toBeVisible();
  expect(core.callsOf('alerts.setRuleStatus')).toEqual([]);
});

test('an address of a rule that doesn’t exist says so beside the list', async () => {
  await openScreen('/rules?rule=nothing', fiveRules);
  await expect.element(main.getByText('Rule nothing not found. It may have been deleted.')).toBeVisible();
  await expect.poll(() => listed().length).toBe(5);
});
