import axe from 'axe-core';
import { expect } from 'vitest';
import { page } from 'vitest/browser';
import type { Settings } from '#common/contract/console/settings.ts';
import type { Screen } from './screen.tsx';

/** axe's rules whose result depends on colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

const looks: [Partial<Settings>, axe.RunOptions][] = [
  [{ theme: 'light', language: 'en' }, { rules: { 'label-content-name-mismatch': { enabled: true } } }],
  // A theme changes nothing but colours.
  [{ theme: 'dark', language: 'en' }, { runOnly: colourRules }],
  [{ theme: 'light', language: 'ar' }, { rules: { 'label-content-name-mismatch': { enabled: true } } }],
];

/**
 * Checks what is open in both themes and in Arabic, with all that axe checks by default and one rule that it leaves off. The look
 * changes as it does when another window changes the settings, so whatever is open stays open.
 * @param within the part that is checked; the whole page by default
 */
export async function expectNoFindings({ core, world }: Screen, within: () => axe.ElementContext = () => document): Promise<void> {
  for (const [look, options] of looks) {
    Object.assign(world.settings, look);
    core.emit('settings', 'changed', world.settings);
    await expect
      .poll(() => [document.documentElement.dataset['theme'], document.documentElement.lang])
      .toEqual([look.theme, look.language]);
    await settled();
    const { violations } = await axe.run(within(), { ...options, resultTypes: ['violations'] });
    const findings = violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`)]);
    expect({ look, findings }).toEqual({ look, findings: [] });
  }
}

/** Waits until fonts are there, every transition has ended and two frames were drawn: colours and sizes are the final ones. */
async function settled(): Promise<void> {
  const frame = () => new Promise(requestAnimationFrame);
  await document.fonts.ready;
  for (let i = 0; i < 2; i++) await frame();
  const isEndless = (animation: Animation) => animation.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
  const moving = document.getAnimations().filter((one) => !isEndless(one));
  await Promise.allSettled(moving.map((one) => one.finished));
  await frame();
}

/** Waits until the screen has loaded what it shows, in either language. */
export async function loaded(): Promise<void> {
  const main = page.getByRole('main');
  await expect.element(main.getByRole('heading', { level: 1 })).toBeInTheDocument();
  await expect.element(main.getByRole('status').filter({ hasText: /^(Loading|يجري التحميل)/ })).not.toBeInTheDocument();
  await settled();
}
