import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { quantile } from '../storm/meter.ts';
import { highest, lowestSpike } from './history.ts';
import { installProbe, type Probe } from './probe.ts';

const limitMs = 300_000;

/** How fast firings followed the threshold. Times in ms. */
export interface Moves {
  steps: number;
  /** Steps that were shown before the next one was. */
  shown: number;
  median: number;
  p95: number;
  max: number;
  /** Work of the page's main thread, in CPU time. */
  tasksMs: number;
  /** 0 if none was over 50 ms. */
  longestTask: number;
}

/** The rule editor in a page of its own. */
export class EditorPage {
  readonly #page: Page;
  readonly #session: CDPSession;

  static async open(browser: Browser, url: string): Promise<EditorPage> {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    page.setDefaultTimeout(limitMs);
    await page.addInitScript(installProbe);
    await page.goto(url);
    await page.getByRole('navigation').first().waitFor();
    const session = await page.context().newCDPSession(page);
    // The thread's own CPU time, independent of other load on the machine.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new EditorPage(page, session);
  }

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  /** Opens a rule. @returns how long it took until its firings were shown, ms */
  async show(code: string): Promise<number> {
    const since = performance.now();
    await this.#page.evaluate((path) => history.pushState({}, '', path), `/rules/edit?rule=${code}`);
    await this.#page
      .getByRole('textbox', { name: 'Code', exact: true })
      .and(this.#page.locator(`[value="${code}"]`))
      .waitFor();
    await this.#page.getByText(/^Would have fired/).waitFor();
    return performance.now() - since;
  }

  /** Moves the threshold step by step, each after the firings of the one before are shown. */
  moveByKeys(steps: number): Promise<Moves> {
    return this.#measure(async () => {
      await this.#slider.focus();
      for (let step = 1; step <= steps; step++) {
        await this.#page.keyboard.press('ArrowDown');
        await this.#page.waitForFunction((count) => (globalThis as unknown as { probe: Probe }).probe.redraws.length >= count, step);
      }
    });
  }

  /** Drags the threshold through the heights of the spikes, a move each 16 ms, and back. */
  drag(steps: number): Promise<Moves> {
    return this.#measure(async () => {
      const handle = await this.#slider.boundingBox();
      if (handle === null) throw new Error('The threshold isn’t on the chart.');
      const x = handle.x + handle.width / 2;
      const y = handle.y + handle.height / 2;
      const { mouse } = this.#page;
      await mouse.move(x, y);
      await mouse.down();
      for (let step = 1; step <= steps; step++) {
        await mouse.move(x, y + 2 * step);
        await this.#page.waitForTimeout(16);
      }
      await this.#settled();
      await mouse.up();
    });
  }

  get #slider(): Locator {
    return this.#page.getByRole('slider', { name: 'Threshold' });
  }

  /** Waits until the firings of the last step are shown. */
  async #settled(): Promise<void> {
    await this.#page.waitForFunction(() => {
      const { steps, redraws } = (globalThis as unknown as { probe: Probe }).probe;
      return steps.length > 0 && steps.at(-1)?.threshold === redraws.at(-1)?.threshold;
    });
  }

  async #measure(move: () => Promise<void>): Promise<Moves> {
    await this.#page.evaluate(() => {
      const { probe } = globalThis as unknown as { probe: Probe };
      for (const list of [probe.steps, probe.redraws, probe.longTasks]) list.length = 0;
    });
    const before = await this.#mainThread();
    await move();
    const tasksMs = (await this.#mainThread()) - before;
    const probe = await this.#page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe);
    return { ...movesOf(probe), tasksMs };
  }

  async #mainThread(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const found = metrics.find(({ name }) => name === 'TaskDuration');
    if (found === undefined) throw new Error('This browser doesn’t report how long its tasks take.');
    return 1_000 * found.value;
  }
}

/** A step that the next one overtook counts until the firings of a later one are shown. The threshold falls from step to step. */
function movesOf({ steps, redraws, longTasks }: Probe): Omit<Moves, 'tasksMs'> {
  const latencies = steps.map(({ at, threshold }) => {
    const shown = redraws.find((redraw) => redraw.at >= at && redraw.threshold <= threshold);
    if (shown === undefined) throw new Error(`The firings of ${threshold} were never shown.`);
    return shown.at - at;
  });
  const passed = steps.some(({ threshold }) => threshold > highest || threshold < lowestSpike);
  if (steps.length === 0 || passed) throw new Error('The threshold left the heights of the spikes, or never moved.');
  return {
    steps: steps.length,
    shown: redraws.length,
    median: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    max: Math.max(...latencies),
    longestTask: Math.max(0, ...longTasks),
  };
}
