import { urgencyOf } from '#common/alerts/urgency.ts';
import type { ChartDrawing, ThresholdSide } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';

type Threshold = ChartDrawing['thresholds'][number];

/** True if a threshold is reached by low values. */
export const isLow = (side: ThresholdSide | undefined): boolean => side === 'at-or-below' || side === 'below';

const reaches = (value: number, { value: limit, reached }: Threshold) => (reached === 'below' ? value < limit : value <= limit);

/**
 * Returns the severity a value has reached: on each side that of the outermost threshold passed, and of both sides the more urgent. Null if
 * it has passed none.
 */
export function severityOf(value: number | null, thresholds: readonly Threshold[]): Severity | null {
  if (value === null) return null;
  let above: Threshold | undefined;
  let below: Threshold | undefined;
  for (const one of thresholds) {
    if (isLow(one.reached)) {
      if (reaches(value, one) && (!below || one.value < below.value)) below = one;
    } else if (value >= one.value && (!above || one.value > above.value)) above = one;
  }
  const [a, b] = [above?.severity ?? null, below?.severity ?? null];
  return urgencyOf(a) >= urgencyOf(b) ? a : b;
}

/** Returns the severities along a scale, each with the value it ends at, in order. */
export function zonesOf(thresholds: readonly Threshold[], min: number, max: number): { to: number; severity: Severity | null }[] {
  const ends = [...new Set(thresholds.map(({ value }) => value).filter((value) => value > min && value < max))].sort((a, b) => a - b);
  return [...ends, max].map((to, i) => ({ to, severity: severityOf(((ends[i - 1] ?? min) + to) / 2, thresholds) }));
}
