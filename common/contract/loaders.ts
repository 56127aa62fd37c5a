import { z } from 'zod';
import { dayMs } from '../time/durations.ts';
import { endpoint } from './endpoint.ts';
import { code, durationMs, epochMs, id } from './primitives.ts';
import { timeZone } from './signals.ts';

/**
 * A loader runs SQL on an interval and turns its rows into signals. The SQL must use `:from` and `:to` (epoch
 * milliseconds, half-open) and return `timestamp` (epoch milliseconds, or a date and time), `segment`, and either `value` or all of
 * `record_count`, `min`, `max`, `avg`, `sum`.
 */
export const loaderInput = z.strictObject({
  code,
  name: z.string().min(1).max(120),
  sourceCode: code,
  sql: z.string().min(1).max(20_000),
  intervalMs: durationMs.min(1_000).max(dayMs),
  /** How far back the first load goes, ms. Newest first, so that live data never waits for history. */
  historyMs: durationMs.max(5 * 366 * dayMs).default(0),
  /** Overlap that each run reads again, ms, for rows that arrive late. */
  overlapMs: durationMs.max(dayMs).default(0),
  unit: z.string().max(24).default(''),
  /** Time zone of times without one, and of the session that the SQL runs in. */
  timeZone: timeZone.default('UTC'),
});
export type LoaderInput = z.infer<typeof loaderInput>;

const loaderState = z.enum(['running', 'paused', 'failing']);

export const loaderRun = z.object({
  id,
  loaderCode: code,
  kind: z.enum(['live', 'history']),
  startedAt: epochMs,
  durationMs,
  /** Window of the source that was read, half-open. */
  from: epochMs,
  to: epochMs,
  rowsRead: z.number().int(),
  rowsLoaded: z.number().int(),
  /** Rows that could not be used; the rest was loaded. */
  rowsRejected: z.number().int(),
  /** Why the first rejected row was rejected, with the name of its column. */
  rejectReason: z.string().optional(),
  /** Rows that a later one of the same time and segment replaced: the SQL may lack a GROUP BY. */
  rowsReplaced: z.number().int().default(0),
  /**
   * Number of values that a double can't represent, such as integers beyond 2^53, by column. Digits of a fraction past the 16th don’t
   * count.
   */
  rounded: z.record(z.string(), z.number().int()).default({}),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
});
export type LoaderRun = z.infer<typeof loaderRun>;

export const loader = loaderInput.extend({
  state: loaderState,
  version: z.number().int(),
  updatedAt: epochMs,
  updatedBy: z.string(),
  /** Data up to here has been loaded, ms; null before the first run. */
  loadedTo: epochMs.nullable(),
  /** How much of `historyMs` has been loaded, 0 to 1. */
  historyProgress: z.number().min(0).max(1),
  lastRun: loaderRun.nullable(),
  consecutiveFailures: z.number().int(),
  /** Why the stored SQL can't be read, and what to do; absent when it can. */
  problem: z.string().optional(),
  /** `key-missing`: encrypted with a master key that the backend doesn't have. `damaged`: the stored text itself. Absent without a problem. */
  problemReason: z.enum(['key-missing', 'damaged']).optional(),
});
export type Loader = z.infer<typeof loader>;

/** A new definition of a loader, with the version that was read. */
export const loaderUpdate = loaderInput.extend({ version: z.number().int() });
export type LoaderUpdate = z.infer<typeof loaderUpdate>;

/** SQL to try on a source. */
export const loaderPreviewRequest = z.strictObject({
  sourceCode: code,
  sql: z.string().min(1).max(20_000),
  timeZone: timeZone.default('UTC'),
});

export const loaderPreview = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  rowsRead: z.number().int(),
  /** True if the query has more rows than were read. */
  more: z.boolean().default(false),
  durationMs,
  problems: z.array(z.object({ message: z.string(), hint: z.string().optional() })),
});
export type LoaderPreview = z.infer<typeof loaderPreview>;

const path = '/api/v1/res/loaders';
const params = z.object({ code });

export const loaders = {
  list: endpoint({
    method: 'GET',
    path: `${path}/loaders`,
    role: 'VIEWER',
    summary: 'List loaders with their state. Only administrators see the SQL; for others it is `***`.',
    reply: z.object({ items: z.array(loader) }),
  }),
  listFormerly: endpoint({
    method: 'GET',
    path,
    role: 'VIEWER',
    summary: 'Deprecated address of the list of loaders. Use GET /api/v1/res/loaders/loaders instead.',
    reply: z.object({ items: z.array(loader) }),
    deprecated: true,
  }),
  get: endpoint({
    method: 'GET',
    path: `${path}/:code`,
    role: 'VIEWER',
    summary: 'Get a loader.',
    params,
    reply: loader,
    errors: ['not_found'],
  }),
  create: endpoint({
    method: 'POST',
    path,
    role: 'ADMIN',
    summary: 'Create a loader. It starts immediately.',
    body: loaderInput,
    reply: loader,
    errors: ['conflict', 'not_found', 'sql_rejected'],
  }),
  update: endpoint({
    method: 'PUT',
    path: `${path}/:code`,
    role: 'ADMIN',
    summary: 'Replace a loader’s definition. `version` must be the one that was read.',
    params,
    body: loaderUpdate,
    reply: loader,
    errors: ['not_found', 'version_conflict', 'sql_rejected'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: `${path}/:code`,
    role: 'ADMIN',
    summary: 'Delete a loader. Its signals stay until their retention ends.',
    params,
    reply: z.void(),
    errors: ['not_found'],
  }),
  pause: endpoint({
    method: 'POST',
    path: `${path}/:code/pause`,
    role: 'OPERATOR',
    summary: 'Pause a loader.',
    params,
    reply: loader,
    errors: ['not_found'],
  }),
  resume: endpoint({
    method: 'POST',
    path: `${path}/:code/resume`,
    role: 'OPERATOR',
    summary: 'Resume a paused loader. It loads the data that it missed.',
    params,
    reply: loader,
    errors: ['not_found'],
  }),
  run: endpoint({
    method: 'POST',
    path: `${path}/:code/run`,
    role: 'OPERATOR',
    summary: 'Run a loader once now.',
    params,
    reply: loaderRun,
    errors: ['not_found'],
  }),
  runs: endpoint({
    method: 'GET',
    path: `${path}/:code/runs`,
    role: 'VIEWER',
    summary: 'List the last 50 runs of a loader, newest first.',
    params,
    reply: z.object({ items: z.array(loaderRun) }),
    errors: ['not_found'],
  }),
  preview: endpoint({
    method: 'POST',
    path: `${path}/preview`,
    role: 'ADMIN',
    summary: 'Preview SQL: run it once over the last hour and return up to 50 rows with their problems. Nothing is loaded.',
    body: loaderPreviewRequest,
    reply: loaderPreview,
    errors: ['not_found', 'sql_rejected', 'source_unreachable'],
  }),
};
