import { ByteReader, ByteWriter, CorruptError } from './bytes.ts';
import type { TimeColumn } from './m4.ts';
import { type Points, type RecordColumns, recordOf, slicePoints } from './points.ts';
import { readTimeColumn, regularTimes, writeTimes } from './times.ts';
import { readColumn, type ValueColumn, writeValues } from './values.ts';

/** Statistics of a chunk, available without decoding it. */
export interface ChunkStats {
  /** Number of points. */
  n: number;
  /** Number of records: the sum of the points' counts. */
  records: number;
  /** First and last time, ms. */
  from: number;
  to: number;
  /** Least and greatest value of the points' records. */
  min: number;
  max: number;
  sum: number;
  /** Values of the first and last point, and the least and greatest value. */
  first: number;
  last: number;
  low: number;
  high: number;
}

const version = 1;
const recordColumns = ['count', 'min', 'max', 'sum'] as const;

/** Reused for each chunk: growing a new buffer costs more than encoding. */
const out = new ByteWriter(64 * 1024);

/**
 * Encodes a chunk.
 * @param pack whether the bytes are stored uncompressed, so that parts can be read; otherwise they are compressed afterwards
 */
export function encodeChunk(points: Points, pack = false): Uint8Array {
  out.reset();
  out.u8(version);
  out.varint(points.t.length);
  writeTimes(out, points.t);
  writeValues(out, points.v, pack);
  const { record } = points;
  // One bit per record column that is written: most columns repeat the values, or are all 1.
  const written = record ? recordColumns.filter((name) => !isImplied(record[name], name === 'count' ? null : points.v)) : [];
  out.u8(written.reduce((mask, name) => mask | (1 << recordColumns.indexOf(name)), 0));
  if (record) for (const name of written) writeValues(out, record[name], pack);
  return out.finish();
}

/** A chunk whose points are decoded on demand. */
export interface OpenChunk {
  length: number;
  times: TimeColumn;
  /** Memory used, bytes. */
  held: number;
  hasRecords: boolean;
  /** Returns the points at indices [from, to); may share memory with the chunk. */
  slice(from: number, to: number): Points;
  /** Writes their times and values to the start of these columns. */
  fill(from: number, to: number, t: Float64Array, v: Float64Array): void;
}

/** Wraps decoded points, whose memory is counted elsewhere. */
export function wholeChunk(points: Points): OpenChunk {
  return {
    length: points.t.length,
    times: { t: points.t },
    held: 0,
    hasRecords: points.record !== undefined,
    slice: (from, to) => slicePoints(points, from, to),
    fill(from, to, t, v) {
      t.set(points.t.subarray(from, to));
      v.set(points.v.subarray(from, to));
    },
  };
}

/** @throws CorruptError */
export function openChunk(bytes: Uint8Array): OpenChunk {
  const input = new ByteReader(bytes);
  const found = input.u8();
  if (found !== version) throw new CorruptError(`Chunk format ${found} is not known to this version.`);
  const n = input.varint();
  // Only constant columns take less than a byte per point; a far greater count means damage.
  if (n > 100_000_000) throw new CorruptError(`A chunk of ${n} points is not plausible.`);
  const times = readTimeColumn(input, n);
  const values = readColumn(input, n);
  const columnMask = input.u8();
  if (columnMask >= 1 << recordColumns.length) throw new CorruptError(`Unknown record columns ${columnMask}.`);
  const columns: Partial<Record<keyof RecordColumns, ValueColumn>> = {};
  recordColumns.forEach((name, bit) => {
    if (columnMask & (1 << bit)) columns[name] = readColumn(input, n);
  });
  if (input.left > 0) throw new CorruptError(`${input.left} bytes are left over after the chunk.`);
  const held = [values, ...Object.values(columns)].reduce((sum, column) => sum + column.held, bytes.length);
  return {
    length: n,
    times,
    held: 't' in times ? held + times.t.byteLength : held,
    hasRecords: columnMask !== 0,
    fill(from, to, t, v) {
      if ('t' in times) t.set(times.t.subarray(from, to));
      else regularTimes(times, from, to, t);
      values.fill(from, to, v);
    },
    slice(from, to) {
      const points: Points = { t: 't' in times ? times.t.subarray(from, to) : regularTimes(times, from, to), v: values.slice(from, to) };
      if (columnMask === 0) return points;
      const record = recordOf(points);
      for (const name of recordColumns) record[name] = columns[name]?.slice(from, to) ?? record[name];
      points.record = record;
      return points;
    },
  };
}

/** @throws CorruptError */
export function decodeChunk(bytes: Uint8Array): Points {
  const chunk = openChunk(bytes);
  return chunk.slice(0, chunk.length);
}

/** Returns the statistics of the points at [from, to), whose values are numbers. `sum` and `records` are those of their records. */
export function statsOf(points: Points, from = 0, to = points.t.length): ChunkStats {
  const { t, v, record } = points;
  let low = Infinity;
  let high = -Infinity;
  let total = 0;
  for (let i = from; i < to; i++) {
    const value = v[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
    total += value;
  }
  const n = to - from;
  const stats: ChunkStats = {
    n,
    records: n,
    from: t[from] ?? 0,
    to: t[to - 1] ?? 0,
    min: low,
    max: high,
    sum: total,
    first: v[from] ?? NaN,
    last: v[to - 1] ?? NaN,
    low,
    high,
  };
  return record ? Object.assign(stats, recordStats(record, from, to)) : stats;
}

/** Adds the statistics of a later interval to `sum`. An unknown extreme (NaN) makes that of the sum unknown. */
export function addStats(sum: ChunkStats, next: ChunkStats): void {
  sum.n += next.n;
  sum.records += next.records;
  sum.sum += next.sum;
  sum.min = Math.min(sum.min, next.min);
  sum.max = Math.max(sum.max, next.max);
  sum.low = Math.min(sum.low, next.low);
  sum.high = Math.max(sum.high, next.high);
  sum.to = next.to;
  sum.last = next.last;
}

function recordStats(record: RecordColumns, from: number, to: number): Pick<ChunkStats, 'min' | 'max' | 'sum' | 'records'> {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let records = 0;
  for (let i = from; i < to; i++) {
    const low = record.min[i] as number;
    const high = record.max[i] as number;
    if (low < min) min = low;
    if (high > max) max = high;
    records += record.count[i] as number;
    sum += record.sum[i] as number;
  }
  return { min, max, sum, records };
}

function isImplied(column: Float64Array, values: Float64Array | null): boolean {
  if (column === values) return true;
  for (let i = 0; i < column.length; i++) if (!Object.is(column[i], values ? values[i] : 1)) return false;
  return true;
}
