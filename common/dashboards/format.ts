import { z } from 'zod';
import { type ChartDefinition, chartDefinition } from '../contract/charts.ts';
import { type DashboardBody, dashboardBody } from '../contract/dashboards.ts';
import { bodyOf, plain } from '../versions/shape.ts';

/** As it was written, or as the API answers it, with the record of who changed it when. */
const written = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (plain(value) ? bodyOf(value as object) : value), schema);

/** A dashboard in a file, with the charts of the library that it shows, so that it arrives whole elsewhere. */
export const dashboardFile = z.strictObject({
  kind: z.literal('watchfloor.dashboard'),
  /** Of the file, not of the dashboard. */
  format: z.literal(1),
  dashboard: written(dashboardBody),
  /** Those it does not show are ignored. */
  charts: z.array(written(chartDefinition)).max(2_000).default([]),
});
export type DashboardFile = z.infer<typeof dashboardFile>;

/**
 * What a dashboard is exported as. Who changed it when stays behind.
 * @param library charts among which those that it shows are found; one that is missing is left out
 */
export function exportDashboard(dashboard: DashboardBody, library: readonly ChartDefinition[]): DashboardFile {
  const shown = new Set(dashboard.panels.flatMap((panel) => (panel.kind === 'library' ? [panel.chart] : [])));
  const charts = library.filter(({ code }) => shown.has(code)).map(bodyOf);
  return dashboardFile.parse({ kind: 'watchfloor.dashboard', format: 1, dashboard: bodyOf(dashboard), charts });
}
