import type { z } from 'zod';
import type { ChartDrawing } from '../../contract/charts.ts';
import type { Condition } from '../../contract/conditions.ts';
import type { ReadyFit, ReadyGroup, ruleInput } from '../../contract/rules.ts';
import { hourMs, minuteMs } from '../../time/durations.ts';
import type { ReadyRuleCode } from '../../words/ready-rules/index.ts';

type RuleFields = z.input<typeof ruleInput>;
/** The fields of a rule that a ready rule decides. All others have their defaults. */
type ReadyFields = Pick<RuleFields, 'conditions' | 'severity'> &
  Partial<
    Pick<
      RuleFields,
      'match' | 'matchLabels' | 'forMs' | 'keepFiringForMs' | 'onNoData' | 'evaluateEveryMs' | 'delayMs' | 'suppressMs' | 'timeZone'
    >
  >;

/** A rule to start from. Its texts are in `common/words/ready-rules`. */
export interface ReadyRule {
  /** Stable: rules keep the code of the ready rule from which they were made (`templateCode`). */
  code: ReadyRuleCode;
  group: ReadyGroup;
  /** @returns null if it doesn't suit the chart */
  fit: (chart: ChartDrawing) => ReadyFit | null;
  fields: (chart: ChartDrawing) => ReadyFields;
  /** Fields that depend on the site, which a person should check: `conditions.0.threshold`. */
  check: readonly string[];
}

/**
 * Average above so many times its usual value in the same hour of the last seven days.
 * @param floor the usual value counts as at least this much, in the chart's unit
 */
export const aboveUsual = ({ windowMs, floor, times }: { windowMs: number; floor: number; times: number }): Condition => ({
  kind: 'baseline',
  aggregation: 'avg',
  windowMs,
  every: 'day',
  count: 7,
  slotMs: hourMs,
  as: 'ratio',
  floor,
  operator: '>',
  threshold: times,
});

/** Average of 15 minutes below so many times its value at the same time of the last two weeks. */
export const belowLastWeeks = ({ times, ...floor }: { times: number; floor?: number }): Condition => ({
  kind: 'baseline',
  aggregation: 'avg',
  windowMs: 15 * minuteMs,
  every: 'week',
  count: 2,
  as: 'ratio',
  ...floor,
  operator: '<',
  threshold: times,
});

/** Suits charts of one metric. */
export const ofMetric =
  (name: string) =>
  ({ selector }: ChartDrawing): ReadyFit | null =>
    selector.from === 'metric' && selector.name === name ? 'data' : null;

/** Suits charts of one loader. */
export const ofLoader =
  (loaderCode: string) =>
  ({ selector }: ChartDrawing): ReadyFit | null =>
    selector.from === 'signal' && selector.loaderCode === loaderCode ? 'data' : null;

/** Returns the name of the metric, or the code of the loader, that a chart draws. */
export const dataOf = ({ selector }: ChartDrawing): string => (selector.from === 'metric' ? selector.name : selector.loaderCode);

/** True for the metrics that the product ships itself. They have ready rules of their own, so those for a unit leave them out. */
export const isShippedMetric = (chart: ChartDrawing): boolean =>
  chart.selector.from === 'metric' && /^(watchfloor|host)_/.test(chart.selector.name);

/** True if a word is in the title of a chart or in the name of its data: `replication` is in `pg_replication_lag`. */
export const isNamed = (chart: ChartDrawing, word: RegExp): boolean =>
  word.test(`${chart.title} ${dataOf(chart)}`.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' '));

const secondUnits: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60 };

/** Returns the length of a chart's unit, s; null if its values aren't durations. */
export const secondsPerUnit = ({ unit }: ChartDrawing): number | null => secondUnits[unit] ?? null;

/** Returns the value at which a chart is full, if its values are a share of something: 100 % or 1; otherwise null. */
export function fullValue({ unit, min, max }: ChartDrawing): number | null {
  if (unit === '%' && max === 100) return 100;
  return unit === '' && min === 0 && max === 1 ? 1 : null;
}
