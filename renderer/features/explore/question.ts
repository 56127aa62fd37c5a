import { z } from 'zod';
import { narrowSelector } from '#common/charts/narrow.ts';
import { type Chart, type ChartDrawing, chartDrawing, chartType } from '#common/contract/charts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import { labels, numberInText } from '#common/contract/primitives.ts';
import { aggregation } from '#common/contract/signals.ts';
import { variableValues } from '#common/contract/variables.ts';
import { bucketChoices } from '#renderer/charts/index.ts';
import { comparisons } from '#renderer/charts/panel/compare.ts';

/** Maximum number of further measures. */
export const maxAddedQueries = 4;

/** Search parameters of the explorer. With connection and range, they determine the picture. */
export const exploreAddress = z.object({
  /** The subject: the code of a chart or loader, or the name of a metric. If several are given, the first counts. */
  chart: z.string().optional(),
  loader: z.string().optional(),
  metric: z.string().optional(),
  agg: aggregation.optional(),
  /** ms; absent means automatic. */
  bucket: numberInText(z.number().refine((ms) => bucketChoices.includes(ms))).optional(),
  as: chartType.optional(),
  log: z.boolean().optional(),
  stacked: z.boolean().optional(),
  /** Names of the lines shown; absent shows all. */
  only: z.array(z.string()).max(100).optional(),
  /** Labels of the only series to query, as links from alerts give them. It stays the only one even if it has no points. */
  series: labels.optional(),
  compare: z.enum(comparisons).optional(),
  /** Further measures, as `loader:belt-current` or `metric:host_cpu_percent`. */
  beside: z
    .array(z.string().regex(/^(loader|metric):./))
    .max(maxAddedQueries)
    .optional(),
  /** Values of a template's variables, keyed without the `$`. */
  vars: variableValues.optional(),
  paused: z.boolean().optional(),
  /** Fits the value axis to the data, ignoring ends the definition fixes. */
  fit: z.boolean().optional(),
  /** Shows the values as a table next to the chart. */
  table: z.boolean().optional(),
});
export type ExploreAddress = z.output<typeof exploreAddress>;

/** Returns what the address asks for: `chart:belt-speed`, `loader:belt-speed` or `metric:host_cpu_percent`; undefined if it doesn't say. */
export function whatOf({ chart, loader, metric }: Pick<ExploreAddress, 'chart' | 'loader' | 'metric'>): string | undefined {
  if (chart !== undefined) return `chart:${chart}`;
  if (loader !== undefined) return `loader:${loader}`;
  return metric === undefined ? undefined : `metric:${metric}`;
}

/** Returns the change of address that draws another subject and resets what belonged to the previous one. */
export function draw(what: string): Partial<ExploreAddress> {
  const [kind = '', ...name] = what.split(':');
  const nothing = {
    chart: undefined,
    loader: undefined,
    metric: undefined,
    only: undefined,
    series: undefined,
    agg: undefined,
    as: undefined,
  };
  const own = { log: undefined, stacked: undefined, fit: undefined, vars: undefined, beside: undefined };
  return { ...nothing, ...own, [kind]: name.join(':') };
}

/** Something that can be drawn. */
export interface ExploreSubject {
  what: string;
  group: 'charts' | 'loaders' | 'metrics';
  title: string;
  unit: string;
  /** Its default drawing. */
  drawing: ChartDrawing;
  /** The definition, if it is a chart. */
  chart?: Chart;
}

/** Returns everything that can be drawn: definitions first, then loaders and metrics. */
export function subjectsOf(charts: readonly Chart[], loaders: readonly Loader[], metrics: readonly MetricSeries[]): ExploreSubject[] {
  const names = [...new Map(metrics.map((metric) => [metric.name, metric.unit]))].sort(([a], [b]) => a.localeCompare(b));
  return [
    ...charts.map((chart): ExploreSubject => {
      const fields = Object.fromEntries(Object.entries(chart).filter(([name]) => name in chartDrawing.shape));
      return {
        what: `chart:${chart.code}`,
        group: 'charts',
        title: chart.title,
        unit: chart.unit,
        drawing: chartDrawing.parse(fields),
        chart,
      };
    }),
    ...loaders.map(({ code, name, unit }): ExploreSubject => {
      const drawing = chartDrawing.parse({ title: name, unit, selector: { from: 'signal', loaderCode: code } });
      return { what: `loader:${code}`, group: 'loaders', title: name, unit, drawing };
    }),
    ...names.map(([name, unit]): ExploreSubject => {
      const drawing = chartDrawing.parse({ title: name, unit, selector: { from: 'metric', name } });
      return { what: `metric:${name}`, group: 'metrics', title: name, unit, drawing };
    }),
  ];
}

/** Returns the chart that the address asks for, including further measures of the same unit. */
export function drawingOf(subject: ExploreSubject, address: ExploreAddress, added: readonly ExploreSubject[]): ChartDrawing {
  const { drawing } = subject;
  const agg = address.agg ?? drawing.aggregation;
  const within = added.filter(({ unit }) => unit === drawing.unit);
  const bucketMs = address.bucket ?? drawing.bucketMs;
  return {
    ...drawing,
    ...(address.series ? { selector: narrowSelector(drawing.selector, address.series) } : {}),
    aggregation: agg,
    type: address.as ?? drawing.type,
    scale: address.log === undefined ? drawing.scale : address.log ? 'log' : 'linear',
    stacked: address.stacked ?? drawing.stacked,
    beside: [...drawing.beside, ...within.map((one) => ({ selector: one.drawing.selector, aggregation: agg, name: one.title }))],
    ...(bucketMs === undefined ? {} : { bucketMs }),
  };
}

/** Returns the further measures of other units. Each gets a chart of its own, because they can't share one axis. */
export function apartFrom(subject: ExploreSubject, address: ExploreAddress, added: readonly ExploreSubject[]): ExploreSubject[] {
  const others = added.filter(({ unit }) => unit !== subject.drawing.unit);
  return others.map((one) => {
    const { bucket, agg, as } = address;
    return { ...one, drawing: drawingOf(one, { bucket, as, agg: agg ?? subject.drawing.aggregation }, []) };
  });
}

/** Returns the buckets that suit a range: at most a fifth of it, and wide enough for a plot to show them; all if none does. */
export function bucketsFor(lengthMs: number): number[] {
  return bucketChoices.filter((ms) => ms <= lengthMs / 5 && lengthMs / ms <= 100_000);
}

/** Returns the comparison that a key press switches to next. */
export function nextComparison(now: ExploreAddress['compare']): ExploreAddress['compare'] {
  return now === undefined ? comparisons[0] : comparisons[comparisons.indexOf(now) + 1];
}

/** Returns the narrowest bucket that gives at most `maxPoints` points per line; for longer ranges, a day. */
export function widerBucket(lengthMs: number, bucketMs: number, maxPoints = 2_000): number {
  const wider = bucketChoices.filter((ms) => ms > bucketMs);
  return wider.find((ms) => lengthMs / ms <= maxPoints) ?? bucketChoices.at(-1) ?? bucketMs;
}
