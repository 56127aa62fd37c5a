import type { Interval } from '#common/time/intervals.ts';
import { type Colour, PaletteImage } from './png.ts';

/** Size of the image in pixels. Mails show it at half this size, so that it is sharp on dense screens. */
export const chartSize = { width: 1_200, height: 320 };

/** The points of a series in pixel columns: one entry in each array for each column that has points. */
export interface ChartColumns {
  column: readonly number[];
  first: readonly number[];
  last: readonly number[];
  min: readonly number[];
  max: readonly number[];
}

/** What is drawn beside the series. */
export interface ChartMarks {
  interval: Interval;
  threshold: number | null;
  firedAt: number;
}

/** The numbers of the colours. */
export const ink = { background: 0, frame: 1, series: 2, threshold: 3, fired: 4 };
const colours: readonly Colour[] = ['#ffffff', '#d0d0d0', '#1565c0', '#c62828', '#9a6700'];
/** Share of the height that stays free above and below. */
const margin = 0.06;
const strokePx = 3;
const dashPx = 16;

/** Draws a series with its threshold (dashed) and the time at which the alert fired (upright). Without points there is nothing to draw. */
export function drawChart(columns: ChartColumns, { interval, threshold, firedAt }: ChartMarks): PaletteImage | null {
  if (columns.column.length === 0) return null;
  const image = new PaletteImage(chartSize.width, chartSize.height, colours);
  const toY = scaleOf(columns, threshold);
  drawFrame(image);
  const firedX = Math.round(((firedAt - interval.from) / (interval.to - interval.from)) * image.width);
  image.fill(Math.min(firedX, image.width - strokePx), 0, strokePx, image.height, ink.fired);
  if (threshold !== null)
    for (let x = 0; x < image.width; x += 2 * dashPx) image.fill(x, toY(threshold) - 1, dashPx, strokePx, ink.threshold);
  drawSeries(image, columns, toY);
  return image;
}

/** Returns the row of a value. The threshold is always visible. */
function scaleOf({ min, max }: ChartColumns, threshold: number | null): (value: number) => number {
  const marks = threshold === null ? [] : [threshold];
  const low = [...min, ...marks].reduce((a, b) => Math.min(a, b));
  const high = [...max, ...marks].reduce((a, b) => Math.max(a, b));
  const range = high - low || Math.abs(high) || 1;
  // A constant series is drawn in the middle.
  const bottom = high === low ? low - range / 2 : low;
  const free = chartSize.height * margin;
  return (value) => Math.round(chartSize.height - free - ((value - bottom) / range) * (chartSize.height - 2 * free));
}

function drawFrame(image: PaletteImage): void {
  image.fill(0, 0, image.width, 2, ink.frame);
  image.fill(0, image.height - 2, image.width, 2, ink.frame);
  image.fill(0, 0, 2, image.height, ink.frame);
  image.fill(image.width - 2, 0, 2, image.height, ink.frame);
}

function drawSeries(image: PaletteImage, { column, first, last, min, max }: ChartColumns, toY: (value: number) => number): void {
  const widest = longestStep(column);
  for (const [i, x] of column.entries()) {
    const [top, bottom] = [toY(max[i] ?? 0), toY(min[i] ?? 0)];
    image.fill(x - 1, top - 1, strokePx, bottom - top + strokePx, ink.series);
    const before = column[i - 1];
    // A wide gap stays empty: nothing is known about it.
    if (before !== undefined && x - before <= widest) connect(image, [before, toY(last[i - 1] ?? 0)], [x, toY(first[i] ?? 0)]);
  }
}

/** Returns the longest distance between two neighbours that are connected, px: three times the usual one. */
function longestStep(column: readonly number[]): number {
  const steps = column
    .slice(1)
    .map((x, i) => x - (column[i] ?? 0))
    .sort((a, b) => a - b);
  return 3 * (steps[Math.floor(steps.length / 2)] ?? 1);
}

function connect(image: PaletteImage, [x1, y1]: [number, number], [x2, y2]: [number, number]): void {
  const steps = Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1), 1);
  for (let step = 0; step <= steps; step++) {
    const share = step / steps;
    image.fill(Math.round(x1 + (x2 - x1) * share) - 1, Math.round(y1 + (y2 - y1) * share) - 1, strokePx, strokePx, ink.series);
  }
}
