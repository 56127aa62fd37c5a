import type { SeriesSelector } from '#common/contract/charts.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import type { Interval } from '#common/time/intervals.ts';

/** Records of one loader by column, any order; `t` in epoch ms. */
export interface SignalColumns {
  segment: string[];
  t: number[];
  count: number[];
  min: number[];
  max: number[];
  avg: number[];
  sum: number[];
}

export interface SignalBatch {
  loaderCode: string;
  records: SignalColumns;
}

export interface MetricPoints {
  name: string;
  unit: string;
  labels: Labels;
  points: readonly (readonly [t: number, value: number])[];
}

/** Half-open, epoch ms. */
export interface RangeRequest extends Interval {
  selector: SeriesSelector;
}

/** A query for the points of a range, aggregated by bucket. */
export interface SeriesRequest extends RangeRequest {
  aggregation: Aggregation;
  /** Width of a bucket, ms: a second to a day. 0 gives the points as stored. */
  bucketMs: number;
  /** IANA name. Buckets of a day are then calendar days in that zone, 23 or 25 hours long when clocks change. Refused with other widths. */
  timeZone?: string | undefined;
  /** Maximum number of points in the answer, over all series. */
  maxPoints: number;
  /**
   * Also returns every field of each bucket or record, computed from the same points as its value. A bucket without a value, such as an
   * average of nothing, is returned with NaN.
   */
  withFields?: boolean;
}

/** The other fields of a bucket or record, beside the requested value. */
export const fieldNames = ['count', 'min', 'max', 'avg', 'sum'] as const;
export type FieldName = (typeof fieldNames)[number];
export type Fields = { [name in FieldName]: Float64Array<ArrayBuffer> };

export interface ReadOptions {
  /** Cancels the work itself; the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Time limit, ms. Default 10,000. */
  timeoutMs?: number | undefined;
}

/** One series of an answer: columns of equal length, times ascending (epoch ms). The columns of one answer may share a buffer. */
export interface SeriesPoints {
  labels: Labels;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  /** Present if they were requested. */
  fields?: Fields;
}

/** The extremes of one series in each column of a chart. All arrays have one entry per column that has points. */
export interface SeriesExtremes {
  labels: Labels;
  /** Index of the column, ascending. */
  column: Int32Array<ArrayBuffer>;
  /** Times of the first and last point in it, epoch ms. */
  from: Float64Array<ArrayBuffer>;
  to: Float64Array<ArrayBuffer>;
  /** Values; the averages if points are records. */
  first: Float64Array<ArrayBuffer>;
  last: Float64Array<ArrayBuffer>;
  min: Float64Array<ArrayBuffer>;
  max: Float64Array<ArrayBuffer>;
}

/** Upper bounds for the contents of a range. Hours or days that overlap its ends are counted entirely. */
export interface Estimate {
  series: number;
  points: number;
}

/** Summary of a series over a range. Without points, `points` is 0 and the values are null. */
export interface SeriesSummary {
  labels: Labels;
  /** Time of its newest point, inside the range or not, ms. */
  lastAt: number;
  points: number;
  min: number | null;
  max: number | null;
  /** Weighted by record count. */
  avg: number | null;
  sum: number | null;
}

/** Stores every series: loaders' signals (count, min, max, avg and sum per record) and metrics (one value per point). */
export interface SignalStore {
  /** Stores records, replacing those with the same time and segment. Durable when it resolves. */
  appendSignals(loaderCode: string, records: SignalColumns): Promise<void>;
  /** Stores the records of several loaders at once, up to 10,000, all or none. */
  appendSignalBatches(batches: readonly SignalBatch[]): Promise<void>;
  /** Stores points, replacing those with the same time and labels. Durable when it resolves. */
  appendMetrics(metrics: readonly MetricPoints[]): Promise<void>;
  /** Returns the records of one loader, by time, then segment. Reads `limit` + 1 rows to find out whether there are more. */
  records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): Promise<SignalColumns>;
  /**
   * Returns each series that has points, by bucket or as stored. Buckets of fixed width are aligned to the epoch, `t` is the start of the
   * bucket, and empty buckets are left out; so is `avg` when nothing was counted. As stored, `count`, `sum`, `min` and `max` are those of
   * the record, and every other aggregation is its value.
   *
   * Points acknowledged before the call are in the answer; points stored while it runs may be.
   * @throws AppError query_too_large (before reading, if possible) when the answer would have more than `maxPoints` points or too many
   *   would have to be read one by one; timeout; validation_failed for a time zone with a width other than a day
   */
  query(request: SeriesRequest, options?: ReadOptions): Promise<SeriesPoints[]>;
  /**
   * Returns the first, last, least and greatest value of each series in each of `columns` equal columns of the range (M4), which draw
   * exactly the same line as all points. A column that starts between two milliseconds begins with the next one.
   * @throws AppError timeout; query_too_large
   */
  columns(request: RangeRequest & { columns: number }, options?: ReadOptions): Promise<SeriesExtremes[]>;
  /** Returns upper bounds for the contents of a range. Cheap: no point is read. */
  estimate(request: RangeRequest): Promise<Estimate>;
  /**
   * Returns one summary of the range for each matching series that has ever had a point: the input of alert rules. Includes the newest
   * points that a full disk refused, as far as the store has them in memory. @throws AppError timeout
   */
  summarise(request: RangeRequest, options?: ReadOptions): Promise<SeriesSummary[]>;
  /** Returns the labels of matching series that have ever had a point. */
  series(selector: SeriesSelector): Promise<{ labels: Labels; lastAt: number }[]>;
  metricSeries(): Promise<MetricSeries[]>;
  /** Deletes points older than `before` (ms), a bounded number per call. @returns the number of points deleted; 0 when there are no more */
  expire(before: number): Promise<number>;
  /**
   * Deletes the points of a range. Durable when it resolves. A crash before that undoes the deletion, or the next opening completes it.
   * Points written while it runs may be deleted too; points written afterwards stay. @returns the number of points deleted
   */
  remove(range: RangeRequest): Promise<number>;
  /**
   * Returns the intervals of the range for which points are missing, or may be, because the store was damaged. Empty when nothing is
   * damaged.
   */
  damaged(range: RangeRequest): Promise<Interval[]>;
  health(): Promise<SignalsHealth>;
}

export interface SignalsHealth {
  /** Size on disk, including free space inside the files. */
  bytes: number;
  series: number;
  /** Points that were overwritten and not yet compacted count twice. Null if counting would require reading them all. */
  points: number | null;
  /** Times of the oldest and newest point, epoch ms; null without one. */
  oldestAt: number | null;
  newestAt: number | null;
  /** Stored and readable, but not yet compacted into chunks. */
  pending: { points: number; bytes: number };
  /** Points that were refused because the disk is full, which rules use until they are delivered again. In memory only. */
  unstored: number;
  /** When points were last compacted, epoch ms; null when never, or if the store does not compact. */
  compactedAt: number | null;
  /** Series and hours that cannot be read, and why. The rest is readable. */
  damage: { what: string; reason: string }[];
  /** Name of the damaged file that was set aside after a salvage; null when there is none. */
  setAside: string | null;
  /** How often the store's worker died and was restarted since the process started, when last (epoch ms) and why; null when never. */
  restarted: { count: number; at: number; reason: string } | null;
}
