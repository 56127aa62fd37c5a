import { AppError } from '#common/contract/errors.ts';
import type { OpenChunk } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import { isAscending, type Points, slicePoints } from '#common/timeseries/points.ts';
import { chunkMs, endOfTime } from './schema.ts';

/** @throws AppError validation_failed for a time that no chunk can hold */
export function checkTimes({ t }: Points): void {
  const n = t.length;
  // Mostly they ascend, and then the ends speak for all.
  if (isAscending(t) && (n === 0 || ((t[0] as number) >= 0 && (t[n - 1] as number) < endOfTime))) return;
  for (let i = 0; i < n; i++) {
    if ((t[i] as number) >= 0 && (t[i] as number) < endOfTime) continue;
    throw new AppError('validation_failed', `Row ${i + 1}: t is ${t[i]}, which is outside the years 1970 to 3883.`, {
      field: 't',
      hint: 'Give epoch milliseconds.',
    });
  }
}

/** Ascending points by the hour they fall into; shares memory. */
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

/** Whether a point more at the same pace would belong to the next hour. */
export function isComplete(hour: number, { t }: Points): boolean {
  const last = t[t.length - 1] as number;
  const step = last - (t[t.length - 2] ?? hour);
  return last + step >= hour + chunkMs;
}

/** Points in [from, to), ms; shares memory. */
export function within(points: Points, from: number, to: number): Points {
  const times = { t: points.t };
  return slicePoints(points, firstAtOrAfter(times, points.t.length, from), firstAtOrAfter(times, points.t.length, to));
}

/** Some of the points of a chunk, not decoded yet. */
export interface Piece {
  chunk: OpenChunk;
  /** Of its first point, and after its last. */
  start: number;
  end: number;
}

/** The points of a chunk in [from, to), ms. */
export function pieceOf(chunk: OpenChunk, from: number, to: number): Piece {
  return { chunk, start: firstAtOrAfter(chunk.times, chunk.length, from), end: firstAtOrAfter(chunk.times, chunk.length, to) };
}

/** No more of the chunk is decoded than these. */
export function pointsOf({ chunk, start, end }: Piece): Points {
  return chunk.slice(start, end);
}
