import type { DashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import type { ChartLibrary } from '../chart-library.ts';

/** Returns the codes of the library charts on a dashboard, each once. */
export function chartsOf({ panels }: DashboardBody): string[] {
  return [...new Set(panels.flatMap((panel) => (panel.kind === 'library' ? [panel.chart] : [])))];
}

/**
 * Checks that the library contains the charts of a dashboard.
 * @param alsoAllowed codes that are allowed even if the library lacks them: charts that the dashboard already had may stay
 * @throws AppError validation_failed naming the panel; unavailable when the charts service does not answer
 */
export async function chartsMustExist(library: ChartLibrary, body: DashboardBody, alsoAllowed: readonly string[] = []): Promise<void> {
  if (chartsOf(body).every((code) => alsoAllowed.includes(code))) return;
  const charts = await library.fresh();
  for (const [i, panel] of body.panels.entries()) {
    if (panel.kind !== 'library' || charts.has(panel.chart) || alsoAllowed.includes(panel.chart)) continue;
    throw new AppError('validation_failed', `There is no chart “${panel.chart}” in the library for panel ${i + 1} to show.`, {
      field: `panels.${i}.chart`,
      hint: 'Choose a chart that exists, or create it first.',
    });
  }
}
