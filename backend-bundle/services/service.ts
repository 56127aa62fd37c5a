import type { Api } from '#common/contract/api.ts';
import type { Access, AnswerOf, EndpointShape, RequestOf, Role } from '#common/contract/endpoint.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import type { ServiceHealth } from '#common/contract/health.ts';
import type { Engines } from '../engines/port.ts';

/** Who is calling. */
export interface Caller {
  id: string;
  name: string;
  role: Role | 'AGENT';
}

export interface RequestContext {
  /** Null on PUBLIC endpoints called without a token. */
  caller: Caller | null;
  requestId: string;
  /** The `Last-Event-ID` header, on event streams. */
  lastEventId?: string;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** One event on its way to a console. Only events that can be replayed carry an id. */
export interface SentEvent {
  id?: string;
  event: StreamEvent;
}

export type Handler<E extends EndpointShape> = (
  request: RequestOf<E> & RequestContext,
) => E extends { stream: 'sse' } ? AsyncIterable<SentEvent> : Promise<AnswerOf<E>> | AnswerOf<E>;

/** One endpoint with its handler. */
export interface Route {
  endpoint: EndpointShape;
  handler: (request: never) => unknown;
}

/** Pairs endpoints of one resource with their handlers; leaving one out does not compile. */
export function routes<R extends Record<string, EndpointShape>>(resource: R, handlers: { [N in keyof R]: Handler<R[N]> }): Route[] {
  return Object.keys(resource).map((name) => ({ endpoint: resource[name] as EndpointShape, handler: handlers[name] as Route['handler'] }));
}

/** A part of the backend that can run alone or with the others in one process. */
export interface Service {
  readonly name: string;
  readonly routes: Route[];
  /** Begins background work. Resolves once requests can be served. */
  start(): Promise<void>;
  /** Ends background work; what was begun is finished or given back. */
  stop(): Promise<void>;
  health(): ServiceHealth | Promise<ServiceHealth>;
}

export type MakeService = (engines: Engines) => Service;
export type { Access, Api };
