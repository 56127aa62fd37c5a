import type { Labels } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';

/**
 * What a stream of series says, row by row. `query` is the index of the query in the request. A question is answered part by
 * part: rows of `points`, one a series, then the `part` row that completes this stretch of its range. Times are epoch ms,
 * stretches half-open.
 */
export type SeriesRow =
  /** First of each question: how many points are expected over the whole range. An estimate. */
  | { kind: 'plan'; query: number; from: number; to: number; points: number }
  /** The points of one series in one part; columns of equal length, times ascending whole ms. */
  | { kind: 'points'; query: number; from: number; to: number; labels: Labels; t: Float64Array; v: Float64Array }
  /** The part is complete with this; everything stored up to `asOf` (server time) is in it. `points` over all its series. Points of `damaged` are missing or may be. */
  | { kind: 'part'; query: number; from: number; to: number; asOf: number; points: number; damaged?: Interval[] }
  /** The question cannot be answered (further); parts that came before stand. */
  | { kind: 'failed'; query: number; code: string; message: string; hint?: string }
  /** The last row of every stream: one without it was cut off. */
  | { kind: 'end' };

type Column = 'utf8' | 'int32' | 'float64' | 'time' | 'times' | 'values';

/** `code` of a `part` row that tells of damage; `message` then holds the intervals as JSON. */
export const damagedCode = 'damaged';

/** The columns of the stream, in order. `time` is timestamp[ms, UTC]; `times` and `values` are lists, empty but in `points` rows. */
export const seriesColumns = [
  ['kind', 'utf8'],
  ['query', 'int32'],
  ['labels', 'utf8'],
  ['from', 'time'],
  ['to', 'time'],
  ['t', 'times'],
  ['v', 'values'],
  ['points', 'float64'],
  ['as_of', 'time'],
  ['code', 'utf8'],
  ['message', 'utf8'],
  ['hint', 'utf8'],
] as const satisfies readonly (readonly [name: string, type: Column])[];

/** Bytes that are no stream of series, or the beginning of one. */
export class SeriesStreamError extends Error {
  override readonly name = 'SeriesStreamError';
}
