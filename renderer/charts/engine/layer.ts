import { type Picture, paint } from './paint.ts';
import { drawPixels, isForPixels, layPixels } from './pixels.ts';
import { drawByGpu, gpuState, onGpuChange } from './webgl.ts';

/** The drawn inside of a plot, to be copied to its canvas before the next one is drawn. */
interface Inside {
  /** Finished pixels, if there are any. */
  pixels: ImageData | null;
  /** Draws it at the pen's origin, over what is there. */
  lay(pen: CanvasRenderingContext2D): void;
}

/** Draws the insides of plots. */
export interface Layer {
  /** The renderer in use. */
  readonly means: 'canvas' | 'webgl';
  make(picture: Picture): Inside;
  dispose(): void;
}

/** `auto` uses the GPU if there is one and the picture is complex enough. */
export type Means = 'auto' | 'canvas' | 'webgl';

/** Number of lines from which a GPU is faster than a canvas, including the transfer of the picture. */
const linesForGpu = 40;

const isForGpu = ({ answer: { parts }, kind }: Picture): boolean =>
  kind !== 'heatmap' && (parts.length >= linesForGpu || parts.some(({ shape, data }) => shape === 'dots' && data.length > 8_000));

/**
 * One GPU context for all plots: it draws off screen and its picture is copied in whole. A lost context blanks nothing, and the number of
 * contexts that a browser allows doesn't limit the number of charts.
 */
export function createLayer(means: Means, onRedraw: () => void): Layer {
  let drawnBy: Layer['means'] = 'canvas';
  const stop = onGpuChange(onRedraw);
  return {
    get means() {
      return drawnBy;
    },
    make(picture) {
      const { columns, rows } = picture.answer;
      const wanted = means === 'webgl' || (means === 'auto' && gpuState() === 'hardware' && isForGpu(picture));
      const drawing = wanted ? drawByGpu(picture, columns, rows) : null;
      drawnBy = drawing ? 'webgl' : 'canvas';
      if (drawing) {
        const { canvas, top } = drawing;
        return { pixels: null, lay: (pen) => pen.drawImage(canvas, 0, top, columns, rows, 0, 0, columns, rows) };
      }
      const pixels = gpuState() !== 'hardware' && isForPixels(picture) ? drawPixels(picture) : null;
      return { pixels, lay: (pen) => (pixels ? layPixels(pen, pixels) : paint(pen, picture)) };
    },
    dispose: stop,
  };
}
