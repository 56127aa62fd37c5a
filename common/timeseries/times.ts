import { type ByteReader, type ByteWriter, CorruptError } from './bytes.ts';
import type { TimeColumn } from './m4.ts';

/**
 * Times of a chunk, ascending epoch ms. Regular ones take a few bytes whatever their number; others are stored as delta-of-delta (Pelkonen
 * et al., "Gorilla", VLDB 2015, byte-aligned here because zstd follows). Times outside ±2^51 ms, which no clock shows but the format
 * supports, are stored as plain int64.
 */
const regular = 0;
const deltas = 1;
const plain = 2;
const safe = 2 ** 51;

export type Times = Float64Array | BigInt64Array;

export function writeTimes(out: ByteWriter, times: Times): void {
  const n = times.length;
  if (times instanceof BigInt64Array) {
    const wide = times.some((t) => t > safe || t < -safe);
    if (!wide) {
      writeTimes(out, Float64Array.from(times, Number));
      return;
    }
    out.u8(plain);
    for (const t of times) out.i64(t);
    return;
  }
  if (n > 0 && (at(times, 0) < -safe || at(times, n - 1) > safe)) {
    out.u8(plain);
    for (const t of times) out.i64(BigInt(t));
    return;
  }
  const step = n > 1 ? at(times, 1) - at(times, 0) : 0;
  let isRegular = true;
  for (let i = 2; i < n && isRegular; i++) isRegular = at(times, i) - at(times, i - 1) === step;
  out.u8(isRegular ? regular : deltas);
  if (n === 0) return;
  out.signed(at(times, 0));
  if (n === 1) return;
  out.signed(step);
  if (isRegular) return;
  const turns = new Float64Array(n - 2);
  let previous = step;
  for (let i = 2; i < n; i++) {
    const delta = at(times, i) - at(times, i - 1);
    turns[i - 2] = delta - previous;
    previous = delta;
  }
  out.signedAll(turns);
}

/** @param n number of times. @throws CorruptError; also for times past 2^53, which `readWideTimes` reads */
export function readTimes(input: ByteReader, n: number): Float64Array {
  const times = readTimeColumn(input, n);
  return 't' in times ? times.t : regularTimes(times, 0, n);
}

/** Writes the times at [from, to) of a regular column to the start of `times`, by default a new array. */
export function regularTimes(
  { t0, dt }: { t0: number; dt: number },
  from: number,
  to: number,
  times: Float64Array = new Float64Array(to - from),
): Float64Array {
  for (let i = from; i < to; i++) times[i - from] = t0 + i * dt;
  return times;
}

/** Reads times like `readTimes`, but does not expand regular ones. */
export function readTimeColumn(input: ByteReader, n: number): TimeColumn {
  const kind = input.u8();
  if (kind === plain) {
    const t = Float64Array.from({ length: n }, () => {
      const time = input.i64();
      if (time > Number.MAX_SAFE_INTEGER || time < Number.MIN_SAFE_INTEGER)
        throw new CorruptError('A time is past what a float64 holds exactly.');
      return Number(time);
    });
    return { t };
  }
  if (kind !== regular && kind !== deltas) throw new CorruptError(`Unknown time encoding ${kind}.`);
  if (n === 0) return { t: new Float64Array(0) };
  const t0 = input.signed();
  if (n === 1) return { t: Float64Array.of(t0) };
  let delta = input.signed();
  if (kind === regular) return { t0, dt: delta };
  const turns = new Float64Array(n - 2);
  input.signedAll(turns);
  const t = new Float64Array(n);
  let time = t0 + delta;
  t[0] = t0;
  t[1] = time;
  for (let i = 2; i < n; i++) {
    delta += turns[i - 2] as number;
    time += delta;
    t[i] = time;
  }
  return { t };
}

/** Reads times of any int64 value. */
export function readWideTimes(input: ByteReader, n: number, bytes: Uint8Array): BigInt64Array {
  if (bytes[0] !== plain) return BigInt64Array.from(readTimes(input, n), BigInt);
  input.u8();
  return BigInt64Array.from({ length: n }, () => input.i64());
}

function at(times: Float64Array, i: number): number {
  return times[i] as number;
}
