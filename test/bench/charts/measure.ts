import type { Browser } from 'playwright-core';
import { BenchPage } from './browser.ts';
import type { ContestantName } from './page/main.ts';

/** How much is in sight at each depth: the whole range divided by this. */
export const depths = { wide: 1, middle: 20, deep: 2_000 } as const;
export type DepthName = keyof typeof depths;

/** Times in ms. */
interface FrameTimes {
  median: number;
  p95: number;
  /** Work on the page's main thread a frame. */
  mainThread: number;
}
export interface Figures {
  /** Time from passing the data to the first image on the screen, and to the image of all points, ms. */
  first?: number;
  exact?: number;
  frames: Partial<Record<DepthName, FrameTimes>>;
  /** Bytes of scripts and array buffers, workers included, beyond those of the empty page; after a collection. */
  memory?: number;
  /** Where it was stopped because its time was up, and for how long it had been at that, ms. What comes after is absent. */
  stopped?: { at: Stage; afterMs: number };
}
type Stage = 'first' | DepthName;
export interface Limits {
  steps: number;
  /** Steps of one depth end when they have taken this long together, ms. */
  depthMs: number;
  /** Total time limit of one library, ms. */
  contestantMs: number;
}

/** Measures one chart with one line in a separate page. */
export async function measureChart(
  browser: Browser,
  url: string,
  name: ContestantName,
  points: number,
  { steps, depthMs, contestantMs }: Limits,
): Promise<Figures> {
  const figures: Figures = { frames: {} };
  const page = await BenchPage.open(browser, url, { width: 1600, height: 900 });
  let stage: Stage = 'first';
  let since = performance.now();
  const begin = (next: Stage) => {
    stage = next;
    since = performance.now();
  };
  const work = async () => {
    const empty = await page.call('memory');
    await page.call('prepare', { name, points, charts: 1, lines: 1 });
    begin('first');
    Object.assign(figures, await page.call('open'));
    for (const [depth, divisor] of Object.entries(depths) as [DepthName, number][]) {
      begin(depth);
      const before = await page.mainThread();
      const taken = await page.call('frames', divisor, steps, depthMs);
      const mainThread = ((await page.mainThread()) - before) / taken.length;
      figures.frames[depth] = { median: quantile(taken, 0.5), p95: quantile(taken, 0.95), mainThread };
      if (depth !== 'middle' && name !== 'nothing') await expectDrawn(page, name, depth);
    }
    figures.memory = (await page.call('memory')) - empty;
  };
  try {
    if (!(await inTime(contestantMs, work()))) figures.stopped = { at: stage, afterMs: performance.now() - since };
    return figures;
  } finally {
    await page.close();
  }
}

/**
 * Returns the frames per second while charts pan together over their whole range; null when even the first images take too long or do not
 * fit.
 */
export async function measureWall(
  browser: Browser,
  url: string,
  wall: { name: ContestantName; points: number; charts: number; lines: number },
  { steps, depthMs, contestantMs }: Limits,
): Promise<number | null> {
  const page = await BenchPage.open(browser, url, { width: 1920, height: 1080 });
  let rate: number | null = null;
  const work = async () => {
    await page.call('openWall', wall);
    await page.call('pan', depths.wide, 3, depthMs);
    rate = await page.call('pan', depths.wide, steps, depthMs);
    await expectDrawn(page, wall.name, 'wall');
  };
  try {
    await inTime(contestantMs, work());
    return rate;
  } finally {
    await page.close();
  }
}

/** A contestant that shows nothing has not done the work. The columns of axes hold no line. */
async function expectDrawn(page: BenchPage, name: string, what: DepthName | 'wall'): Promise<void> {
  const share = await page.inked();
  if (share < (what === 'wall' ? 0.6 : 0.9))
    throw new Error(`${name}, ${what}: a line in ${Math.round(share * 100)} % of the columns only`);
}

/** Returns whether `work` ended within `ms`; otherwise it continues until its page is closed. */
async function inTime(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(() => true as const);
  try {
    const ended = await Promise.race([done, late]);
    // Its page is about to be closed, which is not a failure.
    if (!ended) done.catch(() => undefined);
    return ended;
  } finally {
    clearTimeout(timer);
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
