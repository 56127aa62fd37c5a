import { ByteReader, ByteWriter } from '#common/timeseries/bytes.ts';
import { decodeChunk, encodeChunk } from '#common/timeseries/chunk.ts';
import { concatPoints, type Points, slicePoints } from '#common/timeseries/points.ts';

/** Points of one series within one hour, times ascending. */
export interface SeriesHour {
  series: number;
  /** Start of the hour, epoch ms. */
  hour: number;
  points: Points;
}

/** Encodes one log entry: the number and length of each part, then all points as if they were one chunk. */
export function encodeEntry(parts: readonly SeriesHour[]): Uint8Array {
  const out = new ByteWriter(parts.length * 16 + 64);
  out.varint(parts.length);
  for (const { series, points } of parts) {
    out.varint(series);
    out.varint(points.t.length);
  }
  out.bytes(encodeChunk(concatPoints(parts.map(({ points }) => points))));
  return out.finish();
}

/** @throws CorruptError */
export function decodeEntry(data: Uint8Array): { series: number; points: Points }[] {
  const input = new ByteReader(data);
  const heads = Array.from({ length: input.varint() }, () => ({ series: input.varint(), n: input.varint() }));
  const all = decodeChunk(input.bytes(input.left));
  let at = 0;
  return heads.map(({ series, n }) => {
    at += n;
    return { series, points: slicePoints(all, at - n, at) };
  });
}
