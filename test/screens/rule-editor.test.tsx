import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { PanelQuery } from '#common/contract/console/series.ts';
import { AppError } from '#common/contract/errors.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import { dayMs, hourMs, minuteMs } from '#common/time/durations.ts';
import { ago, connectionId, makeLoader, makeRule } from './make.ts';
import { openScreen } from './screen.tsx';

const saved = (core: { callsOf: (name: string) => unknown[] }, name: string) =>
  (core.callsOf(name).at(-1) as { rule: RuleInput } | undefined)?.rule;
const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });

test('a new rule for a chart begins with a threshold, is tried on the last 30 days, and is created', async () => {
  const { core, address } = await openScreen('/rules/edit?chart=belt-speed', () => {}, {
    alerts: { createRule: ({ rule }) => makeRule(rule) },
  });
  await expect.element(page.getByRole('heading', { name: 'New alert rule' })).toBeVisible();
  await expect.element(page.getByText(/^Would (not )?have fired/)).toBeVisible();
  await field('Threshold').fill('0,25');
  await page.getByRole('combobox', { name: 'Relation' }).selectOptions('below');
  await field('Duration').fill('10m');
  await field('Owner').fill('Line team');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await expect.poll(address).toMatch(/^\/rules\?.*rule=belt-speed/);
  expect(saved(core, 'alerts.createRule')).toMatchObject({
    chartCode: 'belt-speed',
    conditions: [{ kind: 'threshold', operator: '<', threshold: 0.25 }],
    forMs: 600_000,
    owner: 'Line team',
  });
});

test('the firings follow the threshold as it is moved, and say why', async () => {
  await openScreen('/rules/edit?chart=belt-speed');
  await expect.element(page.getByText(/^Would (not )?have fired/)).toBeVisible();
  await field('Duration').fill('0');
  await field('Threshold').fill('1000');
  await expect.element(page.getByText('Would not have fired.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Relation' }).selectOptions('below');
  await expect.element(page.getByText('Would have fired 1 time')).toBeVisible();
  await expect.element(page.getByText(/Average over 5 min is .*, below 1,?000/)).toBeVisible();
  const handle = page.getByRole('slider', { name: 'Threshold' });
  (handle.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(() => Number(handle.element().getAttribute('aria-valuenow'))).toBeGreaterThan(1_000);
});

test('with less than a month of history, a rule is tried on what there is', async () => {
  const start = Date.now() - 50 * hourMs;
  const { core } = await openScreen('/rules/edit?rule=belt-speed');
  core.answer({
    series: {
      query: ({ query: { to } }) => {
        const t = Float64Array.from({ length: 50 }, (_, i) => start + i * hourMs).filter((at) => at < to);
        return { series: [{ labels: { belt: '2' }, t, v: t.map(() => 1) }], asOf: to, missing: [], damaged: [], problem: null };
      },
    },
  });
  await expect.element(page.getByText('The last 2 d 6 h')).toBeVisible();
  await expect.element(page.getByText(/^Would (not )?have fired/)).toBeVisible();
});

test('conditions are added, joined by weight, and removed', async () => {
  const { core } = await openScreen('/rules/edit?chart=belt-speed', () => {}, { alerts: { createRule: ({ rule }) => makeRule(rule) } });
  await page.getByRole('button', { name: 'Add a condition' }).click();
  const second = page.getByRole('group', { name: 'Condition 2' });
  await second.getByRole('combobox', { name: 'Kind of condition' }).selectOptions('Outside its usual range');
  await second.getByRole('textbox', { name: 'Days' }).fill('7');
  await page.getByRole('combobox', { name: 'How conditions count together' }).selectOptions('conditions with enough weight hold');
  await field('Weight needed, %').fill('60');
  await second.getByRole('textbox', { name: 'Weight' }).fill('2');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('button', { name: 'Remove condition 3' }).click();
  await page.getByRole('button', { name: 'Create rule' }).click();
  await expect
    .poll(() => saved(core, 'alerts.createRule'))
    .toMatchObject({
      conditions: [{ kind: 'threshold' }, { kind: 'range', days: 7, share: 0.998, weight: 2 }],
      match: { kind: 'score', threshold: 0.6 },
    });
});

test('what is wrong is said at its field, and nothing is saved', async () => {
  const { core } = await openScreen('/rules/edit?chart=belt-speed');
  await field('Threshold').fill('high');
  await field('Window').fill('soon');
  await page.getByRole('button', { name: 'Create rule' }).click();
  await expect.element(page.getByText('Correct 2 fields first')).toBeVisible();
  expect(core.callsOf('alerts.createRule')).toEqual([]);
});

test('a stored rule keeps its code, and is replaced under the version that was read', async () => {
  const { core } = await openScreen('/rules/edit?rule=belt-speed', () => {}, { alerts: { updateRule: ({ rule }) => makeRule(rule) } });
  await expect.element(page.getByRole('heading', { name: 'Edit alert rule' })).toBeVisible();
  await expect.element(field('Code')).toBeDisabled();
  await page.getByText('More settings').click();
  await page.getByRole('button', { name: 'Add a more urgent severity' }).click();
  await field('Threshold for Critical').fill('0.1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => core.callsOf('alerts.updateRule').at(-1))
    .toMatchObject({
      rule: { version: makeRule().version, conditions: [{ threshold: 0.5, levels: [{ severity: 'CRITICAL', threshold: 0.1 }] }] },
    });
});

test('a refused save stays on the screen and says why', async () => {
  const refuse = () => {
    throw new AppError('version_conflict', 'Someone changed it.');
  };
  const { address } = await openScreen('/rules/edit?rule=belt-speed', () => {}, { alerts: { updateRule: refuse } });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.element(page.getByText('The rule couldn’t be saved')).toBeVisible();
  expect(address()).toContain('/rules/edit');
});

test('an unknown rule or chart is named', async () => {
  await openScreen('/rules/edit?rule=gone');
  await expect.element(page.getByText('The rule gone isn’t available. It may have been deleted.')).toBeVisible();
});

const text = () => page.getByRole('textbox', { name: 'Rule as YAML' });
const textNow = () => (text().element() as HTMLTextAreaElement).value;
const openTab = (name: string) => page.getByRole('tab', { name }).click();

test('sentence and YAML show the same draft, also while the threshold moves on the chart', async () => {
  const { core } = await openScreen('/rules/edit?rule=belt-speed', () => {}, { alerts: { updateRule: ({ rule }) => makeRule(rule) } });
  await field('Owner').fill('Line team');
  await openTab('YAML');
  await expect.poll(textNow).toContain('owner: Line team');
  await text().fill(textNow().replace('threshold: 0.5', 'threshold: 0.75  # half'));
  await expect.poll(() => page.getByRole('slider', { name: 'Threshold' }).element().getAttribute('aria-valuenow')).toBe('0.75');
  expect(textNow()).toContain('# half');
  (page.getByRole('slider', { name: 'Threshold' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(textNow).toMatch(/threshold: 0\.(?!75 )\d+ {2}# half/);
  await openTab('Sentence');
  expect(Number((field('Threshold').element() as HTMLInputElement).value)).toBeGreaterThan(0.75);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => saved(core, 'alerts.updateRule')).toMatchObject({ owner: 'Line team', code: 'belt-speed' });
});

test('a text with mistakes stays, says what is wrong at its lines, and is not saved', async () => {
  const { core } = await openScreen('/rules/edit?rule=belt-speed');
  await openTab('YAML');
  const before = textNow();
  await text().fill(before.replace('window: 1m', 'window: soon'));
  await expect.element(page.getByText('Write a length of time with its unit, such as 30s, 5m, 1h30m or 14d.')).toBeVisible();
  const line = before.split('\n').findIndex((one) => one.includes('window:')) + 1;
  await expect.element(page.getByRole('button', { name: `Line ${line}` })).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true');
  await openTab('Sentence');
  await expect.element(page.getByText('The text has mistakes. Correct them to go back to the sentence.')).toBeVisible();
  expect(textNow()).toContain('window: soon');
  await page.getByRole('button', { name: 'Discard the text' }).click();
  expect(textNow()).toBe(before);
  expect(core.callsOf('alerts.updateRule')).toEqual([]);
});

test('the code and the chart of a stored rule can’t be changed in its YAML', async () => {
  await openScreen('/rules/edit?rule=belt-speed');
  await openTab('YAML');
  await text().fill(textNow().replace('chart: belt-speed', 'chart: host-load'));
  await expect.element(page.getByText(/^This editor is open for the chart “belt-speed”/)).toBeVisible();
});

test('labels and annotations are rows, read as they would for the last firing, and are checked', async () => {
  const { core } = await openScreen('/rules/edit?rule=belt-speed', () => {}, { alerts: { updateRule: ({ rule }) => makeRule(rule) } });
  await page.getByText('Texts of its alerts').click();
  await page.getByRole('button', { name: 'Add an annotation' }).click();
  await field('Name of annotation 1').fill('summary');
  await field('Text of annotation 1').fill('{{ labels.segment }} is slow');
  await expect.element(page.getByText('belt-2 is slow')).toBeVisible();
  await page.getByRole('button', { name: 'Add a label' }).click();
  await field('Name of label 1').fill('team');
  await field('Text of label 1').fill('{{ belt }}');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.element(page.getByText(/^Line 1: there is no variable belt\./)).toBeVisible();
  expect(core.callsOf('alerts.updateRule')).toEqual([]);
  await field('Text of label 1').fill('line');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => saved(core, 'alerts.updateRule'))
    .toMatchObject({ labels: { team: 'line' }, annotations: { summary: '{{ labels.segment }} is slow' } });
});

test('what is wrong is said in Arabic on the Arabic screen', async () => {
  await openScreen('/rules/edit?rule=belt-speed', (world) => {
    world.settings.language = 'ar';
  });
  await field('النافذة').fill('40d');
  await field('المدة').fill('قريبًا');
  await page.getByRole('button', { name: 'حفظ' }).click();
  await expect.element(page.getByText(/^أدخل ما لا يزيد على .*30/)).toBeVisible();
  await expect.element(page.getByText('صحّح حقلين أولًا')).toBeVisible();
});

test('the mistakes of a text are said in Arabic on the Arabic screen', async () => {
  await openScreen('/rules/edit?rule=belt-speed', (world) => {
    world.settings.language = 'ar';
  });
  await openTab('YAML');
  const field = page.getByRole('textbox', { name: 'القاعدة بصيغة YAML' });
  const before = (field.element() as HTMLTextAreaElement).value;
  const mistakes = page.getByRole('alert');
  await field.fill(before.replace('window: 1m', 'window: soon').replace('severity: HIGH', 'severity: high\nmood: good'));
  await expect.element(mistakes.getByText(/^اكتب المدة مع وحدتها/)).toBeVisible();
  await expect.element(mistakes.getByText(/^لا يوجد هذا الحقل هنا/)).toBeVisible();
  const sentences = () => mistakes.element().textContent.replaceAll(/[a-z]+(\.\w+)+/gi, '');
  expect(sentences()).not.toMatch(/[A-Za-z]{2,} [A-Za-z]{2,}/);
  await field.fill(before.replace('window: 1m', 'window: "1m'));
  await expect.element(mistakes.getByText(/^ينقص هنا رمز/)).toBeVisible();
  expect(sentences()).not.toMatch(/[A-Za-z]{2,} [A-Za-z]{2,}/);
});

/** A belt that stood for ten minutes, two days ago. */
const stood = Math.floor((Date.now() - 2 * dayMs) / minuteMs) * minuteMs;
const standstill = ({ query: { from, to, bucketMs, aggregation } }: { query: PanelQuery }) => {
  const everyMs = Math.max(minuteMs, bucketMs);
  const first = Math.ceil(from / everyMs) * everyMs;
  const t = Float64Array.from({ length: Math.max(0, Math.ceil((to - first) / everyMs)) }, (_, i) => first + i * everyMs);
  const v = t.map((time) => (aggregation !== 'count' && time >= stood && time < stood + 10 * minuteMs ? 0.2 : 1));
  return { series: [{ labels: { segment: 'belt-2' }, t, v }], asOf: Date.now(), missing: [], damaged: [], problem: null };
};

test('an incident is marked, stays, and a threshold that would have caught it is used', async () => {
  const { core, world } = await openScreen('/rules/edit?chart=belt-speed', () => {}, { series: { query: standstill } });
  await page.getByRole('combobox', { name: 'Relation' }).selectOptions('below');
  await field('Duration').fill('0');
  await field('Window').fill('1m');
  await field('Threshold').fill('0.5');
  await page.getByRole('button', { name: 'This was real' }).click();
  await expect.element(page.getByText('Incident', { exact: true })).toBeVisible();
  expect(Object.values(world.settings.incidents)).toEqual([[{ from: expect.any(Number), to: expect.any(Number) }]]);
  await field('Threshold').fill('0.1');
  await page.getByText('More settings').click();
  await field('Clears past').fill('0.15');
  const thresholds = page.getByRole('table', { name: 'Thresholds for these incidents' });
  await expect.element(thresholds.getByText(/misses 1$/)).toBeVisible();
  await expect.element(page.getByText(/^The thresholds of more urgent severities .* move by the same amount\.$/)).toBeVisible();
  await thresholds.getByRole('button').first().click();
  await expect.poll(() => (field('Threshold').element() as HTMLInputElement).value).toBe('0.201');
  expect((field('Clears past').element() as HTMLInputElement).value).toBe('0.251');
  await expect.element(page.getByText('Would have fired 1 time')).toBeVisible();
  await page.getByRole('button', { name: 'Remove incident 1' }).click();
  await expect.poll(() => world.settings.incidents).toEqual({});
  expect(core.callsOf('settings.set')).toHaveLength(2);
});

test('a drag over the strip marks an incident, and so do the alerts that were acknowledged', async () => {
  const alert = {
    id: connectionId,
    labels: {},
    severity: 'HIGH',
    cause: 'condition',
    firedAt: ago(dayMs),
    resolvedAt: ago(dayMs - minuteMs),
  } as const;
  const { world } = await openScreen('/rules/edit?rule=belt-speed', () => {}, {
    alerts: {
      ruleFirings: () => ({
        value: [
          { ...alert, acknowledgedBy: 'sara' },
          { ...alert, firedAt: ago(5 * dayMs), resolvedAt: ago(4 * dayMs), acknowledgedBy: null },
        ],
        asOf: Date.now(),
      }),
    },
  });
  const marked = () => Object.values(world.settings.incidents).flat();
  await page.getByRole('button', { name: 'Mark the acknowledged alert' }).click();
  await expect.poll(marked).toEqual([{ from: alert.firedAt - minuteMs, to: alert.resolvedAt }]);
  const strip = document.querySelector('[data-strip]') as HTMLElement;
  const { left, top, width } = strip.getBoundingClientRect();
  // As those of a hand, the events come one frame after another.
  const point = async (type: string, x: number) => {
    strip.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: left + x * width, clientY: top + 5 }));
    await new Promise(requestAnimationFrame);
  };
  // A pointer that exists only in the test can't be captured.
  strip.setPointerCapture = () => {};
  await point('pointerdown', 0.1);
  await point('pointermove', 0.2);
  await expect.poll(() => strip.querySelectorAll('[data-incident]').length).toBe(2);
  await point('pointerup', 0.2);
  await expect.poll(() => marked().length).toBe(2);
  expect((marked()[0]?.to ?? 0) - (marked()[0]?.from ?? 0)).toBeGreaterThan(2.9 * dayMs);
});

test('a window that is too short for how often the loader runs is doubted next to its condition, and can be saved', async () => {
  const { core } = await openScreen(
    '/rules/edit?rule=belt-speed',
    (world) => {
      world.loaders = [makeLoader({ intervalMs: 5 * minuteMs })];
    },
    {
      alerts: { updateRule: ({ rule }) => makeRule(rule) },
      series: { query: () => ({ series: [], asOf: Date.now(), missing: [], damaged: [], problem: null }) },
    },
  );
  const doubt = 'This chart gets points every 5 min, so a window of 1 min is often empty. Use at least 10 min.';
  const condition = page.getByRole('group', { name: 'Condition 1' });
  await expect.element(condition.getByText(doubt)).toBeVisible();
  await page.getByRole('tab', { name: 'YAML' }).click();
  await expect.element(page.getByText(`Condition 1: ${doubt}`)).toBeVisible();
  await page.getByRole('tab', { name: 'Sentence' }).click();
  await field('Window').fill('10m');
  await expect.element(condition.getByText(doubt)).not.toBeInTheDocument();
  await field('Window').fill('2m');
  await expect.element(condition.getByText(/a window of 2 min is often empty/)).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => saved(core, 'alerts.updateRule')).toMatchObject({ conditions: [{ windowMs: 2 * minuteMs }] });
});
