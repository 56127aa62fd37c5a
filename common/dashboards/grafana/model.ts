import { z } from 'zod';

/**
 * The part of Grafana's dashboard model (schema versions up to 42, and the older form with rows) that is read. Grafana leaves out
 * what is at its default and writes null for what was emptied, so nearly everything may be missing.
 */

const text = z.string().nullish();
const flag = z.boolean().nullish();
const amount = z.union([z.number(), z.string()]).nullish();
/** A name in old files, `{ type, uid }` in newer ones. */
const dataSource = z.union([z.string(), z.looseObject({ type: text, uid: text })]).nullish();

export const target = z.looseObject({
  refId: text,
  expr: text,
  legendFormat: text,
  datasource: dataSource,
  hide: flag,
});
export type Target = z.infer<typeof target>;

const threshold = z.looseObject({ value: z.number().nullish(), color: text, colorMode: text });
const fieldDefaults = z.looseObject({
  unit: text,
  decimals: z.number().nullish(),
  min: z.number().nullish(),
  max: z.number().nullish(),
  thresholds: z.looseObject({ mode: text, steps: z.array(threshold).nullish() }).nullish(),
  mappings: z.array(z.unknown()).nullish(),
  custom: z
    .looseObject({
      drawStyle: text,
      lineInterpolation: text,
      fillOpacity: z.number().nullish(),
      stacking: z.looseObject({ mode: text }).nullish(),
      scaleDistribution: z.looseObject({ type: text }).nullish(),
      thresholdsStyle: z.looseObject({ mode: text }).nullish(),
    })
    .nullish(),
});

const place = z.looseObject({ x: z.number().nullish(), y: z.number().nullish(), w: z.number().nullish(), h: z.number().nullish() });

const panelFields = {
  id: z.number().nullish(),
  type: text,
  title: text,
  description: text,
  gridPos: place.nullish(),
  datasource: dataSource,
  targets: z.array(target).nullish(),
  fieldConfig: z.looseObject({ defaults: fieldDefaults.nullish(), overrides: z.array(z.unknown()).nullish() }).nullish(),
  options: z
    .looseObject({
      content: text,
      mode: text,
      reduceOptions: z.looseObject({ calcs: z.array(z.string()).nullish(), values: flag }).nullish(),
      stacking: z.unknown().optional(),
    })
    .nullish(),
  repeat: text,
  links: z.array(z.unknown()).nullish(),
  transformations: z.array(z.looseObject({ id: text })).nullish(),
  timeFrom: text,
  timeShift: text,
  libraryPanel: z.unknown().optional(),
  alert: z.unknown().optional(),
  // The graph and singlestat panels before version 8.
  yaxes: z.array(z.looseObject({ format: text, min: amount, max: amount, logBase: z.number().nullish() })).nullish(),
  lines: flag,
  bars: flag,
  points: flag,
  stack: flag,
  percentage: flag,
  steppedLine: flag,
  fill: z.number().nullish(),
  seriesOverrides: z.array(z.unknown()).nullish(),
  thresholds: z.union([z.string(), z.array(threshold)]).nullish(),
  colors: z.array(z.string()).nullish(),
  format: text,
  decimals: z.number().nullish(),
  valueName: text,
  valueMaps: z.array(z.unknown()).nullish(),
  gauge: z.looseObject({ show: flag, minValue: z.number().nullish(), maxValue: z.number().nullish() }).nullish(),
  content: text,
  mode: text,
  span: z.number().nullish(),
  height: amount,
  collapsed: flag,
};

const innerPanel = z.looseObject(panelFields);
/** A panel, or with `type: 'row'` a heading; a closed row holds the panels below it. */
export const grafanaPanel = innerPanel.extend({ panels: z.array(innerPanel).nullish() });
export type GrafanaPanel = z.infer<typeof grafanaPanel>;

/** How panels stood before version 5. */
const grafanaRow = z.looseObject({
  title: text,
  showTitle: flag,
  collapse: flag,
  height: amount,
  repeat: text,
  panels: z.array(grafanaPanel).nullish(),
});
export type GrafanaRow = z.infer<typeof grafanaRow>;

const option = z.looseObject({ text: z.unknown().optional(), value: z.unknown().optional() });
export const grafanaVariable = z.looseObject({
  name: z.string(),
  type: text,
  label: text,
  /** Text, or for newer data sources `{ query, refId }`. */
  query: z.unknown().optional(),
  definition: text,
  regex: text,
  multi: flag,
  hide: z.union([z.number(), z.string()]).nullish(),
  options: z.array(option).nullish(),
  current: option.nullish(),
});
export type GrafanaVariable = z.infer<typeof grafanaVariable>;

export const grafanaDashboard = z.looseObject({
  title: text,
  uid: text,
  description: text,
  tags: z.array(z.string()).nullish(),
  schemaVersion: z.number().nullish(),
  time: z.looseObject({ from: text, to: text }).nullish(),
  timezone: text,
  refresh: z.union([z.string(), z.boolean()]).nullish(),
  templating: z.looseObject({ list: z.array(grafanaVariable).nullish() }).nullish(),
  annotations: z
    .looseObject({ list: z.array(z.looseObject({ name: text, builtIn: z.union([z.number(), z.boolean()]).nullish() })).nullish() })
    .nullish(),
  links: z.array(z.looseObject({ title: text })).nullish(),
  panels: z.array(grafanaPanel).nullish(),
  rows: z.array(grafanaRow).nullish(),
  /** What “export for sharing externally” asks for: data sources and constants by name. */
  __inputs: z.array(z.looseObject({ name: z.string(), type: text, pluginId: text, value: z.unknown().optional() })).nullish(),
});
export type GrafanaDashboard = z.infer<typeof grafanaDashboard>;
