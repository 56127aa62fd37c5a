import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Chart } from '#common/contract/charts.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { Answers, FakeCore } from './core.ts';
import { makeChart, makeConnection, makeRule, makeStatus } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const main = page.getByRole('main');
const detail = main.getByRole('article');
const dialog = page.getByRole('dialog', { name: 'Rules extend this chart' });
const ofLoader = (loaderCode: string, more: Partial<Chart> = {}) => makeChart({ selector: { from: 'signal', loaderCode }, ...more });

/** The rule stays on the first version of its chart, whose second one has the series of another loader. */
const waiting = (world: World) => {
  world.charts = [ofLoader('other-belts', { version: 2 })];
  world.rules = [
    makeRule({ name: 'Belt speed low', chartVersion: 1, newChartVersion: 2, owner: 'sara', statuses: [makeStatus()] }),
    makeRule({ code: 'current', name: 'Up to date', chartVersion: 2, owner: 'omar' }),
  ];
};
/** Only the first loader is too slow for the rule: on the second there are no points. */
const answers: Answers = {
  charts: {
    version: ({ code, version }) => {
      const { version: _v, createdAt, createdBy, updatedAt: _u, updatedBy: _b, ...body } = ofLoader('belts', { code });
      return { value: { entry: { version, at: createdAt, by: createdBy, note: 'created' }, body }, asOf: Date.now() };
    },
    create: ({ chart }) => makeChart(chart),
    update: ({ chart }) => makeChart({ ...chart, version: chart.version + 1 }),
  },
  alerts: { updateRule: ({ rule }) => makeRule({ ...rule, version: rule.version + 1 }), rollbackRule: ({ code }) => makeRule({ code }) },
};
const changedRules = (core: FakeCore) =>
  (core.callsOf('alerts.updateRule') as { rule: RuleInput & { version: number } }[]).map(({ rule }) => [
    rule.code,
    rule.chartVersion,
    rule.version,
  ]);

test('a rule whose chart has a newer version says so, shows what changed and what that means, and the owner accepts it', async () => {
  const { core } = await openScreen('/rules?rule=belt-speed', waiting, answers);
  const section = detail.getByRole('region', { name: 'New chart version' });
  await expect.element(section.getByText('This rule evaluates version 1 of its chart. Version 2 has other series.')).toBeVisible();
  await expect.element(section.getByRole('cell', { name: /other-belts/ })).toBeVisible();
  await expect.element(section.getByText(/^None: it would have fired/)).toBeVisible();
  await expect.element(detail.getByText('Version 1 of the chart, which isn’t the newest')).toBeVisible();
  // What the rule evaluates is drawn, not the newest version.
  expect(core.callsOf('series.query')).toContainEqual(
    expect.objectContaining({ query: expect.objectContaining({ selector: { from: 'signal', loaderCode: 'belts' } }) }),
  );
  await section.getByRole('button', { name: 'Accept version 2' }).click();
  await expect.poll(() => changedRules(core)).toEqual([['belt-speed', 2, 1]]);
  await page.getByRole('listitem').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => core.callsOf('alerts.rollbackRule')).toMatchObject([{ code: 'belt-speed', to: 1, version: 2 }]);
});

test('the list marks rules whose chart has a newer version, and narrows itself to them', async () => {
  const { address } = await openScreen('/rules', waiting, answers);
  await expect.element(main.getByRole('row', { name: /Belt speed low.*New chart version/ }).getByText('Chart v2')).toBeVisible();
  await expect.element(main.getByRole('row', { name: /Up to date/ })).toBeVisible();
  expect(
    main
      .getByRole('row', { name: /Up to date/ })
      .getByText('Chart v2')
      .elements(),
  ).toEqual([]);
  await main.getByRole('button', { name: 'New chart version 1' }).click();
  await expect.element(main.getByRole('row', { name: /Up to date/ })).not.toBeInTheDocument();
  expect(address()).toContain('waiting=true');
});

test.each([
  ['somebody else', 'omar', 'OPERATOR', 'live', /^The owner of this rule is “sara”\. An administrator accepts, or the person/],
  ['a person without backend', 'sara', 'OPERATOR', 'offline', 'Not available while the backend isn’t responding.'],
] as const)('%s can’t accept it', async (_, username, role, state, reason) => {
  await openScreen(
    '/rules?rule=belt-speed',
    (world) => {
      waiting(world);
      world.connections = [makeConnection({ username, role, state })];
    },
    answers,
  );
  const accept = detail.getByRole('button', { name: 'Accept version 2' });
  await expect.element(accept).toHaveAttribute('aria-disabled', 'true');
  await expect.element(detail.getByText(reason)).toBeVisible();
});

test('saving a chart whose rules would evaluate other series asks first, and moves the rules that the person may change', async () => {
  const { core } = await openScreen('/charts?code=belt-speed', oneChart, answers);
  await changeLoader();
  await expect.element(dialog.getByText(/^The change alters which series 2 rules evaluate\./)).toBeVisible();
  await expect.element(dialog.getByText(/^None: it would have fired/).nth(1)).toBeVisible();
  await expect.element(dialog.getByText('Its owner or an administrator accepts.')).toBeVisible();
  expect(core.callsOf('charts.update')).toEqual([]);
  await dialog.getByRole('button', { name: 'Save and move 1 rule' }).click();
  await expect.poll(() => core.callsOf('charts.update')).toHaveLength(1);
  await expect.poll(() => changedRules(core)).toEqual([['belt-speed', 2, 1]]);
  await expect.element(page.getByText('Moved 1 rule to the new version of the chart')).toBeVisible();
});

test('a chart can be saved without its rules, and without a question if they evaluate the same', async () => {
  const { core } = await openScreen('/charts?code=belt-speed', oneChart, answers);
  await changeLoader();
  await dialog.getByRole('button', { name: 'Save chart' }).click();
  await expect.poll(() => core.callsOf('charts.update')).toHaveLength(1);
  await main.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Speed of all belts');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => core.callsOf('charts.update')).toHaveLength(2);
  await expect.element(dialog).not.toBeInTheDocument();
  expect(changedRules(core)).toEqual([]);
});

test('restoring a version of a chart asks the same question', async () => {
  const entry = (version: number) => ({ version, at: Date.now(), by: 'sara', note: 'changed' });
  const { core } = await openScreen(
    '/charts?code=belt-speed&tab=versions&version=1',
    (world) => {
      oneChart(world);
      world.charts = [ofLoader('other-belts', { version: 2 })];
      world.rules = [makeRule({ name: 'Belt speed low', chartVersion: 2, owner: 'sara' })];
    },
    {
      ...answers,
      charts: {
        ...answers.charts,
        versions: () => ({ value: [entry(2), entry(1)], asOf: Date.now() }),
        rollback: () => ofLoader('belts', { version: 3 }),
      },
    },
  );
  await main.getByRole('button', { name: 'Restore this version' }).click();
  await expect.element(dialog.getByText(/^None: it would have fired/)).toBeVisible();
  expect(core.callsOf('charts.rollback')).toEqual([]);
  await dialog.getByRole('button', { name: 'Save and move 1 rule' }).click();
  await expect.poll(() => core.callsOf('charts.rollback')).toMatchObject([{ code: 'belt-speed', to: 1, version: 2 }]);
  await expect.poll(() => changedRules(core)).toEqual([['belt-speed', 3, 1]]);
});

test('importing definitions asks about the rules of all charts that would change, and moves them', async () => {
  const lag = makeChart({ code: 'lag', title: 'Lag', selector: { from: 'signal', loaderCode: 'orders' } });
  const { core } = await openScreen(
    '/charts',
    (world) => {
      oneChart(world);
      world.charts = [ofLoader('belts'), lag];
      world.rules = [...world.rules, makeRule({ code: 'lag-high', name: 'Lag high', chartCode: 'lag', chartVersion: 1 })];
    },
    answers,
  );
  const of = (code: string, title: string) => ({ code, title, unit: 'm/s', selector: { from: 'signal', loaderCode: 'new-loader' } });
  await main.getByRole('button', { name: 'Import' }).click();
  await page
    .getByRole('textbox', { name: 'Or paste JSON' })
    .fill(JSON.stringify([of('belt-speed', 'Belt speed'), of('lag', 'Lag'), of('fresh', 'Fresh')]));
  await page.getByRole('button', { name: 'Import 3 charts' }).click();
  const question = page.getByRole('dialog', { name: 'Rules extend these charts' });
  await expect.element(question.getByText(/^The change alters which series 3 rules evaluate\./)).toBeVisible();
  await expect.element(question.getByRole('listitem').filter({ hasText: /Lag high.*Lag/ })).toBeVisible();
  await expect.element(question.getByText(/^None: it would have fired/).nth(2)).toBeVisible();
  expect(core.callsOf('charts.update')).toEqual([]);
  await question.getByRole('button', { name: 'Save and move 2 rules' }).click();
  await expect.poll(() => core.callsOf('charts.update')).toHaveLength(2);
  await expect
    .poll(() => changedRules(core))
    .toEqual([
      ['belt-speed', 2, 1],
      ['lag-high', 2, 1],
    ]);
});

const oneChart = (world: World) => {
  world.connections = [makeConnection({ username: 'sara', role: 'OPERATOR' })];
  world.charts = [ofLoader('belts')];
  world.rules = [
    makeRule({ name: 'Belt speed low', chartVersion: 1, owner: 'sara' }),
    makeRule({ code: 'of-omar', name: 'Belt of Omar', chartVersion: 1, owner: 'omar' }),
  ];
};

/** Edits the chart so that it has the series of another loader. */
async function changeLoader(): Promise<void> {
  await main.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('combobox', { name: 'Loader' }).fill('other-belts');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}
