import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { metricName } from './metrics.ts';
import { code, durationMs, epochMs, labels } from './primitives.ts';
import { aggregation, segmentCode } from './signals.ts';

/** Where the values of a chart come from. Without a segment (or with fewer labels) one line is drawn for each that matches. */
export const seriesSelector = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('signal'), loaderCode: code, segmentCode: segmentCode.optional() }),
  z.strictObject({ from: z.literal('metric'), name: metricName, labels: labels.default({}) }),
]);
export type SeriesSelector = z.infer<typeof seriesSelector>;

export const chartDefinition = z.strictObject({
  code,
  title: z.string().min(1).max(120),
  selector: seriesSelector,
  aggregation: aggregation.default('avg'),
  unit: z.string().max(24).default(''),
  type: z.enum(['line', 'area', 'bar']).default('line'),
  /** Shown on the first screen, in this order; absent when not pinned. */
  pinned: z.number().int().min(0).optional(),
  /** Fixed ends of the value axis; absent ends follow the data. */
  min: z.number().optional(),
  max: z.number().optional(),
});
export type ChartDefinition = z.infer<typeof chartDefinition>;

/** One question: which series, over which range, in buckets of which width. */
export const seriesQuery = z.strictObject({
  selector: seriesSelector,
  aggregation,
  from: epochMs,
  to: epochMs,
  /** Bucket width, ms; 0 gives the points as stored. */
  bucketMs: durationMs,
});
export type SeriesQuery = z.infer<typeof seriesQuery>;

/** One line: columns of equal length, times ascending (epoch ms, start of bucket). */
export const seriesData = z.object({
  labels,
  t: z.array(z.number()),
  v: z.array(z.number()),
});
export type SeriesData = z.infer<typeof seriesData>;

/** Most points one query of a batch may answer with, over all its series. */
export const maxQueryPoints = 200_000;

export const charts = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/charts',
    role: 'VIEWER',
    summary: 'All chart definitions.',
    reply: z.object({ items: z.array(chartDefinition) }),
  }),
  data: endpoint({
    method: 'POST',
    path: '/api/v1/charts/data',
    role: 'VIEWER',
    summary: 'Answer up to 100 series queries at once; a query that fails says why without failing the others.',
    body: z.strictObject({ queries: z.array(seriesQuery).min(1).max(100) }),
    reply: z.object({
      /** Server time, ms: everything up to here that was acknowledged is in the answer. */
      asOf: epochMs,
      results: z.array(
        z.discriminatedUnion('ok', [
          z.object({ ok: z.literal(true), series: z.array(seriesData) }),
          z.object({ ok: z.literal(false), code: z.string(), message: z.string(), hint: z.string().optional() }),
        ]),
      ),
    }),
    errors: ['query_too_large'],
  }),
};
