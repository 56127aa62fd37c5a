import { heldBytes, Plot, plainState } from '../../../renderer/charts/engine/index.ts';
import { start } from './data.ts';
import { coverageOf, different, lit } from './reference.ts';

const stepMs = 100;

function hosts(count: number, width: number, height: number): HTMLElement[] {
  const all = Array.from({ length: count }, () => {
    const element = document.createElement('div');
    element.style.cssText = `position:relative;display:inline-block;width:${width}px;height:${height}px`;
    return element;
  });
  document.body.replaceChildren(...all);
  return all;
}

/** Returns the points `first` to `last` of an endless line. */
function piece(seed: number, first: number, last: number): { t: Float64Array<ArrayBuffer>; v: Float64Array<ArrayBuffer> } {
  const t = Float64Array.from({ length: last - first }, (_, i) => start + (first + i) * stepMs);
  return { t, v: t.map((at) => Math.sin(at / 40_000 + seed) * 40 + ((at / stepMs) % 23) / 2.1) };
}

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
const quantile = (values: number[], share: number) => values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

export interface LiveOptions {
  charts: number;
  /** Points of each that are in sight. */
  points: number;
  /** How long ten points per second arrive, by the clock, ms. */
  forMs: number;
}

export const live = {
  /**
   * Charts that each get ten points a second: the time between frames and what workers need for the last pictures beside what they needed for
   * the first, ms.
   */
  async live({ charts, points, forMs }: LiveOptions) {
    const work: number[] = [];
    const plots = hosts(charts, 190, 110).map((host, seed) => {
      const plot = new Plot(host, {
        state: plainState([{ id: 'a', name: 'a', color: '#2f6fed' }]),
        onDrawn: ({ answer }) => {
          work.push(answer.workMs);
          return true;
        },
      });
      const { t, v } = piece(seed, 0, points);
      plot.put('a', { times: t, values: v, bucketMs: 0 });
      return plot;
    });
    const show = (now: number) => {
      for (const plot of plots) plot.show(start + (now - points) * stepMs, start + now * stepMs);
    };
    await Promise.all(plots.map((plot) => plot.shown(start, start + points * stepMs)));
    work.length = 0;
    const frames: number[] = [];
    let now = points;
    let last = await frame();
    for (const began = last; last - began < forMs; ) {
      const due = points + Math.floor((last - began) / stepMs);
      if (due > now) {
        plots.forEach((plot, seed) => {
          const { t, v } = piece(seed, now, due);
          plot.append('a', t, v, start + (due - points) * stepMs);
        });
        now = due;
        show(now);
      }
      const at = await frame();
      frames.push(at - last);
      last = at;
    }
    const pictures = work.length;
    const read = await plots[0]?.read(start + (now - 1) * stepMs, 1);
    for (const plot of plots) plot.dispose();
    return { pictures, added: now - points, median: quantile(frames, 0.5), p95: quantile(frames, 0.95), work: quantile(work, 0.5), read };
  },

  /**
   * Appends ten times as many points as are visible to one chart. Returns the memory at the start and at each tenth, and the last image
   * next to that of a new chart.
   */
  async longLife(points: number) {
    const [host, fresh] = hosts(2, 400, 200);
    if (!host || !fresh) throw new Error('no room');
    const state = plainState([{ id: 'a', name: 'a', color: '#000000', width: 1 }], { frame: { left: 0, right: 0, top: 0, bottom: 0 } });
    const open = (on: HTMLElement) => new Plot(on, { state, crisp: true, ratio: 1, onDrawn: () => true });
    const plot = open(host);
    const first = piece(1, 0, points);
    plot.put('a', { times: first.t, values: first.v, bucketMs: 0 });
    await plot.shown(start, start + points * stepMs);
    const bytes = [await heldBytes()];
    let now = points;
    const each = points / 100;
    while (now < 11 * points) {
      const { t, v } = piece(1, now, now + each);
      now += each;
      plot.append('a', t, v, start + (now - points) * stepMs);
      if (now % points === 0) bytes.push(await heldBytes());
    }
    const view = [start + (now - points) * stepMs, start + now * stepMs] as const;
    await plot.shown(...view);
    const other = open(fresh);
    const newer = piece(1, now - points - 1, now);
    other.put('a', { times: newer.t, values: newer.v, bucketMs: 0 });
    await other.shown(...view);
    const [a, b] = [host, fresh].map((one) => {
      const context = one.querySelector('canvas')?.getContext('2d');
      if (!context) throw new Error('no canvas');
      return coverageOf(context, 400, 200);
    });
    if (!a || !b) throw new Error('no picture');
    plot.dispose();
    other.dispose();
    return { bytes, lit: lit(a), different: different(a, b) };
  },

  /** So many lines in one chart, by pixel columns and by every point: pixels that differ, and the median of its frames, ms. */
  async manyLines(count: number, points: number) {
    const [host] = hosts(1, 800, 400);
    if (!host) throw new Error('no room');
    const lines = Array.from({ length: count }, (_, i) => ({ id: `${i}`, name: `${i}`, color: '#000000', width: 1 }));
    const state = plainState(lines, { frame: { left: 0, right: 0, top: 0, bottom: 0 } });
    const draw = async (everyPoint: boolean) => {
      const plot = new Plot(host, { state, crisp: true, everyPoint, ratio: 1, means: 'canvas', onDrawn: () => true });
      lines.forEach(({ id }, i) => {
        const { t, v } = piece(i / 10, 0, points);
        plot.put(id, { times: t, values: v, bucketMs: 0 });
      });
      await plot.shown(start, start + points * stepMs);
      const taken: number[] = [];
      for (let step = 0; step < (everyPoint ? 0 : 10); step++) {
        const began = performance.now();
        await plot.shown(start + step * stepMs, start + (points - 10 + step) * stepMs);
        taken.push(performance.now() - began);
      }
      await plot.shown(start, start + points * stepMs);
      const context = host.querySelector('canvas')?.getContext('2d');
      if (!context) throw new Error('no canvas');
      const coverage = coverageOf(context, 800, 400);
      plot.dispose();
      return { coverage, frame: quantile(taken, 0.5) };
    };
    const byColumns = await draw(false);
    const byPoints = await draw(true);
    return { lit: lit(byColumns.coverage), different: different(byColumns.coverage, byPoints.coverage), frame: byColumns.frame };
  },
};
