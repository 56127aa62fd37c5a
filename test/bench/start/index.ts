import type { Browser } from 'playwright-core';
import { ensureBuilt } from '../../../scripts/build.ts';
import { startProduct } from '../../e2e/product.ts';
import { launchChromium } from '../../support/chromium.ts';
import type { Row } from '../row.ts';

/** Time limits of start and stop, ms. */
const promised = { numbers: 10_000, end: 5_000 };

/**
 * `npm run bench -- start`: how long the product takes from the command to the first numbers on screen, and to end, on an empty data
 * folder, against what is promised. The slowest of the rounds counts: a promise is kept every time.
 */
export async function benchStart(quick: boolean, say: (text: string) => void): Promise<Row[]> {
  await ensureBuilt();
  const browser = await launchChromium();
  const rounds: { numbersMs: number; endMs: number }[] = [];
  try {
    for (let round = 1; round <= (quick ? 1 : 5); round += 1) {
      const { linkMs, numbersMs, endMs } = await startAndEnd(browser);
      say(
        `round ${round}: link after ${Math.round(linkMs)} ms, numbers after ${Math.round(numbersMs)} ms, ended in ${Math.round(endMs)} ms`,
      );
      rounds.push({ numbersMs, endMs });
    }
  } finally {
    await browser.close();
  }
  return [
    row('from the command to the first numbers on screen', promised.numbers, Math.max(...rounds.map(({ numbersMs }) => numbersMs))),
    row('from SIGTERM to the end of every process', promised.end, Math.max(...rounds.map(({ endMs }) => endMs))),
  ];
}

function row(work: string, theirs: number, ours: number): Row {
  return { work, peer: 'what is promised', ours, theirs, unit: 'ms', ratio: theirs / ours, target: 1 };
}

/** All times in ms. @throws Error when a process of the product outlives it */
async function startAndEnd(browser: Browser): Promise<{ linkMs: number; numbersMs: number; endMs: number }> {
  const began = performance.now();
  const product = await startProduct();
  const linkMs = performance.now() - began;
  try {
    await firstNumbers(browser, product.console);
  } catch (error) {
    await product.stop();
    throw error;
  }
  const numbersMs = performance.now() - began;
  const { tookMs, left } = await product.stop();
  if (left.length > 0) throw new Error(`Still running after the end:\n${left.join('\n')}`);
  return { linkMs, numbersMs, endMs: tookMs };
}

/** Opens the console and waits for a speed of the conveyor and a share of this computer. */
async function firstNumbers(browser: Browser, console: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.goto(console);
    for (const number of [/\d ?m\/s/, /\d ?%/]) await page.locator('main').getByText(number).first().waitFor({ timeout: 120_000 });
  } finally {
    await page.close();
  }
}
