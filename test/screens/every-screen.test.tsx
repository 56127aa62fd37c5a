import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { minuteMs } from '#common/time/durations.ts';
import { addresses, cases } from './cases.ts';
import type { Answers } from './core.ts';
import { ago, makeAlert, makeChart, makeConnection, makeDashboard, makeLoader, makeRule, makeStatus } from './make.ts';
import { openScreen } from './screen.tsx';
import { answersFrom, type World } from './world.ts';

const nothingThere = (world: World) => {
  Object.assign(world, { alerts: [], rules: [], charts: [], dashboards: [], loaders: [], metrics: [], conveyor: null });
};
const offline = (world: World) => {
  world.connections = [makeConnection({ state: 'offline', since: ago(10 * minuteMs), lastExchangeAt: ago(10 * minuteMs) })];
  world.asOf = ago(10 * minuteMs);
  if (world.conveyor) world.conveyor.lastWriteAt = ago(10 * minuteMs);
};
const main = page.getByRole('main');
/** The first occurrence of the text: a screen may have it for screen readers, too. */
const words = (text: string | RegExp) => main.getByText(text).first();

describe.each(Object.entries(cases))('%s', (_name, { address, shown, empty, failed, needs }) => {
  test('shows what there is', async () => {
    await openScreen(address);
    await expect.element(words(shown)).toBeVisible();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  test('says what would be here when there is nothing', async () => {
    await openScreen(address, nothingThere);
    await expect.element(words(empty)).toBeVisible();
  });

  test('while it loads it shows that, and neither data nor an empty state', async () => {
    const { core } = await openScreen(address, () => {}, hanging(needs));
    await expect.poll(() => core.calls.map(({ name }) => name)).toContain(firstOf(needs));
    await expect.element(main.getByRole('status').first()).toBeVisible();
    expect(main.getByText(empty).elements()).toEqual([]);
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  test('an error while loading is shown with its reason, and can be retried', async () => {
    const { core, world } = await openScreen(address, () => {}, needs);
    const problem = main.getByRole('alert').filter({ hasText: failed });
    await expect.element(problem).toBeVisible();
    await expect.element(problem.getByText('The console’s core didn’t answer.')).toBeVisible();
    core.answer(answersFrom(world));
    await problem.getByRole('button', { name: 'Try again' }).click();
    await expect.element(words(shown)).toBeVisible();
  });

  test('offline it shows the cached copy, with its age', async () => {
    await openScreen(address, offline);
    await expect.element(words(shown)).toBeVisible();
    await expect.element(page.getByText(/10 min/).first()).toBeVisible();
  });
});

const firstOf = (needs: Answers) => Object.entries(needs).map(([service, methods]) => `${service}.${Object.keys(methods)[0]}`)[0];

/** The same questions, none of which is answered. */
function hanging(needs: Answers): Answers {
  const methods = Object.entries(needs).map(([service, handlers]) => [
    service,
    Object.fromEntries(Object.keys(handlers).map((method) => [method, () => new Promise(() => {})])),
  ]);
  return Object.fromEntries(methods) as Answers;
}

/** Uses Arabic names: any remaining Latin letters then come from the product. */
const inArabic = (world: World) => {
  world.settings.language = 'ar';
  world.connections = [makeConnection({ name: 'مصنع الشمال' })];
  world.alerts = [makeAlert({ ruleName: 'سرعة السير منخفضة', labels: { segment: 'السير الثاني' }, unit: '' })];
  world.rules = [makeRule({ name: 'سرعة السير منخفضة', statuses: [makeStatus({ labels: { segment: 'السير الثاني' }, reasons: [] })] })];
  world.charts = [makeChart({ title: 'سرعة السير', unit: '' })];
  world.dashboards = [makeDashboard({ title: 'السيور', folder: 'المصنع', panels: [] })];
  world.loaders = [makeLoader({ name: 'السيور', unit: '' })];
};
/** What a person types is the same in every language: expressions of a text template, and examples between left-to-right marks. */
const typed = /\{\{.*?\}\}|\u200e.*?\u200e/g;
/** Texts that stay in Latin letters in Arabic, too. */
const latin =
  /^(Watchfloor|UTC|SQL|JSON|YAML|CSV|PDF|PNG|English|Ctrl|Esc|Enter|Delete|Shift|sara|plant|belts|belt|speed|http|kB|MB|[A-Za-z]|M[a-z]{2})$/;

test.each(addresses)('%s is entirely in Arabic, from right to left', async (address) => {
  await openScreen(address, inArabic);
  await expect.poll(() => document.documentElement.dir).toBe('rtl');
  await expect.poll(() => document.querySelector('main')?.textContent ?? '').toMatch(/[\u0600-\u06ff]{3}/);
  await expect.element(main.getByRole('status')).not.toBeInTheDocument();

  const foreign = writtenTexts().flatMap((text) => text.replaceAll(typed, '').match(/[A-Za-z][A-Za-z0-9]*/g) ?? []);
  expect(foreign.filter((word) => !latin.test(word))).toEqual([]);
});

/** Returns all texts of the page, including those for screen readers. */
function writtenTexts(): string[] {
  const root = document.querySelector('#root');
  const walker = root && document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker?.nextNode()) texts.push(walker.currentNode.nodeValue ?? '');
  return texts;
}
