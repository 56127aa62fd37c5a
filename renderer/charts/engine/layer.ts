import { type Picture, paint } from './paint.ts';
import { drawByGpu, gpuState, onGpuChange } from './webgl.ts';

/** Where the inside of a plot is drawn. What is on screen stays until the next picture is complete. */
export interface Layer {
  /** What draws now. */
  readonly means: 'canvas' | 'webgl';
  resize(columns: number, rows: number): void;
  draw(picture: Picture): void;
  clear(): void;
  dispose(): void;
}

/** `auto` takes the GPU where there is one and the picture is worth it. */
export type Means = 'auto' | 'canvas' | 'webgl';

/** Lines from which a GPU draws faster than a canvas, with the way to it and back. */
const linesForGpu = 40;

const isForGpu = ({ answer: { parts }, kind }: Picture): boolean =>
  kind !== 'heatmap' && (parts.length >= linesForGpu || parts.some(({ shape, data }) => shape === 'dots' && data.length > 8_000));

/**
 * A canvas of its own for every plot, and one GPU context for all: the GPU draws aside and its picture is copied in whole. So a context
 * that is lost blanks nothing, and the number of contexts a browser allows does not limit the number of charts.
 */
export function createLayer(canvas: HTMLCanvasElement, means: Means, onRedraw: () => void): Layer {
  // A canvas in memory where there is no GPU: nothing is sent to an emulated one and back.
  const context = canvas.getContext('2d', { alpha: true, willReadFrequently: gpuState() !== 'hardware' });
  if (!context) throw new Error('This browser has no 2D canvas.');
  let drawnBy: 'canvas' | 'webgl' = 'canvas';
  const stop = onGpuChange(onRedraw);
  const clear = () => context.clearRect(0, 0, canvas.width, canvas.height);
  return {
    get means() {
      return drawnBy;
    },
    resize(columns, rows) {
      if (canvas.width === columns && canvas.height === rows) return;
      canvas.width = columns;
      canvas.height = rows;
    },
    draw(picture) {
      const wanted = means === 'webgl' || (means === 'auto' && gpuState() === 'hardware' && isForGpu(picture));
      const drawing = wanted ? drawByGpu(picture, canvas.width, canvas.height) : null;
      clear();
      if (drawing) {
        const { width, height } = canvas;
        context.drawImage(drawing.canvas, 0, drawing.top, width, height, 0, 0, width, height);
      }
      if (!drawing) paint(context, picture);
      drawnBy = drawing ? 'webgl' : 'canvas';
    },
    clear,
    dispose: stop,
  };
}
