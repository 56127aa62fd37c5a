import type { Browser } from 'playwright-core';
import { startProduct } from '../../e2e/product.ts';
import { launchChromium } from '../../support/chromium.ts';
import { measureRedraw } from '../alerts/redraw.ts';
import type { Row } from '../row.ts';
import { EditorPage, type Moves } from './editor-page.ts';
import { storeHistory } from './history.ts';

/** Maximum duration of a task of the page, ms. */
const taskTargetMs = 100;
/** Maximum time from a move of the threshold to its firings on the screen, ms. */
const targets = [
  { series: 1, redrawnMs: 100 },
  { series: 50, redrawnMs: 1_000 },
];

/**
 * `npm run bench -- editor`: how soon the rule editor shows the firings of a threshold that is moved, in the real product in Chromium, over
 * 30 days that are evaluated every minute. The time that the decisions alone take in Node says how busy the machine is.
 */
export async function benchEditor(quick: boolean, say: (text: string) => void): Promise<Row[]> {
  const product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '2000' });
  let browser: Browser | undefined;
  try {
    const client = await product.client();
    browser = await launchChromium();
    const page = await EditorPage.open(browser, product.console);
    const rows: Row[] = [];
    for (const { series, redrawnMs } of targets) {
      const code = await storeHistory(client, product.backend, series);
      const openedMs = await page.show(code);
      say(`${series} series: stored and opened; the first firings were shown after ${Math.round(openedMs)} ms`);
      const steps = quick ? 10 : 30;
      const byKeys = await page.moveByKeys(steps);
      const byPointer = await page.drag(steps);
      const { redrawMs } = await measureRedraw(series);
      say(`${series} series: the decisions alone take ${Math.round(redrawMs)} ms in Node`);
      rows.push(
        ...rowsOf(`${series} series, keys`, byKeys, redrawnMs, say),
        ...rowsOf(`${series} series, pointer`, byPointer, redrawnMs, say),
      );
    }
    return rows;
  } finally {
    await browser?.close();
    await product.stop();
  }
}

function rowsOf(work: string, moves: Moves, redrawnMs: number, say: (text: string) => void): Row[] {
  const { median, p95, max, longestTask, tasksMs, steps, shown } = moves;
  const round = (ms: number) => Math.round(ms).toLocaleString('en-US');
  say(
    `${work}: ${steps} steps, ${shown} of them shown; redrawn after ${round(median)} ms (median), ${round(p95)} ms (p95), ${round(max)} ms (max); ` +
      `main thread ${round(tasksMs / steps)} ms a step, longest task ${longestTask === 0 ? 'under 50' : round(longestTask)} ms`,
  );
  const row = (part: string, ours: number, target: number): Row => ({
    work: `${work}: ${part}`,
    peer: `${target} ms`,
    ours,
    theirs: target,
    unit: 'ms',
    ratio: target / ours,
    target: 1,
  });
  return [row('redrawn, p95', p95, redrawnMs), row('longest task', Math.max(50, longestTask), taskTargetMs)];
}
