import type { ChartDrawing } from '#common/contract/charts.ts';
import type { DashboardInput } from '#common/contract/dashboards.ts';

type PanelInput = NonNullable<DashboardInput['panels']>[number];
type Place = readonly [x: number, y: number, w: number, h: number];
type Drawing = Extract<PanelInput, { kind: 'chart' }>['drawing'];

const placeOf = ([x, y, w, h]: Place) => ({ x, y, w, h });

/** A chart of the library. */
export function library(id: string, place: Place, values: Record<string, string> = {}): PanelInput {
  return { id, kind: 'library', chart: id, place: placeOf(place), values };
}

/** A chart of the dashboard's own. */
export function chart(id: string, place: Place, drawing: Drawing): PanelInput {
  return { id, kind: 'chart', place: placeOf(place), drawing };
}

/** `above` and its severity, as thresholds. */
export function limits(...steps: readonly (readonly [value: number, severity: ChartDrawing['thresholds'][number]['severity']])[]) {
  return steps.map(([value, severity]) => ({ value, severity }));
}
