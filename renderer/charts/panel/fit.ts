import { urgencyOf } from '#common/alerts/urgency.ts';
import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Stretch } from '#renderer/charts/plot/range.ts';
import { severityOf } from '#renderer/charts/plot/thresholds.ts';
import type { ChartSeries } from '#renderer/charts/plot/types.ts';
import { staleSince } from './staleness.ts';
import { statsOf } from './stats.ts';

/** One value of a chart without a time axis. */
export interface CurrentValue {
  line: ChartSeries;
  last: number | null;
  /** Since when the source has been silent, ms; null while it is not. */
  staleSince: number | null;
  /** Null where the value is old: it says nothing of now. */
  severity: ReturnType<typeof severityOf>;
}

/** The newest value of each line, judged. @param end when the picture ends: now, or the end of a range in the past */
export function figuresOf(
  lines: readonly ChartSeries[],
  { thresholds }: Pick<ChartDrawing, 'thresholds'>,
  stretch: Stretch,
  bucketMs: number,
  end: number,
): CurrentValue[] {
  return lines.map((line) => {
    const { last } = statsOf(line, stretch);
    const since = staleSince(line, bucketMs, end);
    return { line, last, staleSince: since, severity: since === null ? severityOf(last, thresholds) : null };
  });
}

/** Most urgent first, then what is silent, then the rest as they came. */
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
  /** How many found no place. */
  hidden: number;
}

/** As many as fit, the most urgent of them where not all do. */
export function fitFigures(figures: readonly CurrentValue[], capacity: number): Fit<CurrentValue> {
  if (figures.length <= capacity) return { shown: [...figures], hidden: 0 };
  const shown = byUrgency(figures).slice(0, Math.max(1, capacity));
  return { shown, hidden: figures.length - shown.length };
}
