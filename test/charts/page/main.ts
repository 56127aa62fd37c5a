import { gpuContext, gpuState, type Means, Plot, type PlotState, plainState } from '../../../renderer/charts/engine/index.ts';
import { everyNth, makePoints, type Points, type Recipe, start } from './data.ts';
import { faults } from './faults.ts';
import { live } from './live.ts';
import { type Coverage, coverageOf, different, farFrom, lit, type Place, passedThrough, stroked } from './reference.ts';

interface Drawing {
  coverage: Coverage;
  place: Place;
  means: string;
}

function holder(width: number, height: number): HTMLElement {
  const element = document.createElement('div');
  element.style.cssText = `position:relative;width:${width}px;height:${height}px`;
  document.body.replaceChildren(element);
  return element;
}

export interface Shot {
  recipe: Recipe;
  width: number;
  height: number;
  ratio: number;
  /** The visible part of the whole, 0 to 1. */
  from: number;
  to: number;
  means: Means;
  /** Of the line, device pixels; 1 by default. */
  thickness?: number;
  opacity?: number;
}

interface DrawOptions {
  crisp?: boolean;
  everyPoint?: boolean;
  state?: Partial<PlotState>;
}

async function draw(
  { width, height, ratio, from, to, means, thickness = 1, opacity = 1 }: Shot,
  points: Points,
  view: { from: number; to: number },
  options: DrawOptions = {},
): Promise<Drawing> {
  const element = holder(width, height);
  const lines = [{ id: 'a', name: 'a', color: '#000000', width: thickness / ratio, opacity }];
  const state = plainState(lines, { frame: { left: 0, right: 0, top: 0, bottom: 0 }, ...options.state });
  const plot = new Plot(element, {
    state,
    means,
    ratio,
    crisp: options.crisp ?? false,
    everyPoint: options.everyPoint ?? false,
    onDrawn: () => true,
  });
  plot.put('a', { times: points.t.slice(), values: points.v.slice(), bucketMs: 0 });
  const { answer, means: drawnBy } = await plot.shown(view.from, view.to);
  const canvas = element.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!context) throw new Error(`no picture of ${from} to ${to}`);
  const coverage = coverageOf(context, answer.columns, answer.rows);
  plot.dispose();
  return {
    coverage,
    means: drawnBy,
    place: { from: view.from, to: view.to, axis: answer.axis, width: answer.columns, height: answer.rows },
  };
}

const viewOf = ({ from, to }: Shot, { t }: Points) => {
  const length = (t.at(-1) as number) - start;
  return { from: start + from * length, to: start + to * length };
};

const page = {
  ...faults,
  ...live,

  gpu: () => gpuState(),

  /** How far the picture is from those drawn of all points; `careless` draws every tenth point instead, as a chart that is wrong would. */
  async compare(shot: Shot, careless = false) {
    const all = makePoints(shot.recipe);
    const given = careless ? everyNth(all, 10) : all;
    const view = viewOf(shot, all);
    const crisp = await draw(shot, given, view, { crisp: true });
    const crispAll = await draw(shot, all, view, { crisp: true, everyPoint: true });
    const smooth = await draw(shot, given, view);
    const smoothAll = await draw(shot, all, view, { everyPoint: true });
    const lines = stroked(all, smooth.place);
    return {
      means: crisp.means,
      lit: lit(crisp.coverage),
      crispVsEveryPoint: different(crisp.coverage, crispAll.coverage),
      crispVsWalk: different(crisp.coverage, passedThrough(all, crisp.place)),
      /** Only where it was drawn by runs: few points are stroked, which differs from runs by shades. */
      smoothVsEveryPoint: different(smooth.coverage, smoothAll.coverage),
      beyondStroke: farFrom(smooth.coverage, lines),
      missingFromStroke: farFrom(lines, smooth.coverage),
    };
  },

  /** The two means side by side. */
  async meansApart(shot: Shot) {
    const points = makePoints(shot.recipe);
    const view = viewOf(shot, points);
    const canvas = await draw({ ...shot, means: 'canvas' }, points, view);
    const webgl = await draw({ ...shot, means: 'webgl' }, points, view);
    return {
      means: [canvas.means, webgl.means],
      far: farFrom(canvas.coverage, webgl.coverage) + farFrom(webgl.coverage, canvas.coverage),
      darkest: [canvas, webgl].map(({ coverage }) => coverage.data.reduce((most, one) => Math.max(most, one), 0)),
      lit: [canvas, webgl].map(({ coverage }) => lit(coverage)),
    };
  },

  /** Loses the GPU while a plot is on screen, and restores it. Returns what drew each image and how much of it was visible. */
  async loseGpu() {
    const element = holder(400, 200);
    const drawnBy: string[] = [];
    const plot = new Plot(element, { state: plainState([{ id: 'a', name: 'a', color: '#000000' }]), means: 'webgl', onDrawn: () => true });
    const points = makePoints({ seed: 5, count: 20_000, regular: true, broken: 0 });
    plot.put('a', { times: points.t, values: points.v, bucketMs: 0 });
    const seen = () => {
      const context = element.querySelector('canvas')?.getContext('2d');
      return context ? lit(coverageOf(context, 300, 150)) : 0;
    };
    drawnBy.push((await plot.shown(start, start + 20_000_000)).means);
    const before = seen();
    const extension = gpuContext()?.getExtension('WEBGL_lose_context');
    const lost = new Promise((resolve) => gpuContext()?.canvas.addEventListener('webglcontextlost', resolve));
    extension?.loseContext();
    const atOnce = seen();
    await lost;
    const after = seen();
    drawnBy.push((await plot.shown(start, start + 19_000_000)).means);
    const restored = new Promise((resolve) => gpuContext()?.canvas.addEventListener('webglcontextrestored', resolve));
    extension?.restoreContext();
    await restored;
    drawnBy.push((await plot.shown(start, start + 20_000_000)).means);
    const back = seen();
    plot.dispose();
    return { drawnBy, before, atOnce, after, back };
  },
};
export type ChartsPage = typeof page;
Object.assign(globalThis, { charts: page });
