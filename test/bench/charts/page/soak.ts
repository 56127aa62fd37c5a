import { Plot, type PlotState, plainState } from '#renderer/charts/engine/index.ts';
import { dataStart } from './data.ts';
import { nextFrame } from './frames.ts';
import { plainLines } from './ours.ts';

/** Live lines get a point this often; a tick of the soak brings that of `tickMs`. */
const stepMs = 100;
const tickMs = 10_000;
const rangeMs = 3_600_000;
const linesEach = 4;
const lines = plainLines(linesEach);

interface Live {
  plot: Plot;
  host: HTMLElement;
  seed: number;
  /** How much is in sight, ms. */
  width: number;
}
/** The options of one visit to the second dashboard. */
export interface Visit {
  visit: number;
  forMs: number;
  /** Forgets to dispose of the charts that leave: a soak that does not see this sees nothing. */
  leak: boolean;
}

let now = dataStart + rangeMs;
let standing: Live[] = [];
const forgotten: Live[] = [];

/** The value of a line at a moment, the same whenever it is asked for. */
function valueAt(seed: number, at: number): number {
  const mixed = Math.imul((at / stepMs) ^ (seed * 0x9e3779b1), 0x85ebca6b);
  return 50 + 20 * Math.sin(at / 600_000 + seed) + ((mixed ^ (mixed >>> 15)) >>> 0) / 429_496_730;
}

function piece(seed: number, from: number, to: number): { t: Float64Array<ArrayBuffer>; v: Float64Array<ArrayBuffer> } {
  const t = Float64Array.from({ length: Math.round((to - from) / stepMs) }, (_, i) => from + i * stepMs);
  return { t, v: t.map((at) => valueAt(seed, at)) };
}

/** Sets the last hour again, as the console does after a while: older points are dropped. */
function fill({ plot, seed }: Live): void {
  lines.forEach(({ id }, i) => {
    const { t, v } = piece(seed + i, now - rangeMs, now);
    plot.put(id, { times: t, values: v, bucketMs: 0 });
  });
}

function stateOf(isDark: boolean): PlotState {
  const plain = plainState(lines);
  return isDark ? plain : { ...plain, look: { ...plain.look, faint: '#5b636b', border: '#d5d9dd', surface: '#ffffff' } };
}

function mount(count: number, firstSeed: number): Live[] {
  return Array.from({ length: count }, (_, i) => {
    const host = document.createElement('div');
    document.querySelector('#stage')?.append(host);
    const live = { plot: new Plot(host, { state: stateOf(true) }), host, seed: firstSeed + i * linesEach, width: rangeMs };
    fill(live);
    return live;
  });
}

async function tick(all: readonly Live[]): Promise<void> {
  for (const { plot, seed } of all)
    lines.forEach(({ id }, i) => {
      const { t, v } = piece(seed + i, now, now + tickMs);
      plot.append(id, t, v, now + tickMs - rangeMs);
    });
  now += tickMs;
  await Promise.all(all.map(({ plot, width }) => plot.shown(now - width, now)));
  await nextFrame();
}

export const soak = {
  /** Mounts the dashboard that stays. */
  soakStart(charts: number): void {
    const stage = document.querySelector<HTMLElement>('#stage');
    if (stage) stage.style.gridTemplate = 'repeat(4, 1fr) / repeat(4, 1fr)';
    standing = mount(charts, 1);
  },

  /**
   * Runs for a while with a second dashboard, which is closed at the end. Every minute a chart is zoomed; each visit switches the theme.
   */
  async soakVisit({ visit, forMs, leak }: Visit): Promise<void> {
    const visiting = mount(4, 1_000);
    const all = [...standing, ...visiting];
    for (const { plot } of all) plot.set(stateOf(visit % 2 === 0));
    for (let done = 0; done < forMs; done += tickMs) {
      const zoomed = all[(visit * 7 + done / tickMs) % all.length];
      if (done % 60_000 === 0 && zoomed) zoomed.width = zoomed.width === rangeMs ? rangeMs / 20 : rangeMs;
      await tick(all);
    }
    for (const { plot, host } of visiting) {
      if (!leak) plot.dispose();
      host.remove();
    }
    if (leak) forgotten.push(...visiting);
    for (const live of standing) fill(live);
    await Promise.all(standing.map(({ plot, width }) => plot.shown(now - width, now)));
    await nextFrame();
  },
};
