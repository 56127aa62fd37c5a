import type { SeriesData, SeriesSelector } from '#common/contract/charts.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';

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

export interface MetricPoints {
  name: string;
  unit: string;
  labels: Labels;
  points: readonly (readonly [t: number, value: number])[];
}

export interface RangeRequest {
  selector: SeriesSelector;
  /** Half-open, epoch ms. */
  from: number;
  to: number;
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
  /** Stores points; same rule. */
  appendMetrics(metrics: readonly MetricPoints[]): Promise<void>;
  /** Records of one loader, by time then segment. `limit` + 1 rows are read to tell whether it cut. */
  records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): Promise<SignalColumns>;
  /**
   * Aggregates by bucket (start of bucket = floor(t / bucketMs) · bucketMs; 0 = as stored), one entry a series that has
   * points. `avg` weighs by record count. Empty buckets are absent.
   * @throws AppError query_too_large when more than `maxPoints` would come back
   */
  query(request: RangeRequest & { aggregation: Aggregation; bucketMs: number; maxPoints: number }): Promise<SeriesData[]>;
  /** The whole range as one summary for each series that matches and has ever had a point: what alert rules judge. */
  summarise(request: RangeRequest): Promise<SeriesSummary[]>;
  /** Labels of the series that match and have ever had a point. */
  series(selector: SeriesSelector): Promise<{ labels: Labels; lastAt: number }[]>;
  metricSeries(): Promise<MetricSeries[]>;
  /** Deletes points older than `before` (ms), a bounded amount a call. @returns how many went; 0 when there are no more */
  expire(before: number): Promise<number>;
  health(): Promise<SignalsHealth>;
}

export interface SignalsHealth {
  /** On disk, what is free inside the files included. */
  bytes: number;
  /** Which series and hours cannot be read, and why; empty when all is well. The rest is answered. */
  damage: { what: string; reason: string }[];
}
