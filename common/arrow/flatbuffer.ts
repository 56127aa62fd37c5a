import { SeriesStreamError } from './rows.ts';

/**
 * Reads the flatbuffers of Arrow's messages. Every offset and length is checked before it is used, so damaged bytes cause an error at once
 * and never a long loop.
 */
export class Table {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #slots: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#fields = at - readI32(view, at);
    const size = readU16(view, this.#fields);
    if (size < 4 || size % 2 !== 0) throw damaged();
    this.#slots = (size - 4) / 2;
  }

  static root(view: DataView): Table {
    return new Table(view, readU32(view, 0));
  }

  u8(slot: number): number {
    const at = this.#field(slot);
    if (at === null) return 0;
    check(this.#view, at, 1);
    return this.#view.getUint8(at);
  }

  /** Reads an int64 that is a count or a length. */
  size(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : readSize(this.#view, at);
  }

  table(slot: number): Table | null {
    const at = this.#field(slot);
    return at === null ? null : new Table(this.#view, at + readU32(this.#view, at));
  }

  text(slot: number): string {
    const { at, length } = this.#vector(slot, 1);
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length));
  }

  tables(slot: number): Table[] {
    const { at, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, i) => new Table(this.#view, at + i * 4 + readU32(this.#view, at + i * 4)));
  }

  /** Reads a vector of structs of two int64 each. */
  pairs(slot: number): [number, number][] {
    const { at, length } = this.#vector(slot, 16);
    return Array.from({ length }, (_, i) => [readSize(this.#view, at + i * 16), readSize(this.#view, at + i * 16 + 8)]);
  }

  #vector(slot: number, itemBytes: number): { at: number; length: number } {
    const at = this.#field(slot);
    if (at === null) return { at: 0, length: 0 };
    const start = at + readU32(this.#view, at);
    const length = readU32(this.#view, start);
    check(this.#view, start + 4, length * itemBytes);
    return { at: start + 4, length };
  }

  #field(slot: number): number | null {
    if (slot >= this.#slots) return null;
    const offset = readU16(this.#view, this.#fields + 4 + slot * 2);
    return offset === 0 ? null : this.#at + offset;
  }
}

const damaged = () => new SeriesStreamError('The stream of series is damaged: a message points outside itself.');

function check(view: DataView, at: number, bytes: number): void {
  if (at < 0 || at + bytes > view.byteLength) throw damaged();
}
function readU16(view: DataView, at: number): number {
  check(view, at, 2);
  return view.getUint16(at, true);
}
function readU32(view: DataView, at: number): number {
  check(view, at, 4);
  return view.getUint32(at, true);
}
function readI32(view: DataView, at: number): number {
  check(view, at, 4);
  return view.getInt32(at, true);
}
function readSize(view: DataView, at: number): number {
  check(view, at, 8);
  const high = view.getUint32(at + 4, true);
  if (high > 0x1f_ffff) throw damaged();
  return high * 0x1_0000_0000 + view.getUint32(at, true);
}
