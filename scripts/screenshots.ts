import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type DashboardInput, dashboardBody } from '#common/contract/dashboards.ts';
import { ruleInput } from '#common/contract/rules.ts';
import { type Product, startProduct } from '../test/e2e/product.ts';
import { callConsole } from '../test/e2e/rpc.ts';
import { launchChromium } from '../test/support/chromium.ts';

/**
 * `npm run screenshots [-- WORD…]`: starts the product on a fresh data folder, waits until its history is in, makes something happen,
 * and pictures the screens into docs/screenshots; with words, only those whose name contains one. A whole run removes what it did not
 * make. Run it after a change to a screen, and look at the result.
 */
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const hostRules = fileURLToPath(new URL('../test/fixtures/rules/hosts.rules.yml', import.meta.url));
const grafana = fileURLToPath(new URL('../test/fixtures/grafana/servers.json', import.meta.url));
const defaultSize = { width: 1440, height: 900 };
const wall = { width: 3840, height: 2160 };
const narrow = { width: 900, height: 800 };
const wallCode = 'wall-of-30';

interface Picture {
  name: string;
  path: string;
  look?: { theme?: 'dark' | 'light' | 'contrast'; language?: 'en' | 'ar' };
  size?: typeof defaultSize;
  /** The user's actions before the screenshot, and after it. */
  act?: (page: Page) => Promise<void>;
  leave?: (page: Page) => Promise<void>;
}

const firstAlert = async (page: Page) => {
  const row = page.getByRole('row').nth(1);
  await row.waitFor();
  await row.click();
};
const firingRule = async (page: Page) => {
  await page.getByRole('row', { name: /belt-speed-low/ }).click();
};
const ruleVersions = async (page: Page) => {
  await firstAlert(page);
  await page.getByRole('button', { name: /^(Versions|الإصدارات)$/ }).click();
};
const addBand = async (page: Page) => {
  await page.getByRole('button', { name: /^(Add a condition|إضافة شرط)$/ }).click();
  await page
    .getByRole('combobox', { name: /^(Kind of condition|نوع الشرط)$/ })
    .nth(1)
    .selectOption('band');
  await page.getByRole('combobox', { name: /^(Series|السلسلة)$/ }).selectOption({ index: 1 });
  await page
    .getByText(/^(Evaluating|Loading|جارٍ)/)
    .first()
    .waitFor({ state: 'hidden', timeout: 60_000 });
};
const changeChartOfRule = async (page: Page) => {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(Edit|تعديل)$/ })
    .click();
  await page.getByRole('textbox', { name: /^(Segment|المقطع)/ }).fill('belt-3');
  await page.getByRole('button', { name: /^(Save|حفظ)$/ }).click();
  await page.locator('dl[aria-busy=false]').waitFor({ timeout: 60_000 });
};
/** A length of time without a unit. */
const brokenYaml = async (page: Page) => {
  await page.getByRole('tab', { name: 'YAML' }).click();
  const text = page.getByRole('textbox', { name: /YAML/ });
  await text.fill((await text.inputValue()).replace(/window: \w+/, 'window: 20'));
};
/** Marks the newest firing as an incident, and moves the threshold. */
const markIncident = async (page: Page) => {
  const real = page.getByRole('button', { name: /^(This was real|كان هذا حقيقيًا)$/ });
  if ((await real.count()) > 0) await real.first().click();
  for (let i = 0; i < 5; i++) await page.getByRole('slider').press('ArrowDown');
};
const changePanel = async (page: Page) => {
  await page.locator('[data-panel]').nth(2).focus();
  await page.keyboard.press('Shift+ArrowDown');
};
const discard = async (page: Page) => {
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Versions' }).waitFor();
};
const lookAtImport = async (page: Page) => {
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByLabel('Text of the file').fill(readFileSync(grafana, 'utf8'));
  await page.getByRole('button', { name: 'Preview import' }).click();
};
const rulesImport = async (page: Page) => {
  await page.getByRole('button', { name: /^(Import|استيراد)$/ }).click();
  await page.locator('input[type="file"]').setInputFiles(hostRules);
  await page.getByRole('table').last().waitFor();
};

const readyRules = async (page: Page) => {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(Add a rule|إضافة قاعدة)$/ })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('status')
    .filter({ hasText: /^(Trying|تجربتها)/ })
    .first()
    .waitFor({ state: 'detached' });
};

const compared = '/explore?loader=belt-speed&compare=day&table=true&range=1h';
const themes: readonly Omit<Picture, 'look'>[] = [
  { name: 'now', path: '/now' },
  { name: 'explore', path: compared },
  { name: 'dashboards', path: '/dashboards' },
  { name: 'dashboards-conveyor', path: '/dashboards/conveyor' },
  { name: 'dashboards-versions', path: `/dashboards/${wallCode}?version=2` },
  { name: 'library', path: '/charts?code=belt-speed' },
  { name: 'ready-rules', path: '/charts?code=belt-speed', act: readyRules },
  { name: 'rule-editor', path: '/rules/edit?chart=belt-speed', act: addBand },
  { name: 'rule-editor-yaml', path: '/rules/edit?rule=belt-speed-low', act: brokenYaml },
  { name: 'alerts', path: '/alerts', act: firstAlert },
  { name: 'rules', path: '/rules', act: firingRule },
  { name: 'rule-versions', path: '/alerts', act: ruleVersions },
  { name: 'rule-new-chart', path: '/rules?rule=line-speed-low' },
  { name: 'chart-of-rule', path: '/charts?code=line-speed', act: changeChartOfRule },
  { name: 'conveyor', path: '/conveyor' },
  { name: 'loaders', path: '/loaders' },
  { name: 'settings', path: '/settings' },
];
const arabic: Picture['look'] = { language: 'ar' };
const pictures: readonly Picture[] = [
  ...(['dark', 'light'] as const).flatMap((theme) =>
    themes.map(({ name, ...rest }): Picture => ({ ...rest, name: `${name}-${theme}`, look: { theme } })),
  ),
  { name: 'explore-heatmap-dark', path: '/explore?loader=belt-speed&as=heatmap' },
  { name: 'dashboards-edit', path: '/dashboards/conveyor?edit=true', act: changePanel, leave: discard },
  { name: 'dashboards-import', path: '/dashboards', look: { theme: 'light' }, act: lookAtImport },
  { name: 'now-contrast', path: '/now', look: { theme: 'contrast' } },
  { name: 'now-arabic', path: '/now', look: arabic },
  { name: 'ready-rules-arabic', path: '/charts?code=belt-speed', look: arabic, act: readyRules },
  { name: 'ready-rules-narrow', path: '/charts?code=host-disk', size: narrow, act: readyRules },
  { name: 'rule-editor-arabic', path: '/rules/edit?chart=belt-speed', look: arabic, act: addBand },
  { name: 'rule-editor-yaml-arabic', path: '/rules/edit?rule=belt-speed-low', look: arabic, act: brokenYaml },
  { name: 'rule-editor-incidents', path: '/rules/edit?rule=belt-speed-low', act: markIncident },
  { name: 'rule-editor-incidents-arabic', path: '/rules/edit?rule=belt-speed-low', look: arabic, act: markIncident },
  { name: 'rule-editor-narrow', path: '/rules/edit?chart=belt-speed', size: { width: 900, height: 900 } },
  { name: 'rule-editor-wall', path: '/rules/edit?chart=belt-speed', size: wall },
  { name: 'alerts-arabic', path: '/alerts', look: arabic, act: firstAlert },
  { name: 'rules-arabic', path: '/rules', look: arabic, act: firingRule },
  { name: 'rules-import', path: '/rules', act: rulesImport },
  { name: 'rules-import-arabic', path: '/rules', look: { theme: 'light', language: 'ar' }, act: rulesImport },
  { name: 'rules-narrow', path: '/rules', size: narrow },
  { name: 'rules-wall', path: '/rules', size: wall, act: firingRule },
  { name: 'rule-new-chart-arabic', path: '/rules?rule=line-speed-low', look: arabic },
  { name: 'chart-of-rule-arabic', path: '/charts?code=line-speed', look: arabic, act: changeChartOfRule },
  { name: 'rule-versions-arabic', path: '/alerts', look: arabic, act: ruleVersions },
  { name: 'explore-arabic', path: compared, look: { theme: 'light', language: 'ar' } },
  { name: 'dashboards-arabic', path: '/dashboards', look: arabic },
  { name: 'dashboards-conveyor-arabic', path: '/dashboards/conveyor', look: arabic },
  { name: 'now-wall', path: '/now', size: wall },
  { name: 'explore-wall', path: compared, size: wall },
  { name: 'dashboards-wall-of-30', path: `/dashboards/${wallCode}?kiosk=true`, size: wall },
  { name: 'dashboards-wall-of-30-light', path: `/dashboards/${wallCode}`, look: { theme: 'light' } },
];
/** Taken when the backend is gone. */
const offline: readonly Picture[] = [
  { name: 'now-offline', path: '/now' },
  { name: 'dashboards-offline', path: '/dashboards/host-health' },
];

const words = process.argv.slice(2);
const wanted = ({ name }: Picture) => words.length === 0 || words.some((word) => name.includes(word));
mkdirSync(folder, { recursive: true });
const product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '1000' });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: defaultSize });
  await page.goto(product.console);
  await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
  const client = await product.client();
  console.log('Waiting for the history…');
  while ((await client.loaders.list()).items.some((loader) => loader.historyProgress < 1)) await page.waitForTimeout(2_000);
  await changeRule(client);
  await makeRules(client);
  await changeChart(client);
  await client.conveyor.inject({ params: { belt: 'belt-2' }, body: { kind: 'stop' } });
  await page.getByText('Belt speed low').first().waitFor({ timeout: 90_000 });
  await makeWall(client);
  // Waits for some points about the computer and the backend.
  await page.waitForTimeout(words.length === 0 ? 180_000 : 20_000);

  for (const picture of pictures.filter(wanted)) await take(page, picture);
  if (offline.some(wanted)) await takeOffline(page);
  if (words.length === 0) {
    const made = new Set([...pictures, ...offline].map(({ name }) => `${name}.png`));
    for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(join(folder, file));
  }
} finally {
  await browser.close();
  await product.stop();
}

async function takeOffline(page: Page): Promise<void> {
  await callConsole(page, 'settings', 'set', { language: 'en' });
  // Seen once, it is readable without contact.
  await page.goto(new URL('/dashboards/host-health', page.url()).href);
  await page.waitForTimeout(5_000);
  // Stopped and not killed: the console would start another one within seconds.
  const backend = product.backendPid();
  process.kill(backend, 'SIGSTOP');
  try {
    await page.getByText(/No connection to/).waitFor({ timeout: 90_000 });
    for (const picture of offline.filter(wanted)) await take(page, picture);
  } finally {
    process.kill(backend, 'SIGCONT');
  }
}

async function take(page: Page, { name, path, look, size, act, leave }: Picture): Promise<void> {
  await callConsole(page, 'settings', 'set', { theme: 'dark', language: 'en', ...look });
  await page.setViewportSize(size ?? defaultSize);
  await page.goto(new URL(path, page.url()).href);
  // The list makes pictures of its dashboards, one after another.
  await page.waitForTimeout(path === '/dashboards' ? 12_000 : size === wall ? 9_000 : 5_000);
  if (act) {
    await act(page);
    await page.waitForTimeout(2_500);
  }
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await leave?.(page);
  console.log(name);
}

/** So that the rule that fires has a history. */
async function changeRule(client: Awaited<ReturnType<Product['client']>>): Promise<void> {
  const rule = (await client.rules.list()).items.find(({ name }) => name === 'Belt speed low');
  if (!rule) throw new Error('The rule “Belt speed low” is not shipped.');
  const input = ruleInput.strip().parse(rule);
  const changed = { ...input, severity: 'CRITICAL' as const, forMs: 5_000 };
  await client.rules.update({ params: { code: rule.code }, body: { ...changed, version: rule.version } });
}

/** Quiet rules next to those that the product ships, so that the list of rules has something to sort and filter. */
async function makeRules(client: Awaited<ReturnType<Product['client']>>): Promise<void> {
  const belts = [1, 2, 3];
  const rules = [
    ...belts.map((belt) => ({
      code: `belt-${belt}-fast`,
      name: `Belt ${belt} too fast`,
      segment: `belt-${belt}`,
      threshold: 2,
      owner: 'Line team',
    })),
    ...belts.map((belt) => ({
      code: `belt-${belt}-racing`,
      name: `Belt ${belt} racing`,
      segment: `belt-${belt}`,
      threshold: 4,
      owner: 'Maintenance',
    })),
    { code: 'belt-9-fast', name: 'Belt 9 too fast', segment: 'belt-9', threshold: 2, owner: '' },
  ];
  for (const { code, name, segment, threshold, owner } of rules) {
    const condition = { kind: 'threshold', aggregation: 'max', windowMs: 60_000, operator: '>', threshold } as const;
    const more = { severity: threshold > 2 ? 'HIGH' : 'WARNING', onNoData: 'keep', enabled: code !== 'belt-3-racing' } as const;
    const rule = {
      code,
      name,
      owner,
      chartCode: 'belt-speed',
      matchLabels: { segment },
      conditions: [condition],
      evaluateEveryMs: 10_000,
      ...more,
    };
    await client.rules.create({ body: ruleInput.parse(rule) });
  }
}

/** Thirty charts out of the shipped dashboards on one, and a second and third version of it to compare. */
async function makeWall(client: Awaited<ReturnType<Product['client']>>): Promise<void> {
  const shipped = await Promise.all(
    ['conveyor', 'host-health', 'platform-health', 'loaders'].map((code) => client.dashboards.get({ params: { code } })),
  );
  const charts = shipped.flatMap(({ code, panels }) => panels.map((panel) => ({ ...panel, id: `${code}-${panel.id}` })));
  const panels = charts
    .filter((panel) => panel.kind === 'library' || (panel.kind === 'chart' && !['stat', 'table'].includes(panel.drawing.type)))
    .concat(charts.filter((panel) => panel.kind === 'chart' && panel.drawing.type === 'stat'))
    .slice(0, 30)
    .map((panel, i) => ({ ...panel, place: { x: (i % 6) * 4, y: Math.floor(i / 6) * 5, w: 4, h: 5 } }));
  const body: DashboardInput = {
    code: wallCode,
    title: 'Wall of thirty',
    description: 'All that moves, on one screen.',
    folder: 'Plant',
    range: { lastMs: 300_000 },
    variables: shipped.flatMap(({ variables }) => variables),
    panels,
  };
  await client.dashboards.create({ body: dashboardBody.parse(body) });
  const second = {
    ...body,
    title: 'Wall of 30',
    tags: ['control room'],
    panels: panels.map((panel, i) =>
      i === 0 && panel.kind === 'library'
        ? { ...panel, title: 'Belts, speed' }
        : i === 1
          ? { ...panel, place: { ...panel.place, h: 5, y: 25 } }
          : panel,
    ),
  };
  await client.dashboards.update({ params: { code: wallCode }, body: { ...dashboardBody.parse(second), version: 1 } });
  await client.dashboards.update({
    params: { code: wallCode },
    body: { ...dashboardBody.parse({ ...second, panels }), version: 2 },
  });
}

/** A chart that got another belt, and a rule that stays on the one that it had. */
async function changeChart(client: Awaited<ReturnType<Product['client']>>): Promise<void> {
  const of = (segmentCode: string) => ({ from: 'signal', loaderCode: 'belt-speed', segmentCode }) as const;
  const chart = { code: 'line-speed', title: 'Speed of the line', unit: 'm/s' };
  await client.charts.create({ body: { ...chart, selector: of('belt-1') } });
  const low = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '<', threshold: 0.9 } as const;
  const rule = ruleInput.parse({
    code: 'line-speed-low',
    name: 'Line too slow',
    chartCode: chart.code,
    conditions: [{ ...low }],
    severity: 'HIGH',
    owner: 'admin',
  });
  await client.rules.create({ body: rule });
  await client.charts.update({ params: { code: chart.code }, body: { ...chart, selector: of('belt-2'), version: 1 } });
}
