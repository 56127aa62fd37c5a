import { type Picture, paint } from './paint.ts';
import { drawPixels, isForPixels, layPixels } from './pixels.ts';
import { drawByGpu, gpuState, onGpuChange } from './webgl.ts';

/** The inside of a plot, ready to be laid on its sheet; to be used before another is made. */
interface Inside {
  /** Finished pixels, where they are at hand. */
  pixels: ImageData | null;
  /** Lays it at the pen's origin, over what is there. */
  lay(pen: CanvasRenderingContext2D): void;
}

/** Makes pictures of the inside of plots. */
export interface Layer {
  /** What draws now. */
  readonly means: 'canvas' | 'webgl';
  make(picture: Picture): Inside;
  dispose(): void;
}

/** `auto` takes the GPU where there is one and the picture is worth it. */
export type Means = 'auto' | 'canvas' | 'webgl';

/** Lines from which a GPU draws faster than a canvas, with the way to it and back. */
const linesForGpu = 40;

const isForGpu = ({ answer: { parts }, kind }: Picture): boolean =>
  kind !== 'heatmap' && (parts.length >= linesForGpu || parts.some(({ shape, data }) => shape === 'dots' && data.length > 8_000));

/**
 * One GPU context for all plots: it draws aside, and its picture is copied in whole. So a context that is lost blanks nothing, and the number
 * of contexts a browser allows does not limit the number of charts.
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
