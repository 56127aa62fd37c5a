import { labelsKey } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { MeasuredHistory } from '#common/rules/backtest.ts';
import type { ChartSeries } from '#renderer/charts/index.ts';

/** Maximum number of series whose usual values and ranges are drawn; with more, they would hide one another. */
const maxSeries = 3;

interface Names {
  usual: string;
  low: string;
  high: string;
}

/**
 * Returns what the conditions compare with as faint lines: the earlier or usual value, or both ends of a range. Each has the colour of its
 * series.
 * @param lines the series of the chart, whose ids end with the key of their labels
 */
export function referenceLines(
  { conditions }: Pick<RuleInput, 'conditions'>,
  histories: readonly MeasuredHistory[],
  lines: readonly ChartSeries[],
  names: Names,
): ChartSeries[] {
  if (histories.length > maxSeries) return [];
  return histories.flatMap((history) => {
    const key = labelsKey(history.labels);
    const place = lines.find(({ id }) => id === `0 ${key}`)?.place ?? 0;
    return conditions.flatMap((condition, index) => {
      const draw = (end: 'low' | 'high', name: string): ChartSeries => ({
        id: `${index} ${end} ${key}`,
        name,
        place,
        faint: true,
        ...pointsOf(history, index, end),
      });
      if (condition.kind === 'range') return [draw('low', names.low), draw('high', names.high)];
      return condition.kind === 'baseline' ? [draw('low', names.usual)] : [];
    });
  });
}

function pointsOf({ times, byCondition }: MeasuredHistory, index: number, end: 'low' | 'high') {
  const t: number[] = [];
  const v: number[] = [];
  for (const [k, measured] of (byCondition[index] ?? []).entries()) {
    if (measured.kind !== 'value' || measured.reference === undefined) continue;
    t.push(times.from + k * times.everyMs);
    v.push(measured.reference[end]);
  }
  return { t, v };
}
