import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '#common/contract/errors.ts';
import { parseRules } from '#common/rules/yaml.ts';
import type { Answers } from './core.ts';
import { ago, makeChart, makeConnection, makeRule } from './make.ts';
import { openScreen } from './screen.tsx';
import type { World } from './world.ts';

const main = page.getByRole('main');
const dialog = page.getByRole('dialog');
const section = (name: RegExp) => dialog.getByRole('region', { name });

const twoRules = (world: World) => {
  world.charts = [
    makeChart(),
    makeChart({ code: 'cpu', title: 'CPU', selector: { from: 'metric', name: 'host_cpu_percent', labels: {} } }),
  ];
  world.rules = [makeRule(), makeRule({ code: 'spare', name: 'Spare', version: 4 })];
};
/** Answers changes of rules as a backend does, refusing some by their code. */
function changes(world: World, refused: Record<string, AppError> = {}): Answers {
  const keep = (rule: object & { code: string }) => {
    const problem = refused[rule.code];
    if (problem) throw problem;
    const made = makeRule(rule);
    world.rules = [...world.rules.filter(({ code }) => code !== rule.code), made];
    return made;
  };
  return { alerts: { createRule: ({ rule }) => keep(rule), updateRule: ({ rule }) => keep(rule) } };
}
async function choose(name: string, text: string): Promise<void> {
  await expect.element(dialog).toBeVisible();
  const input = dialog.element().querySelector('input[type="file"]') ?? expect.fail('no field for a file');
  await userEvent.upload(input, new File([text], name));
}

/** The text of a file that was offered as a download. */
const savedText = (call: readonly unknown[] = []): Promise<string> => (call[0] instanceof Blob ? call[0].text() : expect.fail('no file'));

const prometheus = `
groups:
  - name: hosts
    rules:
      - alert: CpuBusy
        expr: host_cpu_percent > 90
        labels: { severity: page }
      - alert: BeltDown
        expr: belt_up{segment="belt-1"} == 0
      - alert: CpuRate
        expr: rate(host_cpu_seconds_total[5m]) > 0.9
`;

test('a file of Prometheus is previewed, a chart is chosen for a metric, and the rules are imported', async () => {
  const { core, world } = await openScreen('/rules', twoRules);
  core.answer(changes(world));
  await main.getByRole('button', { name: 'Import' }).click();
  await choose('hosts.rules.yml', prometheus);
  await expect.element(dialog.getByText('Rules of Prometheus · 1 new · 2 not imported')).toBeVisible();
  const refused = section(/^2 rules can’t be imported/);
  await expect.element(refused.getByText('No chart shows belt_up. Create one, or name another one for it.')).toBeVisible();
  await expect.element(refused.getByText('rate(host_cpu_seconds_total[5m])')).toBeVisible();
  await expect.element(refused.getByText('line 1, character 1')).toBeVisible();
  await expect.element(refused.getByText(/handles restarts of counters/)).toBeVisible();
  await expect.element(section(/^1 rule can be imported/).getByRole('row', { name: /CpuBusy.*cpu.*New/ })).toBeVisible();

  await dialog.getByRole('combobox', { name: 'belt_up' }).selectOptions('Belt speed');
  await expect.element(dialog.getByText('Rules of Prometheus · 2 new · 1 not imported')).toBeVisible();
  await expect.element(dialog.getByText(/^The chart belt-speed shows signals/)).toBeVisible();
  expect(core.callsOf('alerts.createRule')).toEqual([]);
  await dialog.getByRole('button', { name: 'Import 2 rules' }).click();
  await expect.element(page.getByRole('listitem').filter({ hasText: 'Imported 2 rules' })).toBeVisible();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(core.callsOf('alerts.createRule')).toMatchObject([
    { rule: { code: 'cpu-busy', severity: 'CRITICAL', chartCode: 'cpu' } },
    { rule: { code: 'belt-down', severity: 'WARNING', chartCode: 'belt-speed', matchLabels: { segment: 'belt-1' } } },
  ]);
  await expect.element(main.getByText('CpuBusy')).toBeVisible();
});

test('an exported file changes what differs and leaves the rest; what the backend refuses stays to be imported', async () => {
  const { core, world } = await openScreen('/rules', twoRules);
  const blobs = vi.spyOn(URL, 'createObjectURL');
  await main.getByRole('button', { name: 'YAML' }).click();
  await expect.poll(() => blobs.mock.calls.length).toBe(1);
  const exported = await savedText(blobs.mock.calls[0]);
  expect(parseRules(exported).map(({ code }) => code)).toEqual(['belt-speed', 'spare']);
  // Only the ticked rules are exported.
  await main.getByRole('checkbox', { name: 'Select Spare' }).click();
  await main.getByRole('button', { name: 'YAML' }).click();
  await expect.poll(() => blobs.mock.calls.length).toBe(2);
  expect(parseRules(await savedText(blobs.mock.calls[1])).map(({ code }) => code)).toEqual(['spare']);
  blobs.mockRestore();
  await userEvent.keyboard('{Escape}');

  core.answer(changes(world, { spare: new AppError('version_conflict', 'Changed by somebody.') }));
  await userEvent.keyboard('i');
  const changed = exported.replace('name: Spare', 'name: Changed').replace('code: belt-speed', 'code: fresh');
  await choose('rules.yaml', changed);
  await expect.element(dialog.getByText('Rules of this product · 1 new · 1 changed')).toBeVisible();
  await expect.element(dialog.getByText('Changed: name')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import 2 rules' }).click();
  const toast = page.getByRole('listitem').filter({ hasText: 'Imported 1 rule' });
  await expect.element(toast.getByText(/“spare” couldn’t be imported/)).toBeVisible();
  expect(core.callsOf('alerts.updateRule')).toMatchObject([{ rule: { code: 'spare', name: 'Changed', version: 4 } }]);
  await expect.element(dialog.getByText('Rules of this product · 1 changed · 1 unchanged')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
});

test('an import is stopped between two rules, and ends when the backend is gone', async () => {
  const { core, world } = await openScreen('/rules', (one) => {
    twoRules(one);
    one.rules = [];
  });
  const gone = new AppError('unavailable', 'Gone.', { reason: 'change_needs_contact', params: { connection: 'Plant North' } });
  core.answer(changes(world, { b: gone }));
  await main.getByRole('button', { name: 'Import' }).click();
  const rule = (name: string) => `{alert: ${name}, expr: host_cpu_percent > 1, labels: {severity: info}}`;
  await choose('three.yml', `groups: [{name: g, rules: [${['a', 'b', 'c'].map(rule).join(', ')}]}]`);
  await dialog.getByRole('button', { name: 'Import 3 rules' }).click();
  await expect.element(page.getByText(/“b” couldn’t be imported: .* · 1 rule is left/)).toBeVisible();
  expect(core.callsOf('alerts.createRule')).toHaveLength(2);

  let answer = (): void => expect.fail('nothing was asked');
  const waiting = new Promise<void>((resolve) => {
    answer = resolve;
  });
  core.answer({ alerts: { createRule: ({ rule: made }) => waiting.then(() => makeRule(made)) } });
  await dialog.getByRole('button', { name: 'Import 2 rules' }).click();
  await expect.element(dialog.getByRole('status').getByText('0 of 2 rules')).toBeVisible();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  answer();
  await expect.element(page.getByText('1 rule is left', { exact: true })).toBeVisible();
  expect(core.callsOf('alerts.createRule')).toHaveLength(3);
});

test('a file that holds no rules says so, and another can be chosen', async () => {
  await openScreen('/rules', twoRules);
  await main.getByRole('button', { name: 'Import' }).click();
  await choose('notes.yml', 'title: Notes\n');
  await expect.element(dialog.getByRole('alert').getByText(/notes\.yml:1:1: There are no rules in this file/)).toBeVisible();
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await dialog.getByRole('button', { name: 'Copy details' }).click();
  await expect
    .poll(() => copied.mock.calls[0]?.[0])
    .toMatch(/"code": "validation_failed",\s+"message": "notes\.yml:1:1: There are no rules/);
  copied.mockRestore();
  await choose('hosts.rules.yml', prometheus);
  await expect.element(dialog.getByText('1 new', { exact: false })).toBeVisible();
});

test('offline, the button says why nothing can be imported, and export still works', async () => {
  await openScreen('/rules', (world) => {
    twoRules(world);
    world.connections = [makeConnection({ state: 'offline', since: ago(60_000), lastExchangeAt: ago(60_000) })];
  });
  const button = main.getByRole('button', { name: 'Import' });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await userEvent.keyboard('i');
  await expect.element(page.getByText(/^Not available while the backend/).first()).toBeVisible();
  await expect.element(main.getByRole('button', { name: 'YAML' })).toBeEnabled();
  expect(dialog.elements()).toEqual([]);
});

test('is in Arabic as well', async () => {
  await openScreen('/rules', (world) => {
    twoRules(world);
    world.settings = { ...world.settings, language: 'ar' };
  });
  await main.getByRole('button', { name: 'استيراد' }).click();
  await choose('notes.yml', 'title: Notes\n');
  await expect.element(dialog.getByRole('alert').getByText(/notes\.yml:1:1.: لا قواعد في هذا الملف/)).toBeVisible();
  await choose('own.yml', 'code: [');
  await expect.element(dialog.getByRole('alert').getByText(/own\.yml:1:8.: المسافة البادئة/)).toBeVisible();
  expect(dialog.getByRole('alert').element().textContent).not.toMatch(/[A-Za-z]{2,} [A-Za-z]{2,}/);
  await choose('hosts.rules.yml', prometheus);
  await expect.element(dialog.getByText(/^لا رسم يعرض .belt_up.\. أنشئ رسمًا له/)).toBeVisible();
  await expect.element(dialog.getByRole('button', { name: 'استورد قاعدة' })).toBeVisible();
});
