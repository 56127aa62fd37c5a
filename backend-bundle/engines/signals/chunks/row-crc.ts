import { crc32 } from 'node:zlib';

/** A different seed for each table, so that a row of one is never mistaken for a row of another. */
const seeds = { series: 1, days: 2, chunks: 3, data: 4, wal: 5, state: 6, removed: 7, removing: 8 };
export type CheckedTable = keyof typeof seeds;

const numbers = new Float64Array(24);
const bytes = Buffer.from(numbers.buffer);

/**
 * Computes the checksum of a row, which is stored in it. It detects a row that changed on disk, and shows that a row found in a damaged
 * file is intact. @param values at most 24 numbers; NaN and null are the same, as they are in SQLite
 */
export function rowCrc(table: CheckedTable, values: readonly (number | null)[], text = ''): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | null;
    // -0 comes back from SQLite as 0.
    numbers[i] = value === null || Number.isNaN(value) ? Number.MAX_VALUE : value + 0;
  }
  const crc = crc32(bytes.subarray(0, values.length * 8), seeds[table]);
  return text === '' ? crc : crc32(text, crc);
}

/** Computes the checksum of a row that contains bytes. */
export function blobCrc(table: CheckedTable, values: readonly number[], blob: Uint8Array): number {
  return crc32(blob, rowCrc(table, values));
}

/** Thrown when the file contains bytes that were not written there. It is then set aside and its intact rows are saved. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  readonly code = 'SERIES_DAMAGED';
}
