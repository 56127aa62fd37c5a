import { type ByteReader, type ByteWriter, CorruptError } from './bytes.ts';

/**
 * Stores integers as bits, in blocks of 128, each with its first value and as many bits as its widest step needs. For noisy values it is
 * about as compact as a general compressor, several times faster to read, and any block can be read alone.
 */
const blockSize = 128;
/** Greater steps don't fit into 32 bits, which are fast. */
const widest = 0x4000_0000;

/** The bits of one block. */
const words = new Uint32Array(blockSize);

/** Returns whether `writePacked` accepts these steps: each but the first of a block must fit into 31 bits. */
export function isPackable(steps: Float64Array): boolean {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number;
    if ((step >= widest || step < -widest) && i % blockSize !== 0) return false;
  }
  return true;
}

/** Writes integers of magnitude up to 2^50, given as steps from one to the next, the first from 0. */
export function writePacked(out: ByteWriter, steps: Float64Array): void {
  const n = steps.length;
  const blocks = Math.ceil(n / blockSize);
  const widths = new Uint8Array(blocks);
  for (let b = 0; b < blocks; b++) {
    const end = Math.min(n, (b + 1) * blockSize);
    let bits = 0;
    for (let i = b * blockSize + 1; i < end; i++) {
      const step = steps[i] as number;
      bits |= (step << 1) ^ (step >> 31);
    }
    widths[b] = 32 - Math.clz32(bits);
  }
  let value = 0;
  let before = 0;
  for (let b = 0, i = 0; b < blocks; b++) {
    const end = Math.min(n, (b + 1) * blockSize);
    value += steps[i++] as number;
    out.u8(widths[b] as number);
    out.signed(value - before);
    before = value;
    for (; i < end; i++) value += steps[i] as number;
  }
  for (let b = 0; b < blocks; b++) writeBlock(out, steps, b * blockSize, Math.min(n, (b + 1) * blockSize), widths[b] as number);
}

function writeBlock(out: ByteWriter, steps: Float64Array, from: number, to: number, width: number): void {
  const length = wordsOf(to - from, width);
  words.fill(0, 0, length);
  for (let i = from + 1, bit = 0; i < to; i++, bit += width) {
    const step = steps[i] as number;
    const code = (step << 1) ^ (step >> 31);
    const word = bit >>> 5;
    const shift = bit & 31;
    words[word] = (words[word] as number) | (code << shift);
    if (shift + width > 32) words[word + 1] = code >>> (32 - shift);
  }
  out.bytes(new Uint8Array(words.buffer, 0, length * 4));
}

/** Returns the number of words for the steps of a block of `n` values; its first value is stored separately. */
function wordsOf(n: number, width: number): number {
  return Math.ceil(((n - 1) * width) / 32);
}

/** Writes the values at [from, to) to the start of `out`. */
export type Fill = (from: number, to: number, out: Float64Array) => void;

/** Reads what `writePacked` wrote. @returns a function that writes the values, divided by `divisor`. @throws CorruptError */
export function readPacked(input: ByteReader, n: number, divisor: number): Fill {
  const blocks = Math.ceil(n / blockSize);
  if (blocks > input.left) throw new CorruptError('The bytes end early.');
  const width = new Uint8Array(blocks);
  const first = new Float64Array(blocks);
  const start = new Uint32Array(blocks);
  let length = 0;
  for (let b = 0, value = 0; b < blocks; b++) {
    const bits = input.u8();
    if (bits > 32) throw new CorruptError(`A step of ${bits} bits is too wide.`);
    width[b] = bits;
    value += input.signed();
    first[b] = value;
    start[b] = length;
    length += wordsOf(Math.min(blockSize, n - b * blockSize), bits);
  }
  const bytes = input.bytes(length * 4);
  // Copied if it is not aligned.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const packed = new Uint32Array(aligned.buffer, aligned.byteOffset, length);
  return (from, to, out) => {
    for (let b = Math.floor(from / blockSize); b * blockSize < to; b++) {
      const begin = b * blockSize;
      const end = Math.min(to, begin + blockSize);
      readBlock(packed, start[b] as number, width[b] as number, first[b] as number, divisor, out, begin - from, end - from);
    }
  };
}

/** Writes the values of a block to [at, to) of `out`; those before its start are left out. */
function readBlock(
  packed: Uint32Array,
  start: number,
  width: number,
  first: number,
  divisor: number,
  out: Float64Array,
  at: number,
  to: number,
): void {
  const mask = width === 32 ? -1 : (1 << width) - 1;
  let value = first;
  if (at >= 0) out[at] = value / divisor;
  if (width === 0) {
    out.fill(value / divisor, Math.max(0, at), to);
    return;
  }
  for (let i = at + 1, bit = 0; i < to; i++, bit += width) {
    const word = start + (bit >>> 5);
    const shift = bit & 31;
    let code = (packed[word] as number) >>> shift;
    if (shift + width > 32) code |= (packed[word + 1] as number) << (32 - shift);
    code &= mask;
    value += (code >>> 1) ^ -(code & 1);
    if (i >= 0) out[i] = value / divisor;
  }
}
