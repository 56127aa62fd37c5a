import type { Values } from '#common/timeseries/pyramid.ts';
import { Column, type TimesInput } from './column.ts';
import type { Stack } from './protocol.ts';

const timesOf = (column: Column): TimesInput => ('t' in column.times ? column.times.t.slice(0, column.length) : column.times);

/** Returns the line with logarithmic values. Values of zero or less have no logarithm and become gaps. */
export function logOf(column: Column): Column {
  const values = new Float64Array(column.length);
  for (let i = 0; i < values.length; i++) {
    const value = column.valueAt(i);
    values[i] = value > 0 ? Math.log10(value) : NaN;
  }
  const derived = new Column({ times: timesOf(column), values, bucketMs: column.bucketMs });
  derived.build();
  return derived;
}

const sameTimes = (a: Column, b: Column): boolean => {
  if (a.length !== b.length) return false;
  if (!('t' in a.times) && !('t' in b.times)) return a.times.t0 === b.times.t0 && a.times.dt === b.times.dt;
  for (let i = 0; i < a.length; i++) if (a.timeAt(i) !== b.timeAt(i)) return false;
  return true;
};

/** Returns all times of several lines, ascending, without duplicates. */
function unionOf(columns: readonly Column[]): Float64Array<ArrayBuffer> {
  const all = new Set<number>();
  for (const column of columns) for (let i = 0; i < column.length; i++) all.add(column.timeAt(i));
  return Float64Array.from(all).sort();
}

/**
 * Returns the values of a line at other times, as it is drawn: interpolated between two points, and held for one step beyond its ends. Zero
 * where the line breaks, because it adds nothing there.
 */
function valuesAt(column: Column, times: Float64Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(times.length);
  const step = column.stepMs;
  for (let i = 0, next = 0; i < times.length; i++) {
    const at = times[i] as number;
    while (next < column.length && column.timeAt(next) < at) next++;
    const before = next - 1;
    const isAt = next < column.length && column.timeAt(next) === at;
    if (isAt) values[i] = finite(column.valueAt(next));
    else if (before >= 0 && next < column.length && !column.breaksBefore(next)) {
      const share = (at - column.timeAt(before)) / (column.timeAt(next) - column.timeAt(before));
      values[i] = column.valueAt(before) * (1 - share) + column.valueAt(next) * share;
    } else if (before >= 0 && at - column.timeAt(before) <= step) values[i] = finite(column.valueAt(before));
    else if (next < column.length && column.timeAt(next) - at <= step) values[i] = finite(column.valueAt(next));
  }
  return values;
}

/**
 * Stacks lines, bottom to top: each value becomes the sum of all lines up to it at the same time, in per cent of the total if asked. Lines
 * whose points have different times are sampled at each other's times.
 */
export function stackOf(columns: readonly Column[], stack: Exclude<Stack, 'none'>): Column[] {
  const [first] = columns;
  if (!first) return [];
  const shared = columns.every((one) => sameTimes(first, one));
  const times: TimesInput = shared ? timesOf(first) : unionOf(columns);
  const length = times instanceof Float64Array ? times.length : first.length;
  const addends = columns.map((column): Values => {
    if (!shared && times instanceof Float64Array) return valuesAt(column, times);
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = finite(column.valueAt(i));
    return values;
  });
  const totals = new Float64Array(length);
  for (const values of addends) for (let i = 0; i < length; i++) totals[i] = (totals[i] as number) + (values[i] as number);
  const sums = new Float64Array(length);
  return addends.map((values) => {
    for (let i = 0; i < length; i++) sums[i] = (sums[i] as number) + (values[i] as number);
    const share = stack === 'percent' ? sums.map((sum, i) => (totals[i] === 0 ? 0 : (100 * sum) / (totals[i] as number))) : sums.slice();
    const derived = new Column({ times: times instanceof Float64Array ? times.slice() : times, values: share, bucketMs: first.bucketMs });
    derived.build();
    return derived;
  });
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
