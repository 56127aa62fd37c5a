import {
  type Data,
  Field,
  Float64,
  Int32,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { damagedCode, type SeriesRow, seriesColumns } from './rows.ts';

const time = new TimestampMillisecond('UTC');
const types = {
  utf8: new Utf8(),
  int32: new Int32(),
  float64: new Float64(),
  time,
  times: new List(new Field('item', time, false)),
  values: new List(new Field('item', new Float64(), false)),
};
const schema = new Schema(seriesColumns.map(([name, type]) => new Field(name, types[type], type !== 'times' && type !== 'values')));

/** Collects in memory what the library would write to its own stream. */
class Collector extends RecordBatchStreamWriter {
  #pieces: Uint8Array[] = [];

  protected override _write(chunk: ArrayBufferView | ArrayBuffer): this {
    if (chunk.byteLength > 0) {
      this.#pieces.push(
        ArrayBuffer.isView(chunk) ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : new Uint8Array(chunk),
      );
    }
    return this;
  }

  /** Returns everything written since the last call, in one piece. */
  take(): Uint8Array {
    const bytes = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    return bytes;
  }
}

/** Turns rows into an Arrow IPC stream (`application/vnd.apache.arrow.stream`) that any Arrow reader can read. */
export class SeriesEncoder {
  readonly #writer = new Collector();

  /** Returns the bytes of one record batch; the first is preceded by the schema. */
  encode(rows: readonly SeriesRow[]): Uint8Array {
    this.#writer.write(batchOf(rows));
    return this.#writer.take();
  }

  /** Returns the `end` row and Arrow's end marker. */
  end(): Uint8Array {
    this.#writer.write(batchOf([{ kind: 'end' }]));
    this.#writer.finish();
    return this.#writer.take();
  }
}

function batchOf(rows: readonly SeriesRow[]): RecordBatch {
  const cells = rows.map(cellsOf);
  const lines = rows.map((row) => (row.kind === 'points' ? row : noPoints));
  const children = seriesColumns.map(([name, type]): Data => {
    if (type === 'times') return listOf(lines, timesOf(lines));
    if (type === 'values') return listOf(lines, valuesOf(lines));
    const values: (string | number | null)[] = cells.map((cell) => cell[name] ?? null);
    const data = vectorFromArray(values, types[type]).data[0];
    if (data === undefined) throw new Error('A batch of no rows cannot be written.');
    return data;
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }));
}

type Cells = Partial<Record<(typeof seriesColumns)[number][0], string | number>>;

function cellsOf(row: SeriesRow): Cells {
  switch (row.kind) {
    case 'points': {
      const { kind, query, from, to, labels } = row;
      return { kind, query, from, to, labels: JSON.stringify(labels), points: row.t.length };
    }
    case 'part': {
      const { asOf, damaged, ...rest } = row;
      return { ...rest, as_of: asOf, ...(damaged === undefined ? {} : { code: damagedCode, message: JSON.stringify(damaged) }) };
    }
    default:
      return row;
  }
}

type Line = { t: Float64Array; v: Float64Array };
const noPoints: Line = { t: new Float64Array(0), v: new Float64Array(0) };

function listOf(lines: readonly Line[], child: Data): Data {
  const valueOffsets = new Int32Array(lines.length + 1);
  for (const [i, { t }] of lines.entries()) valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + t.length;
  const type = new List(new Field('item', child.type, false));
  return makeData({ type, length: lines.length, nullCount: 0, valueOffsets, child });
}

const lengthOf = (lines: readonly Line[]) => lines.reduce((sum, { t }) => sum + t.length, 0);

function timesOf(lines: readonly Line[]): Data {
  const length = lengthOf(lines);
  // int64 as two halves: a BigInt per point would cost more than all the rest.
  const halves = new Int32Array(length * 2);
  let at = 0;
  for (const { t } of lines) {
    for (let i = 0; i < t.length; i++) {
      const ms = t[i] as number;
      halves[at++] = ms;
      halves[at++] = Math.floor(ms / 0x1_0000_0000);
    }
  }
  return makeData({ type: time, length, nullCount: 0, data: new BigInt64Array(halves.buffer) });
}

function valuesOf(lines: readonly Line[]): Data {
  const data = new Float64Array(lengthOf(lines));
  let at = 0;
  for (const { v } of lines) {
    data.set(v, at);
    at += v.length;
  }
  return makeData({ type: new Float64(), length: data.length, nullCount: 0, data });
}
