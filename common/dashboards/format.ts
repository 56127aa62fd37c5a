import { z } from 'zod';
import { type ChartDefinition, chartDefinition } from '../contract/charts.ts';
import { type DashboardBody, dashboardBody } from '../contract/dashboards.ts';
import { bodyOf } from '../versions/shape.ts';

/** A dashboard in a file, with the charts of the library that it shows, so that it arrives whole elsewhere. */
export const dashboardFile = z.strictObject({
  kind: z.literal('watchfloor.dashboard'),
  /** Of the file, not of the dashboard. */
  format: z.literal(1),
  dashboard: dashboardBody,
  charts: z.array(chartDefinition).max(100).default([]),
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
