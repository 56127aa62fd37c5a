import { resolveValues } from '#common/charts/variables.ts';
import type { Chart, ChartDrawing, SelectorTemplate } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import type { VariableValues } from '#common/contract/variables.ts';

/** What each variable of a dashboard stands for: what was chosen, else what it says itself. */
export const valuesOf = (body: Pick<DashboardBody, 'variables'>, chosen: VariableValues | undefined): VariableValues =>
  resolveValues(body.variables, chosen);

/** What a panel is drawn with: the dashboard's values, and over them its own, which may name one of the dashboard's. */
export function panelValues(panel: Panel, values: VariableValues): VariableValues {
  if (panel.kind !== 'library') return values;
  const own = Object.entries(panel.values).map(([name, value]) => [
    name,
    value.startsWith('$') ? (values[value.slice(1)] ?? value) : value,
  ]);
  return { ...values, ...Object.fromEntries(own) };
}

/** What a panel draws; undefined where it draws no chart, or one that the library does not have. */
export function drawingOf(panel: Panel, charts: readonly Chart[]): ChartDrawing | undefined {
  if (panel.kind === 'chart') return panel.drawing;
  return panel.kind === 'library' ? charts.find(({ code }) => code === panel.chart) : undefined;
}

/** What a panel is called. */
export function titleOf(panel: Panel, charts: readonly Chart[]): string {
  if (panel.kind === 'chart') return panel.drawing.title;
  if (panel.kind === 'library') return panel.title ?? charts.find(({ code }) => code === panel.chart)?.title ?? panel.chart;
  return panel.title;
}

/** Whether a panel is a heading over those below it: a line of text without a title, as rows of other products become. */
export const isHeading = (panel: Panel): boolean => panel.kind === 'text' && panel.title === '' && panel.place.h <= 2;

/** What the explorer is asked to draw instead: a chart of the library by its code, else the loader or metric behind a drawing. */
export function exploreSearch(panel: Panel, values: VariableValues): Record<string, unknown> | null {
  if (panel.kind === 'library') return { chart: panel.chart };
  if (panel.kind !== 'chart') return null;
  const { selector, aggregation } = panel.drawing;
  const name = boundName(selector, values);
  return name === null ? null : { [selector.from === 'signal' ? 'loader' : 'metric']: name, agg: aggregation };
}

function boundName(selector: SelectorTemplate, values: VariableValues): string | null {
  const name = selector.from === 'signal' ? selector.loaderCode : selector.name;
  return name.startsWith('$') ? (values[name.slice(1)] ?? null) : name;
}
