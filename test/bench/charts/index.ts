import type { Browser } from 'playwright-core';
import { servePage } from '../../support/page-site.ts';
import type { Row } from '../row.ts';
import { BenchPage, startBrowser } from './browser.ts';
import { type Limits, measureChart, measureWall } from './measure.ts';
import type { ContestantName } from './page/main.ts';
import { againstLimits, againstPeer, bestOf, byWork, type Measured, wallRows } from './rows.ts';

interface Plan {
  sizes: number[];
  /** Points of our longest chart; null leaves it out. */
  longest: number | null;
  wall: { charts: number; lines: number; points: number };
  /** Peers that are measured on the wall too. */
  wallPeers: PeerName[];
  limits: Limits;
  wallLimits: Limits;
}
type PeerName = Exclude<ContestantName, 'nothing' | 'ours' | 'ours-from-chunks'>;

const peers: Record<PeerName, string> = {
  uplot: 'uPlot',
  'echarts-pairs': 'ECharts pairs',
  'echarts-lttb': 'ECharts typed lttb',
  'echarts-minmax': 'ECharts typed minmax',
  'webgl-plot': 'webgl-plot, no axes',
};

const full: Plan = {
  sizes: [100_000, 1_000_000, 10_000_000],
  longest: 100_000_000,
  wall: { charts: 30, lines: 4, points: 1_000_000 },
  wallPeers: ['uplot', 'echarts-minmax'],
  limits: { steps: 60, depthMs: 8_000, contestantMs: 60_000 },
  wallLimits: { steps: 60, depthMs: 10_000, contestantMs: 120_000 },
};
const small: Plan = {
  sizes: [1_000_000],
  longest: null,
  wall: { charts: 30, lines: 4, points: 100_000 },
  wallPeers: ['uplot'],
  limits: { steps: 60, depthMs: 600, contestantMs: 6_000 },
  wallLimits: { steps: 60, depthMs: 1_200, contestantMs: 10_000 },
};

/**
 * Times charts against other libraries: the same data and steps, each in a page of its own in a real Chromium. With `gpu` that is started
 * with a GPU; else it draws in software. Either way it says what draws.
 */
export async function benchCharts(quick: boolean, say: (text: string) => void, gpu: boolean): Promise<Row[]> {
  const plan = quick ? small : full;
  const site = await servePage(new URL('./page/', import.meta.url));
  const browser = await startBrowser(gpu);
  try {
    say(`Chromium ${browser.version()}, drawn by: ${await rendererOf(browser, site.url)}`);
    const { frames } = await measureChart(browser, site.url, 'nothing', 1, plan.limits);
    say(`A frame in which nothing is drawn takes ${frames.wide?.median.toFixed(1)} ms here; it is part of every figure below`);
    const rows: Row[] = [];
    const ours = new Map<number, Measured>();
    const measure = async (name: ContestantName, label: string, points: number): Promise<Measured> => {
      // Ours must be measured to the end, or there is nothing to compare with.
      const limits = name.startsWith('ours') ? { ...plan.limits, contestantMs: 3 * plan.limits.contestantMs } : plan.limits;
      const figures = await measureChart(browser, site.url, name, points, limits);
      say(`${label}, ${points.toLocaleString('en-US')} points: ${figures.stopped ? 'stopped, too slow' : 'measured'}`);
      return { label, points, figures };
    };
    for (const points of plan.sizes) {
      const mine = await measure('ours', 'Watchfloor', points);
      ours.set(points, mine);
      const theirs: Measured[] = [];
      for (const [name, label] of Object.entries(peers)) theirs.push(await measure(name as PeerName, label, points));
      const best = bestOf(theirs.filter(({ label }) => label.startsWith('ECharts')));
      rows.push(...byWork(theirs.flatMap((peer) => againstPeer(mine, peer, peer === best))));
    }
    if (plan.longest !== null) ours.set(plan.longest, await measure('ours-from-chunks', 'Watchfloor, from stored chunks', plan.longest));
    rows.push(...againstLimits([...ours.values()]));

    const rates = new Map<string, number | null>();
    for (const name of ['ours', ...plan.wallPeers] as const) {
      rates.set(name === 'ours' ? name : peers[name], await measureWall(browser, site.url, { name, ...plan.wall }, plan.wallLimits));
      say(`${name}: wall measured`);
    }
    rows.push(...wallRows(plan.wall, rates));
    return rows;
  } finally {
    await browser.close();
    await site.close();
  }
}

async function rendererOf(browser: Browser, url: string): Promise<string> {
  const page = await BenchPage.open(browser, url, { width: 100, height: 100 });
  try {
    const name = await page.call('renderer');
    return /swiftshader|llvmpipe|softpipe/i.test(name) ? `${name} (software)` : name;
  } finally {
    await page.close();
  }
}
