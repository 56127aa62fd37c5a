import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { hourMs } from '#common/time/durations.ts';
import { expectNoFindings, loaded } from './axe.ts';
import { makeBusy } from './busy-world.ts';
import { addresses } from './cases.ts';
import type { Answers } from './core.ts';
import { ago, makeChart, makeConnection, makeDashboard, makeRule } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

/** Every screen and what opens over it, for screen readers, with something to show in each part. */
const main = page.getByRole('main');
const layer = page.getByRole('dialog').last();
/** Three runs of axe on a busy computer. */
const timeout = 60_000;

test.each([
  ...addresses,
  '/explore?loader=belts&table=true&compare=day',
  '/dashboards/belts?edit=true',
  '/dashboards/belts?kiosk=true',
  '/charts?code=belt-speed',
  '/alerts?view=history',
  '/rules/edit?chart=belt-speed',
  '/loaders?loader=belts',
  '/settings?section=outbox',
  '/settings?section=backend',
  '/nowhere',
])('%s has no finding of axe', { timeout }, async (address) => {
  const screen = await openScreen(address, makeBusy, answers);
  await loaded();
  await expectNoFindings(screen);
});

const asOf = Date.now();
const versions = [2, 1].map((version) => ({ version, at: ago(hourMs), by: 'sara', note: 'changed' }));
const [newest = expect.fail(), oldest = expect.fail()] = versions;
/** What the layers ask for that the screens don't. */
const answers: Answers = {
  alerts: {
    ruleVersions: () => ({ value: versions, asOf }),
    ruleVersion: ({ version }) => ({
      value: { entry: version === 1 ? oldest : newest, body: makeRule({ severity: version === 1 ? 'INFO' : 'HIGH' }) },
      asOf,
    }),
  },
  backend: {
    status: () => ({
      managed: true,
      parts: [{ name: 'backend', state: 'running', pid: 7, since: ago(hourMs), startedInMs: 900, lastLine: 'ready', problem: null }],
      restartAt: null,
    }),
    log: () => ['starting', 'ready'],
  },
  dashboards: {
    versions: () => ({ value: versions, asOf }),
    version: ({ version }) => ({
      value: { entry: version === 1 ? oldest : newest, body: makeDashboard({ title: `Belts ${version}` }) },
      asOf,
    }),
  },
};

interface Layer {
  address: string;
  /** How a person opens it. */
  open: () => Promise<unknown>;
  /** A text that is there once it has loaded. */
  shows: string | RegExp;
  change?: (world: World) => void;
}

const press = (name: string, over = main) => over.getByRole('button', { name, exact: true }).first().click();
const key = (keys: string) => userEvent.keyboard(keys);
/** @param name of the file */
const choose = async (name: string, text: string) => {
  await expect.element(layer).toBeVisible();
  await userEvent.upload(layer.element().querySelector('input[type="file"]') ?? expect.fail('no field for a file'), new File([text], name));
};
const choice = async (menu: string, name: string | RegExp) => {
  await press(menu);
  await page.getByRole('menuitem', { name }).click();
};
const prometheus = `
groups:
  - name: hosts
    rules:
      - { alert: BeltSlow, expr: belt_speed < 1, labels: { severity: page } }
      - { alert: CpuRate, expr: "rate(host_cpu_seconds_total[5m]) > 0.9" }
`;

/** The rule stays on the first version of its chart, and another person may not move it. */
const ofTwoVersions = (world: World) => {
  world.charts = [makeChart({ version: 2 })];
  world.rules = [
    makeRule({ chartVersion: 2, owner: 'sara' }),
    makeRule({ code: 'of-omar', name: 'Belt of Omar', chartVersion: 2, owner: 'omar' }),
  ];
};
const changeLoader = async () => {
  await press('Edit');
  await page.getByRole('combobox', { name: 'Loader' }).fill('other-belts');
  await press('Save', layer);
};
/** Makes the YAML wrong at one line. */
const breakYaml = async () => {
  await page.getByRole('tab', { name: 'YAML' }).click();
  const text = page.getByRole('textbox', { name: 'Rule as YAML' });
  await text.fill((text.element() as HTMLTextAreaElement).value.replace('window: 1m', 'window: soon'));
  await expect.element(page.getByText(/^Write a length of time with its unit/)).toBeVisible();
};

/** What opens over the screens: dialogs and sheets. */
const layers: Record<string, Layer> = {
  'the command palette': { address: '/now', open: () => key('/'), shows: 'Keyboard shortcuts' },
  'the list of keys': { address: '/alerts', open: () => key('?'), shows: 'On this screen' },
  'the inbox': { address: '/now', open: () => key('gi'), shows: /Belt speed low/ },
  'the question how long to snooze': { address: '/alerts', open: () => key('js'), shows: 'Reason' },
  'the silence of an alert with mistakes': {
    address: '/alerts',
    open: async () => {
      await key('jq');
      await press('Silence', layer);
    },
    shows: /^Enter a reason/,
  },
  'the sheet of ready rules': {
    address: '/charts?code=belt-speed',
    open: () => press('Add a rule'),
    shows: /^Would (not )?have fired/,
    change: (world) => {
      world.charts = [makeChart({ selector: { from: 'signal', loaderCode: 'belt-speed' } })];
      world.rules = [makeRule({ templateCode: 'belt-jam', name: 'My jam' })];
    },
  },
  'the ready rules of a picture that isn’t saved': {
    address: '/explore?loader=belts',
    open: () => press('Create alert rule'),
    shows: /^Would (not )?have fired/,
  },
  'the choice of a chart for a rule': { address: '/rules', open: () => key('n'), shows: /Belt speed/ },
  'the import of rules before a file is chosen': { address: '/rules', open: () => press('Import'), shows: 'Choose file' },
  'the import of rules': {
    address: '/rules',
    open: async () => {
      await press('Import');
      await choose('hosts.rules.yml', prometheus);
    },
    shows: 'rate(host_cpu_seconds_total[5m])',
  },
  'an import of rules that can’t be read': {
    address: '/rules',
    open: async () => {
      await press('Import');
      await choose('notes.yml', 'title: Notes\n');
    },
    shows: /There are no rules in this file/,
  },
  'the versions of a rule': { address: '/rules?rule=belt-speed', open: () => press('Versions'), shows: 'Compared with the newest' },
  'the question before a rule is deleted': { address: '/rules?rule=belt-speed', open: () => press('Delete'), shows: /^Delete “/ },
  'a chart’s definition': { address: '/charts?code=belt-speed', open: () => press('Edit'), shows: 'Title' },
  'a new chart’s definition with mistakes': {
    address: '/charts',
    open: async () => {
      await press('New chart');
      await press('Save', layer);
    },
    shows: 'Enter a title of 1 to 120 characters.',
  },
  'the question about a changed chart': {
    address: '/charts?code=belt-speed',
    open: changeLoader,
    shows: /^The change alters/,
    change: ofTwoVersions,
  },
  'the question before a chart is deleted': {
    address: '/charts?code=belt-speed',
    open: () => choice('More', 'Delete'),
    shows: /^Delete “/,
  },
  'the import of charts': { address: '/charts', open: () => press('Import'), shows: 'Choose a file' },
  'the choice of a range': { address: '/explore?loader=belts', open: () => key('t'), shows: 'Type a range' },
  'the choice of a dashboard for a picture': { address: '/explore?loader=belts', open: () => key('o'), shows: 'Add to a dashboard' },
  'a new dashboard': { address: '/dashboards', open: () => key('n'), shows: 'Create' },
  'the import of a dashboard': { address: '/dashboards', open: () => press('Import'), shows: 'Text of the file' },
  'the question before a dashboard is deleted': { address: '/dashboards', open: () => choice('More: Belts', 'Delete'), shows: /^Delete “/ },
  'the versions of a dashboard': { address: '/dashboards/belts', open: () => press('Versions'), shows: 'Compared with the newest' },
  'the settings of a dashboard': { address: '/dashboards/belts?edit=true', open: () => key(','), shows: 'Add variable' },
  'the choice of a panel': { address: '/dashboards/belts?edit=true', open: () => key('n'), shows: 'New chart' },
  'the settings of a panel': { address: '/dashboards/belts?edit=true', open: () => key('jj{Enter}'), shows: 'Apply' },
  'the edit of a loader': { address: '/loaders?loader=belts', open: () => press('Edit loader'), shows: 'SQL' },
  'the question before the producer stops': {
    address: '/conveyor',
    open: () => press('Stop the producer'),
    shows: /Loaders will find no rows/,
  },
  'the question before a change is discarded': { address: '/settings?section=outbox', open: () => press('Discard'), shows: /^Discard/ },
  'a new connection': { address: '/settings?section=connections', open: () => press('Add a connection'), shows: 'Name' },
  'the sign-in': {
    address: '/settings?section=connections',
    open: () => press('Sign in'),
    shows: 'Password',
    change: (world) => {
      world.connections = [
        makeConnection(),
        makeConnection({ id: uuidv7(), name: 'South', embedded: false, state: 'signed-out', username: null }),
      ];
    },
  },
  'the log of a process': { address: '/settings?section=backend', open: () => press('Log'), shows: /ready/ },
  'the question before the backend stops': { address: '/settings?section=backend', open: () => press('Stop'), shows: /^Stop/ },
};

test.each(Object.entries(layers))('%s has no finding of axe', { timeout }, async (_name, { address, open, shows, change }) => {
  const screen = await openScreen(
    address,
    (world) => {
      makeBusy(world);
      change?.(world);
    },
    answers,
  );
  await loaded();
  await open();
  await expect.element(layer.getByText(shows).first()).toBeVisible();
  await expectNoFindings(screen, () => layer.element());
});

test.each([
  ['with its sentence', async () => {}],
  ['with a mistake in its YAML', breakYaml],
])('the rule editor %s has no finding of axe', { timeout }, async (_name, change) => {
  const screen = await openScreen('/rules/edit?rule=belt-speed', makeBusy);
  await expect.element(page.getByText(/^Would (not )?have fired/)).toBeVisible();
  await change();
  await expectNoFindings(screen);
});
