import { z } from 'zod';
import { endpoint, roles } from './endpoint.ts';
import { sessionEnds } from './events.ts';
import { epochMs, epochMsInput, id } from './primitives.ts';

const role = z.enum(roles);
export const username = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9._@-]+$/, 'Use letters, digits, ".", "_", "@" and "-".');
export const password = z.string().min(10, 'Use at least 10 characters.').max(256);

const user = z.object({ id, username, role, displayName: z.string(), disabled: z.boolean(), createdAt: epochMs });
export type User = z.infer<typeof user>;

/** `accessToken` is a JWT; `expiresIn` is its lifetime in seconds; `refreshToken` works once. */
const session = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.number().int(),
  user,
});
export type Session = z.infer<typeof session>;

/** The caller: a person, an agent, or a service of the backend that acts on its own behalf. */
export const caller = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum([...roles, 'AGENT', 'SERVICE']),
  /** The session of a person's access token, and when the token expires, epoch ms. Agents and services have none. */
  session: z.object({ id: z.string(), expiresAt: epochMsInput }).optional(),
});
export type Caller = z.infer<typeof caller>;

const apiKey = z.object({ id, name: z.string(), createdAt: epochMs, lastUsedAt: epochMs.nullable() });

export const auth = {
  login: endpoint({
    method: 'POST',
    path: '/api/v1/auth/login',
    role: 'PUBLIC',
    summary: 'Exchange a username and password for an access token and a refresh token.',
    body: z.strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) }),
    reply: session,
    errors: ['bad_credentials', 'rate_limited'],
  }),
  refresh: endpoint({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    role: 'PUBLIC',
    summary:
      'Exchange a refresh token for a new pair. Each refresh token works once; using one twice ends every session that came from it.',
    body: z.strictObject({ refreshToken: z.string().min(1).max(512) }),
    reply: session,
    errors: ['token_invalid', 'token_expired', 'rate_limited'],
    // Rate-limited by the token's user: a blocked address must not end the sessions of all users behind it.
    rateLimited: false,
  }),
  logout: endpoint({
    method: 'POST',
    path: '/api/v1/auth/logout',
    role: 'VIEWER',
    summary: 'End the session that a refresh token belongs to.',
    body: z.strictObject({ refreshToken: z.string().min(1).max(512) }),
    reply: z.void(),
  }),
  me: endpoint({ method: 'GET', path: '/api/v1/auth/me', role: 'VIEWER', summary: 'Get the signed-in user.', reply: user }),
  identify: endpoint({
    method: 'POST',
    path: '/api/v1/auth/identify',
    role: 'SERVICE',
    summary: 'For services of this backend: the caller that an access token or API key belongs to.',
    body: z.strictObject({ kind: z.enum(['bearer', 'apiKey']), secret: z.string().min(1).max(4_096) }),
    reply: caller,
    errors: ['token_invalid', 'token_expired'],
  }),
  sessionEnd: endpoint({
    method: 'POST',
    path: '/api/v1/auth/session-end',
    role: 'SERVICE',
    summary: 'For services of this backend: the reason why a caller may no longer be served; null while they may.',
    body: z.strictObject({ caller }),
    reply: z.object({ end: z.enum(sessionEnds).nullable() }),
  }),
  listUsers: endpoint({
    method: 'GET',
    path: '/api/v1/auth/users',
    role: 'ADMIN',
    summary: 'List users.',
    reply: z.object({ items: z.array(user) }),
  }),
  createUser: endpoint({
    method: 'POST',
    path: '/api/v1/auth/users',
    role: 'ADMIN',
    summary: 'Create a user.',
    body: z.strictObject({ username, password, role, displayName: z.string().min(1).max(120).optional() }),
    reply: user,
    errors: ['conflict'],
  }),
  updateUser: endpoint({
    method: 'PATCH',
    path: '/api/v1/auth/users/:id',
    role: 'ADMIN',
    summary: 'Change role, name or password, or disable a user. The last enabled administrator cannot be disabled or demoted.',
    params: z.object({ id }),
    body: z.strictObject({
      role: role.optional(),
      displayName: z.string().min(1).max(120).optional(),
      password: password.optional(),
      disabled: z.boolean().optional(),
    }),
    reply: user,
    errors: ['not_found', 'conflict'],
  }),
  listApiKeys: endpoint({
    method: 'GET',
    path: '/api/v1/auth/api-keys',
    role: 'ADMIN',
    summary: 'List the API keys of agents, without their secrets.',
    reply: z.object({ items: z.array(apiKey) }),
  }),
  createApiKey: endpoint({
    method: 'POST',
    path: '/api/v1/auth/api-keys',
    role: 'ADMIN',
    summary: 'Create an API key for an agent. The secret is shown in this answer only.',
    body: z.strictObject({ name: z.string().min(1).max(120) }),
    reply: apiKey.extend({ secret: z.string() }),
  }),
  deleteApiKey: endpoint({
    method: 'DELETE',
    path: '/api/v1/auth/api-keys/:id',
    role: 'ADMIN',
    summary: 'Revoke an API key. It stops working immediately.',
    params: z.object({ id }),
    reply: z.void(),
    errors: ['not_found'],
  }),
};
