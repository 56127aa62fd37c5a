import type { WindowAggregation } from '../contract/conditions.ts';
import type { Interval } from '../time/intervals.ts';
import { lowerBound } from '../timeseries/lower-bound.ts';
import { quantile } from '../timeseries/percentile.ts';
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

/**
 * Windows over points in memory. Exact when no bucket crosses the edge of a window; percentiles need the points themselves. A window takes
 * time in proportion to the number of its points or buckets.
 */
export class PointWindows implements SeriesWindows {
  readonly #points: PointColumns;

  constructor(points: PointColumns) {
    this.#points = points;
  }

  valueOf(aggregation: WindowAggregation, { from, to }: Interval): WindowValue | null {
    const { t, last, count, sum, min, max } = this.#points;
    const first = lowerBound(t, from);
    const end = lowerBound(t, to, first);
    const points = end - first;
    if (points === 0) return null;
    const percent = percents[aggregation];
    if (percent !== undefined) return { value: quantile(sorted(last, first, end), percent / 100), points };
    switch (aggregation) {
      case 'last':
        return { value: at(last, end - 1), points };
      case 'min':
        return { value: reduce(min, first, end, Math.min), points };
      case 'max':
        return { value: reduce(max, first, end, Math.max), points };
      case 'count':
        return { value: total(count, first, end), points };
      case 'sum':
        return { value: total(sum, first, end), points };
      default: {
        const records = total(count, first, end);
        return records === 0 ? null : { value: total(sum, first, end) / records, points };
      }
    }
  }
}

const at = (column: ArrayLike<number>, index: number): number => column[index] ?? Number.NaN;

function total(column: ArrayLike<number>, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += at(column, i);
  return sum;
}

function reduce(column: ArrayLike<number>, first: number, end: number, least: (a: number, b: number) => number): number {
  let value = at(column, first);
  for (let i = first + 1; i < end; i++) value = least(value, at(column, i));
  return value;
}

function sorted(column: ArrayLike<number>, first: number, end: number): Float64Array {
  const values = new Float64Array(end - first);
  for (let i = first; i < end; i++) values[i - first] = at(column, i);
  return values.sort();
}
