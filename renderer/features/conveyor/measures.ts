import type { SeriesLine } from '#common/contract/console/series.ts';
import type { Belt } from '#common/contract/conveyor.ts';
import type { Rule, SeriesStatus } from '#common/contract/rules.ts';

type Reading = NonNullable<Belt['reading']>;

/** The measures of a belt: the chart that shows each, and its field in a live reading. */
export const measures = [
  { id: 'speed', chart: 'belt-speed', field: 'speed', unit: 'm/s', decimals: 2, series: 1 },
  { id: 'current', chart: 'belt-current', field: 'current', unit: 'A', decimals: 1, series: 2 },
  { id: 'items', chart: 'belt-items', field: 'itemsPerMinute', unit: '', decimals: 0, series: 3 },
  { id: 'rejects', chart: 'belt-rejects', field: 'rejectsPerMinute', unit: '', decimals: 1, series: 5 },
] as const satisfies readonly {
  id: string;
  chart: string;
  field: Exclude<keyof Reading, 'at'>;
  unit: string;
  decimals: number;
  series: number;
}[];
export type Measure = (typeof measures)[number];

/** The label that carries the belt's code in its series. */
const segment = 'segment';

export const seriesOf = (series: readonly SeriesLine[] | undefined, belt: string): SeriesLine | undefined =>
  series?.find((one) => one.labels[segment] === belt);

export interface Watch {
  rule: Rule;
  /** Null until the rule was first evaluated for this belt. */
  status: SeriesStatus | null;
}

/** Returns the rules that evaluate a belt, with their state. */
export function watchesOf(rules: readonly Rule[], belt: string): Watch[] {
  const charts = new Set<string>(measures.map((one) => one.chart));
  return rules
    .filter((rule) => charts.has(rule.chartCode) && (rule.matchLabels[segment] ?? belt) === belt)
    .map((rule) => ({ rule, status: rule.statuses.find((one) => one.labels[segment] === belt) ?? null }));
}
