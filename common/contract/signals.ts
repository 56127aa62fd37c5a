import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { code, epochMs, epochMsInput, epochSecondsInput, numberInText } from './primitives.ts';

export const segmentCode = z.string().min(1).max(128);
const finite = z.number();

/** One summary a loader produced for one segment at one time. `timestamp` is epoch seconds on this wire. */
export const signalRecord = z.strictObject({
  loaderCode: code,
  timestamp: epochSecondsInput,
  segmentCode,
  recordCount: z.number().int().min(0),
  min: finite,
  max: finite,
  avg: finite,
  sum: finite,
});
export type SignalRecord = z.infer<typeof signalRecord>;

/**
 * How the points of a bucket become one value. `avg` weighs records by their count and `count` adds those counts up (a metric's
 * point counts as one); `last` is the newest value; percentiles interpolate linearly between the values as stored, each once.
 */
export const aggregations = ['raw', 'avg', 'sum', 'min', 'max', 'count', 'last', 'p50', 'p95', 'p99'] as const;
export const aggregation = z.enum(aggregations);
export type Aggregation = z.infer<typeof aggregation>;

/** Bucket widths of the query API and their length in ms. */
export const buckets = {
  '1s': 1_000,
  '5s': 5_000,
  '15s': 15_000,
  '30s': 30_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
} as const;
export type Bucket = keyof typeof buckets;

/** An IANA time zone: `Europe/Berlin`. With it, buckets of a day are calendar days there, 23 or 25 hours long where clocks change. */
export const timeZone = z.string().max(64).refine(isTimeZone, 'Use an IANA time zone, such as UTC or Europe/Berlin.');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What stands for a bucket without points: nothing, null, 0, the value before it, or a straight line between its neighbours. */
export const fillPolicies = ['none', 'null', 'zero', 'previous', 'linear'] as const;
export const fillPolicy = z.enum(fillPolicies);
export type FillPolicy = z.infer<typeof fillPolicy>;

/** Most points the query answers; past it, each segment is down-sampled by LTTB. */
export const downsampleAbove = 10_000;

const range = {
  fromEpoch: numberInText(epochSecondsInput).describe('Start, epoch seconds, inclusive.'),
  toEpoch: numberInText(epochSecondsInput).describe('End, epoch seconds, exclusive.'),
};

export const signals = {
  bulk: endpoint({
    method: 'POST',
    path: '/api/v1/res/signals/bulk',
    role: 'OPERATOR',
    summary:
      'Store up to 10,000 records. A record replaces an earlier one of the same loader, time and segment, also one in the same body.',
    body: z.strictObject({ signals: z.array(signalRecord).min(1).max(10_000) }),
    reply: z.object({
      stored: z.number().int(),
      /** Records of this body that a later one of the same loader, time and segment replaced: `stored` does not count them. */
      replaced: z.number().int().default(0),
    }),
    bodyLimit: 4 * 1024 * 1024,
  }),
  range: endpoint({
    method: 'GET',
    path: '/api/v1/res/signals/signal/:loaderCode',
    role: 'VIEWER',
    summary:
      'Records of one loader in a range, oldest first. With `Accept: application/vnd.apache.arrow.stream` every record, as one Arrow IPC stream: a line for each segment and field (label `field`: recordCount, min, max, avg, sum); `limit` does not apply there.',
    params: z.object({ loaderCode: code }),
    query: z.strictObject({
      ...range,
      segmentCode: segmentCode.optional(),
      limit: numberInText(z.number().int().min(1).max(100_000)).default(10_000),
    }),
    reply: z.object({
      loaderCode: code,
      items: z.array(signalRecord.omit({ loaderCode: true })),
      /** True when `limit` cut the answer. */
      truncated: z.boolean(),
    }),
    arrow: true,
    errors: ['not_found', 'invalid_time_range'],
  }),
  query: endpoint({
    method: 'GET',
    path: '/api/v1/signals/query',
    role: 'VIEWER',
    summary:
      'Aggregate a loader’s signals by bucket; down-sampled (LTTB) past 10,000 points. With `Accept: application/vnd.apache.arrow.stream` every point, as one Arrow IPC stream; `fill` and `limit` do not apply there.',
    query: z.strictObject({
      loaderCode: code,
      ...range,
      segmentCode: segmentCode.optional(),
      aggregation: aggregation.default('avg'),
      bucket: z.enum(Object.keys(buckets) as [Bucket, ...Bucket[]]).default('1m'),
      timeZone: timeZone.optional(),
      fill: fillPolicy.default('none'),
      limit: numberInText(z.number().int().min(1).max(downsampleAbove)).default(downsampleAbove),
    }),
    reply: z.object({
      loaderCode: code,
      aggregation,
      /** Null for `raw`. */
      bucket: z.string().nullable(),
      downsampled: z.boolean(),
      /** `value` is null only where `fill` put it. */
      points: z.array(z.object({ timestamp: z.number(), segmentCode, value: z.number().nullable() })),
    }),
    arrow: true,
    errors: ['not_found', 'invalid_time_range', 'query_too_large', 'timeout'],
  }),
  changes: endpoint({
    method: 'GET',
    path: '/api/v1/signals/changes',
    role: 'VIEWER',
    summary:
      'In which stretches points were stored or deleted since a moment: what a reader who was away has to read again. Several may be told as one.',
    query: z.strictObject({ since: numberInText(epochMsInput) }),
    reply: z.object({
      /** Everything stored after this is told of, ms; before it this backend does not remember. */
      completeSince: epochMs,
      items: z.array(
        z.object({
          from: z.enum(['signal', 'metric']),
          /** Code of the loader, or name of the metric. */
          name: z.string(),
          /** Half-open, ms. */
          start: epochMs,
          end: epochMs,
          /** When this was last added to, ms. */
          at: epochMs,
        }),
      ),
    }),
  }),
};
