import { type ByteReader, type ByteWriter, CorruptError } from './bytes.ts';

/**
 * A column of float64, every bit kept. Measured values are mostly short decimals, so those are stored as scaled integers and their
 * deltas; anything else as XOR with the value before, the bytes of equal weight side by side, which zstd then packs.
 */
const constant = 0;
const decimal = 1;
const xor = 2;
const maxScale = 6;
/** Largest scaled magnitude whose deltas stay below the 2^52 of a signed varint. */
const maxScaled = 2 ** 50;

export function writeValues(out: ByteWriter, values: Float64Array): void {
  const first = values[0] ?? 0;
  if (values.every((value) => Object.is(value, first) && !Number.isNaN(value))) {
    out.u8(constant);
    out.f64(first);
    return;
  }
  const short = asDecimals(values);
  if (short) {
    out.u8(decimal);
    out.u8(short.scale);
    out.signedAll(short.deltas);
    return;
  }
  out.u8(xor);
  out.bytes(transpose(values));
}

/** @param n how many values there are. @throws CorruptError */
export function readValues(input: ByteReader, n: number): Float64Array {
  const kind = input.u8();
  if (kind === constant) return new Float64Array(n).fill(input.f64());
  if (kind === decimal) {
    const scale = input.u8();
    if (scale > maxScale) throw new CorruptError(`Decimal scale ${scale} is out of range.`);
    const factor = 10 ** scale;
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

/** The values as integers over 10^scale, each less the one before, where that gives every one back bit for bit; null where none does. */
function asDecimals(values: Float64Array): { scale: number; deltas: Float64Array } | null {
  const deltas = new Float64Array(values.length);
  for (let scale = 0; scale <= maxScale; scale++) {
    const factor = 10 ** scale;
    let previous = 0;
    let i = 0;
    for (; i < values.length; i++) {
      const value = values[i] as number;
      const scaled = Math.round(value * factor);
      // A larger scale helps against lost decimals, never against size, NaN or −0.
      if (scaled / factor !== value) break;
      if (scaled > maxScaled || scaled < -maxScaled || (value === 0 && Object.is(value, -0))) return null;
      deltas[i] = scaled - previous;
      previous = scaled;
    }
    if (i === values.length) return { scale, deltas };
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
