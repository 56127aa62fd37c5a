import { z } from 'zod';

/**
 * The part of Grafana's dashboard model that is read (schema versions up to 42, and the older format with rows). Grafana omits defaults and
 * writes null for cleared fields, and hand-written files have numbers as text. So everything is optional, and invalid values count as
 * missing.
 */

const read = <T>(how: (value: unknown) => T | null) => z.unknown().transform(how).optional();
const text = read((value) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null));
const flag = read((value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : null));
const number = read((value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
});
const amount = z.union([z.number(), z.string()]).nullish().catch(null);
const anything = z.unknown().optional();
/** A list without invalid entries; null if it is not a list. */
const list = <S extends z.ZodType>(of: S) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform(
      (all) =>
        all?.flatMap((one): z.output<S>[] => {
          const found = of.safeParse(one);
          return found.success ? [found.data] : [];
        }) ?? null,
    );
/** An object; null if it is not one. */
const part = <S extends z.ZodRawShape>(shape: S) => z.looseObject(shape).nullish().catch(null);
/** A name in old files, `{ type, uid }` in newer ones. */
const dataSource = z
  .union([z.string(), z.looseObject({ type: text, uid: text })])
  .nullish()
  .catch(null);

const target = z.looseObject({
  refId: text,
  expr: text,
  legendFormat: text,
  datasource: dataSource,
  hide: flag,
});
export type Target = z.infer<typeof target>;

const threshold = z.looseObject({ value: number, color: text, colorMode: text, op: text });
const fieldDefaults = part({
  unit: text,
  decimals: number,
  min: number,
  max: number,
  thresholds: part({ mode: text, steps: list(threshold) }),
  mappings: list(z.unknown()),
  custom: part({
    drawStyle: text,
    lineInterpolation: text,
    fillOpacity: number,
    stacking: part({ mode: text }),
    scaleDistribution: part({ type: text }),
    thresholdsStyle: part({ mode: text }),
    axisPlacement: text,
  }),
});

const place = part({ x: number, y: number, w: number, h: number });
const override = z.looseObject({
  matcher: part({ id: text, options: anything }),
  properties: list(z.looseObject({ id: text, value: anything })),
});

const panelFields = {
  id: z.union([z.number(), z.string()]).nullish().catch(null),
  type: text,
  title: text,
  description: text,
  gridPos: place,
  datasource: dataSource,
  targets: list(target),
  interval: text,
  fieldConfig: part({ defaults: fieldDefaults, overrides: list(override) }),
  options: part({
    content: text,
    mode: text,
    reduceOptions: part({ calcs: list(z.string()), values: flag }),
  }),
  repeat: text,
  links: list(z.unknown()),
  transformations: list(z.looseObject({ id: text })),
  timeFrom: text,
  timeShift: text,
  libraryPanel: part({ uid: text, name: text, model: anything }),
  alert: anything,
  // The graph and singlestat panels before version 8.
  yaxes: list(z.looseObject({ format: text, min: amount, max: amount, logBase: number, show: flag })),
  lines: flag,
  bars: flag,
  points: flag,
  stack: flag,
  percentage: flag,
  steppedLine: flag,
  fill: number,
  seriesOverrides: list(z.looseObject({ yaxis: number })),
  thresholds: z
    .union([z.string(), list(threshold)])
    .nullish()
    .catch(null),
  colors: list(z.string()),
  format: text,
  decimals: number,
  valueName: text,
  valueMaps: list(z.unknown()),
  gauge: part({ show: flag, minValue: number, maxValue: number }),
  content: text,
  mode: text,
  span: number,
  height: amount,
  collapsed: flag,
  /** Panels below a closed row. */
  panels: anything,
};

/** A panel, or with `type: 'row'` a heading; a closed row contains its panels. */
export const grafanaPanel = z.looseObject(panelFields);
export type GrafanaPanel = z.infer<typeof grafanaPanel>;

/** Rows of panels before version 5. */
export const grafanaRow = z.looseObject({
  title: text,
  showTitle: flag,
  collapse: flag,
  height: amount,
  repeat: text,
  panels: anything,
});
export type GrafanaRow = z.infer<typeof grafanaRow>;

const option = z.looseObject({ text: anything, value: anything });
const grafanaVariable = z.looseObject({
  name: z.string(),
  type: text,
  label: text,
  /** Text, or for newer data sources `{ query, refId }`. */
  query: anything,
  definition: text,
  regex: text,
  multi: flag,
  hide: z.union([z.number(), z.string()]).nullish().catch(null),
  options: list(option),
  current: option.nullish().catch(null),
});
export type GrafanaVariable = z.infer<typeof grafanaVariable>;

/** An input of a file that was exported for sharing: a data source or a constant. */
const grafanaInput = z.looseObject({ name: z.string(), type: text, pluginId: text, value: anything });

export const grafanaDashboard = z.looseObject({
  title: text,
  uid: text,
  description: text,
  tags: list(z.string()),
  schemaVersion: number,
  time: part({ from: text, to: text }),
  timezone: text,
  weekStart: text,
  fiscalYearStartMonth: number,
  refresh: z.union([z.string(), z.boolean()]).nullish().catch(null),
  templating: part({ list: list(grafanaVariable) }),
  annotations: part({
    list: list(z.looseObject({ name: text, builtIn: z.union([z.number(), z.boolean()]).nullish().catch(null) })),
  }),
  links: list(z.looseObject({ title: text })),
  panels: anything,
  rows: anything,
  /** Library panels by uid, in files exported for sharing. */
  __elements: anything,
  __inputs: list(grafanaInput),
});
export type GrafanaDashboard = z.infer<typeof grafanaDashboard>;
