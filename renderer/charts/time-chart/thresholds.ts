import type { ChartDrawing } from '#common/contract/charts.ts';
import type { Severity } from '#common/contract/primitives.ts';

/** The severity of the highest threshold a value has reached; null below all of them. */
export function severityOf(value: number | null, thresholds: ChartDrawing['thresholds']): Severity | null {
  if (value === null) return null;
  let reached: ChartDrawing['thresholds'][number] | undefined;
  for (const one of thresholds) if (value >= one.value && (!reached || one.value > reached.value)) reached = one;
  return reached?.severity ?? null;
}
