/**
 * Frames on a WebSocket. A frame is one text message of JSON. A frame with columns of numbers (the points of a series) is a head in a
 * binary message instead. The columns follow as they are in memory (little-endian), in binary messages of at most `pieceBytes`: a million
 * points are neither printed nor copied value by value, and other frames can be sent between the pieces.
 *
 * The head is `{ frame, columns: [[path, type, length], …] }`; each column was taken out of the frame at its path.
 */
type Path = (string | number)[];
type WireColumn = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

const types = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;
type TypeName = keyof typeof types;
const typeNames = Object.keys(types) as TypeName[];

interface Head {
  frame: unknown;
  columns: [Path, TypeName, number][];
}

/**
 * Maximum size of a message of columns, bytes. A slow network transmits it well within the time after which a silent connection counts as
 * dead.
 */
export const pieceBytes = 256 * 1024;

export type Encoded = { text: string } | { head: Uint8Array<ArrayBuffer>; pieces: Iterable<Uint8Array<ArrayBuffer>> };

/** Encodes a frame without copying its columns: they must not change until the last piece is sent. */
export function encodeFrame(frame: object): Encoded {
  const columns: { path: Path; type: TypeName; column: WireColumn }[] = [];
  const rest = cut(frame, [], columns);
  if (columns.length === 0) return { text: JSON.stringify(frame) };
  const head: Head = { frame: rest, columns: columns.map(({ path, type, column }) => [path, type, column.length]) };
  return { head: new TextEncoder().encode(JSON.stringify(head)), pieces: piecesOf(columns.map(({ column }) => column)) };
}

/** Yields messages: small columns together, large ones in parts that share their memory. */
function* piecesOf(columns: readonly WireColumn[]): Iterable<Uint8Array<ArrayBuffer>> {
  let together: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const column of columns) {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + pieceBytes - size);
      at += part.length;
      together.push(part);
      size += part.length;
      if (size < pieceBytes) continue;
      yield joined(together, size);
      together = [];
      size = 0;
    }
  }
  if (size > 0) yield joined(together, size);
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Maximum size of a frame, bytes: more than a window could hold, so a larger number means a broken head. */
const maxBytes = 4 * 1024 ** 3;

/** Reassembles the frames of one WebSocket. */
export class FrameReader {
  #frame: unknown;
  #columns: Uint8Array[] = [];
  /** The column that is being filled, and its progress. */
  #column = 0;
  #at = 0;

  /**
   * @returns the frame completed by this message, or undefined. @throws Error when the bytes are not a frame; its content is not validated
   *   here
   */
  read(message: string | ArrayBuffer): unknown {
    if (typeof message === 'string') return JSON.parse(message);
    if (this.#column < this.#columns.length) return this.#fill(new Uint8Array(message));
    const { frame, columns } = JSON.parse(new TextDecoder().decode(message)) as Head;
    const bytes = columns.reduce((sum, [, type, length]) => sum + types[type].BYTES_PER_ELEMENT * length, 0);
    if (!(bytes <= maxBytes)) throw new Error('A frame announces more than can be held.');
    this.#columns = columns.map(([path, type, length]) => {
      const column = new types[type](length);
      put(frame, path, column);
      return new Uint8Array(column.buffer);
    });
    this.#frame = frame;
    this.#column = -1;
    this.#advance();
    return this.#done();
  }

  #fill(bytes: Uint8Array): unknown {
    for (let used = 0; used < bytes.length; ) {
      const column = this.#columns[this.#column];
      if (column === undefined) throw new Error('A frame is longer than it announced.');
      const part = bytes.subarray(used, used + column.length - this.#at);
      column.set(part, this.#at);
      used += part.length;
      this.#at += part.length;
      if (this.#at < column.length) break;
      this.#advance();
    }
    return this.#done();
  }

  /** Moves to the next column that is not empty. */
  #advance(): void {
    do this.#column += 1;
    while (this.#columns[this.#column]?.length === 0);
    this.#at = 0;
  }

  #done(): unknown {
    if (this.#column < this.#columns.length) return undefined;
    const frame = this.#frame;
    this.#frame = undefined;
    this.#columns = [];
    this.#column = 0;
    return frame;
  }
}

/** Returns a copy of `value` with null in place of columns; only branches with a column are copied. */
function cut(value: unknown, path: Path, found: { path: Path; type: TypeName; column: WireColumn }[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const type = typeNames.find((name) => value instanceof types[name]);
    if (type === undefined) throw new TypeError(`An array of the type ${value.constructor.name} cannot be sent.`);
    found.push({ path, type, column: value as WireColumn });
    return null;
  }
  const before = found.length;
  const copy = Array.isArray(value)
    ? value.map((item, index) => cut(item, [...path, index], found))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, [...path, key], found)]));
  return found.length === before ? value : copy;
}

function put(root: unknown, path: Path, column: WireColumn): void {
  let at = root;
  for (const key of path.slice(0, -1)) at = own(at, key);
  const last = path.at(-1);
  if (last === undefined || own(at, last) !== null) throw new Error('The frame names a column that it does not hold.');
  (at as Record<string | number, unknown>)[last] = column;
}

function own(at: unknown, key: string | number): unknown {
  return typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
}
