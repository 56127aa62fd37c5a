/** A growing byte buffer with the variable-length integers of the chunk format. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  f64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  i64(value: bigint): void {
    this.#room(8);
    this.#view.setBigInt64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Writes an integer from 0 to 2^53 − 1 as LEB128. */
  varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      // Bit operators would truncate above 31 bits; division keeps all 53.
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes a signed integer of magnitude below 2^52; small magnitudes take few bytes. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Writes each value like `signed`, in one loop. */
  signedAll(values: Float64Array): void {
    this.#room(values.length * 8);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      // Nearly all of them fit into 31 bits, where integer operations are several times faster.
      if (value < 0x4000_0000 && value >= -0x4000_0000) {
        let rest = ((value << 1) ^ (value >> 31)) >>> 0;
        while (rest >= 0x80) {
          bytes[at++] = (rest & 0x7f) | 0x80;
          rest >>>= 7;
        }
        bytes[at++] = rest;
        continue;
      }
      let rest = value < 0 ? -2 * value - 1 : 2 * value;
      while (rest >= 0x80) {
        bytes[at++] = (rest % 0x80) | 0x80;
        rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
      }
      bytes[at++] = rest;
    }
    this.#length = at;
  }

  /** Clears the buffer but keeps its memory. */
  reset(): void {
    this.#length = 0;
  }

  /** Returns a copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Thrown when bytes end early or were not written by a writer. */
export class CorruptError extends Error {
  override readonly name = 'CorruptError';
}

/** Reads what ByteWriter wrote. @throws CorruptError past the end or on an over-long integer */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new CorruptError('The bytes end early.');
    this.#at += 1;
    return value;
  }

  f64(): number {
    this.#need(8);
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  i64(): bigint {
    this.#need(8);
    const value = this.#view.getBigInt64(this.#at, true);
    this.#at += 8;
    return value;
  }

  bytes(length: number): Uint8Array {
    this.#need(length);
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++];
    if (byte === undefined) throw new CorruptError('The bytes end early.');
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = bytes[this.#at++];
      if (byte === undefined) throw new CorruptError('The bytes end early.');
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (scale > 2 ** 57) throw new CorruptError('An integer is longer than 53 bits.');
    } while (byte >= 0x80);
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Fills `out` with integers, like `signed`. */
  signedAll(out: Float64Array): void {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = this.#at;
    for (let i = 0; i < out.length; i++) {
      if (at >= end) throw new CorruptError('The bytes end early.');
      let byte = bytes[at++] as number;
      if (byte < 0x80) {
        out[i] = (byte >>> 1) ^ -(byte & 1);
        continue;
      }
      let value = byte & 0x7f;
      if (at < end && (bytes[at] as number) < 0x80) {
        value |= (bytes[at++] as number) << 7;
        out[i] = (value >>> 1) ^ -(value & 1);
        continue;
      }
      let scale = 0x80;
      while (byte >= 0x80) {
        if (at >= end) throw new CorruptError('The bytes end early.');
        byte = bytes[at++] as number;
        value += (byte & 0x7f) * scale;
        scale *= 0x80;
        if (scale > 2 ** 57) throw new CorruptError('An integer is longer than 53 bits.');
      }
      out[i] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    this.#at = at;
  }

  #need(length: number): void {
    if (length < 0 || length > this.left) throw new CorruptError('The bytes end early.');
  }
}
