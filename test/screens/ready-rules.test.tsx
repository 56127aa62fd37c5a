import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#common/contract/errors.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { dayMs, minuteMs } from '#common/time/durations.ts';
import type { Answers, FakeCore } from './core.ts';
import { ago, makeChart, makeConnection, makeRule } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const dialog = page.getByRole('dialog', { name: 'Add a rule' });
const option = (name: string) => dialog.getByRole('listitem', { name, exact: true });
const toast = (text: string) => page.getByRole('listitem').filter({ hasText: text });
const created = (core: FakeCore) => core.callsOf('alerts.createRule').map((call) => (call as { rule: RuleInput }).rule);

const belts = (world: World) => {
  world.charts = [makeChart({ selector: { from: 'signal', loaderCode: 'belt-speed' } })];
};
/** Answers changes of rules as a backend does. */
const changes = (world: () => World): Answers => ({
  alerts: {
    createRule: ({ rule }) => {
      const made = makeRule(rule);
      world().rules = [...world().rules, made];
      return made;
    },
    removeRule: ({ code }) => {
      world().rules = world().rules.filter((one) => one.code !== code);
    },
  },
});
async function openChart(change: (world: World) => void = () => {}) {
  const screen = await openScreen('/charts?code=belt-speed', (world) => {
    belts(world);
    change(world);
  });
  screen.core.answer(changes(() => screen.world));
  return screen;
}

test('a chart gets a rule in two clicks, and undo deletes it again', async () => {
  const { core, world } = await openChart();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(option('Belt speed low').getByText('Average over 20 s below 0.6 m/s, for 6 s')).toBeVisible();
  const names = dialog
    .getByRole('listitem')
    .elements()
    .map((one) => one.getAttribute('aria-label'));
  expect(names).toEqual(['Belt speed low', 'Belt jammed', 'Sensor frozen', 'Unusual value', 'No data']);
  await option('Belt speed low').getByRole('button', { name: 'Add rule' }).click();
  await expect.element(toast('Added “Belt speed low”')).toBeVisible();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(created(core)).toMatchObject([{ code: 'belt-speed-low', chartCode: 'belt-speed', templateCode: 'belt-speed-low' }]);
  await toast('Added “Belt speed low”').getByRole('button', { name: 'Undo' }).click();
  await expect.element(toast('Removed “Belt speed low” again')).toBeVisible();
  expect(world.rules.map(({ code }) => code)).toEqual(['belt-speed']);
});

test('each ready rule is tried on the last 30 days, and one that the chart has already is marked', async () => {
  await openChart((world) => {
    world.rules = [makeRule({ code: 'mine', name: 'My jam', templateCode: 'belt-jam' })];
  });
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(option('Sensor frozen').getByText('Would not have fired in the last 30 d')).toBeVisible();
  await expect.element(option('No data').getByText('Would not have fired in the last 30 d, evaluated every 1 min for this')).toBeVisible();
  await expect.element(option('Belt jammed').getByText('My jam')).toBeVisible();
});

test.each([
  ['two days', [ago(2 * dayMs + minuteMs), ago(2 * dayMs)], 'Would not have fired in the last 2 d'],
  ['no points', [], 'No points yet to try it on'],
])('with a history of %s, that is said', async (_how, t, says) => {
  const { core } = await openChart();
  const line = { labels: { loader: 'belt-speed' }, t: new Float64Array(t), v: new Float64Array(t.map(() => 1)) };
  core.answer({ series: { query: () => ({ series: [line], asOf: ago(0), missing: [], damaged: [], problem: null }) } });
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(option('Unusual value').getByText(says)).toBeVisible();
});

test('keys move between the ready rules, and Enter adds one', async () => {
  const { core } = await openChart();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(option('Belt jammed')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}j{ArrowDown}k');
  await expect.element(option('Belt jammed').getByRole('button', { name: 'Add rule' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => created(core)).toMatchObject([{ templateCode: 'belt-jam' }]);
});

test('“Adjust first” opens the editor with the ready rule, and the saved rule keeps its code', async () => {
  const { core, address } = await openChart();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await option('Belt jammed').getByRole('button', { name: 'Adjust first' }).click();
  await expect.poll(address).toMatch(/^\/rules\/edit\?.*template=belt-jam/);
  await expect.element(page.getByRole('textbox', { name: 'Threshold', exact: true })).toHaveValue('0.7');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await expect.poll(() => created(core)).toMatchObject([{ code: 'belt-jam', templateCode: 'belt-jam', keepFiringForMs: 60_000 }]);
});

test('offline the ready rules can be read, and the buttons say why nothing can be added', async () => {
  const { core } = await openChart((world) => {
    world.connections = [makeConnection({ state: 'offline' })];
  });
  await expect.element(page.getByRole('button', { name: 'Add a rule' })).toHaveAttribute('aria-disabled', 'true');
  expect(created(core)).toEqual([]);
});

test('a connection that is lost while the list is open disables it, and what was tried stays', async () => {
  const { core, world } = await openChart();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(option('No data').getByText(/^Would not have fired/)).toBeVisible();
  world.connections = [makeConnection({ state: 'offline' })];
  core.emit('connections', 'changed', world.connections);
  await expect.element(option('Belt jammed').getByRole('button', { name: 'Add rule' })).toHaveAttribute('aria-disabled', 'true');
  await expect.element(option('No data').getByText(/^Would not have fired/)).toBeVisible();
});

test('a refusal is shown, and the list stays open', async () => {
  const { core } = await openChart();
  core.answer({
    alerts: {
      createRule: () => {
        throw new AppError('conflict', 'The code is taken.');
      },
    },
  });
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await option('No data').getByRole('button', { name: 'Add rule' }).click();
  await expect.element(toast('The rule couldn’t be added')).toBeVisible();
  await expect.element(option('No data')).toBeVisible();
});

test('a chart that nothing suits says so and leads to the empty editor', async () => {
  const { address } = await openChart((world) => {
    world.charts = [
      makeChart({ selector: { from: 'metric', name: 'watchfloor_loader_rows_per_second', labels: {} }, aggregation: 'sum', unit: '' }),
    ];
  });
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await expect.element(dialog.getByText(/^No ready rule suits this chart/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Write your own conditions' }).click();
  await expect.poll(address).toMatch(/^\/rules\/edit\?.*chart=belt-speed/);
});

test('a picture of Explore is saved to the library with its rule, and undo removes both', async () => {
  const { core, world } = await openScreen('/explore?loader=belts');
  core.answer(changes(() => world));
  const charts: string[] = [];
  core.answer({
    charts: {
      create: ({ chart }) => {
        charts.push(`created ${chart.code}`);
        return makeChart(chart);
      },
      remove: ({ code }) => {
        charts.push(`removed ${code}`);
      },
    },
  });
  await page.getByRole('button', { name: 'Create alert rule' }).click();
  await expect.element(dialog.getByText(/^This chart isn’t in the library yet/)).toBeVisible();
  await option('No data').getByRole('button', { name: 'Add rule' }).click();
  const [rule] = await expect
    .poll(() => created(core))
    .toHaveLength(1)
    .then(() => created(core));
  expect(charts).toEqual([`created ${rule?.chartCode}`]);
  await toast('Added “').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => charts).toEqual([`created ${rule?.chartCode}`, `removed ${rule?.chartCode}`]);
});

test('on the Rules screen a new rule begins with its chart, opens, and leads to the others made from the same ready rule', async () => {
  const { core, world, address } = await openScreen('/rules', (all) => {
    belts(all);
    all.rules = [...all.rules, makeRule({ code: 'other', name: 'Other jam', templateCode: 'belt-jam' })];
  });
  core.answer(changes(() => world));
  const main = page.getByRole('main');
  await expect.element(main.getByRole('checkbox', { name: 'Select Other jam' })).toBeVisible();
  await userEvent.keyboard('n');
  await page
    .getByRole('dialog', { name: 'New rule' })
    .getByRole('option', { name: /Belt speed/ })
    .click();
  await option('Belt jammed').getByRole('button', { name: 'Add rule' }).click();
  await expect.poll(address).toContain('rule=belt-jam');
  const article = page.getByRole('article');
  await expect.element(article.getByText('From the ready rule “Belt jammed”')).toBeVisible();
  await expect.element(article.getByText('Nothing was changed in it.')).toBeVisible();
  await article.getByRole('link', { name: 'All rules made from it' }).click();
  await expect.poll(address).toContain('template=belt-jam');
  await expect.poll(() => main.getByRole('checkbox', { name: /^Select (?!all)/ }).elements().length).toBe(2);
  await main.getByRole('combobox', { name: 'Ready rule' }).selectOptions('Any ready rule');
  await expect.poll(() => main.getByRole('checkbox', { name: /^Select (?!all)/ }).elements().length).toBe(3);
});

test('the health grid of Now leads to a rule', async () => {
  const { address } = await openScreen('/now');
  await page.getByRole('link', { name: /^Belt speed low: / }).click();
  await expect.poll(address).toMatch(/^\/rules\?.*rule=belt-speed/);
});
