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

/** How the points of a range become values. */
export interface SeriesRequest extends RangeRequest {
  aggregation: Aggregation;
  /** Width of a bucket, ms: a second to a day. 0 gives the points as stored. */
  bucketMs: number;
  /** IANA name. With it buckets of a day are calendar days there, 23 or 25 hours long where clocks change; refused with other widths. */
  timeZone?: string | undefined;
  /** Maximum number of points in the answer, over all series. */
  maxPoints: number;
  /**
   * Reads every field of each bucket or record with its value, at one moment: they belong to the same points, whatever is stored
   * meanwhile. Where a bucket has no value, such as an average of nothing, the point is there with NaN.
   */
  withFields?: boolean;
}

/** The other fields of a bucket or record, beside the requested value. */
export const fieldNames = ['count', 'min', 'max', 'avg', 'sum'] as const;
export type FieldName = (typeof fieldNames)[number];
export type Fields = { [name in FieldName]: Float64Array<ArrayBuffer> };

export interface ReadOptions {
  /** Ends the work, not only the waiting for it; the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The work is stopped after this long, ms. 10,000 when absent. */
  timeoutMs?: number | undefined;
}

/** One series of an answer: columns of equal length, times ascending (epoch ms). The columns of one answer may share a buffer. */
export interface SeriesPoints {
  labels: Labels;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  /** There when they were asked for. */
  fields?: Fields;
}

/** What one series leaves on the columns of a picture: an entry a column that has points, all arrays of equal length. */
export interface SeriesExtremes {
  labels: Labels;
  /** Which of the columns, ascending from 0. */
  column: Int32Array<ArrayBuffer>;
  /** Times of the first and last point in it, epoch ms. */
  from: Float64Array<ArrayBuffer>;
  to: Float64Array<ArrayBuffer>;
  /** Values, that is averages where points are records. */
  first: Float64Array<ArrayBuffer>;
  last: Float64Array<ArrayBuffer>;
  min: Float64Array<ArrayBuffer>;
  max: Float64Array<ArrayBuffer>;
}

/** What a range holds at most: whole hours or days are counted, cut by neither end of the range. */
export interface Estimate {
  series: number;
  points: number;
}

/** A series over a whole range. With no point in it `points` is 0 and the values are null. */
export interface SeriesSummary {
  labels: Labels;
  /** Time of its newest point, in the range or not, ms. */
  lastAt: number;
  points: number;
  min: number | null;
  max: number | null;
  /** Weighed by record count. */
  avg: number | null;
  sum: number | null;
}

/** Holds every series: loaders' signals (count, min, max, avg, sum a record) and metrics (one value a point). */
export interface SignalStore {
  /** Stores records; one for a time and segment that exists is replaced. Durable when it resolves. */
  appendSignals(loaderCode: string, records: SignalColumns): Promise<void>;
  /** The same for several loaders at once, up to 10,000 records: all of them are stored or none. */
  appendSignalBatches(batches: readonly SignalBatch[]): Promise<void>;
  /** Stores points; same rule. */
  appendMetrics(metrics: readonly MetricPoints[]): Promise<void>;
  /** Records of one loader, by time then segment. `limit` + 1 rows are read to tell whether it cut. */
  records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): Promise<SignalColumns>;
  /**
   * One line a series that has points: by bucket (fixed widths count from the epoch; `t` is the bucket's start), empty buckets absent,
   * or as stored. What an aggregation means is said where they are listed; `avg` is absent where nothing was counted. As stored, `count`,
   * `sum`, `min` and `max` are those of the record and every other aggregation is its value.
   *
   * What was acknowledged before the call is in the answer; what comes while it runs may be.
   * @throws AppError query_too_large, before work where it can be told, when more than `maxPoints` would come back or too many points
   * would have to be read one by one; timeout; validation_failed for a time zone with another width than a day
   */
  query(request: SeriesRequest, options?: ReadOptions): Promise<SeriesPoints[]>;
  /**
   * First, last, least and greatest value of each series in each of `columns` equal parts of the range (M4): exactly what a line
   * through all points shows. A column that starts between two milliseconds begins with the next one.
   * @throws AppError timeout; query_too_large
   */
  columns(request: RangeRequest & { columns: number }, options?: ReadOptions): Promise<SeriesExtremes[]>;
  /** How much a range holds, at most; cheap, as no point is read. */
  estimate(request: RangeRequest): Promise<Estimate>;
  /**
   * The whole range as one summary for each series that matches and has ever had a point: what alert rules judge. Counts the newest
   * points that a full disk refused, too, as far as the store holds them in memory. @throws AppError timeout
   */
  summarise(request: RangeRequest, options?: ReadOptions): Promise<SeriesSummary[]>;
  /** Labels of the series that match and have ever had a point. */
  series(selector: SeriesSelector): Promise<{ labels: Labels; lastAt: number }[]>;
  metricSeries(): Promise<MetricSeries[]>;
  /** Deletes points older than `before` (ms), a bounded amount a call. @returns how many went; 0 when there are no more */
  expire(before: number): Promise<number>;
  /**
   * Deletes the points of a range. Durable when it resolves; a crash before that undoes it, or the next opening completes it. What is
   * written while it runs may go too; what is written after it stays. @returns how many points went
   */
  remove(range: RangeRequest): Promise<number>;
  /** The parts of the range for which points are missing or may be because the store was damaged; empty when all is well. */
  damaged(range: RangeRequest): Promise<Interval[]>;
  health(): Promise<SignalsHealth>;
}

export interface SignalsHealth {
  /** On disk, what is free inside the files included. */
  bytes: number;
  series: number;
  /** Those written again and not compacted yet count twice. Null where counting would mean to read them all. */
  points: number | null;
  /** Times of the oldest and newest point, epoch ms; null without one. */
  oldestAt: number | null;
  newestAt: number | null;
  /** Durable and answered for, but not in the chunks yet. */
  pending: { points: number; bytes: number };
  /** Points that were refused because the disk is full, and that rules go on by until they are delivered again. In memory alone. */
  unstored: number;
  /** When points were last compacted, epoch ms; null when never, or where there is no such work. */
  compactedAt: number | null;
  /** Which series and hours cannot be read, and why; empty when all is well. The rest is answered. */
  damage: { what: string; reason: string }[];
  /** Name of the damaged file that was set aside and saved from, beside the one in use; null when there is none. */
  setAside: string | null;
  /** How often what holds the points died and was started again since the process began, when last (epoch ms) and why; null when never. */
  restarted: { count: number; at: number; reason: string } | null;
}
