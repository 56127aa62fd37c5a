import { z } from 'zod';
import { dayMs } from '../time/durations.ts';
import { endpoint } from './endpoint.ts';
import { metricName } from './metrics.ts';
import { code, durationMs, epochMs, epochMsInput, labels, severity } from './primitives.ts';
import { aggregation, segmentCode, timeZone } from './signals.ts';
import { variableName, variables } from './variables.ts';
import { historyOf, recordFields } from './versions.ts';

/** Selects the series of a chart. Without a segment (or with fewer labels), all matching series are drawn. */
export const seriesSelector = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('signal'), loaderCode: code, segmentCode: segmentCode.optional() }),
  z.strictObject({ from: z.literal('metric'), name: metricName, labels: labels.default({}) }),
]);
export type SeriesSelector = z.infer<typeof seriesSelector>;

/** A selector in which a loader, a segment or a label may be a variable of the dashboard: `$loader`. */
export const selectorTemplate = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('signal'), loaderCode: z.union([code, variableName]), segmentCode: segmentCode.optional() }),
  z.strictObject({ from: z.literal('metric'), name: z.union([metricName, variableName]), labels: labels.default({}) }),
]);
export type SelectorTemplate = z.infer<typeof selectorTemplate>;

export const chartTypes = ['line', 'area', 'step', 'bar', 'band', 'scatter', 'heatmap', 'pie', 'gauge', 'stat', 'table'] as const;
export const chartType = z.enum(chartTypes);
export type ChartType = z.infer<typeof chartType>;

/** An additional query drawn with the chart's own. */
const additionalQuery = z.strictObject({
  selector: selectorTemplate,
  aggregation: aggregation.default('avg'),
  /** Its name in the legend; if absent, its labels are shown. */
  name: z.string().max(120).optional(),
});
export type AdditionalQuery = z.infer<typeof additionalQuery>;

/** The side of a threshold on which values reach it: at or above it, at or below it, or only below it. */
const thresholdSides = ['at-or-above', 'at-or-below', 'below'] as const;
export type ThresholdSide = (typeof thresholdSides)[number];

/** A chart without its code, which a dashboard panel may also contain directly. */
export const chartDrawing = z.strictObject({
  title: z.string().min(1).max(120),
  description: z.string().max(2_000).default(''),
  /** The chart's own query, which alert rules on the chart evaluate. */
  selector: selectorTemplate,
  aggregation: aggregation.default('avg'),
  beside: z.array(additionalQuery).max(20).default([]),
  /** Bucket width, ms; if absent, it follows the range and the width of the chart. */
  bucketMs: durationMs.max(dayMs).optional(),
  unit: z.string().max(24).default(''),
  /** Number of decimals; if absent, it depends on the value. */
  decimals: z.number().int().min(0).max(6).optional(),
  type: chartType.default('line'),
  scale: z.enum(['linear', 'log']).default('linear'),
  stacked: z.boolean().default(false),
  /** Fixed limits of the value axis; if absent, they follow the data. */
  min: z.number().optional(),
  max: z.number().optional(),
  thresholds: z
    .array(
      z.strictObject({
        value: z.number(),
        severity,
        label: z.string().max(60).default(''),
        /** The side on which values reach it. Default: at or above. */
        reached: z.enum(thresholdSides).optional(),
      }),
    )
    .max(10)
    .default([]),
  /** Variables of the selectors, with their default values. */
  variables,
});
export type ChartDrawing = z.infer<typeof chartDrawing>;

/** A reusable chart: JSON, versioned. Selectors may contain variables (`$loader`, `$segment`, `$service`). */
export const chartDefinition = chartDrawing.extend({
  code,
  /** Shown on the first screen, in this order; absent when not pinned. */
  pinned: z.number().int().min(0).optional(),
});
export type ChartDefinition = z.infer<typeof chartDefinition>;
export type ChartDefinitionInput = z.input<typeof chartDefinition>;

/** A stored definition, who changed it and when. */
export const chart = chartDefinition.extend(recordFields);
export type Chart = z.infer<typeof chart>;

/** The dashboards and rules that use a chart. It can only be deleted when there are none. */
export const chartUsage = z.object({
  dashboards: z.array(z.object({ code, title: z.string() })),
  rules: z.array(z.object({ code, name: z.string() })),
});
export type ChartUsage = z.infer<typeof chartUsage>;

/** A query: which series, over which range, in buckets of which width. */
const seriesQuery = z.strictObject({
  selector: seriesSelector,
  aggregation,
  from: epochMsInput,
  to: epochMsInput,
  /** Bucket width, ms; 0 gives the points as stored. */
  bucketMs: durationMs,
  /** With a time zone, buckets of a day are calendar days; refused for other widths. */
  timeZone: timeZone.optional(),
});
export type SeriesQuery = z.infer<typeof seriesQuery>;

/** An interval, epoch ms and half-open, for which points are missing, or may be, because the store was damaged. */
const damagedInterval = z.object({ from: epochMs, to: epochMs });

/** One series: columns of equal length, times ascending (epoch ms, start of bucket). */
const seriesData = z.object({
  labels,
  t: z.array(z.number()),
  v: z.array(z.number()),
});
export type SeriesData = z.infer<typeof seriesData>;

/** Maximum number of points that one query of a batch returns as JSON, over all its series; an Arrow stream has no such limit. */
export const maxQueryPoints = 200_000;

/** The extremes of one series in `columns` equal columns of a range (M4). All arrays have one entry per column that has points. */
const seriesColumns = z.object({
  labels,
  column: z.array(z.number().int()),
  /** Times of the first and last point in the column, ms. */
  from: z.array(z.number()),
  to: z.array(z.number()),
  first: z.array(z.number()),
  last: z.array(z.number()),
  min: z.array(z.number()),
  max: z.array(z.number()),
});

const path = '/api/v1/charts';
const params = z.object({ code });

export const charts = {
  list: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'List chart definitions.',
    reply: z.object({ items: z.array(chart) }),
  }),
  get: endpoint({
    method: 'GET',
    path: `${path}/:code`,
    role: 'VIEWER',
    summary: 'Get a chart definition.',
    params,
    reply: chart,
    errors: ['not_found'],
  }),
  schema: endpoint({
    method: 'GET',
    path: `${path}/schema`,
    role: 'VIEWER',
    summary: 'The JSON schema of a chart definition.',
    reply: z.record(z.string(), z.unknown()),
  }),
  create: endpoint({
    method: 'POST',
    path,
    role: 'OPERATOR',
    summary: 'Create a chart definition.',
    body: chartDefinition,
    reply: chart,
    errors: ['conflict'],
  }),
  import: endpoint({
    method: 'POST',
    path: `${path}/import`,
    role: 'OPERATOR',
    summary:
      'Import charts, all of them or none. A chart whose code exists already is left unchanged. With `keep: false` nothing is stored; the answer is a preview.',
    body: z.strictObject({ charts: z.array(chartDefinition).max(1_000), keep: z.boolean() }),
    /** `differs`: a chart with that code exists, with other content. */
    reply: z.object({ items: z.array(z.object({ code, outcome: z.enum(['created', 'same', 'differs']) })) }),
    bodyLimit: 16 * 1024 * 1024,
  }),
  update: endpoint({
    method: 'PUT',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary: 'Replace a chart definition. `version` must be the one that was read.',
    params,
    body: chartDefinition.extend({ version: z.number().int() }),
    reply: chart,
    errors: ['not_found', 'version_conflict'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary: 'Delete a chart definition that nothing uses.',
    params,
    reply: z.void(),
    errors: ['not_found', 'conflict'],
  }),
  usages: endpoint({
    method: 'GET',
    path: `${path}/usage`,
    role: 'VIEWER',
    summary: 'The dashboards and alert rules that use each chart; a chart that nothing uses is left out.',
    reply: z.object({ items: z.array(chartUsage.extend({ code })) }),
  }),
  usage: endpoint({
    method: 'GET',
    path: `${path}/:code/usage`,
    role: 'VIEWER',
    summary: 'The dashboards and alert rules that use a chart.',
    params,
    reply: chartUsage,
    errors: ['not_found'],
  }),
  ...historyOf({ path, role: 'OPERATOR', what: 'chart definition', body: chartDefinition, reply: chart }),
  data: endpoint({
    method: 'POST',
    path: `${path}/data`,
    role: 'VIEWER',
    summary:
      'Run up to 100 series queries. A query that fails reports its error without failing the others. With `Accept: application/vnd.apache.arrow.stream` the answer is one Arrow IPC stream.',
    body: z.strictObject({ queries: z.array(seriesQuery).min(1).max(100) }),
    arrow: true,
    reply: z.object({
      /** Server time, ms: the answer includes everything acknowledged before it. */
      asOf: epochMs,
      results: z.array(
        z.discriminatedUnion('ok', [
          z.object({ ok: z.literal(true), series: z.array(seriesData), damaged: z.array(damagedInterval).optional() }),
          z.object({ ok: z.literal(false), code: z.string(), message: z.string(), hint: z.string().optional() }),
        ]),
      ),
    }),
    errors: ['query_too_large', 'timeout'],
  }),
  columns: endpoint({
    method: 'POST',
    path: `${path}/columns`,
    role: 'VIEWER',
    summary:
      'First, last, minimum and maximum of each series in each pixel column of a range: enough to draw the line through all points exactly.',
    body: z.strictObject({ selector: seriesSelector, from: epochMsInput, to: epochMsInput, columns: z.number().int().min(1).max(8_192) }),
    reply: z.object({ asOf: epochMs, series: z.array(seriesColumns), damaged: z.array(damagedInterval).optional() }),
    errors: ['invalid_time_range', 'query_too_large', 'timeout'],
  }),
};
