import { type ByteReader, type ByteWriter, CorruptError } from './bytes.ts';

/**
 * Times of a chunk, ascending epoch ms. Regular ones take a few bytes whatever their number; others are kept as
 * delta-of-delta (Pelkonen et al., "Gorilla", VLDB 2015, byte-aligned here because zstd follows). Times outside ±2^51 ms, which
 * no clock gives but the format promises, are kept as plain int64.
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

/** @param n how many times there are. @throws CorruptError; also for times past 2^53, which `readWideTimes` reads */
export function readTimes(input: ByteReader, n: number): Float64Array {
  const kind = input.u8();
  if (kind === plain) {
    return Float64Array.from({ length: n }, () => {
      const t = input.i64();
      if (t > Number.MAX_SAFE_INTEGER || t < Number.MIN_SAFE_INTEGER)
        throw new CorruptError('A time is past what a float64 holds exactly.');
      return Number(t);
    });
  }
  if (kind !== regular && kind !== deltas) throw new CorruptError(`Unknown time encoding ${kind}.`);
  const times = new Float64Array(n);
  if (n === 0) return times;
  let t = input.signed();
  times[0] = t;
  if (n === 1) return times;
  let delta = input.signed();
  t += delta;
  times[1] = t;
  const turns = kind === deltas ? new Float64Array(n - 2) : null;
  if (turns) input.signedAll(turns);
  for (let i = 2; i < n; i++) {
    if (turns) delta += turns[i - 2] as number;
    t += delta;
    times[i] = t;
  }
  return times;
}

/** The same for any int64. */
export function readWideTimes(input: ByteReader, n: number, bytes: Uint8Array): BigInt64Array {
  if (bytes[0] !== plain) return BigInt64Array.from(readTimes(input, n), BigInt);
  input.u8();
  return BigInt64Array.from({ length: n }, () => input.i64());
}

function at(times: Float64Array, i: number): number {
  return times[i] as number;
}
