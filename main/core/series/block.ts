import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { decodeChunk, encodeChunk } from '#common/timeseries/chunk.ts';
import type { PointArrays } from './points.ts';

/** The points of one series in one interval as they are stored: a compressed chunk of the time-series engine, and its checksum. */
export interface Packed {
  chunk: Uint8Array;
  crc: number;
}

export function pack(points: PointArrays): Packed {
  const chunk = zstdCompressSync(encodeChunk(points));
  return { chunk, crc: crc32(chunk) };
}

/** Returns null if the bytes are damaged, or were written by a newer version. */
export function unpack({ chunk, crc }: Packed): PointArrays | null {
  if (crc32(chunk) !== crc) return null;
  try {
    const { t, v } = decodeChunk(zstdDecompressSync(chunk));
    return { t: t as PointArrays['t'], v: v as PointArrays['v'] };
  } catch {
    return null;
  }
}
