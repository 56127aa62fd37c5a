import type { SeriesRow } from '#common/arrow/rows.ts';
import type { Caller } from '#common/contract/auth.ts';
import type { AnswerOf, EndpointShape, RequestOf } from '#common/contract/endpoint.ts';
import type { StreamEvent } from '#common/contract/events.ts';
import type { ServiceHealth } from '#common/contract/health.ts';
import type { Database, Tx } from '../engines/database/port.ts';
import type { Owner } from '../engines/database/tables.ts';
import type { Engines } from '../engines/port.ts';
import type { Peers } from './peers.ts';

export interface RequestContext<C extends Caller | null = Caller | null> {
  /** Null on PUBLIC endpoints, which anybody may call. */
  caller: C;
  requestId: string;
  /** IP address of the client, as far as trusted proxies tell it. */
  address: string;
  /** The `Last-Event-ID` header, on event streams. */
  lastEventId?: string;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/**
 * Runs the transaction in which a request takes effect, at most once a request. What `work` returns is the answer as of the commit. A
 * request with an Idempotency-Key has it recorded in the same transaction, so a repeat gets an answer and no second effect, also after a
 * crash. The handler may still return more than that, such as what it waited for after the commit.
 * @throws AppError conflict when another process has taken the request over; what the transaction throws
 */
export type Commit<A = unknown> = <O extends Owner, T extends A>(
  database: Pick<Database<O>, 'transaction'>,
  work: (tx: Tx<O>) => Promise<T>,
) => Promise<T>;

/** For calls that carry no Idempotency-Key. */
export const commitUnrecorded: Commit = (database, work) => database.transaction(work);

/** One event on its way to a console. Only events that can be replayed carry an id. */
export interface SentEvent {
  id?: string;
  event: StreamEvent;
}

/** The type of an endpoint's caller. An endpoint with a role always has one. */
type CallerOf<E extends EndpointShape> = E['role'] extends 'PUBLIC' ? null : Caller;
export type RequestTo<E extends EndpointShape> = RequestOf<E> & RequestContext<CallerOf<E>> & { commit: Commit<AnswerOf<E>> };
type Answering<E extends EndpointShape> = (request: RequestTo<E>) => Promise<AnswerOf<E>> | AnswerOf<E>;
/** Gives the rows of a stream of series batch by batch, each when the one before has left. What it throws first is an ordinary error. */
type Streaming<E extends EndpointShape> = (request: RequestTo<E>) => AsyncIterable<SeriesRow[]>;

export type Handler<E extends EndpointShape> = E extends { stream: 'sse' }
  ? (request: RequestTo<E>) => AsyncIterable<SentEvent>
  : E extends { arrow: true }
    ? { json: Answering<E>; arrow: Streaming<E> }
    : Answering<E>;

/** One endpoint with its handlers. */
export interface Route {
  endpoint: EndpointShape;
  handler: (request: never) => unknown;
  /** Where the endpoint is also to be had as a stream of series. */
  arrow?: (request: never) => AsyncIterable<SeriesRow[]>;
}

/** Pairs endpoints of one resource with their handlers; leaving one out does not compile. */
export function routes<R extends Record<string, EndpointShape>>(resource: R, handlers: { [N in keyof R]: Handler<R[N]> }): Route[] {
  return Object.keys(resource).map((name) => {
    const endpoint = resource[name] as EndpointShape;
    const handler = handlers[name] as Route['handler'] | { json: Route['handler']; arrow: NonNullable<Route['arrow']> };
    return typeof handler === 'function' ? { endpoint, handler } : { endpoint, handler: handler.json, arrow: handler.arrow };
  });
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
  /** The service's own metrics, for the shipped dashboards. Names come without their prefix. */
  figures?(): Promise<MetricSample[]>;
}

interface MetricSample {
  name: string;
  unit: string;
  value: number;
  labels: Record<string, string>;
}

export type MakeService<O extends Owner> = (engines: Engines<O>, peers: Peers) => Service;
export type { Caller };
