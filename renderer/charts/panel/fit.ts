import { urgencyOf } from '#common/alerts/urgency.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Interval } from '#common/time/intervals.ts';
import { severityOf } from '#renderer/charts/plot/thresholds.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { staleSince } from './staleness.ts';
import { statsOf } from './stats.ts';

/** The current value of a chart without a time axis. */
export interface CurrentValue {
  line: ChartSeries;
  last: number | null;
  /** When the source fell silent, ms; null while it reports. */
  staleSince: number | null;
  /** Null if the value is stale. */
  severity: ReturnType<typeof severityOf>;
}

/** Returns the newest value of each line with its severity. @param end when the picture ends: now, or the end of a range in the past */
export function figuresOf(
  lines: readonly ChartSeries[],
  { thresholds }: Pick<ChartDrawing, 'thresholds'>,
  interval: Interval,
  bucketMs: number,
  end: number,
): CurrentValue[] {
  return lines.map((line) => {
    const { last } = statsOf(line, interval);
    const since = staleSince(line, bucketMs, end);
    return { line, last, staleSince: since, severity: since === null ? severityOf(last, thresholds) : null };
  });
}

/** Sorts the most urgent first, then stale values, then the rest in their order. */
export function byUrgency(figures: readonly CurrentValue[]): CurrentValue[] {
  const rank = ({ severity, staleSince, last }: CurrentValue) =>
    (urgencyOf(severity) || (staleSince !== null || last === null ? 0.5 : 0)) * -1;
  return figures
    .map((figure, i) => ({ figure, i }))
    .sort((a, b) => rank(a.figure) - rank(b.figure) || a.i - b.i)
    .map(({ figure }) => figure);
}

export interface Fit<T> {
  shown: T[];
  /** Number of values that don't fit. */
  hidden: number;
}

/** Returns as many values as fit, the most urgent ones if not all do. */
export function fitFigures(figures: readonly CurrentValue[], capacity: number): Fit<CurrentValue> {
  if (figures.length <= capacity) return { shown: [...figures], hidden: 0 };
  const shown = byUrgency(figures).slice(0, Math.max(1, capacity));
  return { shown, hidden: figures.length - shown.length };
}
