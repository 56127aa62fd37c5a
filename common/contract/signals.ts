import { z } from 'zod';
import { dayMs, hourMs } from '../time/durations.ts';
import { endpoint } from './endpoint.ts';
import { code, epochMs, epochMsInput, epochSeconds, epochSecondsInput, numberInText } from './primitives.ts';

export const segmentCode = z.string().min(1).max(128);
const finite = z.number();

/** The summary fields of a signal. */
const summary = {
  /** Number of records. */
  recCount: z.number().int().min(0),
  minVal: finite,
  maxVal: finite,
  avgVal: finite,
  sumVal: finite,
};
type Summary = { [name in keyof typeof summary]: number };

/** Names of a signal's fields in contract 1. They are accepted until contract 3, but no longer returned. */
const formerNames = { recCount: 'recordCount', minVal: 'min', maxVal: 'max', avgVal: 'avg', sumVal: 'sum' } as const;
const formerSummary = {
  recordCount: summary.recCount.optional().describe('Deprecated: send recCount.'),
  min: finite.optional().describe('Deprecated: send minVal.'),
  max: finite.optional().describe('Deprecated: send maxVal.'),
  avg: finite.optional().describe('Deprecated: send avgVal.'),
  sum: finite.optional().describe('Deprecated: send sumVal.'),
};

/** One summary a loader produced for one segment at one time. `timestamp` is epoch seconds on this wire. */
const signalRecord = z.object({ loaderCode: code, timestamp: epochSeconds, segmentCode, ...summary });
export type SignalRecord = z.infer<typeof signalRecord>;

/** A signal in a request: integer seconds, and its summary with the current names or the former ones. */
const signalInput = z
  .strictObject({
    loaderCode: code,
    timestamp: epochSecondsInput,
    segmentCode,
    recCount: summary.recCount.optional(),
    minVal: finite.optional(),
    maxVal: finite.optional(),
    avgVal: finite.optional(),
    sumVal: finite.optional(),
    ...formerSummary,
  })
  .transform(({ loaderCode, timestamp, segmentCode, ...sent }, context): SignalRecord => {
    const read = {} as Summary;
    for (const name of Object.keys(formerNames) as (keyof Summary)[]) {
      const former = formerNames[name];
      const value = sent[name] ?? sent[former];
      if (value === undefined) {
        context.addIssue({ code: 'invalid_type', expected: 'number', input: undefined, path: [name] });
        return z.NEVER;
      }
      if (sent[name] !== undefined && sent[former] !== undefined && sent[name] !== sent[former]) {
        const message = `“${former}” is the former name of “${name}”, and the two differ. Send “${name}” alone.`;
        context.addIssue({ code: 'custom', input: sent[former], path: [former], message });
        return z.NEVER;
      }
      read[name] = value;
    }
    return { loaderCode, timestamp, segmentCode, ...read };
  });

/**
 * The functions that reduce the points of a bucket to one value. `avg` weighs records by their count and `count` adds those counts up (a metric's
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
  '1h': hourMs,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': dayMs,
} as const;
export type Bucket = keyof typeof buckets;

/** An IANA time zone: `Europe/Berlin`. With it, buckets of a day are calendar days there, 23 or 25 hours long where clocks change. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, {
    error: 'Use an IANA time zone, such as UTC or Europe/Berlin.',
    params: { reason: 'time_zone' },
  });

/** Zones seen so far: asking `Intl` takes longer than reading the rest of a rule. */
const knownZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  try {
    // In its own spelling only, so that the set has no more names than there are zones.
    if (new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === name) knownZones.add(name);
    return true;
  } catch {
    return false;
  }
}

/** The value of a bucket without points: none, null, 0, the previous value, or linear interpolation between its neighbours. */
const fillPolicies = ['none', 'null', 'zero', 'previous', 'linear'] as const;
const fillPolicy = z.enum(fillPolicies);
export type FillPolicy = z.infer<typeof fillPolicy>;

/** Maximum number of points in the answer; above it, each segment is downsampled with LTTB. */
export const downsampleAbove = 10_000;

const range = {
  fromEpoch: numberInText(epochSecondsInput).describe('Start, epoch seconds, inclusive.'),
  toEpoch: numberInText(epochSecondsInput).describe('End, epoch seconds, exclusive.'),
};

/** The range that was asked for, epoch seconds, half-open. */
const timeRange = z.object({ from: epochSeconds, to: epochSeconds });

/**
 * A record, or the summary of a bucket. Values are null if `fill` made them null; `avgVal` also if the records of a bucket have a count of
 * 0.
 */
const queryPoint = z.object({
  /** Epoch seconds: of the record, or the start of the bucket, which a time zone may put before 1970. */
  timestamp: z.number(),
  segmentCode,
  recCount: z.number(),
  minVal: finite.nullable(),
  maxVal: finite.nullable(),
  avgVal: finite.nullable(),
  sumVal: finite.nullable(),
  /** The value for the requested aggregation; for `raw`, the record's average. */
  value: finite.nullable(),
});

const damagedSeconds = z
  .array(z.object({ fromEpoch: z.number(), toEpoch: z.number() }))
  .describe('Intervals, epoch seconds, for which points are missing or may be, because the store was damaged. Absent when all is well.');

export const signals = {
  bulk: endpoint({
    method: 'POST',
    path: '/api/v1/res/signals/bulk',
    role: 'OPERATOR',
    summary:
      'Store up to 10,000 records, all of them or none. A record replaces an earlier one with the same loader, time and segment, even within the same body. The field names `recordCount`, `min`, `max`, `avg` and `sum` are deprecated and accepted until the next version of the contract.',
    body: z.strictObject({ signals: z.array(signalInput).min(1).max(10_000) }),
    reply: z.object({
      stored: z.number().int(),
      /**
       * Number of records in this body that were replaced by a later one with the same loader, time and segment; not included in `stored`.
       */
      replaced: z.number().int().default(0),
    }),
    bodyLimit: 4 * 1024 * 1024,
  }),
  range: endpoint({
    method: 'GET',
    path: '/api/v1/res/signals/signal/:loaderCode',
    role: 'VIEWER',
    summary:
      'Records of one loader in a range, oldest first. With `Accept: application/vnd.apache.arrow.stream` all records, as one Arrow IPC stream: a series for each segment and field (label `field`: recCount, minVal, maxVal, avgVal, sumVal); `limit` does not apply there.',
    params: z.object({ loaderCode: code }),
    query: z.strictObject({
      ...range,
      segmentCode: segmentCode.optional(),
      limit: numberInText(z.number().int().min(1).max(100_000)).default(10_000),
    }),
    reply: z.object({
      loaderCode: code,
      timeRange,
      items: z.array(signalRecord),
      /** True when `limit` was reached and there are more. */
      truncated: z.boolean(),
      damaged: damagedSeconds.optional(),
    }),
    arrow: true,
    errors: ['not_found', 'invalid_time_range'],
  }),
  query: endpoint({
    method: 'GET',
    path: '/api/v1/signals/query',
    role: 'VIEWER',
    summary:
      'Records of a loader, or with `aggregation` its signals aggregated by bucket; more than 10,000 points are downsampled (LTTB). With `Accept: application/vnd.apache.arrow.stream` all points, as one Arrow IPC stream; `fill` and `limit` do not apply there.',
    query: z.strictObject({
      loaderCode: code,
      ...range,
      segmentCode: segmentCode.optional(),
      aggregation: aggregation.default('raw'),
      bucket: z.enum(Object.keys(buckets) as [Bucket, ...Bucket[]]).default('1m'),
      timeZone: timeZone.optional(),
      fill: fillPolicy.default('none'),
      limit: numberInText(z.number().int().min(1).max(downsampleAbove)).default(downsampleAbove),
    }),
    reply: z.object({
      loaderCode: code,
      timeRange,
      aggregation,
      /** Null for `raw`. */
      bucket: z.string().nullable(),
      downsampled: z.boolean(),
      dataPoints: z.array(queryPoint),
      damaged: damagedSeconds.optional(),
    }),
    arrow: true,
    errors: ['not_found', 'invalid_time_range', 'query_too_large', 'timeout'],
  }),
  changes: endpoint({
    method: 'GET',
    path: '/api/v1/signals/changes',
    role: 'VIEWER',
    summary:
      'List the intervals in which points were stored or deleted since a given time, so that a client that was offline can read them again. Several may be merged into one.',
    query: z.strictObject({ since: numberInText(epochMsInput) }),
    reply: z.object({
      /** Changes are complete since this time, ms; earlier ones are unknown. */
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
