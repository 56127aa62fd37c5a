import { Plot, type PlotState, plainState } from '../../../renderer/charts/engine/index.ts';
import { makePoints, start } from './data.ts';
import { coverageOf, lit } from './reference.ts';

const workers: Worker[] = [];
const Real = globalThis.Worker;
/** The engine's workers as they start, so that they can be ended from outside. */
globalThis.Worker = class extends Real {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    workers.push(this);
  }
};

const recipe = { seed: 9, count: 60_000, regular: true, broken: 0 };
const end = start + recipe.count * 1_000;
let plot: Plot | undefined;
let lost = 0;
let failures: (string | null)[] = [];

function openPlot(state: Partial<PlotState> = {}, ratio = 1): Plot {
  const element = document.createElement('div');
  element.style.cssText = 'position:relative;width:400px;height:200px';
  document.body.append(element);
  const one = new Plot(element, {
    state: plainState([{ id: 'a', name: 'a', color: '#000000' }], state),
    ratio,
    onDrawn: () => true,
    onLost: () => {
      lost += 1;
      give();
    },
    onFailure: (error) => failures.push(error?.message ?? null),
  });
  const give = () => {
    const { t, v } = makePoints(recipe);
    one.put('a', { times: t, values: v, bucketMs: 0 });
  };
  give();
  return one;
}

function pixels(): number {
  const canvas = document.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return 0;
  return lit(coverageOf(context, canvas.width, canvas.height));
}

/** Faults of the worker behind a plot that is on screen. */
export const faults = {
  async openFaulty(): Promise<number> {
    document.body.replaceChildren();
    plot = openPlot();
    lost = 0;
    failures = [];
    await plot.shown(start, end);
    return pixels();
  },

  /** Returns what the plot shows after zooming to a part and back. */
  async showAgain(): Promise<{ pixels: number; lost: number; failures: (string | null)[] }> {
    await plot?.shown(start, start + 5_000_000);
    await plot?.shown(start, end);
    return { pixels: pixels(), lost, failures };
  },

  /** Ends all workers between a question and its answer: one for the screen and one for paper. */
  async endWhileAsked(): Promise<{ pixels: number; lost: number; failures: (string | null)[]; onPaper: number }> {
    if (!plot) throw new Error('no plot');
    const paper = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!paper) throw new Error('no canvas');
    paper.canvas.width = 400;
    paper.canvas.height = 200;
    const shown = plot.shown(start, end);
    const drawn = plot.drawOn(paper, 1);
    for (const worker of workers) worker.terminate();
    await Promise.all([shown, drawn]);
    return { pixels: pixels(), lost, failures, onPaper: lit(coverageOf(paper, 400, 200)) };
  },

  /** Ends the worker as often as it starts, until the plot stops restarting it; then retries once. */
  async endForGood(): Promise<{ refusal: string; failures: (string | null)[]; rows: number; pixels: number }> {
    if (!plot) throw new Error('no plot');
    let refusal = '';
    for (let i = 0; i < 5 && refusal === ''; i++) {
      const shown = plot.shown(start, start + (i + 1) * 1_000_000).catch((error: Error) => error.message);
      for (const worker of workers) worker.terminate();
      const said = await shown;
      // The next one must be running before it ends.
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (typeof said === 'string') refusal = said;
    }
    const rows = (await plot.read(start, 1_000)).length;
    const before = [...failures];
    plot.retry();
    await plot.shown(start, end);
    return { refusal, failures: [...before, ...failures.slice(before.length)], rows, pixels: pixels() };
  },

  /** A plot whose picture can't be made, far too large, beside one that can. */
  async failAlone(): Promise<{ refusal: unknown; lost: number; pixels: number }> {
    const before = lost;
    const broken = openPlot({ kind: 'scatter' }, 1_000);
    const refusal = await broken.shown(start, end).then(
      () => null,
      (error: Error) => error.message,
    );
    broken.dispose();
    await plot?.shown(start, start + 2_000_000);
    await plot?.shown(start, end);
    return { refusal, lost: lost - before, pixels: pixels() };
  },

  closeFaulty(): void {
    plot?.dispose();
    plot = undefined;
  },
};
