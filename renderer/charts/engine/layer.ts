import { type Picture, paint } from './paint.ts';
import { drawByPixels, isForPixels } from './pixels.ts';
import { drawByGpu, gpuState, onGpuChange } from './webgl.ts';

/** Makes pictures of the inside of plots. */
export interface Layer {
  /** What draws now. */
  readonly means: 'canvas' | 'webgl';
  /** What comes back lays the picture at the pen's origin; to be called before another picture is made. */
  make(picture: Picture): (pen: CanvasRenderingContext2D) => void;
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
      if (drawing) return (pen) => pen.drawImage(drawing.canvas, 0, drawing.top, columns, rows, 0, 0, columns, rows);
      const pixels = gpuState() !== 'hardware' && isForPixels(picture) ? drawByPixels(picture) : null;
      return (pen) => {
        if (pixels) pen.drawImage(pixels, 0, 0);
        else paint(pen, picture);
      };
    },
    dispose: stop,
  };
}
