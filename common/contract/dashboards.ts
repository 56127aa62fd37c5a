import { z } from 'zod';
import { dayMs } from '../time/durations.ts';
import { chartDrawing } from './charts.ts';
import { endpoint } from './endpoint.ts';
import { code, durationMs } from './primitives.ts';
import { type TimeRange, timeRange } from './range.ts';
import { variables, variableValues } from './variables.ts';
import { historyOf, recordFields } from './versions.ts';

/** Maximum number of panels per dashboard. */
export const maxPanels = 1_000;
/** Number of columns of the grid; the number of rows is unlimited. */
export const gridColumns = 24;
/** Place and size on the grid, in cells. */
const gridPlace = z.strictObject({
  x: z
    .number()
    .int()
    .min(0)
    .max(gridColumns - 1),
  y: z.number().int().min(0).max(250_000),
  w: z.number().int().min(1).max(gridColumns),
  h: z.number().int().min(1).max(200),
});
export type GridPlace = z.infer<typeof gridPlace>;

const panelFields = {
  /** Never changes, so that changes by two people can be merged. */
  id: z.string().min(1).max(64),
  place: gridPlace,
};

/** A panel of a dashboard: a library chart, a chart of its own, or text. */
export const panel = z.discriminatedUnion('kind', [
  z.strictObject({
    ...panelFields,
    kind: z.literal('library'),
    chart: code,
    /** Replaces the chart's own title. */
    title: z.string().max(120).optional(),
    /** Fixed values for this panel, which override the dashboard's variables; a value may refer to one (`$segment`). */
    values: variableValues.default({}),
  }),
  z.strictObject({ ...panelFields, kind: z.literal('chart'), drawing: chartDrawing }),
  z.strictObject({ ...panelFields, kind: z.literal('text'), title: z.string().max(120).default(''), markdown: z.string().max(20_000) }),
  /** Logs of a service. They are shown once the backend keeps logs; until then the panel says that it does not. */
  z.strictObject({ ...panelFields, kind: z.literal('logs'), title: z.string().max(120).default(''), query: z.string().max(4_000) }),
]);
export type Panel = z.infer<typeof panel>;

/** The range all panels share. */
const dashboardRange = timeRange;
export type DashboardRange = TimeRange;

/** A path of names: `Plant/North`; empty means the top level. */
export const folder = z
  .string()
  .max(200)
  .regex(/^$|^[^/]+(\/[^/]+)*$/, 'Write folders as Plant/North, without a “/” at either end.');

export const dashboardBody = z.strictObject({
  code,
  title: z.string().min(1).max(120),
  description: z.string().max(2_000).default(''),
  folder: folder.default(''),
  tags: z.array(z.string().min(1).max(40)).max(20).default([]),
  range: dashboardRange.default({ lastMs: 21_600_000 }),
  /** Maximum time between two refreshes of all panels, ms; 0 to refresh only when points arrive. */
  refreshMs: durationMs.max(dayMs).default(0),
  variables,
  panels: z
    .array(panel)
    .max(maxPanels)
    .default([])
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Two panels have the same id.'),
});
export type DashboardBody = z.infer<typeof dashboardBody>;
export type DashboardInput = z.input<typeof dashboardBody>;

export const dashboard = dashboardBody.extend(recordFields);
export type Dashboard = z.infer<typeof dashboard>;

/** A dashboard in a list. */
export const dashboardSummary = dashboard.omit({ panels: true, variables: true, range: true, refreshMs: true }).extend({
  panels: z.array(z.object({ kind: z.string(), type: z.string(), place: gridPlace })),
  /** True if the caller has starred it. */
  starred: z.boolean(),
});
export type DashboardSummary = z.infer<typeof dashboardSummary>;

/** A thumbnail of a dashboard, created by the console that saved it. */
export const thumbnail = z.object({
  version: z.number().int(),
  /** `data:image/webp;base64,…` or png; at most about 60 kB. */
  image: z
    .string()
    .max(90_000)
    .regex(/^data:image\/(png|webp);base64,[A-Za-z0-9+/=]+$/, 'Give a PNG or WebP as a data URL.'),
});
export type Thumbnail = z.infer<typeof thumbnail>;

/** A part of another product's dashboard that has no counterpart here. */
export const notCarried = z.object({
  scope: z.enum(['dashboard', 'variables', 'panel']).default('panel'),
  /** The panel's title, or the name of the dashboard's part in English. */
  where: z.string(),
  /** The parts that were not imported, with the reason in English. */
  what: z.string(),
  why: z.string(),
  /** The reason as a stable code with parameters, from which consoles write both in the user's language. */
  code: z.string().default(''),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type NotCarried = z.infer<typeof notCarried>;

const imported = z.object({ from: z.enum(['watchfloor', 'grafana']), dashboard: dashboardBody, notCarried: z.array(notCarried) });

const path = '/api/v1/dashboards';
const params = z.object({ code });
const history = historyOf({ path, role: 'OPERATOR', what: 'dashboard', body: dashboardBody, reply: dashboard });

export const dashboards = {
  list: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'List dashboards, by folder and title.',
    query: z.strictObject({
      search: z.string().max(120).optional(),
      folder: folder.optional(),
      starred: z.enum(['true', 'false']).optional(),
    }),
    reply: z.object({ items: z.array(dashboardSummary) }),
  }),
  get: endpoint({
    method: 'GET',
    path: `${path}/:code`,
    role: 'VIEWER',
    summary: 'Get a dashboard.',
    params,
    reply: dashboard,
    errors: ['not_found'],
  }),
  chartUsage: endpoint({
    method: 'GET',
    path: `${path}/chart-usage`,
    role: 'SERVICE',
    summary: 'For services of this backend: the library charts that each dashboard uses.',
    reply: z.object({ items: z.array(z.object({ code, title: z.string(), charts: z.array(code) })) }),
  }),
  create: endpoint({
    method: 'POST',
    path,
    role: 'OPERATOR',
    summary: 'Create a dashboard.',
    body: dashboardBody,
    reply: dashboard,
    errors: ['conflict'],
    bodyLimit: 4 * 1024 * 1024,
  }),
  update: endpoint({
    method: 'PUT',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary:
      'Replace a dashboard. If someone else has changed other parts of it since `version`, both changes are merged and the answer says so; if they changed the same parts, nothing is saved and the error names them.',
    params,
    body: dashboardBody.extend({ version: z.number().int() }),
    reply: z.object({ dashboard, merged: z.boolean() }),
    errors: ['not_found', 'version_conflict'],
    bodyLimit: 4 * 1024 * 1024,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: `${path}/:code`,
    role: 'OPERATOR',
    summary: 'Delete a dashboard. Its history is kept, and continues if a dashboard with the same code is created again.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
  ...history,
  star: endpoint({
    method: 'PUT',
    path: `${path}/:code/star`,
    role: 'VIEWER',
    summary: 'Star or unstar a dashboard for the caller.',
    params,
    body: z.strictObject({ starred: z.boolean() }),
    reply: z.object({ starred: z.boolean() }),
    errors: ['not_found'],
  }),
  thumbnail: endpoint({
    method: 'GET',
    path: `${path}/:code/thumbnail`,
    role: 'VIEWER',
    summary: 'Get the last thumbnail of a dashboard; null if there is none.',
    params,
    reply: z.object({ thumbnail: thumbnail.nullable() }),
    errors: ['not_found'],
  }),
  setThumbnail: endpoint({
    method: 'PUT',
    path: `${path}/:code/thumbnail`,
    role: 'OPERATOR',
    summary: 'Store a thumbnail of a dashboard.',
    params,
    body: thumbnail,
    reply: z.void(),
    errors: ['not_found'],
  }),
  import: endpoint({
    method: 'POST',
    path: `${path}/import`,
    role: 'OPERATOR',
    summary: 'Import a dashboard exported from Watchfloor or Grafana. With `keep: false` nothing is stored; the answer is a preview.',
    body: z.strictObject({
      json: z.unknown(),
      keep: z.boolean(),
      /** Replaces the code in the file. */
      code: code.optional(),
      folder: folder.default(''),
    }),
    reply: imported,
    errors: ['conflict'],
    bodyLimit: 16 * 1024 * 1024,
  }),
};
