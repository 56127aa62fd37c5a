import type { FillPolicy } from '../contract/signals.ts';
import { type BucketWidth, bucketEdges } from './buckets.ts';

/** Columns of equal length, times ascending. NaN means null. */
export interface Filled {
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

/**
 * Gives every bucket of [from, to) (ms) a value. It is null with `previous` before the first bucket with points, and with `linear` also
 * after the last. Calendar days are interpolated by time, so a day of 23 hours counts as one.
 * @param t starts of the buckets that have points, ascending
 */
export function fill(
  t: Float64Array<ArrayBuffer>,
  v: Float64Array<ArrayBuffer>,
  policy: FillPolicy,
  from: number,
  to: number,
  width: BucketWidth,
): Filled {
  if (policy === 'none' || to <= from) return { t, v };
  const starts = bucketEdges(from, to, width).slice(0, -1);
  const values = new Float64Array(starts.length);
  let next = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    while (next < t.length && (t[next] as number) < start) next += 1;
    values[i] = t[next] === start ? (v[next] as number) : between(t, v, next, start, policy);
  }
  return { t: starts, v: values };
}

/** Interpolates the value at `at` between the points before and at index `next`. */
function between(t: Float64Array, v: Float64Array, next: number, at: number, policy: Exclude<FillPolicy, 'none'>): number {
  if (policy === 'zero') return 0;
  if (policy === 'null' || next === 0) return Number.NaN;
  const before = v[next - 1] as number;
  if (policy === 'previous') return before;
  if (next === t.length) return Number.NaN;
  const [t0, t1] = [t[next - 1] as number, t[next] as number];
  return before + (((v[next] as number) - before) * (at - t0)) / (t1 - t0);
}
