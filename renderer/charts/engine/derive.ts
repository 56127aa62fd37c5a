import type { Values } from '#common/timeseries/pyramid.ts';
import { Column, type TimesInput } from './column.ts';
import type { Stack } from './protocol.ts';

const timesOf = (column: Column): TimesInput => ('t' in column.times ? column.times.t.slice(0, column.length) : column.times);

/** The same line with logarithms for values. What is zero or less has none: a gap. */
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

/** All times of several lines, ascending, each once. */
function unionOf(columns: readonly Column[]): Float64Array<ArrayBuffer> {
  const all = new Set<number>();
  for (const column of columns) for (let i = 0; i < column.length; i++) all.add(column.timeAt(i));
  return Float64Array.from(all).sort();
}

/**
 * The lines stood on one another, bottom to top: each value is the sum of those up to it at the same time, and in per cent of all of them
 * where asked. A line without a point at a time adds nothing there.
 */
export function stackOf(columns: readonly Column[], stack: Exclude<Stack, 'none'>): Column[] {
  const [first] = columns;
  if (!first) return [];
  const shared = columns.every((one) => sameTimes(first, one));
  const times: TimesInput = shared ? timesOf(first) : unionOf(columns);
  const length = times instanceof Float64Array ? times.length : first.length;
  const addends = columns.map((column): Values => {
    const values = new Float64Array(length);
    if (shared || !(times instanceof Float64Array)) for (let i = 0; i < length; i++) values[i] = finite(column.valueAt(i));
    else {
      for (let i = 0, own = 0; i < length; i++) {
        while (own < column.length && column.timeAt(own) < (times[i] as number)) own++;
        if (own < column.length && column.timeAt(own) === times[i]) values[i] = finite(column.valueAt(own));
      }
    }
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
