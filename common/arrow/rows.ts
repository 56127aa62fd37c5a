import type { Labels } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';

/**
 * The rows of a stream of series. `query` is the index of the query in the request. A query is answered in parts: `points` rows, one per
 * series, then the `part` row that completes this interval. Times are epoch ms, intervals half-open.
 */
export type SeriesRow =
  /** First row of each query: the estimated number of points in the whole range. */
  | { kind: 'plan'; query: number; from: number; to: number; points: number }
  /** The points of one series in one part; columns of equal length, times ascending whole ms. */
  | { kind: 'points'; query: number; from: number; to: number; labels: Labels; t: Float64Array; v: Float64Array }
  /**
   * Completes a part: it contains everything stored up to `asOf` (server time). `points` is the number over all its series. In the
   * intervals `damaged`, points are missing or may be.
   */
  | { kind: 'part'; query: number; from: number; to: number; asOf: number; points: number; damaged?: Interval[] }
  /** The query can't be answered, or not completely; earlier parts stay valid. */
  | { kind: 'failed'; query: number; code: string; message: string; hint?: string }
  /** The last row of every stream. A stream without it was cut off. */
  | { kind: 'end' };

type Column = 'utf8' | 'int32' | 'float64' | 'time' | 'times' | 'values';

/** `code` of a `part` row with damage; `message` then contains the intervals as JSON. */
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

/** Thrown for bytes that are not a stream of series, or only the start of one. */
export class SeriesStreamError extends Error {
  override readonly name = 'SeriesStreamError';
}
