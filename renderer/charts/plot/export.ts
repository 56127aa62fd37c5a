import { problemError } from '#common/words/problems.ts';
import { type Plot, SvgPen, ticksOf } from '#renderer/charts/engine/index.ts';
import { drawSheet, layOut, type SheetLook, type SheetOptions } from './export-sheet.ts';

const plots = new WeakMap<Element, Plot>();
const mark = 'data-chart';

/** Registers the plot by the element that contains it. Returns a function that removes it. */
export function register(element: HTMLElement, plot: Plot): () => void {
  element.setAttribute(mark, '');
  plots.set(element, plot);
  return () => plots.delete(element);
}

/** A chart on screen that can be drawn again for an export. */
export interface ChartHandle {
  plot: Plot;
}

/** Returns the first chart inside an element; null if none is drawn by the engine (pie, gauge, stat, table). */
export function chartIn(element: Element): ChartHandle | null {
  for (const one of [element, ...element.querySelectorAll(`[${mark}]`)]) {
    const plot = plots.get(one);
    if (plot) return { plot };
  }
  return null;
}

export interface ExportOptions extends SheetOptions {
  /** Device pixels per CSS pixel, for `png`; 2 by default. */
  scale?: number | undefined;
}

/** Maximum length of a side that browsers can draw, px. */
const maxPixels = 16_384;

/**
 * Exports the chart with its axes and annotations. It is drawn again for the export rather than copied from the screen: at the given pixel
 * ratio (`png`), or as vectors from the same pixel columns (`svg`).
 * @throws AppError when the chart has no size, or is larger than browsers can draw
 */
export async function exportChart({ plot }: ChartHandle, kind: 'png' | 'svg', options: ExportOptions = {}): Promise<Blob> {
  const { width, height } = plot.size;
  if (width === 0 || height === 0) throw problemError('chart_hidden', {});
  const drawBody = (pen: CanvasRenderingContext2D | SvgPen, scale: number) => drawPlot(pen, plot, scale);
  return onSheet({ size: plot.size, look: plot.state.look, drawBody }, kind, options);
}

/** Exports a chart that is already a canvas (pie, gauge), with title, range and legend. @throws AppError as `exportChart` does */
export function exportCanvas(canvas: HTMLCanvasElement, look: SheetLook, options: ExportOptions): Promise<Blob> {
  const { clientWidth: width, clientHeight: height } = canvas;
  const drawBody = async (pen: CanvasRenderingContext2D | SvgPen, scale: number) => {
    if ('drawImage' in pen) pen.drawImage(canvas, 0, 0, width * scale, height * scale);
  };
  return onSheet({ size: { width, height }, look, drawBody }, 'png', options);
}

interface Body {
  /** Size in CSS pixels. */
  size: { width: number; height: number };
  look: SheetLook;
  drawBody: (pen: CanvasRenderingContext2D | SvgPen, scale: number) => Promise<void>;
}

async function onSheet({ size, look, drawBody }: Body, kind: 'png' | 'svg', options: ExportOptions): Promise<Blob> {
  const { width, height } = size;
  const sheet = layOut(width, options);
  const whole = sheet.top + height + sheet.bottom;
  const scale = kind === 'svg' ? 1 : (options.scale ?? 2);
  if (Math.max(width, whole) * scale > maxPixels) throw problemError('image_too_large', { limit: maxPixels }, { field: 'scale' });
  const draw = async (pen: CanvasRenderingContext2D | SvgPen) => {
    pen.save();
    drawSheet({ pen, sheet, options, look, size, scale });
    pen.translate(0, sheet.top * scale);
    await drawBody(pen, scale);
    pen.restore();
  };
  if (kind === 'svg') {
    const pen = new SvgPen(width, whole);
    await draw(pen);
    return new Blob([pen.toString()], { type: 'image/svg+xml' });
  }
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(whole * scale);
  const pen = canvas.getContext('2d');
  if (!pen) throw problemError('image_unwritten', {});
  await draw(pen);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(problemError('image_unwritten', {}))), 'image/png');
  });
}

/** Draws the plot, and above its axis the unit and the value that labels are relative to. */
async function drawPlot(pen: CanvasRenderingContext2D | SvgPen, plot: Plot, scale: number): Promise<void> {
  const scene = await plot.drawOn(pen, scale);
  const { look, mini } = plot.state;
  const heading = `${ticksOf(scene).labels.note} ${mini ? '' : (look.unit ?? '')}`.trim();
  if (heading === '') return;
  pen.fillStyle = look.faint;
  pen.font = `${look.rem * 0.6875 * scale}px ${look.font}`;
  pen.textBaseline = 'top';
  pen.textAlign = look.rtl ? 'right' : 'left';
  pen.fillText(heading, (look.rtl ? plot.size.width - 12 : 12) * scale, 0);
}
