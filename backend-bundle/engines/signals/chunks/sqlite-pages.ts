import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** A row as it lies in the file; `id` is null in a table without row ids. A column that is the row id itself reads as null. */
export interface RawRow {
  id: number | null;
  values: (number | string | Buffer | null)[];
}

/** The size that SQLite gives new files, bytes. Not read from the header, which may be what is damaged. */
export const pageSize = 4_096;
const walHeader = 32;
const frameHeader = 24;
const leaf = { table: 0x0d, index: 0x0a } as const;
const interiorIndex = 0x02;
const maxColumns = 32;
/** Maximum size of a row, bytes; anything larger is not ours. */
const maxPayload = 256 * 1024 * 1024;

/** Thrown for bytes that are not a row. */
class NoRow extends Error {}

/**
 * Reads a SQLite file page by page, without its schema, B-trees and free list, any of which may be damaged. Deleted and replaced rows are
 * returned too: only the checksum and revision in each row show which one is right.
 */
export class SqlitePages {
  readonly #file: number;
  readonly #wal: number | null;
  readonly #pages: number;
  /** Offsets of the newest image of each page in the write-ahead log. */
  readonly #logged = new Map<number, number>();
  readonly #frames: number;
  readonly #overflow = Buffer.alloc(pageSize);

  constructor(file: string) {
    this.#file = openSync(file, 'r');
    this.#pages = Math.floor(fstatSync(this.#file).size / pageSize);
    this.#wal = existsSync(`${file}-wal`) ? openSync(`${file}-wal`, 'r') : null;
    const walSize = this.#wal === null ? 0 : fstatSync(this.#wal).size;
    this.#frames = Math.max(0, Math.floor((walSize - walHeader) / (frameHeader + pageSize)));
    const header = Buffer.alloc(frameHeader);
    for (let i = 0; i < this.#frames; i++) {
      const at = walHeader + i * (frameHeader + pageSize);
      readSync(this.#wal as number, header, 0, frameHeader, at);
      this.#logged.set(header.readUInt32BE(0), at + frameHeader);
    }
  }

  /** Yields every row of every page that looks valid. */
  *rows(): Generator<RawRow> {
    const page = Buffer.alloc(pageSize);
    for (let i = 0; i < this.#pages; i++) {
      readSync(this.#file, page, 0, pageSize, i * pageSize);
      yield* this.#rowsOf(page, i === 0 ? 100 : 0);
    }
    for (let i = 0; i < this.#frames; i++) {
      const at = walHeader + i * (frameHeader + pageSize);
      readSync(this.#wal as number, page, 0, pageSize, at + frameHeader);
      yield* this.#rowsOf(page, page.toString('latin1', 0, 15) === 'SQLite format 3' ? 100 : 0);
    }
  }

  close(): void {
    closeSync(this.#file);
    if (this.#wal !== null) closeSync(this.#wal);
  }

  *#rowsOf(page: Buffer, start: number): Generator<RawRow> {
    const kind = page[start];
    if (kind !== leaf.table && kind !== leaf.index && kind !== interiorIndex) return;
    const pointers = start + (kind === interiorIndex ? 12 : 8);
    const cells = Math.min(page.readUInt16BE(start + 3), (pageSize - pointers) >> 1);
    for (let i = 0; i < cells; i++) {
      // Tries the latest image of an overflow page first; if that does not fit the row, the one in the file.
      for (const isLogged of this.#frames > 0 ? [true, false] : [false]) {
        const row = this.#rowAt(page, page.readUInt16BE(pointers + i * 2), kind, isLogged);
        if (row) yield row;
      }
    }
  }

  #rowAt(page: Buffer, at: number, kind: number, isLogged: boolean): RawRow | null {
    try {
      let next = kind === interiorIndex ? at + 4 : at;
      const [length, afterLength] = varint(page, next);
      next = afterLength;
      let id: number | null = null;
      if (kind === leaf.table) [id, next] = varint(page, next);
      return { id, values: valuesOf(this.#payload(page, next, length, kind, isLogged)) };
    } catch (error) {
      if (error instanceof NoRow || error instanceof RangeError) return null;
      throw error;
    }
  }

  #payload(page: Buffer, at: number, length: number, kind: number, isLogged: boolean): Buffer {
    if (length < 2 || length > maxPayload) throw new NoRow();
    const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
    const most = kind === leaf.table ? pageSize - 35 : Math.floor(((pageSize - 12) * 64) / 255) - 23;
    if (length <= most) {
      if (at + length > pageSize) throw new NoRow();
      return page.subarray(at, at + length);
    }
    const fitting = least + ((length - least) % (pageSize - 4));
    let here = fitting <= most ? fitting : least;
    if (at + here + 4 > pageSize) throw new NoRow();
    if (length > (this.#pages + this.#frames) * pageSize) throw new NoRow();
    const payload = Buffer.alloc(length);
    page.copy(payload, 0, at, at + here);
    let next = page.readUInt32BE(at + here);
    while (here < length) {
      this.#readPage(next, isLogged);
      next = this.#overflow.readUInt32BE(0);
      here += this.#overflow.copy(payload, here, 4, 4 + Math.min(length - here, pageSize - 4));
    }
    return payload;
  }

  #readPage(number: number, isLogged: boolean): void {
    const logged = isLogged ? this.#logged.get(number) : undefined;
    if (logged !== undefined) readSync(this.#wal as number, this.#overflow, 0, pageSize, logged);
    else if (number > 0 && number <= this.#pages) readSync(this.#file, this.#overflow, 0, pageSize, (number - 1) * pageSize);
    else throw new NoRow();
  }
}

function valuesOf(payload: Buffer): RawRow['values'] {
  const [headerLength, first] = varint(payload, 0);
  if (headerLength < 2 || headerLength > payload.length || headerLength > maxColumns * 9) throw new NoRow();
  const values: RawRow['values'] = [];
  let body = headerLength;
  for (let at = first; at < headerLength; ) {
    const [type, next] = varint(payload, at);
    at = next;
    const [value, length] = valueAt(payload, body, type);
    body += length;
    values.push(value);
  }
  if (body !== payload.length) throw new NoRow();
  return values;
}

const integerBytes = [0, 1, 2, 3, 4, 6];

function valueAt(payload: Buffer, at: number, type: number): [RawRow['values'][number], length: number] {
  if (type === 0) return [null, 0];
  if (type <= 5) return [payload.readIntBE(at, integerBytes[type] as number), integerBytes[type] as number];
  if (type === 6) return [Number(payload.readBigInt64BE(at)), 8];
  if (type === 7) return [payload.readDoubleBE(at), 8];
  if (type === 8 || type === 9) return [type - 8, 0];
  if (type < 12) throw new NoRow();
  const length = Math.floor((type - 12) / 2);
  if (at + length > payload.length) throw new NoRow();
  const bytes = payload.subarray(at, at + length);
  return [type % 2 === 0 ? Buffer.from(bytes) : bytes.toString('utf8'), length];
}

/** Reads a SQLite varint: seven bits per byte, eight in the ninth. */
function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  return [value * 256 + bytes.readUInt8(at + 8), at + 9];
}
