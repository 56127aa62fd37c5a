import { z } from 'zod';
import { seriesSelector } from '../charts.ts';
import type { MetricSeries } from '../metrics.ts';
import { durationMs, epochMs, type Labels } from '../primitives.ts';
import { aggregation, timeZone } from '../signals.ts';
import type { Problem } from './connections.ts';
import { connectionId } from './connections.ts';
import { event, method, service } from './rpc.ts';

export const panelQuery = z.strictObject({
  selector: seriesSelector,
  aggregation,
  from: epochMs,
  to: epochMs,
  /** Bucket width, ms; 0 gives the points as stored. */
  bucketMs: durationMs,
  /** With a time zone, buckets of a day are calendar days. */
  timeZone: timeZone.optional(),
});
export type PanelQuery = z.infer<typeof panelQuery>;

/** One series: columns of equal length, times ascending, epoch ms. The arrays are transferred, not copied, if the host can do that. */
export interface SeriesLine {
  labels: Labels;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

export interface PanelData {
  series: SeriesLine[];
  /** Time up to which the backend has confirmed this data, ms; null when nothing is cached. */
  asOf: number | null;
  /** Intervals that the cache lacks and the backend could not provide, half-open, ms. */
  missing: { from: number; to: number }[];
  /** Intervals for which points are missing, or may be, because the backend's store was damaged, half-open, ms. */
  damaged: { from: number; to: number }[];
  problem: Problem | null;
}

/** Series and the list of metrics: from the local cache, completed by the backend. */
export const series = service({
  methods: {
    metrics: method<{ metrics: MetricSeries[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** Returns the data of a panel. `cacheOnly` returns the cached data at once; otherwise missing data is requested first. */
    query: method<PanelData>()(
      z.strictObject({
        connectionId,
        query: panelQuery,
        cacheOnly: z.boolean().default(false),
        /** Id under which `progress` is reported; without it none is. */
        progressId: z.string().max(64).optional(),
      }),
    ),
  },
  events: {
    /** Points of a running `query` arrived; `done` is the share of the missing time that has arrived, 0 to 1. */
    progress: event<{ progressId: string; points: number; done: number }>(),
    /** New points were stored for these: read again what is on screen. */
    stored: event<{ connectionId: string; loaderCodes: string[]; metricNames: string[] }>(),
  },
});
