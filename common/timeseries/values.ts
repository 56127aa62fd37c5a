import { type ByteReader, type ByteWriter, CorruptError } from './bytes.ts';
import { type Fill, isPackable, readPacked, writePacked } from './packed.ts';

/**
 * A lossless column of float64. Measured values are mostly short decimals, which are stored as deltas of scaled integers. Others are stored
 * as XOR with the previous value, grouped by byte significance, which zstd then compresses.
 */
const constant = 0;
const decimal = 1;
const xor = 2;
/** Like `decimal`, but bit-packed: for data that is not compressed further. */
const packed = 3;
const maxScale = 6;
/** Largest scaled magnitude whose deltas stay below the 2^52 of a signed varint. */
const maxScaled = 2 ** 50;

/** @param pack whether parts must be readable; otherwise the output is compressed afterwards */
export function writeValues(out: ByteWriter, values: Float64Array, pack = false): void {
  const first = values[0] ?? 0;
  if (isConstant(values, first)) {
    out.u8(constant);
    out.f64(first);
    return;
  }
  const short = asDecimals(values);
  if (short && pack && isPackable(short.deltas)) {
    out.u8(packed);
    out.u8(short.scale);
    writePacked(out, short.deltas);
    return;
  }
  if (short) {
    out.u8(decimal);
    out.u8(short.scale);
    out.signedAll(short.deltas);
    return;
  }
  out.u8(xor);
  out.bytes(transpose(values));
}

function isConstant(values: Float64Array, first: number): boolean {
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], first)) return false;
  return !Number.isNaN(first);
}

/** @param n number of values. @throws CorruptError */
export function readValues(input: ByteReader, n: number): Float64Array {
  return readColumn(input, n).slice(0, n);
}

export interface ValueColumn {
  /** Memory used in addition to the bytes it was read from, bytes. */
  held: number;
  /** Returns the values at [from, to); may share memory with the column. */
  slice(from: number, to: number): Float64Array;
  fill: Fill;
}

/** Creates a column that is decoded on demand. */
function lazyColumn(held: number, fill: Fill): ValueColumn {
  return {
    held,
    fill,
    slice(from, to) {
      const values = new Float64Array(to - from);
      fill(from, to, values);
      return values;
    },
  };
}

/** Reads a column of which parts can be decoded; if it is packed, only those are. @throws CorruptError */
export function readColumn(input: ByteReader, n: number): ValueColumn {
  const kind = input.u8();
  if (kind === constant) {
    const value = input.f64();
    return lazyColumn(0, (from, to, out) => out.fill(value, 0, to - from));
  }
  if (kind === packed) {
    const factor = readFactor(input);
    // The index of its blocks takes a tenth of a byte per value.
    return lazyColumn(n / 8, readPacked(input, n, factor));
  }
  const values = readAll(input, n, kind);
  return {
    held: n * 8,
    slice: (from, to) => (from === 0 && to === n ? values : values.subarray(from, to)),
    fill: (from, to, out) => out.set(values.subarray(from, to)),
  };
}

function readFactor(input: ByteReader): number {
  const scale = input.u8();
  if (scale > maxScale) throw new CorruptError(`Decimal scale ${scale} is out of range.`);
  return 10 ** scale;
}

function readAll(input: ByteReader, n: number, kind: number): Float64Array {
  if (kind === decimal) {
    const factor = readFactor(input);
    const values = new Float64Array(n);
    input.signedAll(values);
    let scaled = 0;
    for (let i = 0; i < n; i++) {
      scaled += values[i] as number;
      values[i] = scaled / factor;
    }
    return values;
  }
  if (kind !== xor) throw new CorruptError(`Unknown value encoding ${kind}.`);
  return restore(input.bytes(n * 8), n);
}

/** Adding and subtracting it rounds to an integer, up to 2^51: several times faster than Math.round. */
const rounder = 1.5 * 2 ** 52;
let scratch = new Float64Array(4_096);

/**
 * Returns the deltas of the values as integers over 10^scale, if that reproduces every value bit for bit; otherwise null. The deltas are
 * valid until the next call.
 */
function asDecimals(values: Float64Array): { scale: number; deltas: Float64Array } | null {
  const n = values.length;
  if (scratch.length < n) scratch = new Float64Array(n);
  const deltas = scratch;
  for (let scale = 0; scale <= maxScale; scale++) {
    const factor = 10 ** scale;
    let previous = 0;
    let i = 0;
    for (; i < n; i++) {
      const value = values[i] as number;
      const scaled = value * factor + rounder - rounder;
      // A larger scale helps against lost decimals, never against size, NaN or −0.
      if (scaled / factor !== value) break;
      if (scaled > maxScaled || scaled < -maxScaled || (value === 0 && Object.is(value, -0))) return null;
      deltas[i] = scaled - previous;
      previous = scaled;
    }
    if (i === n) return { scale, deltas: deltas.subarray(0, n) };
    if (!Number.isFinite(values[i])) return null;
  }
  return null;
}

function transpose(values: Float64Array): Uint8Array {
  const n = values.length;
  const words = new Uint32Array(values.buffer, values.byteOffset, n * 2);
  const planes = new Uint8Array(n * 8);
  let low = 0;
  let high = 0;
  for (let i = 0; i < n; i++) {
    const nextLow = words[2 * i] as number;
    const nextHigh = words[2 * i + 1] as number;
    const a = nextLow ^ low;
    const b = nextHigh ^ high;
    for (let byte = 0; byte < 4; byte++) {
      planes[byte * n + i] = a >>> (8 * byte);
      planes[(byte + 4) * n + i] = b >>> (8 * byte);
    }
    low = nextLow;
    high = nextHigh;
  }
  return planes;
}

function restore(planes: Uint8Array, n: number): Float64Array {
  const values = new Float64Array(n);
  const words = new Uint32Array(values.buffer);
  let low = 0;
  let high = 0;
  for (let i = 0; i < n; i++) {
    let a = 0;
    let b = 0;
    for (let byte = 0; byte < 4; byte++) {
      a |= (planes[byte * n + i] as number) << (8 * byte);
      b |= (planes[(byte + 4) * n + i] as number) << (8 * byte);
    }
    low ^= a;
    high ^= b;
    words[2 * i] = low;
    words[2 * i + 1] = high;
  }
  return values;
}
