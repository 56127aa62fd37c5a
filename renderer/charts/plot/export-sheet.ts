import type { SvgPen } from '#renderer/charts/engine/index.ts';

export interface LegendEntry {
  name: string;
  color: string;
  dashed?: boolean;
}

/** The texts around an exported chart, so that it can be understood without the console. */
export interface SheetOptions {
  /** Background colour; transparent if absent. */
  background?: string | undefined;
  /** Colour of the title; by default that of marks. */
  foreground?: string | undefined;
  title?: string | undefined;
  /** The range and its time zone, beneath the title. */
  subtitle?: string | undefined;
  /** A warning about the points, beneath that, in the colour of danger. */
  note?: string | undefined;
  danger?: string | undefined;
  /** The names of lines, beneath the chart. */
  legend?: readonly LegendEntry[] | undefined;
}

export interface SheetLook {
  font: string;
  muted: string;
  rtl: boolean;
}

interface Placed extends LegendEntry {
  x: number;
  y: number;
}

export interface ExportLayout {
  /** Space above and beneath the chart, CSS pixels. */
  top: number;
  bottom: number;
  noteLines: string[];
  entries: Placed[];
}

const margin = 12;
const titlePx = 32;
const subtitlePx = 20;
const rowPx = 20;
const swatchPx = 14;
const gapPx = 16;
/** Approximate width of a character of the legend. */
const letterPx = 6.6;
const longest = 60;

const cut = (name: string): string => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name);

/** Wraps a text into lines of about so many characters, between words. */
function wrapped(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= characters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Places title, range and legend around a chart of a width; the legend takes as many rows as it needs. */
export function layOut(width: number, { title, subtitle, note, legend = [] }: SheetOptions): ExportLayout {
  const entries: Placed[] = [];
  let [x, row] = [margin, 0];
  for (const entry of legend) {
    const name = cut(entry.name);
    const wide = swatchPx + 6 + name.length * letterPx;
    if (x > margin && x + wide > width - margin) [x, row] = [margin, row + 1];
    entries.push({ ...entry, name, x, y: (row + 0.5) * rowPx });
    x += wide + gapPx;
  }
  const noteLines = note === undefined ? [] : wrapped(note, (width - 2 * margin) / letterPx);
  const top = (title === undefined ? 0 : titlePx) + ((subtitle === undefined ? 0 : 1) + noteLines.length) * subtitlePx;
  return { top, noteLines, bottom: legend.length === 0 ? 0 : (row + 1) * rowPx + margin / 2, entries };
}

interface Drawing {
  pen: CanvasRenderingContext2D | SvgPen;
  sheet: ExportLayout;
  options: SheetOptions;
  look: SheetLook;
  /** Size of the chart, CSS pixels. */
  size: { width: number; height: number };
  /** Device pixels per CSS pixel. */
  scale: number;
}

/** Draws everything around the chart, which itself begins at `sheet.top`. */
export function drawSheet({ pen, sheet, options, look, size: { width, height }, scale }: Drawing): void {
  const { title, subtitle, danger, background, foreground } = options;
  if (background !== undefined) {
    pen.fillStyle = background;
    pen.fillRect(0, 0, width * scale, (sheet.top + height + sheet.bottom) * scale);
  }
  const edge = (look.rtl ? width - margin : margin) * scale;
  pen.textBaseline = 'middle';
  pen.textAlign = look.rtl ? 'right' : 'left';
  pen.fillStyle = foreground ?? look.muted;
  if (title !== undefined) {
    pen.font = `${14 * scale}px ${look.font}`;
    pen.fillText(title, edge, (titlePx / 2) * scale);
  }
  pen.font = `${11 * scale}px ${look.font}`;
  if (subtitle !== undefined) {
    pen.fillStyle = look.muted;
    pen.fillText(subtitle, edge, (sheet.top - (sheet.noteLines.length + 0.5) * subtitlePx) * scale);
  }
  pen.fillStyle = danger ?? look.muted;
  for (const [i, line] of sheet.noteLines.entries()) {
    pen.fillText(line, edge, (sheet.top - (sheet.noteLines.length - i - 0.5) * subtitlePx) * scale);
  }
  for (const { name, color, dashed, x, y } of sheet.entries) {
    const [left, middle] = [look.rtl ? width - x - swatchPx : x, sheet.top + height + y];
    pen.strokeStyle = color;
    pen.lineWidth = 2 * scale;
    pen.setLineDash(dashed ? [3 * scale, 2 * scale] : []);
    pen.beginPath();
    pen.moveTo(left * scale, middle * scale);
    pen.lineTo((left + swatchPx) * scale, middle * scale);
    pen.stroke();
    pen.fillStyle = foreground ?? look.muted;
    pen.fillText(name, (look.rtl ? left - 6 : left + swatchPx + 6) * scale, middle * scale);
  }
  pen.setLineDash([]);
}
