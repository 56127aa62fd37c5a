import { z } from 'zod';
import type { ChartDefinition, SeriesSelector } from '#common/contract/charts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import { type Aggregation, aggregation } from '#common/contract/signals.ts';
import { bucketChoices, chooseBucket } from '#renderer/charts/index.ts';

export const shapes = ['line', 'area', 'bar'] as const;
export type Shape = (typeof shapes)[number];

/** Everything a picture depends on, besides connection and range, lives in the address. */
export const exploreAddress = z.object({
  /** What is drawn: the code of a chart or loader, or the name of a metric. The first that is given counts. */
  chart: z.string().optional(),
  loader: z.string().optional(),
  metric: z.string().optional(),
  agg: aggregation.optional(),
  /** ms; absent is automatic. */
  bucket: z.coerce
    .number()
    .refine((ms) => bucketChoices.includes(ms))
    .optional(),
  as: z.enum(shapes).optional(),
  /** Names of the lines shown; absent shows all. */
  only: z.array(z.string()).max(100).optional(),
  paused: z.boolean().optional(),
  /** The value axis follows the data, whatever ends the definition fixes. */
  fit: z.boolean().optional(),
});
export type ExploreAddress = z.output<typeof exploreAddress>;

/** What the address asks for: `chart:belt-speed`, `loader:belt-speed` or `metric:host_cpu_percent`; undefined leaves it open. */
export function whatOf({ chart, loader, metric }: Pick<ExploreAddress, 'chart' | 'loader' | 'metric'>): string | undefined {
  if (chart !== undefined) return `chart:${chart}`;
  if (loader !== undefined) return `loader:${loader}`;
  return metric === undefined ? undefined : `metric:${metric}`;
}

/** The change of address that draws something else: what belonged to the picture before is left behind. */
export function draw(what: string): Partial<ExploreAddress> {
  const [kind = '', ...name] = what.split(':');
  const nothing = { chart: undefined, loader: undefined, metric: undefined, only: undefined, agg: undefined, as: undefined };
  return { ...nothing, [kind]: name.join(':') };
}

/** Something that can be drawn. */
export interface Subject {
  what: string;
  group: 'charts' | 'loaders' | 'metrics';
  title: string;
  selector: SeriesSelector;
  aggregation: Aggregation;
  unit: string;
  shape: Shape;
  min?: number | undefined;
  max?: number | undefined;
}

/** All that can be drawn: definitions first, then loaders and metrics that no definition shows in full. */
export function subjectsOf(charts: readonly ChartDefinition[], loaders: readonly Loader[], metrics: readonly MetricSeries[]): Subject[] {
  const names = [...new Map(metrics.map((metric) => [metric.name, metric.unit]))].sort(([a], [b]) => a.localeCompare(b));
  return [
    ...charts.map(
      (one): Subject => ({
        what: `chart:${one.code}`,
        group: 'charts',
        title: one.title,
        selector: one.selector,
        aggregation: one.aggregation,
        unit: one.unit,
        shape: one.type,
        min: one.min,
        max: one.max,
      }),
    ),
    ...loaders.map(
      (one): Subject => ({
        what: `loader:${one.code}`,
        group: 'loaders',
        title: one.name,
        selector: { from: 'signal', loaderCode: one.code },
        aggregation: 'avg',
        unit: one.unit,
        shape: 'line',
      }),
    ),
    ...names.map(
      ([name, unit]): Subject => ({
        what: `metric:${name}`,
        group: 'metrics',
        title: name,
        selector: { from: 'metric', name, labels: {} },
        aggregation: 'avg',
        unit,
        shape: 'line',
      }),
    ),
  ];
}

/** The bucket asked for: 0 for points as stored, the person's choice, or what the width of the plot calls for; ms. */
export function bucketOf(address: Pick<ExploreAddress, 'bucket'>, agg: Aggregation, lengthMs: number, widthPx: number): number {
  if (agg === 'raw') return 0;
  return address.bucket ?? chooseBucket(lengthMs, widthPx);
}

/** Buckets worth offering for a range: none wider than a fifth of it, none so narrow that a plot could not show them. */
export function bucketsFor(lengthMs: number): number[] {
  return bucketChoices.filter((ms) => ms <= lengthMs / 5 && lengthMs / ms <= 10_000);
}

/** What `only` becomes when a legend line is clicked: alone, or with Shift added and removed; null shows all again. */
export function isolate(only: readonly string[] | undefined, name: string, all: readonly string[], add: boolean): string[] | undefined {
  const shown = only ?? all;
  if (!add) return shown.length === 1 && shown[0] === name ? undefined : [name];
  // Shift on a full legend starts a selection from everything.
  const next = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
  return next.length === 0 || next.length === all.length ? undefined : all.filter((one) => next.includes(one));
}
