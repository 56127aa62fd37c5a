import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { code, epochSeconds } from './primitives.ts';

export const segmentCode = z.string().min(1).max(128);
const finite = z.number();

/** One summary a loader produced for one segment at one time. `timestamp` is epoch seconds on this wire. */
export const signalRecord = z.strictObject({
  loaderCode: code,
  timestamp: epochSeconds,
  segmentCode,
  recordCount: z.number().int().min(0),
  min: finite,
  max: finite,
  avg: finite,
  sum: finite,
});
export type SignalRecord = z.infer<typeof signalRecord>;

export const aggregations = ['raw', 'avg', 'sum', 'min', 'max'] as const;
export const aggregation = z.enum(aggregations);
export type Aggregation = z.infer<typeof aggregation>;

/** Bucket widths of the query API and their length in ms. */
export const buckets = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
export type Bucket = keyof typeof buckets;

/** Most points the query answers; past it, each segment is down-sampled by LTTB. */
export const downsampleAbove = 10_000;

const range = {
  fromEpoch: epochSeconds.describe('Start, epoch seconds, inclusive.'),
  toEpoch: epochSeconds.describe('End, epoch seconds, exclusive.'),
};

export const signals = {
  bulk: endpoint({
    method: 'POST',
    path: '/api/v1/res/signals/bulk',
    role: 'OPERATOR',
    summary: 'Store up to 10,000 records. A record for a time and segment that exists replaces it.',
    body: z.strictObject({ signals: z.array(signalRecord).min(1).max(10_000) }),
    reply: z.object({ stored: z.number().int() }),
    bodyLimit: 4 * 1024 * 1024,
  }),
  range: endpoint({
    method: 'GET',
    path: '/api/v1/res/signals/signal/:loaderCode',
    role: 'VIEWER',
    summary: 'Records of one loader in a range, oldest first.',
    params: z.object({ loaderCode: code }),
    query: z.strictObject({
      ...range,
      segmentCode: segmentCode.optional(),
      limit: z.coerce.number().int().min(1).max(100_000).default(10_000),
    }),
    reply: z.object({
      loaderCode: code,
      items: z.array(signalRecord.omit({ loaderCode: true })),
      /** True when `limit` cut the answer. */
      truncated: z.boolean(),
    }),
    errors: ['not_found', 'invalid_time_range'],
  }),
  query: endpoint({
    method: 'GET',
    path: '/api/v1/signals/query',
    role: 'VIEWER',
    summary: 'Aggregate a loader’s signals by bucket; down-sampled (LTTB) past 10,000 points.',
    query: z.strictObject({
      loaderCode: code,
      ...range,
      segmentCode: segmentCode.optional(),
      aggregation: aggregation.default('avg'),
      bucket: z.enum(Object.keys(buckets) as [Bucket, ...Bucket[]]).default('1m'),
      limit: z.coerce.number().int().min(1).max(downsampleAbove).default(downsampleAbove),
    }),
    reply: z.object({
      loaderCode: code,
      aggregation,
      /** Null for `raw`. */
      bucket: z.string().nullable(),
      downsampled: z.boolean(),
      points: z.array(z.object({ timestamp: z.number(), segmentCode, value: z.number() })),
    }),
    errors: ['not_found', 'invalid_time_range', 'query_too_large'],
  }),
};
