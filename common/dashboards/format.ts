import { z } from 'zod';
import { type ChartDefinition, chartDefinition } from '../contract/charts.ts';
import { type DashboardBody, dashboardBody } from '../contract/dashboards.ts';
import { bodyOf, plain } from '../versions/shape.ts';

/** Accepts a definition as it was written, or as the API returns it, with the record of its changes. */
const written = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (plain(value) ? bodyOf(value as object) : value), schema);

/** A dashboard file, including the library charts that it shows, so that it is complete. */
export const dashboardFile = z.strictObject({
  kind: z.literal('watchfloor.dashboard'),
  /** Of the file, not of the dashboard. */
  format: z.literal(1),
  dashboard: written(dashboardBody),
  /** Charts that the dashboard does not show are ignored. */
  charts: z.array(written(chartDefinition)).max(2_000).default([]),
});
export type DashboardFile = z.infer<typeof dashboardFile>;

/** Returns the file for a dashboard, without the record of its changes. @param library the chart library; a missing chart is left out */
export function exportDashboard(dashboard: DashboardBody, library: readonly ChartDefinition[]): DashboardFile {
  const shown = new Set(dashboard.panels.flatMap((panel) => (panel.kind === 'library' ? [panel.chart] : [])));
  const charts = library.filter(({ code }) => shown.has(code)).map(bodyOf);
  return dashboardFile.parse({ kind: 'watchfloor.dashboard', format: 1, dashboard: bodyOf(dashboard), charts });
}
