import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { code, epochMs } from './primitives.ts';

/** Shown in place of a stored secret; if it is sent back unchanged, the stored secret is kept. */
export const hidden = '***';

export const sourceKind = z.enum(['sqlite', 'postgresql', 'mysql']);
export type SourceKind = z.infer<typeof sourceKind>;

const fileSettings = z.strictObject({
  kind: z.literal('sqlite'),
  /** Absolute path of the database file on the backend's host. */
  file: z.string().min(1).max(1024),
});
const server = {
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
  database: z.string().min(1).max(128),
  username: z.string().min(1).max(128),
  password: z.string().max(512),
  tls: z.boolean().default(false),
  /** Confirms an account that can do more than read: a superuser, or one that can read the server’s files or end other sessions. */
  allowPowerfulAccount: z.boolean().default(false),
};
export const sourceSettings = z.discriminatedUnion('kind', [
  fileSettings,
  z.strictObject({ kind: z.literal('postgresql'), ...server }),
  z.strictObject({ kind: z.literal('mysql'), ...server }),
]);
export type SourceSettings = z.infer<typeof sourceSettings>;

const sourceInput = z.strictObject({ code, name: z.string().min(1).max(120), settings: sourceSettings });
export type SourceInput = z.infer<typeof sourceInput>;

/** The account's access to the source's data; `unknown` until it was checked. */
export const writeAccess = z.enum(['read-only', 'can-write', 'unknown']);
export type WriteAccess = z.infer<typeof writeAccess>;

/** A database that loaders read. Passwords are shown as `***`. */
const source = sourceInput.extend({
  kind: sourceKind,
  /** Null when the stored settings can't be read; then `problem` says what to do. */
  settings: sourceSettings.nullable(),
  problem: z.string().optional(),
  writeAccess,
  checkedAt: epochMs.nullable(),
  updatedAt: epochMs,
});
export type Source = z.infer<typeof source>;

const sourceCheck = z.object({
  ok: z.boolean(),
  latencyMs: z.number(),
  serverVersion: z.string().optional(),
  writeAccess,
  message: z.string(),
  hint: z.string().optional(),
});
export type SourceCheck = z.infer<typeof sourceCheck>;

const path = '/api/v1/admin/res/db-sources';
const params = z.object({ code });

export const sources = {
  list: endpoint({
    method: 'GET',
    path,
    role: 'ADMIN',
    summary: 'List source databases.',
    reply: z.object({ items: z.array(source) }),
  }),
  create: endpoint({
    method: 'POST',
    path,
    role: 'ADMIN',
    summary: 'Add a source database.',
    body: sourceInput,
    reply: source,
    errors: ['conflict'],
  }),
  update: endpoint({
    method: 'PUT',
    path: `${path}/:code`,
    role: 'ADMIN',
    summary: 'Replace the settings of a source. A password of `***` keeps the stored one.',
    params,
    body: sourceInput,
    reply: source,
    errors: ['not_found'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: `${path}/:code`,
    role: 'ADMIN',
    summary: 'Remove a source that no loader uses.',
    params,
    reply: z.void(),
    errors: ['not_found', 'conflict'],
  }),
  check: endpoint({
    method: 'POST',
    path: `${path}/:code/check`,
    role: 'ADMIN',
    summary: 'Check a source: connect to it, and report whether it answers and whether the account can write.',
    params,
    reply: sourceCheck,
    errors: ['not_found'],
  }),
};
