import { z } from 'zod';
import type { ChartDefinition, SeriesData } from '../charts.ts';
import { seriesSelector } from '../charts.ts';
import type { MetricSeries } from '../metrics.ts';
import { durationMs, epochMs } from '../primitives.ts';
import { aggregation } from '../signals.ts';
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
});
export type PanelQuery = z.infer<typeof panelQuery>;

export interface PanelData {
  series: SeriesData[];
  /** Up to when the backend has confirmed this data, ms; null when nothing is cached. */
  asOf: number | null;
  /** Parts of the range that the cache lacks and the backend could not give, half-open, ms. */
  missing: { from: number; to: number }[];
  problem: Problem | null;
}

/** Charts and their data: from the local cache, completed from the backend where it lacks something. */
export const series = service({
  methods: {
    charts: method<{ charts: ChartDefinition[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    metrics: method<{ metrics: MetricSeries[]; asOf: number | null }>()(z.strictObject({ connectionId })),
    /** `cacheOnly` answers at once with what is held; without it what is lacking is asked for first. */
    query: method<PanelData>()(z.strictObject({ connectionId, query: panelQuery, cacheOnly: z.boolean().default(false) })),
  },
  /** New points were stored for these; ask again for what is on screen. */
  events: { stored: event<{ connectionId: string; loaderCodes: string[]; metricNames: string[] }>() },
});
