import { AppError } from '#common/contract/errors.ts';
import { type Plot, SvgPen } from './engine/index.ts';

const plots = new WeakMap<Element, Plot>();
const mark = 'data-chart';

/** Makes the plot known by the element it stands in. Returns the way to forget it. */
export function register(element: HTMLElement, plot: Plot): () => void {
  element.setAttribute(mark, '');
  plots.set(element, plot);
  return () => plots.delete(element);
}

/** A chart on screen, to be drawn once more elsewhere. */
export interface ChartHandle {
  plot: Plot;
}

/** The first chart inside an element; null where none is drawn by the engine (pie, gauge, stat, table). */
export function chartIn(element: Element): ChartHandle | null {
  for (const one of [element, ...element.querySelectorAll(`[${mark}]`)]) {
    const plot = plots.get(one);
    if (plot) return { plot };
  }
  return null;
}

export interface ExportOptions {
  /** Colour behind everything; absent leaves it transparent. */
  background?: string | undefined;
  /** Pixels a CSS pixel takes, for `png`; 2 by default. */
  scale?: number | undefined;
  /** Stands above the picture. */
  title?: string | undefined;
  /** Colour of the title; that of marks by default. */
  foreground?: string | undefined;
}

/** Most pixels along one side that browsers draw. */
const mostPixels = 16_384;

/**
 * The chart with its axes and annotations, drawn anew for its size rather than copied from the screen: as many pixels as asked (`png`), or
 * vectors from the same pixel columns (`svg`).
 * @throws AppError when the chart has no size, or more pixels are asked for than browsers draw
 */
export async function exportChart({ plot }: ChartHandle, kind: 'png' | 'svg', options: ExportOptions = {}): Promise<Blob> {
  const { width, height } = plot.size;
  const titlePx = options.title === undefined ? 0 : 32;
  const scale = kind === 'svg' ? 1 : (options.scale ?? 2);
  if (width === 0 || height === 0)
    throw new AppError('conflict', 'The chart is not on screen.', { hint: 'Show the chart, then export it.' });
  if (Math.max(width, height + titlePx) * scale > mostPixels)
    throw new AppError('query_too_large', `The picture would be more than ${mostPixels} pixels along one side.`, {
      field: 'scale',
      hint: 'Choose a smaller scale.',
    });
  if (kind === 'svg') {
    const pen = new SvgPen(width, height + titlePx);
    await compose(pen, plot, options, titlePx, 1);
    return new Blob([pen.toString()], { type: 'image/svg+xml' });
  }
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((height + titlePx) * scale);
  const pen = canvas.getContext('2d');
  if (!pen) throw new AppError('internal', 'This browser has no 2D canvas.');
  await compose(pen, plot, options, titlePx, scale);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new AppError('internal', 'The picture could not be written.'))), 'image/png');
  });
}

async function compose(
  pen: CanvasRenderingContext2D | SvgPen,
  plot: Plot,
  options: ExportOptions,
  titlePx: number,
  scale: number,
): Promise<void> {
  const { width, height } = plot.size;
  const { look } = plot.state;
  pen.save();
  if (options.background !== undefined) {
    pen.fillStyle = options.background;
    pen.fillRect(0, 0, width * scale, (height + titlePx) * scale);
  }
  if (options.title !== undefined) {
    pen.fillStyle = options.foreground ?? look.muted;
    pen.font = `${14 * scale}px ${look.font}`;
    pen.textBaseline = 'middle';
    pen.textAlign = look.rtl ? 'right' : 'left';
    pen.fillText(options.title, (look.rtl ? width - 12 : 12) * scale, (titlePx / 2) * scale);
  }
  pen.translate(0, titlePx * scale);
  await plot.drawOn(pen, scale);
  pen.restore();
}
