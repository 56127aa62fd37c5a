import { Column, type ColumnInput } from './column.ts';
import { logOf, stackOf } from './derive.ts';
import { densityHeat, rowsHeat } from './heat.ts';
import type { FrameAnswer, FrameRequest, LineShape, ReadAnswer } from './protocol.ts';
import type { Raster } from './runs.ts';
import { logAxis, projection, type ValueAxis, valueAxis } from './scale.ts';
import { barShape, dotShape, lineShape } from './shapes.ts';

/** A column with more points takes noticeable time to read. */
const coldPoints = 262_144;
/** Approximate number of points of a coarse picture. */
const coarsePoints = 2_048;

interface Plot {
  columns: Map<string, Column>;
  /** Results computed from the columns, until one of them changes. */
  derived: Derived | null;
}

/** Columns computed from others, reused as long as pictures ask for the same. */
interface Derived extends Pick<FrameRequest, 'scale' | 'stack'> {
  from: readonly Column[];
  columns: readonly Column[];
}

/** Holds the points of plots and computes the shapes of a picture. Runs in a worker and knows no canvas. */
export class Store {
  readonly #plots = new Map<number, Plot>();

  put(plot: number, id: string, input: ColumnInput): void {
    const held = this.#plotOf(plot);
    held.columns.set(id, new Column(input));
    held.derived = null;
  }

  /** @param from time before which points may be dropped, ms */
  append(plot: number, id: string, t: Float64Array, v: Float64Array, from = -Infinity): void {
    const held = this.#plotOf(plot);
    const column = held.columns.get(id);
    if (column) {
      column.append(t, v);
      column.trim(from);
    } else held.columns.set(id, new Column({ times: Float64Array.from(t), values: Float64Array.from(v), bucketMs: 0 }));
    held.derived = null;
  }

  /** Drops one line, or a whole plot. */
  drop(plot: number, id?: string): void {
    if (id === undefined) this.#plots.delete(plot);
    else {
      const held = this.#plots.get(plot);
      held?.columns.delete(id);
      if (held) held.derived = null;
    }
  }

  /** Memory held by all columns, bytes. */
  get bytes(): number {
    let sum = 0;
    for (const { columns, derived } of this.#plots.values()) {
      for (const column of columns.values()) sum += column.bytes;
      for (const column of derived?.columns ?? []) sum += column.bytes;
    }
    return sum;
  }

  /** True if a picture would have to wait until many points were read. */
  isCold({ plot, ids }: FrameRequest): boolean {
    return ids.some((id) => {
      const column = this.#plots.get(plot)?.columns.get(id);
      return column !== undefined && !column.isBuilt && column.length > coldPoints;
    });
  }

  /** Returns the stored points of some lines that are nearest to a time and within `within` ms of it. */
  read(plot: number, ids: readonly string[], at: number, within: number): ReadAnswer[] {
    return ids.flatMap((id) => {
      const column = this.#plots.get(plot)?.columns.get(id);
      const index = column?.nearest(at, within) ?? -1;
      return column && index >= 0 ? [{ id, at: column.timeAt(index), value: column.valueAt(index) }] : [];
    });
  }

  /** Returns the exact picture, or a coarse one from a sample of the points. */
  answer(request: FrameRequest, coarse = false): FrameAnswer {
    const started = performance.now();
    const columns = this.#columnsFor(request, coarse);
    const axis = this.#axisFor(request, columns);
    const offLog = request.scale === 'log' && this.#isOffLog(request);
    const raster: Raster = { from: request.from, to: request.to, columns: request.columns, rows: request.rows };
    const { parts, range } = this.#partsFor(request, columns, axis, raster);
    return {
      plot: request.plot,
      seq: request.seq,
      exact: !coarse,
      axis,
      parts,
      range,
      offLog,
      ...raster,
      workMs: performance.now() - started,
    };
  }

  #plotOf(plot: number): Plot {
    let held = this.#plots.get(plot);
    if (!held) {
      held = { columns: new Map(), derived: null };
      this.#plots.set(plot, held);
    }
    return held;
  }

  /** Returns the columns as they are drawn: logarithms on a logarithmic axis, sums if lines are stacked. */
  #columnsFor({ plot, ids, scale, stack, kind }: FrameRequest, coarse: boolean): { id: string; column: Column }[] {
    const held = this.#plotOf(plot);
    const known = ids.flatMap((id) => {
      const column = held.columns.get(id);
      return column ? [{ id, column }] : [];
    });
    if (coarse) return known.map(({ id, column }) => ({ id, column: sampleOf(column) }));
    for (const { column } of known) column.build();
    // Rows of a heat map have no value axis.
    if (kind === 'heatmap' && (known.length > 1 || scale === 'linear')) return known;
    if (scale === 'linear' && (stack === 'none' || kind === 'heatmap')) return known;
    const from = known.map(({ column }) => column);
    const last = held.derived;
    const isSame =
      last?.scale === scale && last.stack === stack && last.from.length === from.length && from.every((one, i) => one === last.from[i]);
    if (!isSame) {
      const stacked = stack === 'none' ? from : stackOf(from, stack);
      // Only what is on screen now is kept: another order or scale is computed again when needed.
      held.derived = { scale, stack, from, columns: scale === 'log' ? stacked.map(logOf) : stacked };
    }
    return known.map(({ id }, i) => ({ id, column: held.derived?.columns[i] as Column }));
  }

  #axisFor(request: FrameRequest, columns: readonly { column: Column }[]): ValueAxis {
    const all = { min: Infinity, max: -Infinity };
    const one = { min: 0, max: 0 };
    for (const { column } of columns) {
      column.extent(request.from, request.to, one);
      all.min = Math.min(all.min, one.min);
      all.max = Math.max(all.max, one.max);
    }
    const { min, max, include, steps } = request.axis;
    const extent = all.min <= all.max ? all : null;
    if (request.scale === 'log') {
      const powers = extent && { min: 10 ** extent.min, max: 10 ** extent.max };
      return logAxis({ extent: powers, include, fixed: { min, max }, steps });
    }
    const fromZero = request.kind === 'area' || request.kind === 'bar' || request.stack !== 'none';
    const fixed = request.stack === 'percent' ? { min: 0, max: 100 } : { min, max };
    const whole = request.stack !== 'percent' && columns.length > 0 && columns.every(({ column }) => column.isWhole);
    return valueAxis({ extent, include, fixed, fromZero, whole, steps });
  }

  /** True if there are visible values and a logarithmic axis can show none of them. */
  #isOffLog({ plot, ids, from, to, kind }: FrameRequest): boolean {
    if (kind === 'heatmap' && ids.length > 1) return false;
    const greatest = ids.reduce((most, id) => {
      const column = this.#plotOf(plot).columns.get(id);
      const { min, max } = column?.isBuilt ? column.extent(from, to, { min: 0, max: 0 }) : { min: 1, max: 0 };
      return min <= max ? Math.max(most, max) : most;
    }, Number.NEGATIVE_INFINITY);
    return greatest !== Number.NEGATIVE_INFINITY && greatest <= 0;
  }

  #partsFor(
    request: FrameRequest,
    columns: readonly { id: string; column: Column }[],
    axis: ValueAxis,
    raster: Raster,
  ): { parts: LineShape[]; range: FrameAnswer['range'] } {
    const project = projection(axis, raster.rows);
    const { crisp, everyPoint } = request;
    const zero = axis.scale === 'log' ? raster.rows : Math.min(raster.rows, Math.max(0, project.a * project.top));
    const [only] = columns;
    if (request.kind === 'heatmap' && only) {
      const { part, range } =
        columns.length > 1
          ? rowsHeat(
              columns.map(({ column }) => column),
              raster,
            )
          : densityHeat(only.column, raster, project);
      return { parts: [part], range };
    }
    const stacked = request.stack !== 'none';
    const parts = columns.map(({ id, column }, i): LineShape => {
      const below = stacked && i > 0 ? (columns[i - 1]?.column ?? null) : null;
      if (request.kind === 'scatter') return dotShape(id, column, raster, project, Math.max(1, Math.round(3 * request.ratio)));
      if (request.kind === 'bar') {
        const place = stacked ? { place: 0, count: 1 } : { place: i, count: columns.length };
        return barShape(id, column, raster, project, zero, below, place);
      }
      // A band comes in threes: minimum, middle, maximum. The last is filled down to the first.
      const under = request.under[id];
      const edge = under === undefined ? null : (columns.find((one) => one.id === under)?.column ?? null);
      const lower = request.kind === 'band' && i % 3 === 2 ? (columns[i - 2]?.column ?? null) : (edge ?? below);
      const draw = request.kind === 'step' ? 'step' : 'line';
      return lineShape({ id, column, raster, project, draw, base: zero, crisp, everyPoint, ...(lower ? { below: lower } : {}) });
    });
    return { parts, range: null };
  }
}

/** Returns an evenly spaced sample of a column's points. */
function sampleOf(column: Column): Column {
  const step = Math.max(1, Math.floor(column.length / coarsePoints));
  const count = Math.ceil(column.length / step);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    times[i] = column.timeAt(i * step);
    values[i] = column.valueAt(i * step);
  }
  const sample = new Column({ times, values, bucketMs: column.bucketMs * step });
  sample.build();
  return sample;
}
