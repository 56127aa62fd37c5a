import { minuteMs } from '#common/time/durations.ts';
import { ByteReader, ByteWriter, CorruptError } from '#common/timeseries/bytes.ts';
import { addStats, type ChunkStats, statsOf } from '#common/timeseries/chunk.ts';
import type { Points } from '#common/timeseries/points.ts';
import { readTimes, writeTimes } from '#common/timeseries/times.ts';
import { readValues, writeValues } from '#common/timeseries/values.ts';

/** A roll-up is worth its size from about this many points per minute on. */
const worthwhile = 20;

/** The columns of ChunkStats for each minute of an hour that has points, oldest first. */
export interface Minutes {
  count: number;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  first: Float64Array;
  last: Float64Array;
  low: Float64Array;
  high: Float64Array;
  n: Float64Array;
  records: Float64Array;
  from: Float64Array;
  to: Float64Array;
}
/** Columns stored as uncompressed float64: they are read often and compress little. */
const wide = ['min', 'max', 'sum', 'first', 'last'] as const;
/** Uncompressed columns that only records need: for other points they equal `min` and `max`. */
const ofValues = ['low', 'high'] as const;
/** Compressed columns: they are mostly regular and take a few bytes each. */
const counts = ['n', 'records'] as const;
const times = ['from', 'to'] as const;

/** Returns the statistics of an hour and its roll-up, which is null when it is not worthwhile. */
export function summariseHour(points: Points): { stats: ChunkStats; rollup: Uint8Array | null } {
  const minutes = minutesOf(points);
  return minutes
    ? { stats: total(minutes), rollup: encodeRollup(minutes, points.record !== undefined) }
    : { stats: statsOf(points), rollup: null };
}

/** Returns the statistics by minute; null when there are too few points per minute. */
function minutesOf(points: Points): ChunkStats[] | null {
  const { t } = points;
  const n = t.length;
  const minutes: ChunkStats[] = [];
  for (let at = 0; at < n; ) {
    if ((minutes.length + 1) * worthwhile > n) return null;
    const end = (Math.floor((t[at] as number) / minuteMs) + 1) * minuteMs;
    let next = at + 1;
    while (next < n && (t[next] as number) < end) next += 1;
    minutes.push(statsOf(points, at, next));
    at = next;
  }
  return minutes;
}

/** Combines the statistics of consecutive parts. */
function total(parts: readonly ChunkStats[]): ChunkStats {
  const sum = { ...(parts[0] as ChunkStats) };
  for (let i = 1; i < parts.length; i++) addStats(sum, parts[i] as ChunkStats);
  return sum;
}

const out = new ByteWriter(8 * 1024);

function encodeRollup(minutes: readonly ChunkStats[], hasRecords: boolean): Uint8Array {
  out.reset();
  out.f64(minutes.length);
  writeWide(out, minutes, wide);
  for (const column of counts) writeValues(out, columnOf(minutes, column));
  for (const column of times) writeTimes(out, columnOf(minutes, column));
  if (hasRecords) writeWide(out, minutes, ofValues);
  return out.finish();
}

function columnOf(minutes: readonly ChunkStats[], column: keyof ChunkStats): Float64Array {
  const values = new Float64Array(minutes.length);
  for (let i = 0; i < values.length; i++) values[i] = (minutes[i] as ChunkStats)[column];
  return values;
}

function writeWide(out: ByteWriter, minutes: readonly ChunkStats[], columns: readonly (keyof ChunkStats)[]): void {
  for (const column of columns) out.bytes(new Uint8Array(columnOf(minutes, column).buffer));
}

/** @throws CorruptError */
export function decodeRollup(bytes: Uint8Array): Minutes {
  const input = new ByteReader(bytes);
  const count = input.f64();
  if (!(count > 0 && count <= 60)) throw new CorruptError(`An hour has no ${count} minutes.`);
  const [min, max, sum, first, last] = readWide(input, count, wide.length) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const n = readValues(input, count);
  const records = readValues(input, count);
  const from = readTimes(input, count);
  const to = readTimes(input, count);
  const [low = min, high = max] = input.left > 0 ? readWide(input, count, ofValues.length) : [];
  if (input.left > 0) throw new CorruptError(`${input.left} bytes are left over after the roll-up.`);
  return { count, min, max, sum, first, last, low, high, n, records, from, to };
}

function readWide(input: ByteReader, count: number, columns: number): Float64Array[] {
  const block = input.bytes(count * columns * 8);
  // Copied if it is not aligned; `slice` of a Buffer would not copy.
  const aligned = block.byteOffset % 8 === 0 ? block : new Uint8Array(block);
  return Array.from({ length: columns }, (_, i) => new Float64Array(aligned.buffer, aligned.byteOffset + i * count * 8, count));
}
