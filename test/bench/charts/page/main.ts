import { warmCharts } from '#renderer/charts/engine/index.ts';
import type { Contestant, Picture, Sight } from './contestant.ts';
import { dataStart, dataStep, makeLines } from './data.ts';
import { echarts } from './echarts.ts';
import { nextFrame, painted } from './frames.ts';
import { oursFromChunks } from './from-chunks.ts';
import { ours } from './ours.ts';
import { soak } from './soak.ts';
import { uplot } from './uplot.ts';
import { webglPlot } from './webgl-plot.ts';

/** Draws nothing, to measure what the browser itself needs for a frame. */
const nothing: Contestant = { prepare: () => null, open: () => ({ frame: () => undefined, dispose: () => undefined }) };

const contestants = {
  nothing,
  ours,
  'ours-from-chunks': oursFromChunks,
  uplot,
  'echarts-pairs': echarts(null),
  'echarts-lttb': echarts('lttb'),
  'echarts-minmax': echarts('minmax'),
  'webgl-plot': webglPlot,
} satisfies Record<string, Contestant>;
export type ContestantName = keyof typeof contestants;

interface Task {
  name: ContestantName;
  points: number;
  charts: number;
  /** Lines in each chart. */
  lines: number;
}
interface MemoryMeasure {
  measureUserAgentSpecificMemory(): Promise<{ bytes: number; breakdown: { bytes: number; types: string[] }[] }>;
}
/** How much is in sight: the whole range divided by this. */
type Depth = number;

// As the console does while the points of its first chart are being read.
warmCharts();

const stage = document.querySelector('#stage') as HTMLElement;
let task: Task;
let prepared: unknown[] = [];
let pictures: Picture[] = [];

/** The sight of a step: it pans to and fro and breathes a little, so that no step shows what another did. */
function sightAt(depth: Depth, step: number): Sight {
  const span = (task.points - 1) * dataStep;
  const width = (span / depth) * (1 - 0.05 * (1 + Math.sin(step * 0.7)));
  const room = span - width;
  const from = dataStart + room * (0.5 + 0.45 * Math.sin(step * 0.31 + 1)) * (depth === 1 ? 1 : 0.9);
  return { from, to: from + width };
}

function layOut(wanted: Task): void {
  task = wanted;
  const columns = Math.round(Math.sqrt(task.charts * 1.2));
  stage.style.gridTemplate = `repeat(${Math.ceil(task.charts / columns)}, 1fr) / repeat(${columns}, 1fr)`;
  stage.replaceChildren(...Array.from({ length: task.charts }, () => document.createElement('div')));
}

function linesOf(chart: number): unknown[] {
  return makeLines(task.points, task.lines, 1 + chart * task.lines).map(contestants[task.name].prepare);
}

const bench = {
  ...soak,

  /** Makes the data, in the shape the contestant likes best; nothing of this is timed. */
  prepare(wanted: Task): void {
    layOut(wanted);
    prepared = linesOf(0);
  },

  /** From the data handed over to its first picture on the screen, and to the exact one, ms. */
  async open(): Promise<{ first: number; exact: number }> {
    await painted();
    const started = performance.now();
    const picture = await contestants[task.name].open(stage.children[0] as HTMLElement, prepared);
    pictures = [picture];
    prepared = [];
    await painted();
    const first = performance.now() - started;
    if (!picture.settled) return { first, exact: first };
    await picture.settled();
    await painted();
    return { first, exact: performance.now() - started };
  },

  /** Opens all charts one after the other, so that the data of only one chart is in the page twice. */
  async openWall(wanted: Task): Promise<void> {
    layOut(wanted);
    for (let chart = 0; chart < task.charts; chart++)
      pictures.push(await contestants[task.name].open(stage.children[chart] as HTMLElement, linesOf(chart)));
    await Promise.all(pictures.map((picture) => picture.settled?.()));
    await painted();
  },

  /**
   * Returns the duration of each of `steps` steps, from the request to the image on the screen, ms; fewer if they take longer than
   * `budgetMs` together.
   */
  async frames(depth: Depth, steps: number, budgetMs: number): Promise<number[]> {
    const taken: number[] = [];
    const begun = performance.now();
    for (let step = 0; step < steps && (step === 0 || performance.now() - begun < budgetMs); step++) {
      const started = performance.now();
      const sight = sightAt(depth, step);
      await Promise.all(pictures.map((picture) => picture.frame(sight)));
      await painted();
      taken.push(performance.now() - started);
    }
    return taken;
  },

  /** Returns the frames per second while all charts pan together, with one step per browser frame. */
  async pan(depth: Depth, steps: number, budgetMs: number): Promise<number> {
    const begun = performance.now();
    let step = 0;
    while (step < steps && (step === 0 || performance.now() - begun < budgetMs)) {
      const sight = sightAt(depth, step++);
      await Promise.all(pictures.map((picture) => picture.frame(sight)));
      await nextFrame();
    }
    await nextFrame();
    return (step * 1000) / (performance.now() - begun);
  },

  close(): void {
    for (const picture of pictures) picture.dispose();
    pictures = [];
  },

  /** Returns the share of the picture's columns with a pixel that is neither white nor grey, in a screenshot as a data URL. */
  async inked(url: string): Promise<number> {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let columns = 0;
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        const at = (y * width + x) * 4;
        const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
        if (Math.max(red, green, blue) - Math.min(red, green, blue) < 60) continue;
        columns += 1;
        break;
      }
    }
    return columns / width;
  },

  /** Bytes of scripts, array buffers and workers after a collection; without the pixels of canvases, which every library has alike. */
  async memory(): Promise<number> {
    const { bytes, breakdown } = await (performance as unknown as MemoryMeasure).measureUserAgentSpecificMemory();
    return bytes - breakdown.reduce((sum, part) => sum + (part.types.includes('Canvas') ? part.bytes : 0), 0);
  },

  renderer(): string {
    const gl = document.createElement('canvas').getContext('webgl2');
    if (!gl) return 'no WebGL';
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  },
};
export type Bench = typeof bench;
Object.assign(globalThis, { bench });
