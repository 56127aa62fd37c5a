import { z } from 'zod';
import { labels as labelsSchema } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import { readBatch } from './batch.ts';
import { Table } from './flatbuffer.ts';
import { damagedCode, type SeriesRow, SeriesStreamError, seriesColumns } from './rows.ts';

/** Maximum sizes of a message in a series stream, bytes. */
const maxMetadataBytes = 1024 * 1024;
const maxBodyBytes = 1024 * 1024 * 1024;
const schemaHeader = 1;
const batchHeader = 3;
/** Arrow's type numbers. */
const typeNumbers = { int32: 2, float64: 3, utf8: 5, time: 10, times: 12, values: 12 } as const;

type Expected =
  | { what: 'prefix' }
  | { what: 'metadata'; bytes: number }
  | { what: 'body'; bytes: number; header: Table }
  | { what: 'nothing' };

/**
 * Decodes a stream of series from pieces of any size. Its columns are fixed, so unlike a general reader it can check everything: damaged
 * bytes cause a SeriesStreamError at once.
 */
export class SeriesDecoder {
  #pieces: Uint8Array[] = [];
  #held = 0;
  #expected: Expected = { what: 'prefix' };
  #hasSchema = false;
  #ended = false;

  /** @returns the rows completed by these bytes, batch by batch. @throws SeriesStreamError */
  push(bytes: Uint8Array): SeriesRow[][] {
    if (bytes.length > 0) this.#pieces.push(bytes);
    this.#held += bytes.length;
    const batches: SeriesRow[][] = [];
    for (;;) {
      const rows = this.#step();
      if (rows === null) return batches;
      if (rows.length > 0) batches.push(rows);
    }
  }

  /** Must be called after the last byte. @throws SeriesStreamError when the stream was cut off */
  finish(): void {
    if (!this.#ended) throw new SeriesStreamError('The stream of series was cut off before its end.');
  }

  /** Decodes the next part of a message; null when more bytes are needed. */
  #step(): SeriesRow[] | null {
    const expected = this.#expected;
    switch (expected.what) {
      case 'nothing':
        return null;
      case 'prefix': {
        const prefix = this.#take(8);
        if (prefix === null) return null;
        const view = new DataView(prefix.buffer);
        const bytes = view.getUint32(4, true);
        if (view.getUint32(0, true) !== 0xffff_ffff || bytes > maxMetadataBytes) throw noStream();
        this.#expected = bytes === 0 ? { what: 'nothing' } : { what: 'metadata', bytes };
        return [];
      }
      case 'metadata': {
        const metadata = this.#take(expected.bytes);
        if (metadata === null) return null;
        const message = Table.root(new DataView(metadata.buffer));
        const bytes = message.size(3);
        const header = message.table(2);
        if (header === null || bytes > maxBodyBytes) throw noStream();
        const type = message.u8(1);
        if (type === schemaHeader && bytes === 0 && !this.#hasSchema) {
          checkSchema(header);
          this.#hasSchema = true;
          this.#expected = { what: 'prefix' };
        } else if (type === batchHeader && this.#hasSchema && !this.#ended) {
          this.#expected = { what: 'body', bytes, header };
        } else throw noStream();
        return [];
      }
      case 'body': {
        const body = this.#take(expected.bytes);
        if (body === null) return null;
        this.#expected = { what: 'prefix' };
        const rows = readBatch(expected.header, body).map(toRow);
        this.#ended = rows.at(-1)?.kind === 'end';
        return rows;
      }
    }
  }

  /** Returns the next `bytes` bytes in their own buffer; null when they have not arrived yet. */
  #take(bytes: number): Uint8Array<ArrayBuffer> | null {
    if (this.#held < bytes) return null;
    const out = new Uint8Array(bytes);
    let at = 0;
    let used = 0;
    while (at < bytes) {
      const piece = this.#pieces[used] as Uint8Array;
      const part = Math.min(piece.length, bytes - at);
      out.set(part === piece.length ? piece : piece.subarray(0, part), at);
      at += part;
      if (part === piece.length) used += 1;
      else this.#pieces[used] = piece.subarray(part);
    }
    this.#pieces.splice(0, used);
    this.#held -= bytes;
    return out;
  }
}

/** Yields the rows of a stream, batch by batch. @throws SeriesStreamError, and any error of `bytes` */
export async function* decodeSeries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SeriesRow[], void> {
  const decoder = new SeriesDecoder();
  for await (const piece of bytes) yield* decoder.push(piece);
  decoder.finish();
}

const noStream = () => new SeriesStreamError('This is not a stream of series, or it is damaged.');

function checkSchema(schema: Table): void {
  const fields = schema.tables(1);
  const fits = seriesColumns.every(([name, type], i) => fields[i]?.text(0) === name && fields[i]?.u8(2) === typeNumbers[type]);
  if (!fits || fields.length !== seriesColumns.length) throw noStream();
}

type Cells = ReturnType<typeof readBatch>[number];

function toRow(cells: Cells): SeriesRow {
  const { kind } = cells;
  const number = (name: 'query' | 'from' | 'to' | 'points' | 'as_of'): number => {
    const value = cells[name];
    if (value === null || !Number.isFinite(value)) throw new SeriesStreamError(`A row of kind ${kind} has no “${name}”.`);
    return value;
  };
  switch (kind) {
    case 'plan':
      return { kind, query: number('query'), from: number('from'), to: number('to'), points: number('points') };
    case 'points': {
      const { t, v } = cells;
      if (t.length !== v.length) throw new SeriesStreamError('A row of points has more times than values, or fewer.');
      return { kind, query: number('query'), from: number('from'), to: number('to'), labels: readLabels(cells.labels), t, v };
    }
    case 'part': {
      const damaged = cells.code === damagedCode ? { damaged: readDamaged(cells.message) } : {};
      const [from, to, asOf] = [number('from'), number('to'), number('as_of')];
      return { kind, query: number('query'), from, to, asOf, points: number('points'), ...damaged };
    }
    case 'failed': {
      const { code, message, hint } = cells;
      return { kind, query: number('query'), code: code ?? 'internal', message: message ?? '', ...(hint === null ? {} : { hint }) };
    }
    case 'end':
      return { kind };
    default:
      throw new SeriesStreamError(`A row is of the unknown kind “${kind ?? ''}”.`);
  }
}

const damagedSchema = z.array(z.object({ from: z.number(), to: z.number() }));

function readDamaged(text: string | null): Interval[] {
  try {
    return damagedSchema.parse(JSON.parse(text ?? ''));
  } catch (cause) {
    throw new SeriesStreamError('The damaged intervals of a part cannot be read.', { cause });
  }
}

function readLabels(text: string | null): Record<string, string> {
  try {
    return labelsSchema.parse(JSON.parse(text ?? ''));
  } catch (cause) {
    throw new SeriesStreamError('The labels of a series cannot be read.', { cause });
  }
}
