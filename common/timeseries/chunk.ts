import { ByteReader, ByteWriter, CorruptError } from './bytes.ts';
import { readTimes, writeTimes } from './times.ts';
import { readValues, writeValues } from './values.ts';

/**
 * Points of one series, times ascending and distinct (epoch ms). A measured series has `v` alone. A series of records has the
 * record count, least, greatest and sum beside it, with `v` the average; a column is absent where it says nothing new (every count 1,
 * every extreme and sum equal to `v`).
 */
export interface Points {
  t: Float64Array;
  v: Float64Array;
  record?: { count: Float64Array; min: Float64Array; max: Float64Array; sum: Float64Array };
}

/** What a chunk says of itself without being opened. */
export interface ChunkStats {
  /** Points. */
  n: number;
  /** Records behind them: the sum of counts. */
  records: number;
  /** First and last time, ms. */
  from: number;
  to: number;
  min: number;
  max: number;
  sum: number;
  first: number;
  last: number;
}

const version = 1;

/** Bytes of a chunk before compression. */
export function encodeChunk(points: Points): Uint8Array {
  const out = new ByteWriter(points.t.length * 4 + 64);
  out.u8(version);
  out.varint(points.t.length);
  writeTimes(out, points.t);
  writeValues(out, points.v);
  const record = points.record && !isPlain(points) ? points.record : undefined;
  out.u8(record ? 1 : 0);
  if (record) for (const column of [record.count, record.min, record.max, record.sum]) writeValues(out, column);
  return out.finish();
}

/** @throws CorruptError */
export function decodeChunk(bytes: Uint8Array): Points {
  const input = new ByteReader(bytes);
  const found = input.u8();
  if (found !== version) throw new CorruptError(`Chunk format ${found} is not known to this version.`);
  const n = input.varint();
  // Every encoding but the constant ones takes at least a byte a point; a count far beyond is damage, not data.
  if (n > 100_000_000) throw new CorruptError(`A chunk of ${n} points is not plausible.`);
  const points: Points = { t: readTimes(input, n), v: readValues(input, n) };
  if (input.u8() === 1) {
    points.record = { count: readValues(input, n), min: readValues(input, n), max: readValues(input, n), sum: readValues(input, n) };
  }
  if (input.left > 0) throw new CorruptError(`${input.left} bytes are left over after the chunk.`);
  return points;
}

/** Statistics of the points at [from, to). `sum` and `records` are of the records behind them; NaN values count as absent. */
export function statsOf(points: Points, from = 0, to = points.t.length): ChunkStats {
  const { t, v, record } = points;
  const stats: ChunkStats = {
    n: to - from,
    records: 0,
    from: t[from] ?? 0,
    to: t[to - 1] ?? 0,
    min: Infinity,
    max: -Infinity,
    sum: 0,
    first: v[from] ?? NaN,
    last: v[to - 1] ?? NaN,
  };
  for (let i = from; i < to; i++) {
    const value = v[i] as number;
    const low = record ? (record.min[i] as number) : value;
    const high = record ? (record.max[i] as number) : value;
    if (low < stats.min) stats.min = low;
    if (high > stats.max) stats.max = high;
    if (Number.isNaN(value)) continue;
    stats.records += record ? (record.count[i] as number) : 1;
    stats.sum += record ? (record.sum[i] as number) : value;
  }
  return stats;
}

/** `later` laid over `earlier`: where both have a time, the later one's point stands (last write wins). */
export function mergePoints(earlier: Points, later: Points): Points {
  const a = earlier.t.length;
  const b = later.t.length;
  if (a === 0) return later;
  if (b === 0) return earlier;
  const withRecord = earlier.record !== undefined || later.record !== undefined;
  const source = new Int32Array(a + b);
  let n = 0;
  for (let i = 0, j = 0; i < a || j < b; ) {
    const left = i < a ? (earlier.t[i] as number) : Infinity;
    const right = j < b ? (later.t[j] as number) : Infinity;
    // Indices into the later points are kept as −1 − j.
    if (right <= left) {
      source[n++] = -1 - j++;
      if (right === left) i++;
    } else source[n++] = i++;
  }
  const pick = (left: Float64Array, right: Float64Array) => {
    const out = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const at = source[k] as number;
      out[k] = (at >= 0 ? left[at] : right[-1 - at]) as number;
    }
    return out;
  };
  const merged: Points = { t: pick(earlier.t, later.t), v: pick(earlier.v, later.v) };
  if (withRecord) {
    const left = recordOf(earlier);
    const right = recordOf(later);
    merged.record = {
      count: pick(left.count, right.count),
      min: pick(left.min, right.min),
      max: pick(left.max, right.max),
      sum: pick(left.sum, right.sum),
    };
  }
  return merged;
}

/** Points at [from, to), sharing memory. */
export function slicePoints(points: Points, from: number, to: number): Points {
  const cut = (column: Float64Array) => column.subarray(from, to);
  const part: Points = { t: cut(points.t), v: cut(points.v) };
  if (points.record) {
    const { count, min, max, sum } = points.record;
    part.record = { count: cut(count), min: cut(min), max: cut(max), sum: cut(sum) };
  }
  return part;
}

/** The record columns, written out where they were left away. */
export function recordOf(points: Points): NonNullable<Points['record']> {
  return points.record ?? { count: new Float64Array(points.t.length).fill(1), min: points.v, max: points.v, sum: points.v };
}

function isPlain({ v, record }: Points): boolean {
  if (!record) return true;
  for (let i = 0; i < v.length; i++) {
    const value = v[i] as number;
    if (record.count[i] !== 1 || !same(record.min[i], value) || !same(record.max[i], value) || !same(record.sum[i], value)) return false;
  }
  return true;
}

function same(a: number | undefined, b: number): boolean {
  return Object.is(a, b);
}
