import { resolveValues } from '#common/charts/variables.ts';
import type { Chart, ChartDrawing, SelectorTemplate } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import { everyValue, type VariableValues } from '#common/contract/variables.ts';
import type { ExploreSearch } from '#renderer/domain/places.ts';

/** The value of each variable of a dashboard: the chosen one, otherwise the default. */
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

/** Returns the title of a panel. */
export function titleOf(panel: Panel, charts: readonly Chart[]): string {
  if (panel.kind === 'chart') return panel.drawing.title;
  if (panel.kind === 'library') return panel.title ?? charts.find(({ code }) => code === panel.chart)?.title ?? panel.chart;
  return panel.title;
}

/**
 * A text with the variables it names filled in: `$host`, `${host}`, `${host:csv}` and `[[host]]`. What names no variable stays.
 * @param every the text of a variable that means every value
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

/** The same in Markdown: a value brings no links and no pictures of its own. */
export const fillMarkdown = (markdown: string, values: VariableValues, every: string): string =>
  fillVariables(
    markdown,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replace(/[[\]<]/g, '\\$&')])),
    every,
  );

/** What a panel is called where it is looked at, with the dashboard's variables filled in. */
export const shownTitle = (panel: Panel, charts: readonly Chart[], values: VariableValues, every: string): string =>
  fillVariables(titleOf(panel, charts), panelValues(panel, values), every);

/** Whether a panel is a heading over those below it: a line of text without a title, as rows of other products become. */
export const isHeading = (panel: Panel): boolean => panel.kind === 'text' && panel.title === '' && panel.place.h <= 2;

/** What the explorer is asked to draw instead: a chart of the library by its code, else the loader or metric behind a drawing. */
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
