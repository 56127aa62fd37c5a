import { resolveValues } from '#common/charts/variables.ts';
import type { Chart, ChartDrawing, SelectorTemplate } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import { everyValue, type VariableValues } from '#common/contract/variables.ts';
import type { ExploreSearch } from '#renderer/domain/places.ts';

/** Returns the value of each variable of a dashboard: the chosen one, otherwise the default. */
export const valuesOf = (body: Pick<DashboardBody, 'variables'>, chosen: VariableValues | undefined): VariableValues =>
  resolveValues(body.variables, chosen);

/** Returns the values a panel is drawn with: the dashboard's, overridden by its own, which may refer to the dashboard's. */
export function panelValues(panel: Panel, values: VariableValues): VariableValues {
  if (panel.kind !== 'library') return values;
  const own = Object.entries(panel.values).map(([name, value]) => [
    name,
    value.startsWith('$') ? (values[value.slice(1)] ?? value) : value,
  ]);
  return { ...values, ...Object.fromEntries(own) };
}

/** Returns what a panel draws; undefined if it draws no chart, or if the library has no such chart. */
export function drawingOf(panel: Panel, charts: readonly Chart[]): ChartDrawing | undefined {
  if (panel.kind === 'chart') return panel.drawing;
  return panel.kind === 'library' ? charts.find(({ code }) => code === panel.chart) : undefined;
}

/** Returns the title of a panel. */
export function titleOf(panel: Panel, charts: readonly Chart[]): string {
  if (panel.kind === 'chart') return panel.drawing.title;
  if (panel.kind === 'library') return panel.title ?? charts.find(({ code }) => code === panel.chart)?.title ?? panel.chart;
  return panel.title;
}

/**
 * Replaces the variables in a text: `$host`, `${host}`, `${host:csv}` and `[[host]]`. Unknown names stay.
 * @param every text for a variable whose value is "all"
 */
export function fillVariables(text: string, values: VariableValues, every: string): string {
  if (!/[$[]/.test(text)) return text;
  return text.replace(
    /\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]/g,
    (whole, plain?: string, braced?: string, squared?: string) => {
      const name = plain ?? braced ?? squared ?? '';
      if (!Object.hasOwn(values, name)) return whole;
      const value = values[name] ?? '';
      return value === everyValue ? every : value;
    },
  );
}

/** Replaces variables in Markdown, escaping their values so that they can't add links or images. */
export const fillMarkdown = (markdown: string, values: VariableValues, every: string): string =>
  fillVariables(
    markdown,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replace(/[[\]<]/g, '\\$&')])),
    every,
  );

/** Returns a panel's title with the dashboard's variables filled in. */
export const shownTitle = (panel: Panel, charts: readonly Chart[], values: VariableValues, every: string): string =>
  fillVariables(titleOf(panel, charts), panelValues(panel, values), every);

/** True if a panel is a section heading: a line of text without a title, which rows of other products are imported as. */
export const isHeading = (panel: Panel): boolean => panel.kind === 'text' && panel.title === '' && panel.place.h <= 2;

/** Returns the explorer's search parameters for a panel: a chart of the library by its code, otherwise the loader or metric it draws. */
export function exploreSearch(panel: Panel, values: VariableValues): ExploreSearch | null {
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
