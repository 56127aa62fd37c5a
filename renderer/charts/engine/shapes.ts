import type { Column } from './column.ts';
import { Floats } from './floats.ts';
import type { LineShape } from './protocol.ts';
import { type Raster, runsOf, runsOfAll, xOf } from './runs.ts';
import type { Projection } from './scale.ts';

const room = new Floats();

/** A line with so few points and so little vertical movement is stroked; denser lines are drawn by their runs. */
const strokedPointsPerColumn = 0.75;
const strokedTravelPerColumn = 4;

/** Returns the indices of the points inside a raster and one beyond each end. */
function inSight(column: Column, { from, to }: Raster): { start: number; end: number } {
  const start = Math.max(0, column.lower(from) - 1);
  return { start, end: Math.min(column.length, column.lower(to, start) + 1) };
}

interface LineOptions {
  id: string;
  column: Column;
  raster: Raster;
  project: Projection;
  draw: 'line' | 'step';
  /** Row where the area under the line ends, device pixels. */
  base: number;
  /** The series that this one's area is stacked on, instead of `base`. */
  below?: Column | undefined;
  /** Draws runs, however few points there are. */
  crisp: boolean;
  everyPoint: boolean;
}

/** Returns a line as points to be stroked if it has few, else as runs. */
export function lineShape(options: LineOptions): LineShape {
  const { id, column, raster, project, draw, base, below, crisp, everyPoint } = options;
  const { start, end } = inSight(column, raster);
  const count = end - start;
  if (!crisp && !everyPoint && count <= strokedPointsPerColumn * raster.columns) {
    if (count <= raster.columns / 16 || travel(column, start, end, project) <= strokedTravelPerColumn * raster.columns) {
      return { id, shape: 'points', data: pointsOf(options, start, end) };
    }
  }
  // A line with about as many points as pixels is read just as fast point by point.
  const write = everyPoint || count <= 2 * raster.columns ? runsOfAll : runsOf;
  const data = write(column, raster, project, base, draw, room).take();
  if (below) layOn(data, write(below, raster, project, base, draw, room).take());
  return { id, shape: 'runs', data };
}

/** Returns the vertical distance travelled along a line, device pixels. */
function travel(column: Column, start: number, end: number, { a }: Projection): number {
  let sum = 0;
  for (let i = start + 1; i < end; i++) {
    const step = Math.abs(column.valueAt(i) - column.valueAt(i - 1));
    if (step < Infinity) sum += step;
  }
  return sum * a;
}

function pointsOf(
  { column, raster, project: { a, top: highest }, draw, base, below }: LineOptions,
  start: number,
  end: number,
): Float32Array<ArrayBuffer> {
  let level = NaN;
  for (let i = start; i < end; i++) {
    const value = column.valueAt(i);
    if (i > start && column.breaksBefore(i)) {
      room.push3(NaN, NaN, NaN);
      level = NaN;
    }
    if (!Number.isFinite(value)) continue;
    const at = column.timeAt(i);
    const x = xOf(at, raster);
    const y = a * (highest - value);
    const under = below ? a * (highest - (nearestValue(below, at) ?? 0)) : base;
    if (draw === 'step' && !Number.isNaN(level)) room.push3(x, level, under);
    room.push3(x, y, under);
    level = y;
  }
  return room.take();
}

function nearestValue(column: Column, at: number): number | null {
  const i = column.nearest(at, Infinity);
  const value = i < 0 ? NaN : column.valueAt(i);
  return Number.isFinite(value) ? value : null;
}

/** Ends the areas of runs at the highest row of the line below in the same pixel column. */
function layOn(runs: Float32Array, below: Float32Array): void {
  let under = 0;
  for (let i = 0; i < runs.length; i += 4) {
    const column = runs[i] as number;
    while (under + 4 < below.length && (below[under] as number) < column) under += 4;
    if (below[under] === column) runs[i + 3] = below[under + 1] as number;
  }
}

/** The position of one line's bars inside each bucket: the `place`th of `count` side by side. */
export interface BarPlace {
  place: number;
  count: number;
}

/** Returns bars from a base to the value, one bucket wide. If buckets are narrower than two pixels, one bar per pixel column. */
export function barShape(
  id: string,
  column: Column,
  raster: Raster,
  { a, top: highest }: Projection,
  base: number,
  below: Column | null,
  { place, count }: BarPlace,
): LineShape {
  const width = (column.stepMs * raster.columns) / (raster.to - raster.from);
  const { start, end } = inSight(column, raster);
  if (width >= 2 || end - start <= raster.columns / 8) {
    const gap = width >= 4 ? Math.max(1, width * 0.12) : 0;
    const each = Math.max(1, (Math.max(width, 3) - gap) / count);
    for (let i = start; i < end; i++) {
      const value = column.valueAt(i);
      if (!Number.isFinite(value)) continue;
      const left = Math.round(xOf(column.timeAt(i), raster) + gap / 2 + place * each);
      const right = Math.max(left + 1, Math.round(xOf(column.timeAt(i), raster) + gap / 2 + (place + 1) * each));
      const under = below ? a * (highest - (nearestValue(below, column.timeAt(i)) ?? 0)) : base;
      const y = a * (highest - value);
      room.push4(left, Math.min(y, under), right - left, Math.abs(under - y));
    }
    return { id, shape: 'rects', data: room.take() };
  }
  const extremes = { min: 0, max: 0 };
  let first = column.lower(raster.from);
  for (let at = 0; at < raster.columns; at++) {
    const last = column.lower(raster.from + ((at + 1) * (raster.to - raster.from)) / raster.columns, first);
    if (last > first) {
      column.pyramid.range(first, last, extremes);
      if (extremes.min <= extremes.max) {
        let under = base;
        if (below) {
          const beneath = below.pyramid.range(below.lower(column.timeAt(first)), below.lower(column.timeAt(last - 1)) + 1, {
            min: 0,
            max: 0,
          });
          if (beneath.min <= beneath.max) under = a * (highest - beneath.max);
        }
        const top = Math.min(under, a * (highest - extremes.max));
        const bottom = Math.max(under, a * (highest - extremes.min));
        room.push4(at, top, 1, (below ? under : bottom) - top);
      }
    }
    first = last;
  }
  return { id, shape: 'rects', data: room.take() };
}

/** If more points than this are visible, the pixels that they cover are drawn. */
const maxDots = 20_000;

/** Returns each point as a dot `size` device pixels wide. For many points it returns the runs of pixels they cover, which look the same. */
export function dotShape(id: string, column: Column, raster: Raster, { a, top: highest }: Projection, size: number): LineShape {
  const { start, end } = inSight(column, raster);
  if (end - start <= maxDots) {
    for (let i = start; i < end; i++) {
      const value = column.valueAt(i);
      if (Number.isFinite(value)) room.push2(xOf(column.timeAt(i), raster), a * (highest - value));
    }
    return { id, shape: 'dots', data: room.take() };
  }
  const { columns, rows } = raster;
  const covered = new Uint8Array(columns * rows);
  const half = Math.floor(size / 2);
  for (let i = start; i < end; i++) {
    const x = Math.floor(xOf(column.timeAt(i), raster));
    const y = Math.floor(a * (highest - column.valueAt(i)));
    if (y >= -half && y < rows + half) {
      for (let at = Math.max(0, x - half); at <= Math.min(columns - 1, x + half); at++) {
        covered.fill(1, at * rows + Math.max(0, y - half), at * rows + Math.min(rows, y + half + 1));
      }
    }
  }
  for (let at = 0; at < columns; at++) {
    for (let row = 0; row < rows; row++) {
      if (covered[at * rows + row] === 0) continue;
      const top = row;
      while (row < rows && covered[at * rows + row] === 1) row++;
      room.push4(at, top, 1, row - top);
    }
  }
  return { id, shape: 'rects', data: room.take() };
}
