import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { wallCode } from './content.ts';

const hostRules = fileURLToPath(new URL('../../test/fixtures/rules/hosts.rules.yml', import.meta.url));
const grafana = fileURLToPath(new URL('../../test/fixtures/grafana/servers.json', import.meta.url));
export const defaultSize = { width: 1440, height: 900 };
export const wall = { width: 3840, height: 2160 };
const narrow = { width: 900, height: 800 };
const phone = { width: 390, height: 844 };

export interface Picture {
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
const askForSilence = async (page: Page) => {
  await firstAlert(page);
  await page.keyboard.press('q');
  await page.getByRole('textbox', { name: /^(Reason|السبب)$/ }).fill('Belt 2 is repaired');
};
const silence = async (page: Page) => {
  await askForSilence(page);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Silence|كتم)$/ })
    .click();
  await page
    .getByRole('article')
    .getByText(/^(Steps|الخطوات)$/)
    .click();
};
const undo = async (page: Page) => {
  await page.getByRole('button', { name: /^(Undo|تراجع)/ }).click();
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
/** Marks an incident on the strip, beside firings. */
const markIncident = async (page: Page) => {
  await page.getByRole('textbox', { name: /^(Threshold|العتبة)$/ }).fill('0.97');
  const strip = page.locator('[data-strip]');
  await strip.hover();
  const { x, y, width } = (await strip.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + 0.94 * width, y + 5);
  await page.mouse.down();
  await page.mouse.move(x + 0.97 * width, y + 5, { steps: 5 });
  await page.mouse.up();
  const real = page.getByRole('button', { name: /^(This was real|كان هذا حقيقيًا)$/ });
  await real.first().click({ timeout: 10_000 });
  await page.getByRole('slider').scrollIntoViewIfNeeded();
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
/** Definitions of two charts with rules, which would have other series. */
const importCharts = async (page: Page) => {
  const of = (code: string, title: string) => ({ code, title, unit: 'm/s', selector: { from: 'signal', loaderCode: 'belt-items' } });
  const file = [of('belt-speed', 'Belt speed'), of('line-speed', 'Speed of the line')];
  await page.getByRole('button', { name: /^(Import|استيراد)$/ }).click();
  await page.getByRole('textbox', { name: /JSON/ }).fill(JSON.stringify(file));
  await page.getByRole('button', { name: /^(Import 2 charts|استورد رسمين)$/ }).click();
  await page.locator('dl[aria-busy=false]').first().waitFor({ timeout: 60_000 });
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
  { name: 'silence', path: '/alerts', act: askForSilence },
  { name: 'silenced', path: '/alerts', act: silence, leave: undo },
  { name: 'rules', path: '/rules', act: firingRule },
  { name: 'rule-versions', path: '/alerts', act: ruleVersions },
  { name: 'rule-new-chart', path: '/rules?rule=line-speed-low' },
  { name: 'chart-of-rule', path: '/charts?code=line-speed', act: changeChartOfRule },
  { name: 'conveyor', path: '/conveyor' },
  { name: 'loaders', path: '/loaders' },
  { name: 'settings', path: '/settings' },
];
const arabic: Picture['look'] = { language: 'ar' };
export const pictures: readonly Picture[] = [
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
  { name: 'ready-rules-phone', path: '/charts?code=host-disk', size: phone, act: readyRules },
  {
    name: 'ready-rules-phone-arabic',
    path: '/charts?code=host-disk',
    look: { theme: 'light', language: 'ar' },
    size: phone,
    act: readyRules,
  },
  { name: 'ready-rules-wall', path: '/charts?code=host-disk', size: wall, act: readyRules },
  { name: 'rule-editor-arabic', path: '/rules/edit?chart=belt-speed', look: arabic, act: addBand },
  { name: 'rule-editor-yaml-arabic', path: '/rules/edit?rule=belt-speed-low', look: arabic, act: brokenYaml },
  { name: 'rule-editor-incidents', path: '/rules/edit?rule=belt-speed-low', act: markIncident },
  { name: 'rule-editor-incidents-light', path: '/rules/edit?rule=belt-speed-low', look: { theme: 'light' }, act: markIncident },
  { name: 'rule-editor-incidents-arabic', path: '/rules/edit?rule=belt-speed-low', look: arabic, act: markIncident },
  { name: 'rule-editor-incidents-narrow', path: '/rules/edit?rule=belt-speed-low', size: narrow, act: markIncident },
  { name: 'rule-editor-narrow', path: '/rules/edit?chart=belt-speed', size: { width: 900, height: 900 } },
  { name: 'rule-editor-wall', path: '/rules/edit?chart=belt-speed', size: wall },
  { name: 'alerts-arabic', path: '/alerts', look: arabic, act: firstAlert },
  { name: 'silence-arabic', path: '/alerts', look: arabic, act: askForSilence },
  { name: 'silence-narrow', path: '/alerts', size: narrow, act: askForSilence },
  { name: 'silenced-arabic', path: '/alerts', look: arabic, act: silence, leave: undo },
  { name: 'silenced-narrow', path: '/alerts', size: narrow, act: silence, leave: undo },
  { name: 'rules-arabic', path: '/rules', look: arabic, act: firingRule },
  { name: 'rules-import', path: '/rules', act: rulesImport },
  { name: 'rules-import-arabic', path: '/rules', look: { theme: 'light', language: 'ar' }, act: rulesImport },
  { name: 'rules-import-narrow', path: '/rules', size: narrow, act: rulesImport },
  { name: 'rules-import-phone', path: '/rules', size: phone, act: rulesImport },
  { name: 'rules-import-phone-arabic', path: '/rules', look: { theme: 'light', language: 'ar' }, size: phone, act: rulesImport },
  { name: 'rules-import-wall', path: '/rules', size: wall, act: rulesImport },
  { name: 'rules-narrow', path: '/rules', size: narrow },
  { name: 'rules-phone', path: '/rules', size: phone },
  { name: 'rules-wall', path: '/rules', size: wall, act: firingRule },
  { name: 'rule-new-chart-arabic', path: '/rules?rule=line-speed-low', look: arabic },
  { name: 'chart-of-rule-arabic', path: '/charts?code=line-speed', look: arabic, act: changeChartOfRule },
  { name: 'rule-new-chart-narrow', path: '/rules?rule=line-speed-low', size: narrow },
  { name: 'chart-of-rule-narrow', path: '/charts?code=line-speed', size: narrow, act: changeChartOfRule },
  { name: 'chart-of-rule-phone', path: '/charts?code=line-speed', size: phone, act: changeChartOfRule },
  {
    name: 'chart-of-rule-phone-arabic',
    path: '/charts?code=line-speed',
    look: { theme: 'light', language: 'ar' },
    size: phone,
    act: changeChartOfRule,
  },
  { name: 'chart-of-rule-wall', path: '/charts?code=line-speed', size: wall, act: changeChartOfRule },
  { name: 'library-import', path: '/charts', act: importCharts },
  { name: 'library-import-phone-arabic', path: '/charts', look: { theme: 'light', language: 'ar' }, size: phone, act: importCharts },
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
export const offline: readonly Picture[] = [
  { name: 'now-offline', path: '/now' },
  { name: 'dashboards-offline', path: '/dashboards/host-health' },
];
