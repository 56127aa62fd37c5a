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
  /** Null on PUBLIC endpoints, which don't require one. */
  caller: C;
  requestId: string;
  /** IP address of the client, according to trusted proxies. */
  address: string;
  /** The `Last-Event-ID` header, on event streams. */
  lastEventId?: string;
  /** Aborts when the client disconnects. */
  signal: AbortSignal;
}

/**
 * Runs the transaction in which a request takes effect, at most once per request. `work` returns the reply as of the commit. If the request
 * has an Idempotency-Key, the reply is stored in the same transaction, so a repeat gets the reply without a second effect, also after a
 * crash. The handler may still return a different reply, for instance after waiting for something following the commit.
 * @throws AppError conflict when another process has taken over the request; any error of the transaction
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

/** The caller of an endpoint. An endpoint with a role always has one. */
type CallerOf<E extends EndpointShape> = E['role'] extends 'PUBLIC' ? null : Caller;
export type RequestTo<E extends EndpointShape> = RequestOf<E> & RequestContext<CallerOf<E>> & { commit: Commit<AnswerOf<E>> };
type Answering<E extends EndpointShape> = (request: RequestTo<E>) => Promise<AnswerOf<E>> | AnswerOf<E>;
/**
 * Yields the rows of a stream of series in batches, each after the previous one was sent. An error before the first batch is an ordinary
 * error response.
 */
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
  /** Set if the endpoint is also available as a stream of series. */
  arrow?: (request: never) => AsyncIterable<SeriesRow[]>;
}

/** The handlers of endpoints, by name. */
export type Handlers<R extends Record<string, EndpointShape>> = { [N in keyof R]: Handler<R[N]> };

/** Pairs endpoints of one resource with their handlers; leaving one out does not compile. */
export function routes<R extends Record<string, EndpointShape>>(resource: R, handlers: Handlers<R>): Route[] {
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
  /** Starts background work. Resolves when requests can be served. */
  start(): Promise<void>;
  /** Stops background work; running work is finished or released. */
  stop(): Promise<void>;
  health(): ServiceHealth | Promise<ServiceHealth>;
  /** Returns the service's own metrics, for the shipped dashboards. Names don't include the prefix. */
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
