import { AppError } from '#common/contract/errors.ts';
import type { OpenChunk } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import { isAscending, type Points, slicePoints } from '#common/timeseries/points.ts';
import { chunkMs, endOfTime } from './schema.ts';

/** @throws AppError validation_failed for a time that no chunk can hold */
export function checkTimes({ t }: Points): void {
  const n = t.length;
  // Times usually ascend; then checking both ends is enough.
  if (isAscending(t) && (n === 0 || ((t[0] as number) >= 0 && (t[n - 1] as number) < endOfTime))) return;
  for (let i = 0; i < n; i++) {
    if ((t[i] as number) >= 0 && (t[i] as number) < endOfTime) continue;
    throw new AppError('validation_failed', `Row ${i + 1}: t is ${t[i]}, which is outside the years 1970 to 3883.`, {
      field: 't',
      hint: 'Give epoch milliseconds.',
    });
  }
}

/** Splits ascending points by hour; shares memory. */
export function splitHours(points: Points): { hour: number; points: Points }[] {
  const { t } = points;
  const n = t.length;
  const parts: { hour: number; points: Points }[] = [];
  for (let from = 0; from < n; ) {
    const hour = Math.floor((t[from] as number) / chunkMs) * chunkMs;
    const end = hour + chunkMs;
    const to = (t[n - 1] as number) < end ? n : firstAtOrAfter({ t }, n, end);
    parts.push({ hour, points: slicePoints(points, from, to) });
    from = to;
  }
  return parts;
}

/** Returns whether the next point at the same interval would belong to the next hour. */
export function isComplete(hour: number, { t }: Points): boolean {
  const last = t[t.length - 1] as number;
  const step = last - (t[t.length - 2] ?? hour);
  return last + step >= hour + chunkMs;
}

/** Returns the points in [from, to), ms; shares memory. */
export function within(points: Points, from: number, to: number): Points {
  const times = { t: points.t };
  return slicePoints(points, firstAtOrAfter(times, points.t.length, from), firstAtOrAfter(times, points.t.length, to));
}

/** Some of the points of a chunk, not decoded yet. */
export interface Piece {
  chunk: OpenChunk;
  /** Index of the first point, and of the one after the last. */
  start: number;
  end: number;
}

/** Returns the piece of a chunk in [from, to), ms, without decoding it. */
export function pieceOf(chunk: OpenChunk, from: number, to: number): Piece {
  return { chunk, start: firstAtOrAfter(chunk.times, chunk.length, from), end: firstAtOrAfter(chunk.times, chunk.length, to) };
}

/** Decodes the points of a piece, and no others of its chunk. */
export function pointsOf({ chunk, start, end }: Piece): Points {
  return chunk.slice(start, end);
}
