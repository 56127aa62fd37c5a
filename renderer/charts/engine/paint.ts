import type { Pen } from './pen.ts';
import type { FrameAnswer, LineShape, PlotKind } from './protocol.ts';
import { runStride } from './runs.ts';

/** The style of one line; widths in device pixels. */
export interface LineStyle {
  color: string;
  opacity: number;
  width: number;
  /** Lengths of dashes and gaps; empty for a solid line. */
  dash: readonly number[];
  /** Opacity of the area under the line; 0 for none. */
  fill: number;
  /** False for an edge that only bounds an area. */
  line: boolean;
}

export interface Picture {
  answer: FrameAnswer;
  kind: PlotKind;
  styleOf: (id: string) => LineStyle;
  /** Turns anti-aliasing off: every pixel is either fully of the line or not at all. */
  crisp: boolean;
  /** Colour of the highest cell of a heat map. */
  heat: string;
}

/** Draws a plot's answer, areas first so that every line stays visible. */
export function paint(pen: Pen, picture: Picture): void {
  const { answer, styleOf } = picture;
  for (const part of answer.parts) {
    const style = styleOf(part.id);
    if (style.fill > 0) paintArea(pen, part, style);
  }
  for (const part of answer.parts) paintPart(pen, part, picture, styleOf(part.id));
  pen.globalAlpha = 1;
}

function paintPart(pen: Pen, part: LineShape, picture: Picture, style: LineStyle): void {
  pen.globalAlpha = style.opacity;
  pen.fillStyle = style.color;
  pen.strokeStyle = style.color;
  if (part.shape === 'cells') paintCells(pen, part, picture);
  else if (part.shape === 'rects') paintRects(pen, part.data);
  else if (part.shape === 'dots') paintDots(pen, part.data, Math.max(1, style.width * 1.8), picture.crisp);
  else if (part.shape === 'runs' && style.line) paintRuns(pen, part.data, style, picture.crisp);
  else if (style.line) paintLine(pen, part.data, style);
}

function paintRuns(pen: Pen, data: Float32Array, { width, opacity, dash }: LineStyle, crisp: boolean): void {
  if (crisp) {
    for (let i = 0; i < data.length; i += runStride) {
      const top = Math.floor(data[i + 1] as number);
      pen.fillRect(data[i] as number, top, 1, Math.max(1, Math.ceil(data[i + 2] as number) - top));
    }
    return;
  }
  const half = width / 2;
  // Half-covered neighbours add up where a line is translucent, so it stays in its own columns.
  const side = opacity === 1 && dash.length === 0 ? Math.max(0, half - 0.5) : 0;
  const [on = 1, off = 0] = dash;
  const period = on + off;
  for (let i = 0; i < data.length; i += runStride) {
    const column = data[i] as number;
    if (off > 0 && column % period >= on) continue;
    const top = data[i + 1] as number;
    pen.fillRect(column - side, top - half, 1 + 2 * side, (data[i + 2] as number) - top + width);
  }
}

function paintLine(pen: Pen, data: Float32Array, { width, dash }: LineStyle): void {
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  pen.setLineDash([...dash]);
  pen.beginPath();
  let open = false;
  for (let i = 0; i < data.length; i += 3) {
    const x = data[i] as number;
    if (Number.isNaN(x)) {
      open = false;
      continue;
    }
    const y = data[i + 1] as number;
    if (open) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    open = true;
  }
  pen.stroke();
  pen.setLineDash([]);
  // A point with a gap on both sides has no line, so it is drawn as a dot.
  const dot = Math.max(2, width * 2.2);
  for (let i = 0; i < data.length; i += 3) {
    const x = data[i] as number;
    if (Number.isNaN(x) || !isBreak(data, i - 3) || !isBreak(data, i + 3)) continue;
    pen.fillRect(x - dot / 2, (data[i + 1] as number) - dot / 2, dot, dot);
  }
}

const isBreak = (data: Float32Array, i: number): boolean => i < 0 || i >= data.length || Number.isNaN(data[i]);

function paintArea(pen: Pen, { shape, data }: LineShape, { color, opacity, fill }: LineStyle): void {
  pen.globalAlpha = opacity * fill;
  pen.fillStyle = color;
  if (shape === 'runs') {
    for (let i = 0; i < data.length; i += runStride) {
      const base = data[i + 3] as number;
      const top = Math.min(data[i + 1] as number, base);
      // Several runs of one column are pieces of a broken line. Only the first is filled, or shades would add up.
      if (i > 0 && data[i] === data[i - runStride]) continue;
      pen.fillRect(data[i] as number, top, 1, Math.max(data[i + 2] as number, base) - top);
    }
  } else if (shape === 'points') {
    for (let start = 0; start < data.length; ) {
      let end = start;
      while (end < data.length && !Number.isNaN(data[end])) end += 3;
      if (end > start + 3) {
        pen.beginPath();
        for (let i = start; i < end; i += 3) pen.lineTo(data[i] as number, data[i + 1] as number);
        for (let i = end - 3; i >= start; i -= 3) pen.lineTo(data[i] as number, data[i + 2] as number);
        pen.closePath();
        pen.fill();
      }
      start = end + 3;
    }
  }
}

function paintRects(pen: Pen, data: Float32Array): void {
  for (let i = 0; i < data.length; i += 4) {
    pen.fillRect(data[i] as number, data[i + 1] as number, data[i + 2] as number, Math.max(1, data[i + 3] as number));
  }
}

function paintDots(pen: Pen, data: Float32Array, size: number, crisp: boolean): void {
  const half = size / 2;
  for (let i = 0; i < data.length; i += 2) {
    const [x, y] = [data[i] as number, data[i + 1] as number];
    if (crisp) pen.fillRect(Math.floor(x), Math.floor(y), 1, 1);
    else pen.fillRect(x - half, y - half, size, size);
  }
}

/** Number of shades of a heat map. */
const shades = 24;

/** Draws all cells of one shade at once: faint for the lowest, full for the highest. */
function paintCells(pen: Pen, { data, across = 1 }: LineShape, { answer: { columns, rows }, heat }: Picture): void {
  const down = data.length / across;
  pen.fillStyle = heat;
  for (let shade = 0; shade < shades; shade++) {
    pen.globalAlpha = 0.08 + (0.92 * (shade + 0.5)) / shades;
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      if (!(value >= 0) || Math.min(shades - 1, Math.floor(value * shades)) !== shade) continue;
      const [x, y] = [i % across, Math.floor(i / across)];
      const left = Math.round((x * columns) / across);
      const top = Math.round((y * rows) / down);
      pen.fillRect(left, top, Math.round(((x + 1) * columns) / across) - left, Math.round(((y + 1) * rows) / down) - top);
    }
  }
}
