import type { WindowAggregation } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import { lowerBound } from '../timeseries/lower-bound.ts';
import { percentile } from '../timeseries/percentile.ts';
import type { SeriesWindows, WindowValue } from './reference.ts';

/** Points of one series, or its buckets: columns of equal length, times ascending (epoch ms, start of a bucket). */
export interface PointColumns {
  t: ArrayLike<number>;
  /** The value, of a bucket its last. */
  last: ArrayLike<number>;
  /** Number of records. */
  count: ArrayLike<number>;
  sum: ArrayLike<number>;
  min: ArrayLike<number>;
  max: ArrayLike<number>;
}

const percents: Partial<Record<WindowAggregation, number>> = { p50: 50, p95: 95, p99: 99 };

/** Points whose sums and extremes are kept together, so that a long window is read in a fraction of its points. */
const blockSize = 64;

type Combine = (a: number, b: number) => number;
const add: Combine = (a, b) => a + b;

/** A column, and the same column with the values of each block combined. */
class BlockColumn {
  readonly #values: ArrayLike<number>;
  readonly #combine: Combine;
  #blocks: Float64Array | null = null;

  constructor(values: ArrayLike<number>, combine: Combine) {
    this.#values = values;
    this.#combine = combine;
  }

  /** Combines the values of `[first, end)`, which is not empty. */
  over(first: number, end: number): number {
    const from = Math.ceil(first / blockSize);
    const to = Math.floor(end / blockSize);
    if (to - from < 2) return this.#scan(this.#values, first, end);
    this.#blocks ??= this.#combineBlocks();
    let result = this.#scan(this.#blocks, from, to);
    if (first < from * blockSize) result = this.#combine(this.#scan(this.#values, first, from * blockSize), result);
    return to * blockSize < end ? this.#combine(result, this.#scan(this.#values, to * blockSize, end)) : result;
  }

  #scan(values: ArrayLike<number>, first: number, end: number): number {
    let result = at(values, first);
    for (let i = first + 1; i < end; i++) result = this.#combine(result, at(values, i));
    return result;
  }

  #combineBlocks(): Float64Array {
    const count = Math.floor(this.#values.length / blockSize);
    return Float64Array.from({ length: count }, (_, block) => this.#scan(this.#values, block * blockSize, (block + 1) * blockSize));
  }
}

/**
 * Windows over points in memory. Exact when no bucket crosses the edge of a window; percentiles need the points themselves, and take time in
 * proportion to their number.
 */
export class PointWindows implements SeriesWindows {
  readonly #points: PointColumns;
  readonly #sum: BlockColumn;
  readonly #count: BlockColumn;
  readonly #min: BlockColumn;
  readonly #max: BlockColumn;

  constructor(points: PointColumns) {
    this.#points = points;
    this.#sum = new BlockColumn(points.sum, add);
    this.#count = new BlockColumn(points.count, add);
    this.#min = new BlockColumn(points.min, Math.min);
    this.#max = new BlockColumn(points.max, Math.max);
  }

  valueOf(aggregation: WindowAggregation, { from, to }: Interval): WindowValue | null {
    const { t, last } = this.#points;
    const first = lowerBound(t, from);
    const end = lowerBound(t, to, first);
    const points = end - first;
    if (points === 0) return null;
    const percent = percents[aggregation];
    if (percent !== undefined) return { value: percentile(copy(last, first, end), percent), points };
    switch (aggregation) {
      case 'last':
        return { value: at(last, end - 1), points };
      case 'min':
        return { value: this.#min.over(first, end), points };
      case 'max':
        return { value: this.#max.over(first, end), points };
      case 'count':
        return { value: this.#count.over(first, end), points };
      case 'sum':
        return { value: this.#sum.over(first, end), points };
      default: {
        const records = this.#count.over(first, end);
        return records === 0 ? null : { value: this.#sum.over(first, end) / records, points };
      }
    }
  }

  /** Time of the newest point before `to`, ms; null if there is none. */
  lastBefore(to: number): number | null {
    const end = lowerBound(this.#points.t, to);
    return end === 0 ? null : at(this.#points.t, end - 1);
  }
}

const at = (column: ArrayLike<number>, index: number): number => column[index] ?? Number.NaN;

function copy(column: ArrayLike<number>, first: number, end: number): Float64Array {
  const values = new Float64Array(end - first);
  for (let i = first; i < end; i++) values[i - first] = at(column, i);
  return values;
}
