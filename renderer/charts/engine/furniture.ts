import { type Area, drawBarred, drawHatch, type IntervalFill } from './interval-fills.ts';
import type { Pen } from './pen.ts';
import { axisTicks, rowOf, type ValueAxis } from './scale.ts';
import { timeTicks } from './ticks.ts';

/** The position of the plot area in its container, CSS pixels from each edge. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Labels of a value axis. */
export interface AxisLabels {
  texts: string[];
  /** The number that all labels are relative to, if they are written as distances; else empty. */
  note: string;
  /** Width of the widest label, CSS pixels. */
  width: number;
}

/** Width reserved next to a plot for labels, and its maximum, CSS pixels. */
export interface Room {
  room: number;
  maxRoom: number;
}

/** Colours and fonts of everything around the lines, and how values and times are formatted. */
export interface Look {
  faint: string;
  muted: string;
  border: string;
  surface: string;
  /** Colour of missing data. */
  attention: string;
  /** Colour of the highest cell of a heat map. */
  heat: string;
  font: string;
  /** Size of one rem, CSS pixels. */
  rem: number;
  /** The value axis is on the right. */
  rtl: boolean;
  clock: 'local' | 'utc';
  /** Unit of the value axis, where its labels don't carry it. */
  unit?: string;
  timeLabel: (at: number, step: number) => string;
  valueLabels: (values: readonly number[], axis: ValueAxis, room: Room) => AxisLabels;
}

interface ThresholdLine {
  value: number;
  label: string;
  color: string;
  /** The threshold is reached by values below it. */
  below?: boolean;
}

/** An interval that is filled over the whole height. */
interface ShadedInterval {
  from: number;
  /** Null while it is open. */
  to: number | null;
  color: string;
  fill: IntervalFill;
}

interface TimeMark {
  at: number;
  label: string;
  color: string;
}

export interface Annotations {
  thresholds: readonly ThresholdLine[];
  intervals: readonly ShadedInterval[];
  marks: readonly TimeMark[];
}

export const hasAnnotations = ({ thresholds, intervals, marks }: Annotations): boolean =>
  thresholds.length + intervals.length + marks.length > 0;

/** The geometry and contents that axes and annotations are drawn from. */
export interface Scene {
  from: number;
  to: number;
  axis: ValueAxis;
  /** Size of the whole chart, CSS pixels. */
  width: number;
  height: number;
  frame: Frame;
  look: Look;
  annotations: Annotations;
  /** Names of the rows of a heat map, top to bottom, which replace the value axis. */
  rows: readonly string[] | null;
  /** A small picture: marks have no text. */
  mini: boolean;
}

const insideOf = ({ width, height, frame }: Scene) => ({
  left: frame.left,
  top: frame.top,
  width: Math.max(1, width - frame.left - frame.right),
  height: Math.max(1, height - frame.top - frame.bottom),
});

/** Shifts by half a pixel, so that a line one pixel wide fills exactly one row. */
const sharp = (at: number): number => Math.round(at - 0.5) + 0.5;
const small = 0.6875;

export interface TickPlaces {
  times: { at: number[]; step: number };
  values: number[];
  labels: AxisLabels;
}

const noLabels: AxisLabels = { texts: [], note: '', width: 0 };
/** Space between a label and the edges next to it, rem. */
const besideLabel = 0.875;
/** Maximum share of a chart's width that labels may take. */
const maxLabelShare = 0.35;

/** Returns the margin for labels of a width, CSS pixels; in steps, so that it seldom changes. */
export const marginFor = (width: number, rem: number): number => Math.ceil((width + besideLabel * rem) / 4) * 4;

/** Chooses how many labels fit and places them. */
export function ticksOf(scene: Scene): TickPlaces {
  const { width } = insideOf(scene);
  const times = timeTicks(scene.from, scene.to, Math.max(2, Math.floor(width / (scene.look.rem * 5))), scene.look.clock);
  const values = scene.rows ? [] : axisTicks(scene.axis);
  const { frame, look } = scene;
  const room = (look.rtl ? frame.right : frame.left) - besideLabel * look.rem;
  const labels = scene.rows ? noLabels : look.valueLabels(values, scene.axis, { room, maxRoom: scene.width * maxLabelShare });
  // A label that doesn't fit is left out until the margin has grown: without its first digit it would be another number.
  const texts = labels.width <= room + 1 ? labels.texts : labels.texts.map(() => '');
  return { times, values, labels: { ...labels, texts } };
}

/** Draws grid lines, ticks and labels. Takes about 0.05 ms, so it can follow every step of a gesture. */
export function drawAxes(pen: Pen, scene: Scene): void {
  const { look } = scene;
  const { left, top, width, height } = insideOf(scene);
  const ticks = ticksOf(scene);
  const bottom = top + height;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.strokeStyle = look.border;
  pen.globalAlpha = 0.7;
  pen.beginPath();
  for (const value of ticks.values) {
    const y = sharp(top + rowOf(value, scene.axis, height));
    pen.moveTo(left, y);
    pen.lineTo(left + width, y);
  }
  pen.stroke();
  pen.globalAlpha = 1;
  pen.beginPath();
  pen.moveTo(left, sharp(bottom));
  pen.lineTo(left + width, sharp(bottom));
  const x = (at: number) => left + ((at - scene.from) / (scene.to - scene.from)) * width;
  for (const at of ticks.times.at) {
    pen.moveTo(sharp(x(at)), bottom);
    pen.lineTo(sharp(x(at)), bottom + 5);
  }
  pen.stroke();
  pen.fillStyle = look.faint;
  pen.font = `${look.rem * small}px ${look.font}`;
  pen.textBaseline = 'middle';
  pen.textAlign = look.rtl ? 'left' : 'right';
  const edge = look.rtl ? left + width + look.rem / 2 : left - look.rem / 2;
  ticks.values.forEach((value, i) => {
    pen.fillText(ticks.labels.texts[i] ?? '', edge, top + rowOf(value, scene.axis, height));
  });
  if (scene.rows) {
    const each = height / scene.rows.length;
    const every = Math.max(1, Math.ceil(look.rem / each));
    scene.rows.forEach((name, i) => {
      if (i % every === 0) pen.fillText(shortened(name), edge, top + (i + 0.5) * each);
    });
  }
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const at of ticks.times.at) pen.fillText(look.timeLabel(at, ticks.times.step), x(at), bottom + 8);
}

/** True if an axis of bars or areas doesn't start at zero, so that heights must not be compared. */
const isCutOff = ({ axis, rows, mini }: Scene): boolean =>
  !mini && rows === null && axis.scale === 'linear' && (axis.min > 0 || axis.max < 0);

/** Draws a break mark at the end of a value axis that excludes zero. */
export function drawAxisBreak(pen: Pen, scene: Scene): void {
  const { look, axis, frame } = scene;
  // The mark is drawn in the margin; without a margin it would cover the plot.
  if (!isCutOff(scene) || (look.rtl ? frame.right : frame.left) < look.rem / 2) return;
  const { left, top, width, height } = insideOf(scene);
  const unit = look.rem / 16;
  const x = look.rtl ? left + width + 2.5 * unit : left - 2.5 * unit;
  const [y, up] = axis.min > 0 ? [top + height, -unit] : [top, unit];
  pen.globalAlpha = 1;
  pen.strokeStyle = look.muted;
  pen.lineWidth = 1.25 * unit;
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x, y + 2 * up);
  pen.lineTo(x - 2 * unit, y + 4 * up);
  pen.lineTo(x + 2 * unit, y + 8 * up);
  pen.lineTo(x, y + 10 * up);
  pen.lineTo(x, y + 13 * up);
  pen.stroke();
}

/** Shortens a name to about what fits next to the plot. */
const shortened = (name: string): string => (name.length > 9 ? `${name.slice(0, 8)}…` : name);

/** Draws firing intervals, incidents, thresholds, marks and missing data, beneath the lines. */
export function drawAnnotations(pen: Pen, scene: Scene): void {
  for (const interval of scene.annotations.intervals) drawInterval(pen, scene, interval);
  pen.font = `${scene.look.rem * small}px ${scene.look.font}`;
  pen.lineWidth = 1;
  for (const threshold of scene.annotations.thresholds) drawThreshold(pen, scene, threshold);
  for (const mark of scene.annotations.marks) drawMark(pen, scene, mark);
}

const isInSight = ({ from, to }: Scene, at: number): boolean => at >= from && at <= to;

/** Returns the place of a time, or the nearer end of the plot for a time outside. */
function columnOf({ from, to }: Scene, { left, width }: Area, at: number): number {
  return left + Math.min(1, Math.max(0, (at - from) / (to - from))) * width;
}

/** Minimum width of an interval that must not be overlooked, CSS pixels. */
const minVisiblePx = 3;

function drawInterval(pen: Pen, scene: Scene, { from, to, color, fill }: ShadedInterval): void {
  const inside = insideOf(scene);
  const { top, height } = inside;
  const x = (at: number) => columnOf(scene, inside, at);
  // Lost points and incidents stay visible, however short they are.
  const staysVisible = (fill === 'crossed' || fill === 'barred') && from < scene.to && (to ?? Infinity) > scene.from;
  const start = staysVisible ? Math.min(x(from), inside.left + inside.width - minVisiblePx) : x(from);
  const end = staysVisible ? Math.max(x(to ?? Infinity), start + minVisiblePx) : x(to ?? Infinity);
  if (end <= start) return;
  if (fill === 'barred') {
    drawBarred(pen, { left: start, top, width: end - start, height }, color, scene.look.rem);
    return;
  }
  if (fill !== 'shaded') {
    drawHatch(pen, { left: start, top, width: end - start, height }, color, scene.look.rem, fill === 'crossed');
    return;
  }
  pen.globalAlpha = 0.14;
  pen.fillStyle = color;
  pen.fillRect(start, top, end - start, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const at of [from, to]) {
    if (at === null || !isInSight(scene, at)) continue;
    pen.moveTo(sharp(x(at)), top);
    pen.lineTo(sharp(x(at)), top + height);
  }
  pen.stroke();
}

function drawThreshold(pen: Pen, scene: Scene, { value, label, color, below }: ThresholdLine): void {
  const { look } = scene;
  const { left, top, width, height } = insideOf(scene);
  const row = rowOf(value, scene.axis, height);
  if (!(row >= 0 && row <= height) || scene.rows) return;
  const y = sharp(top + row);
  pen.strokeStyle = color;
  pen.setLineDash([4, 4]);
  pen.beginPath();
  pen.moveTo(left, y);
  pen.lineTo(left + width, y);
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = color;
  drawPointer(pen, look.rtl ? left + 4 : left + width - 4, y, below ? 1 : -1, look.rem);
  if (label === '') return;
  const above = row > look.rem;
  pen.textBaseline = above ? 'bottom' : 'top';
  pen.textAlign = look.rtl ? 'right' : 'left';
  pen.fillText(label, look.rtl ? left + width - 4 : left + 4, above ? y - 2 : y + 2);
}

function drawMark(pen: Pen, scene: Scene, { at, label, color }: TimeMark): void {
  if (!isInSight(scene, at)) return;
  const inside = insideOf(scene);
  const { left, top, width, height } = inside;
  const place = sharp(columnOf(scene, inside, at));
  pen.strokeStyle = color;
  pen.setLineDash([1, 3]);
  pen.beginPath();
  pen.moveTo(place, top);
  pen.lineTo(place, top + height);
  pen.stroke();
  pen.setLineDash([]);
  if (label === '' || scene.mini) return;
  pen.fillStyle = color;
  pen.textBaseline = 'bottom';
  pen.textAlign = place - left < width * 0.1 ? 'left' : place - left > width * 0.9 ? 'right' : 'center';
  pen.fillText(label, place, top - 2);
}

/** Draws a triangle on a threshold, pointing to the values that reach it. */
function drawPointer(pen: Pen, x: number, y: number, direction: 1 | -1, rem: number): void {
  const size = rem * 0.25;
  pen.beginPath();
  pen.moveTo(x - size, y);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + direction * size * 1.5);
  pen.closePath();
  pen.fill();
}
