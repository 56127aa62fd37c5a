import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { loaded } from './axe.ts';
import { makeBusy } from './busy-world.ts';
import { openScreen } from './screen.tsx';

/** The frame around the screens: by the keyboard, and in narrow windows. */
const isInMain = () => document.querySelector('main')?.contains(document.activeElement) === true;

describe('with the keyboard', () => {
  test.each(['/now', '/alerts'])('%s is reached in a few steps, and directly from the first one', async (address) => {
    await openScreen(address, makeBusy);
    await loaded();
    await userEvent.tab();
    await expect.element(page.getByRole('link', { name: 'Skip to content' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement?.tagName).toBe('MAIN');
    await userEvent.tab();
    expect(isInMain()).toBe(true);
    expect(document.activeElement?.tagName).not.toBe('MAIN');
  });

  test('the screens are one Tab stop, and arrow keys move between them', async () => {
    await openScreen('/now', makeBusy);
    await loaded();
    let stops = 0;
    do {
      await userEvent.tab();
      stops += 1;
    } while (stops < 20 && !isInMain());
    expect(stops).toBeLessThanOrEqual(7);
  });
});

describe('in narrow windows', () => {
  afterEach(() => page.viewport(1_440, 900));
  const windows = { '1,100 px': [1_100, 800], '1,440 × 900 px at 200 %': [720, 450], '390 px': [390, 844] } as const;
  test.each(['/now', '/alerts', '/settings'])('nothing of %s is cut off or overlaps', async (address) => {
    const { core, world } = await openScreen(address, makeBusy);
    for (const language of ['en', 'ar'] as const) {
      core.emit('settings', 'changed', { ...world.settings, language });
      await expect.poll(() => document.documentElement.lang).toBe(language);
      for (const [name, [width, height]] of Object.entries(windows)) {
        await page.viewport(width, height);
        await loaded();
        expect({ name, language, faults: layoutFaults() }).toEqual({ name, language, faults: [] });
      }
    }
  });
});

/** Returns elements of the frame around the screens that are outside the window or covered, and texts that are cut off. */
function layoutFaults(): string[] {
  const faults: string[] = [];
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  for (const bar of document.querySelectorAll('#root > div > :is(header, footer, nav)')) {
    const parts = [...bar.querySelectorAll('button, a, time')].filter(isShown);
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      if (box.left < -0.5 || box.right > window.innerWidth + 0.5) faults.push(`${nameOf(part)} is cut off by the window`);
      const others = parts.filter((other) => part !== other && !part.contains(other) && !other.contains(part));
      faults.push(...others.filter((other) => overlap(part, other)).map((other) => `${nameOf(part)} overlaps ${nameOf(other)}`));
      if (part.tagName === 'TIME' && part.scrollWidth > part.clientWidth + 1) faults.push(`${nameOf(part)} does not fit`);
    }
  }
  return faults;
}

const nameOf = (one: Element) =>
  `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}"`;

function isShown(one: Element): boolean {
  const { width, height } = one.getBoundingClientRect();
  return width > 1 && height > 1 && getComputedStyle(one).visibility === 'visible';
}

function overlap(one: Element, other: Element): boolean {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
}
