import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { epochMs, epochMsInput, labels } from './primitives.ts';

export const metricName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'Use letters, digits and "_", not starting with a digit.');

/** Metrics sent by an agent. Points are `[epoch ms, value]`. */
export const metricBatch = z.strictObject({
  /** Unique per batch: a batch delivered twice is stored once. */
  batchId: z.uuid(),
  metrics: z
    .array(
      z.strictObject({
        name: metricName,
        unit: z.string().max(24).optional(),
        labels,
        points: z
          .array(z.tuple([epochMsInput, z.number()]))
          .min(1)
          .max(1_000),
      }),
    )
    .min(1)
    .max(1_000),
});
export type MetricBatch = z.infer<typeof metricBatch>;

/** A metric series that exists, for pickers. */
export const metricSeries = z.object({ name: metricName, unit: z.string(), labels, lastAt: epochMs });
export type MetricSeries = z.infer<typeof metricSeries>;

export const metrics = {
  ingest: endpoint({
    method: 'POST',
    path: '/metrics',
    role: 'AGENT',
    summary: 'Store points of an agent, authenticated by its API key.',
    body: metricBatch,
    reply: z.object({ stored: z.number().int() }),
    bodyLimit: 4 * 1024 * 1024,
    rateLimited: false,
  }),
  series: endpoint({
    method: 'GET',
    path: '/metrics/series',
    role: 'VIEWER',
    summary: 'List metric series.',
    reply: z.object({ items: z.array(metricSeries) }),
  }),
};
