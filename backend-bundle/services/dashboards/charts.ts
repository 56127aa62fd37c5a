import type { DashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Tx } from '../../engines/database/port.ts';

/** Codes of the charts of the library that a dashboard shows. */
export function chartsOf({ panels }: DashboardBody): string[] {
  return panels.flatMap((panel) => (panel.kind === 'library' ? [panel.chart] : []));
}

/**
 * Checks that the library holds the charts that a dashboard shows.
 * @param besides codes that are right although the library may not hold them: what the dashboard showed before may stay
 * @throws AppError validation_failed naming the panel
 */
export async function chartsMustExist(tx: Tx, { panels }: DashboardBody, besides: readonly string[] = []): Promise<void> {
  const known = new Set(besides);
  const rows = await tx.selectFrom('charts').select('code').execute();
  for (const { code } of rows) known.add(code);
  for (const [i, panel] of panels.entries()) {
    if (panel.kind !== 'library' || known.has(panel.chart)) continue;
    throw new AppError('validation_failed', `There is no chart “${panel.chart}” in the library for panel ${i + 1} to show.`, {
      field: `panels.${i}.chart`,
      hint: 'Choose a chart that exists, or create it first.',
    });
  }
}
