import type { Column } from './column.ts';
import type { LineShape } from './protocol.ts';
import { type Raster, xOf } from './runs.ts';
import type { Projection } from './scale.ts';

/** Minimum width of a cell, device pixels. */
const cellPx = 4;

export interface Heat {
  part: LineShape;
  /** The values of the lowest and the highest cell. */
  range: { min: number; max: number } | null;
}

const idOfAll = 'heat';

/**
 * Draws series over time, one row per line, the first on top. A cell is the maximum of its interval, so that a spike is never averaged
 * away.
 */
export function rowsHeat(columns: readonly Column[], raster: Raster): Heat {
  const bucket = Math.max(0, ...columns.map((one) => one.stepMs));
  const wide = Math.max(cellPx, (bucket * raster.columns) / (raster.to - raster.from));
  const across = Math.max(1, Math.floor(raster.columns / wide));
  const data = new Float32Array(across * columns.length).fill(NaN);
  const range = { min: Infinity, max: -Infinity };
  const extremes = { min: 0, max: 0 };
  columns.forEach((column, row) => {
    let first = column.lower(raster.from);
    for (let at = 0; at < across; at++) {
      const last = column.lower(raster.from + ((at + 1) * (raster.to - raster.from)) / across, first);
      if (last > first) {
        column.pyramid.range(first, last, extremes);
        if (extremes.min <= extremes.max) {
          data[row * across + at] = extremes.max;
          range.min = Math.min(range.min, extremes.max);
          range.max = Math.max(range.max, extremes.max);
        }
      }
      first = last;
    }
  });
  const width = range.max - range.min;
  for (let i = 0; i < data.length; i++) data[i] = width > 0 ? ((data[i] as number) - range.min) / width : (data[i] as number) * 0 + 1;
  return { part: { id: idOfAll, shape: 'cells', data, across }, range: range.min <= range.max ? range : null };
}

/** Draws time × value of one line: a cell is its share of points, relative to the fullest cell. */
export function densityHeat(column: Column, raster: Raster, { a, top: highest }: Projection): Heat {
  const across = Math.max(1, Math.floor(raster.columns / cellPx));
  const down = Math.max(1, Math.floor(raster.rows / (2 * cellPx)));
  const counts = new Float32Array(across * down);
  const start = column.lower(raster.from);
  const end = column.lower(raster.to, start);
  let most = 0;
  for (let i = start; i < end; i++) {
    const row = (a * (highest - column.valueAt(i)) * down) / raster.rows;
    // A value at the bottom of the axis belongs to the lowest cell.
    if (!(row >= 0 && row <= down)) continue;
    const y = Math.min(down - 1, Math.floor(row));
    const x = Math.min(across - 1, Math.floor((xOf(column.timeAt(i), raster) * across) / raster.columns));
    const at = y * across + x;
    const count = (counts[at] as number) + 1;
    counts[at] = count;
    if (count > most) most = count;
  }
  // Square roots keep rare values visible beside frequent ones.
  for (let i = 0; i < counts.length; i++) counts[i] = counts[i] === 0 ? NaN : Math.sqrt((counts[i] as number) / most);
  return { part: { id: idOfAll, shape: 'cells', data: counts, across }, range: most > 0 ? { min: 1, max: most } : null };
}
