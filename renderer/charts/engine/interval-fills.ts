import type { Pen } from './pen.ts';

/** The fill of an interval: shaded, barred with a bar on top, hatched if unknown, crossed if points were lost. */
export type IntervalFill = 'shaded' | 'barred' | 'hatched' | 'crossed';

/** A rectangle of the plot. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Fills an area lightly, with a bar in the margin above it, which no line of the chart covers. */
export function drawBarred(pen: Pen, { left, top, width, height }: Area, color: string, rem: number): void {
  const bar = rem / 4;
  pen.fillStyle = color;
  pen.globalAlpha = 0.16;
  pen.fillRect(left, top, width, height);
  pen.globalAlpha = 1;
  pen.fillRect(left, top - bar, width, bar);
}

/** Fills an area with diagonal lines, which mean "unknown". */
export function drawHatch(pen: Pen, { left, top, width, height }: Area, color: string, rem: number, isCrossed: boolean): void {
  const step = Math.round(rem / 2);
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.strokeStyle = color;
  pen.globalAlpha = 0.35;
  pen.lineWidth = Math.max(1, rem / 16);
  pen.beginPath();
  // Lines start from a fixed place, so that they don't move while the interval does.
  const start = Math.floor((left - height) / step) * step;
  for (let at = start; at < left + width; at += step) {
    pen.moveTo(at, top + height);
    pen.lineTo(at + height, top);
    if (!isCrossed) continue;
    pen.moveTo(at, top);
    pen.lineTo(at + height, top + height);
  }
  pen.stroke();
  pen.restore();
  pen.globalAlpha = 1;
}
