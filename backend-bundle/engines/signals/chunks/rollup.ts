import { type Points, statsOf } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import { minuteMs } from './schema.ts';

/** A roll-up is worth its bytes from about this many points a minute on. */
const worthwhile = 20;

/** Statistics of each minute of an hour that has points, by column, oldest first. */
export interface Minutes {
  count: number;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  first: Float64Array;
  last: Float64Array;
  /** Sum of record counts. */
  records: Float64Array;
  n: Uint32Array;
  /** First and last time, ms after the hour began. */
  from: Uint32Array;
  to: Uint32Array;
}
const wide = ['min', 'max', 'sum', 'first', 'last', 'records'] as const;
const narrow = ['n', 'from', 'to'] as const;
const bytesAMinute = wide.length * 8 + narrow.length * 4;

/** Columns of float64 and then of uint32, uncompressed: they are read often and compress little. Null when not worthwhile. */
export function encodeRollup(hour: number, points: Points): Uint8Array | null {
  const n = points.t.length;
  const starts: number[] = [];
  for (let at = 0; at < n; ) {
    starts.push(at);
    if (starts.length * worthwhile > n) return null;
    const minute = Math.floor((points.t[at] as number) / minuteMs);
    at = firstAtOrAfter({ t: points.t }, n, (minute + 1) * minuteMs);
  }
  if (starts.length === 0) return null;
  const bytes = new Uint8Array(starts.length * bytesAMinute);
  const minutes = viewMinutes(bytes);
  for (const [i, start] of starts.entries()) {
    const stats = statsOf(points, start, starts[i + 1] ?? n);
    for (const column of wide) minutes[column][i] = stats[column];
    minutes.n[i] = stats.n;
    minutes.from[i] = stats.from - hour;
    minutes.to[i] = stats.to - hour;
  }
  return bytes;
}

/** The columns of an encoded roll-up; shares its memory where that is aligned. @throws RangeError when the length cannot be right */
export function viewMinutes(bytes: Uint8Array): Minutes {
  const count = bytes.byteLength / bytesAMinute;
  if (!Number.isInteger(count)) throw new RangeError('The roll-up has a wrong length.');
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const f64 = (i: number) => new Float64Array(aligned.buffer, aligned.byteOffset + i * count * 8, count);
  const u32 = (i: number) => new Uint32Array(aligned.buffer, aligned.byteOffset + wide.length * count * 8 + i * count * 4, count);
  return {
    count,
    min: f64(0),
    max: f64(1),
    sum: f64(2),
    first: f64(3),
    last: f64(4),
    records: f64(5),
    n: u32(0),
    from: u32(1),
    to: u32(2),
  };
}
