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
  /** Makes buckets of a day calendar days. */
  timeZone: timeZone.optional(),
});
export type PanelQuery = z.infer<typeof panelQuery>;

/** One line: columns of equal length, times ascending, epoch ms. The arrays are handed over, not copied, where the host can. */
export interface SeriesLine {
  labels: Labels;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

export interface PanelData {
  series: SeriesLine[];
  /** Up to when the backend has confirmed this data, ms; null when nothing is cached. */
  asOf: number | null;
  /** Parts of the range that the cache lacks and the backend could not give, half-open, ms. */
  missing: { from: number; to: number }[];
  /** Parts of the range for which points are gone or may be, because the backend's store was damaged, half-open, ms. */
  damaged: { from: number; to: number }[];
  problem: Problem | null;
}

/** Series and the metrics there are: from the local cache, completed from the backend where it lacks something. */
export const series = service({
  methods: {
    metrics: method<{ metrics: MetricSeries[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** `cacheOnly` answers at once with what is held; without it what is lacking is asked for first. */
    query: method<PanelData>()(
      z.strictObject({
        connectionId,
        query: panelQuery,
        cacheOnly: z.boolean().default(false),
        /** Under which `progress` tells how far reading is; without it nothing is told. */
        progressId: z.string().max(64).optional(),
      }),
    ),
  },
  events: {
    /** Points of a running `query` arrived; `done` is the share of the lacking time that is here, 0 to 1. */
    progress: event<{ progressId: string; points: number; done: number }>(),
    /** New points were stored for these; ask again for what is on screen. */
    stored: event<{ connectionId: string; loaderCodes: string[]; metricNames: string[] }>(),
  },
});
