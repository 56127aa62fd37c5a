import type { Table } from './flatbuffer.ts';
import { SeriesStreamError, seriesColumns } from './rows.ts';

/** The cells of one row. Each column is a copy in its own buffer. */
export interface Cells {
  kind: string | null;
  query: number | null;
  labels: string | null;
  from: number | null;
  to: number | null;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  points: number | null;
  as_of: number | null;
  code: string | null;
  message: string | null;
  hint: string | null;
}

type Name = keyof Cells;
type ColumnType = (typeof seriesColumns)[number][1];

/** Reads a record batch from its header and body, checking every length against the bytes. @throws SeriesStreamError */
export function readBatch(header: Table, body: Uint8Array<ArrayBuffer>): Cells[] {
  const rows = header.size(0);
  const parts = new BatchParts(header, body);
  if (header.table(3) !== null) throw wrong('it is compressed');
  // The minimum size of a row: the columns of fixed width and the offsets of the others.
  if (rows * 64 > body.length) throw wrong('it has more rows than bytes');
  const cells = Array.from({ length: rows }, () => ({}) as Record<Name, unknown>);
  for (const [name, type] of seriesColumns) {
    const read = columnReader(parts, type, rows);
    for (let row = 0; row < rows; row++) (cells[row] as Record<Name, unknown>)[name] = read(row);
  }
  return cells as Record<Name, unknown>[] as unknown as Cells[];
}

/** The nodes (lengths) and buffers of a batch, in the order of its columns. */
class BatchParts {
  readonly #nodes: ReturnType<Table['pairs']>;
  readonly #buffers: ReturnType<Table['pairs']>;
  readonly #body: Uint8Array<ArrayBuffer>;
  #node = 0;
  #buffer = 0;

  constructor(header: Table, body: Uint8Array<ArrayBuffer>) {
    this.#nodes = header.pairs(1);
    this.#buffers = header.pairs(2);
    this.#body = body;
  }

  nextLength(): number {
    const [length] = this.#nodes[this.#node++] ?? [];
    if (length === undefined) throw wrong('columns are missing');
    return length;
  }

  nextBuffer(): Uint8Array<ArrayBuffer> {
    const [at, length] = this.#buffers[this.#buffer++] ?? [];
    if (at === undefined || length === undefined || at % 8 !== 0 || at + length > this.#body.length)
      throw wrong('a column lies outside of it');
    return this.#body.subarray(at, at + length);
  }
}

/** Takes the next column of a batch. @returns a function that reads the cell of a row */
function columnReader(parts: BatchParts, type: ColumnType, rows: number): (row: number) => unknown {
  if (parts.nextLength() !== rows) throw wrong('its columns differ in length');
  const present = validity(parts.nextBuffer(), rows);
  const nullable =
    <T>(read: (row: number) => T) =>
    (row: number) =>
      present(row) ? read(row) : null;
  if (type === 'utf8') {
    const offsets = offsetsOf(parts.nextBuffer(), rows);
    const data = parts.nextBuffer();
    const text = new TextDecoder();
    return nullable((row) => text.decode(data.subarray(...boundsOf(offsets, row, data.length))));
  }
  if (type === 'int32') {
    const values = ints(parts.nextBuffer(), rows);
    return nullable((row) => values[row] as number);
  }
  if (type === 'float64') {
    const values = floats(parts.nextBuffer(), rows);
    return nullable((row) => values[row] as number);
  }
  if (type === 'time') {
    const halves = ints(parts.nextBuffer(), rows * 2);
    return nullable((row) => timesFrom(halves, row, row + 1)[0] as number);
  }
  const offsets = offsetsOf(parts.nextBuffer(), rows);
  const items = parts.nextLength();
  parts.nextBuffer();
  if (type === 'times') {
    const halves = ints(parts.nextBuffer(), items * 2);
    return (row) => timesFrom(halves, ...boundsOf(offsets, row, items));
  }
  const values = floats(parts.nextBuffer(), items);
  return (row) => values.slice(...boundsOf(offsets, row, items));
}

const wrong = (why: string) => new SeriesStreamError(`A batch of the stream of series is damaged: ${why}.`);

/** Reads int64 as two 32-bit halves, low one first, which avoids a BigInt per value. */
function timesFrom(halves: Int32Array, from: number, to: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(to - from);
  for (let i = from; i < to; i++) out[i - from] = (halves[2 * i + 1] as number) * 0x1_0000_0000 + ((halves[2 * i] as number) >>> 0);
  return out;
}

function validity(bits: Uint8Array, rows: number): (row: number) => boolean {
  if (bits.length === 0) return () => true;
  if (bits.length * 8 < rows) throw wrong('it does not say which cells are there');
  return (row) => ((bits[row >> 3] as number) & (1 << (row & 7))) !== 0;
}

function ints(bytes: Uint8Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (bytes.length < length * 4) throw wrong('a column is too short');
  return new Int32Array(bytes.buffer, bytes.byteOffset, length);
}

function floats(bytes: Uint8Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (bytes.length < length * 8) throw wrong('a column is too short');
  return new Float64Array(bytes.buffer, bytes.byteOffset, length);
}

/** Reads offsets, which must ascend, so that no two cells overlap and together they are no larger than the column. */
function offsetsOf(bytes: Uint8Array<ArrayBuffer>, rows: number): Int32Array {
  const offsets = rows === 0 ? new Int32Array(1) : ints(bytes, rows + 1);
  for (let row = 0; row < rows; row++) if ((offsets[row] as number) > (offsets[row + 1] as number)) throw wrong('its cells overlap');
  return offsets;
}

/** Returns where the items of a row lie in the column. */
function boundsOf(offsets: Int32Array, row: number, count: number): [from: number, to: number] {
  const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
  if (from < 0 || to > count) throw wrong('a cell lies outside of its column');
  return [from, to];
}
