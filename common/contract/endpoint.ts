import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** Roles from least to most. Each may do everything the ones before it may. */
export const roles = ['VIEWER', 'OPERATOR', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** The callers that an endpoint admits: anyone, an agent with an API key, another service of the same backend, or a person with at least that role. */
type Access = 'PUBLIC' | 'AGENT' | 'SERVICE' | Role;

/** @returns true when `role` carries at least the rights of `needed`. */
export function roleAllows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** Media type of an Arrow IPC stream. */
export const arrowMediaType = 'application/vnd.apache.arrow.stream';

export interface EndpointShape {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify/OpenAPI path with `:name` parameters. */
  path: string;
  role: Access;
  /** One sentence for OpenAPI. */
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Schema of the 200 reply; `z.void()` means 204. For `stream` endpoints: the schema of one event. */
  reply: z.ZodType;
  /** Returns the HTTP status of a reply, if it is not always 200. */
  statusOf?: (reply: never) => number;
  /** Supported for one more version of the contract; the summary says what to call instead. */
  deprecated?: boolean;
  /** Codes in addition to those of every endpoint (validation, authentication, rate limit, internal). */
  errors?: readonly ErrorCode[];
  /** `sse`: the answer is a `text/event-stream`. */
  stream?: 'sse';
  /** The reply is also available as a stream of series (`common/arrow`) with `Accept: application/vnd.apache.arrow.stream`. */
  arrow?: boolean;
  /** Maximum size of a request body, bytes. Default 1 MiB. */
  bodyLimit?: number;
  /** False for endpoints that do not count towards the caller's rate limit (health, agents, the event stream). */
  rateLimited?: boolean;
}

/** Describes one HTTP endpoint. Servers, clients, OpenAPI and the RBAC tests are all derived from this value. */
export function endpoint<const E extends EndpointShape>(shape: E): E {
  return shape;
}

type Part<E, K extends string> = E extends Record<K, infer S extends z.ZodType> ? S : never;
/** The input of a call: `params`, `query` and `body`, each only if the endpoint has it. */
export type CallOf<E extends EndpointShape> = ([Part<E, 'params'>] extends [never] ? unknown : { params: z.input<Part<E, 'params'>> }) &
  ([Part<E, 'query'>] extends [never] ? unknown : { query: z.input<Part<E, 'query'>> }) &
  ([Part<E, 'body'>] extends [never] ? unknown : { body: z.input<Part<E, 'body'>> });
/** The parsed input of a handler. */
export type RequestOf<E extends EndpointShape> = {
  params: [Part<E, 'params'>] extends [never] ? undefined : z.output<Part<E, 'params'>>;
  query: [Part<E, 'query'>] extends [never] ? undefined : z.output<Part<E, 'query'>>;
  body: [Part<E, 'body'>] extends [never] ? undefined : z.output<Part<E, 'body'>>;
};
export type ReplyOf<E extends EndpointShape> = z.output<E['reply']>;
/** The result of a handler, which the schema turns into the reply. */
export type AnswerOf<E extends EndpointShape> = z.input<E['reply']>;
