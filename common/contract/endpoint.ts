import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** Roles from least to most. Each may do everything the ones before it may. */
export const roles = ['VIEWER', 'OPERATOR', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** Who may call an endpoint: anyone, an agent with an API key, another service of the same backend, or a person with at least that role. */
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
  /** Schema of the 200 answer; a `z.void()` answers 204. For `stream` endpoints: the schema of one event. */
  reply: z.ZodType;
  /** HTTP status of an answer, where it is not always 200. */
  statusOf?: (reply: never) => number;
  /** Works for one more version of the contract; the summary names what to call instead. */
  deprecated?: boolean;
  /** Codes beyond the ones every endpoint may give (validation, authentication, rate limit, internal). */
  errors?: readonly ErrorCode[];
  /** `sse`: the answer is a `text/event-stream`. */
  stream?: 'sse';
  /** The answer is also to be had as a stream of series (`common/arrow`): with `Accept: application/vnd.apache.arrow.stream`. */
  arrow?: boolean;
  /** Largest request body, bytes. Default 1 MiB. */
  bodyLimit?: number;
  /** False for endpoints that do not count towards the caller's requests a minute (health, agents, the event stream). */
  rateLimited?: boolean;
}

/** Describes one HTTP endpoint. Servers, clients, OpenAPI and the RBAC tests are all derived from this value. */
export function endpoint<const E extends EndpointShape>(shape: E): E {
  return shape;
}

type Part<E, K extends string> = E extends Record<K, infer S extends z.ZodType> ? S : never;
/** What a caller passes: `params`, `query` and `body`, each only where the endpoint has it. */
export type CallOf<E extends EndpointShape> = ([Part<E, 'params'>] extends [never] ? unknown : { params: z.input<Part<E, 'params'>> }) &
  ([Part<E, 'query'>] extends [never] ? unknown : { query: z.input<Part<E, 'query'>> }) &
  ([Part<E, 'body'>] extends [never] ? unknown : { body: z.input<Part<E, 'body'>> });
/** What a handler receives, parsed. */
export type RequestOf<E extends EndpointShape> = {
  params: [Part<E, 'params'>] extends [never] ? undefined : z.output<Part<E, 'params'>>;
  query: [Part<E, 'query'>] extends [never] ? undefined : z.output<Part<E, 'query'>>;
  body: [Part<E, 'body'>] extends [never] ? undefined : z.output<Part<E, 'body'>>;
};
export type ReplyOf<E extends EndpointShape> = z.output<E['reply']>;
/** What a handler returns; the schema turns it into the reply. */
export type AnswerOf<E extends EndpointShape> = z.input<E['reply']>;
