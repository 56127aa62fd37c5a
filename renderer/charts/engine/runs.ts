import { type M4, m4, roomForM4 } from '#common/timeseries/m4.ts';
import type { Column } from './column.ts';
import { Crowd } from './crowd.ts';
import type { Floats } from './floats.ts';
import type { Projection } from './scale.ts';

/** The visible interval and its size, device pixels. */
export interface Raster {
  from: number;
  to: number;
  columns: number;
  rows: number;
}

/**
 * Numbers per run. A run is the part of one pixel column that a line passes through: column, top, bottom, and where its area ends, device
 * pixels.
 */
export const runStride = 4;

/** If a broken line has more pieces than this in one pixel column, the rows that they cover are returned instead of each piece. */
const defaultMaxPieces = 1_024;
const crowd = new Crowd();

let room: M4 = roomForM4(0);

/**
 * Builds the runs of a line from its points, in order of time. Between two points of one column only the range of their values matters;
 * between columns the line is cut at the border. So the first, last, lowest and highest point of a column give the same runs as all its
 * points.
 */
class RunWriter {
  readonly #out: Floats;
  readonly #columns: number;
  readonly #low: number;
  readonly #high: number;
  readonly #base: number;
  #x = NaN;
  #y = NaN;
  #column = -1;
  #top = 0;
  #bottom = 0;

  constructor(out: Floats, { columns, rows }: Raster, base: number) {
    this.#out = out;
    this.#columns = columns;
    this.#base = base;
    // Values far outside the picture are clamped, so that floats stay exact.
    this.#low = -rows - 64;
    this.#high = 2 * rows + 64;
  }

  /** Ends the line; the next point starts another. */
  lift(): void {
    this.#flush();
    this.#x = NaN;
  }

  /** Adds the points of one column, or one point: from (x0, y0) to (x1, y1), reaching from `top` to `bottom` in between. */
  add(x0: number, y0: number, x1: number, y1: number, top: number, bottom: number): void {
    if (x0 >= this.#x) this.#connect(x0, y0);
    this.#open(Math.floor(x0), top, bottom);
    this.#x = x1;
    this.#y = y1;
  }

  /** Adds intervals of one column that aren't connected to the points around them. */
  alone(column: number, top: number, bottom: number): void {
    this.#open(column, top, bottom);
    this.#flush();
  }

  finish(): Floats {
    this.#flush();
    return this.#out;
  }

  #connect(x: number, y: number): void {
    const from = Math.floor(this.#x);
    const to = Math.floor(x);
    if (from === to) {
      this.#open(to, Math.min(this.#y, y), Math.max(this.#y, y));
      return;
    }
    const slope = (y - this.#y) / (x - this.#x);
    const at = (edge: number) => this.#y + (edge - this.#x) * slope;
    const last = Math.min(to, this.#columns - 1);
    let enter = from < 0 ? at(0) : this.#y;
    for (let column = Math.max(0, from); column <= last; column++) {
      const leave = column === to ? y : at(column + 1);
      this.#open(column, Math.min(enter, leave), Math.max(enter, leave));
      enter = leave;
    }
  }

  #open(column: number, top: number, bottom: number): void {
    if (column < 0 || column >= this.#columns) return;
    if (column === this.#column) {
      if (top < this.#top) this.#top = top;
      if (bottom > this.#bottom) this.#bottom = bottom;
      return;
    }
    this.#flush();
    this.#column = column;
    this.#top = top;
    this.#bottom = bottom;
  }

  #flush(): void {
    if (this.#column < 0) return;
    const place = (y: number) => Math.max(this.#low, Math.min(this.#high, y));
    this.#out.push4(this.#column, place(this.#top), place(this.#bottom), this.#base);
    this.#column = -1;
  }
}

/**
 * Returns the position of a time on a raster, device pixels. A time that rounding has put just before the edge of a pixel is placed on it,
 * as it is where times are compared with edges.
 */
export function xOf(time: number, { from, to, columns }: Raster): number {
  const x = ((time - from) * columns) / (to - from);
  const edge = Math.round(x);
  return Math.abs(x - edge) < 1e-6 ? edge : x;
}

/** True if a value step is drawn as a step: across at the old value, then up or down. */
const isStep = (draw: 'line' | 'step'): boolean => draw === 'step';

/** Projects pieces of a line (points of one pixel column without a break between them) and writes their runs. */
class PieceWriter {
  readonly #column: Column;
  readonly #raster: Raster;
  readonly #projection: Projection;
  readonly #isStep: boolean;
  readonly #writer: RunWriter;
  readonly #extremes = { min: 0, max: 0 };
  /** The last value; NaN after a break. */
  #before = NaN;

  constructor(column: Column, raster: Raster, projection: Projection, draw: 'line' | 'step', writer: RunWriter) {
    this.#column = column;
    this.#raster = raster;
    this.#projection = projection;
    this.#isStep = isStep(draw);
    this.#writer = writer;
  }

  /** Writes one point. */
  point(index: number): void {
    const value = this.#column.valueAt(index);
    this.piece(index, index, value, value);
  }

  /** Writes the points from `first` to `last`, which lie between `min` and `max`. */
  piece(first: number, last: number, min: number, max: number): void {
    // If no point in the interval has a number, the minimum is above the maximum.
    if (!(min <= max)) return;
    const column = this.#column;
    if (column.breaksBefore(first)) {
      this.#writer.lift();
      this.#before = NaN;
    }
    const x0 = this.#x(first);
    const y0 = this.#y(column.valueAt(first));
    const lastValue = column.valueAt(last);
    let top = this.#y(max);
    let bottom = this.#y(min);
    if (top > bottom) [top, bottom] = [bottom, top];
    if (this.#isStep && !Number.isNaN(this.#before)) {
      // A step goes across at the previous value, then to the new one.
      const level = this.#y(this.#before);
      this.#writer.add(x0, level, x0, level, level, level);
      top = Math.min(top, level);
      bottom = Math.max(bottom, level);
    }
    this.#writer.add(x0, y0, this.#x(last), this.#y(lastValue), top, bottom);
    this.#before = lastValue;
  }

  /** Writes the points from `first` to `last` of pixel column `at`, with breaks between them. */
  broken(at: number, first: number, last: number, maxPieces: number): void {
    const column = this.#column;
    let begin = first;
    for (let pieces = 1; begin <= last; pieces++) {
      if (pieces === maxPieces) {
        const open = crowd.gather(column, begin, last, this.#projection, this.#raster.rows);
        if (open > begin) this.#writer.lift();
        crowd.emit((top, bottom) => this.#writer.alone(at, top, bottom));
        begin = open;
      }
      const end = Math.min(last, column.nextBreak(begin + 1) - 1);
      column.pyramid.range(begin, end + 1, this.#extremes);
      this.piece(begin, end, this.#extremes.min, this.#extremes.max);
      begin = end + 1;
    }
  }

  finish(): Floats {
    return this.#writer.finish();
  }

  #x(index: number): number {
    return xOf(this.#column.timeAt(index), this.#raster);
  }

  #y(value: number): number {
    return this.#projection.a * (this.#projection.top - value);
  }
}

/**
 * Computes the runs of a line from its pyramid: O(columns · log n) for any number of points, plus the cost of breaks.
 * @param base row where an area under the line ends, device pixels
 * @param maxPieces maximum number of pieces in one pixel column that are emitted one by one, at least 2: the first may continue
 * from the column before
 */
export function runsOf(
  column: Column,
  raster: Raster,
  projection: Projection,
  base: number,
  draw: 'line' | 'step',
  out: Floats,
  maxPieces = defaultMaxPieces,
): Floats {
  const { from, to, columns } = raster;
  const { pyramid, times, length } = column;
  if (room.first.length < columns) room = roomForM4(Math.max(columns, 2_048));
  const found = m4(times, pyramid, from, to, columns, room);
  const writer = new PieceWriter(column, raster, projection, draw, new RunWriter(out, raster, base));
  const start = column.lower(from);
  if (start > 0) writer.point(start - 1);
  for (let at = 0; at < columns; at++) {
    const first = found.first[at] as number;
    if (first < 0) continue;
    const last = found.last[at] as number;
    if (column.nextBreak(first + 1) > last) writer.piece(first, last, found.min[at] as number, found.max[at] as number);
    else writer.broken(at, first, last, maxPieces);
  }
  const beyond = column.lower(to, start);
  if (beyond < length) writer.point(beyond);
  return writer.finish();
}

/** Computes the same runs from every point. `runsOf` must equal it; with few points this is faster. */
export function runsOfAll(
  column: Column,
  raster: Raster,
  { a, top: highest }: Projection,
  base: number,
  draw: 'line' | 'step',
  out: Floats,
): Floats {
  const writer = new RunWriter(out, raster, base);
  const step = isStep(draw);
  const start = Math.max(0, column.lower(raster.from) - 1);
  const end = Math.min(column.length, column.lower(raster.to, start) + 1);
  for (let i = start, before = NaN; i < end; i++) {
    const value = column.valueAt(i);
    if (column.breaksBefore(i)) {
      writer.lift();
      before = NaN;
    }
    if (!Number.isFinite(value)) continue;
    const x = xOf(column.timeAt(i), raster);
    const y = a * (highest - value);
    if (step && !Number.isNaN(before)) {
      const level = a * (highest - before);
      writer.add(x, level, x, level, level, level);
    }
    writer.add(x, y, x, y, y, y);
    before = value;
  }
  return writer.finish();
}
