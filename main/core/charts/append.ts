import { uuidv7 } from 'uuidv7';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { type Dashboard, type DashboardBody, dashboardBody, gridColumns } from '#common/contract/dashboards.ts';

/** Size of a new panel, in cells. */
const size = { w: gridColumns / 2, h: 8 };

type NewPanel = { kind: 'library'; chart: string } | { kind: 'chart'; drawing: ChartDrawing };

/** Returns the dashboard with one more panel: in the last row if there is room, otherwise below everything. */
export function appended(before: Dashboard, panel: NewPanel): DashboardBody & { version: number } {
  const bottom = Math.max(0, ...before.panels.map(({ place }) => place.y + place.h));
  const last = before.panels.filter(({ place }) => place.y + place.h === bottom);
  const right = Math.max(0, ...last.map(({ place }) => place.x + place.w));
  const top = Math.min(bottom, ...last.map(({ place }) => place.y));
  const free = last.length > 0 && right + size.w <= gridColumns && isFree(before, { x: right, y: top, w: size.w, h: bottom - top });
  const place = free ? { ...size, x: right, y: top, h: bottom - top } : { ...size, x: 0, y: bottom };
  const id = uuidv7();
  const added = panel.kind === 'library' ? { ...panel, id, place, values: {} } : { ...panel, id, place };
  const fields = Object.fromEntries(Object.entries(before).filter(([name]) => name in dashboardBody.shape));
  return { ...dashboardBody.parse({ ...fields, panels: [...before.panels, added] }), version: before.version };
}

function isFree({ panels }: Dashboard, at: { x: number; y: number; w: number; h: number }): boolean {
  return panels.every(({ place: { x, y, w, h } }) => x >= at.x + at.w || x + w <= at.x || y >= at.y + at.h || y + h <= at.y);
}
