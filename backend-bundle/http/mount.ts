import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { arrowMediaType, type EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { idempotencyHeader } from '#common/contract/version.ts';
import { type Caller, type Commit, commitUnrecorded, type RequestContext, type Route, type SentEvent } from '../services/service.ts';
import { choose, jsonMediaType } from './accept.ts';
import { seriesBody } from './arrow.ts';
import type { Idempotency, RecordAnswer, StoredReply } from './idempotency.ts';
import { type LastingOptions, watchCaller } from './lasting.ts';
import { eventStreamBody } from './sse.ts';

export interface MountOptions {
  idempotency: Idempotency;
  /** Aborts when the server stops. */
  stopping: AbortSignal;
  lasting: LastingOptions;
  log: Logger;
}

type AnyRequest = RequestContext & { params: unknown; query: unknown; body: unknown; commit: Commit };

/** Registers one endpoint and its handler on the server. */
export function mountRoute(app: FastifyInstance, { endpoint, handler, arrow }: Route, options: MountOptions): void {
  const offered = arrow ? [jsonMediaType, arrowMediaType] : [jsonMediaType];
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint },
    ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
    schema: {
      ...(endpoint.params ? { params: endpoint.params } : {}),
      // Without a schema, unknown parameters would be accepted silently.
      querystring: endpoint.query ?? z.strictObject({}),
      ...(endpoint.body ? { body: endpoint.body } : {}),
    },
    handler: async (request, reply) => {
      const takesArrow = endpoint.stream === undefined && choose(request.headers.accept, offered) === arrowMediaType && arrow !== undefined;
      const ended = endpoint.stream === 'sse' || takesArrow ? endedSignal(request, reply, options.lasting) : never;
      const gone = goneSignal(reply, endpoint, AbortSignal.any([options.stopping, ended]));
      const work = <T>(by: (request: never) => T, commit = commitUnrecorded): T =>
        (by as (request: AnyRequest) => T)({
          params: request.params,
          query: request.query,
          body: request.body,
          caller: callerOf(request, endpoint),
          commit,
          requestId: request.id,
          address: request.ip,
          ...lastEventId(request, endpoint),
          signal: gone,
        });
      if (endpoint.stream === 'sse') return sendEvents(reply, work(handler) as AsyncIterable<SentEvent>, ended);
      if (takesArrow) {
        const body = await seriesBody(work(arrow), gone, options.log.child({ requestId: request.id }));
        return reply.headers({ 'content-type': arrowMediaType, 'cache-control': 'no-store, no-transform' }).send(body);
      }
      const answering = async (record?: RecordAnswer) => serialise(endpoint, await work(handler, record && recorded(endpoint, record)));
      const { answer, replayed } = await answerOnce(request, endpoint, answering, options.idempotency);
      if (replayed) reply.header('idempotency-replayed', 'true');
      reply.code(answer.status);
      if (answer.body === null) return reply.send();
      if (arrow) reply.header('vary', 'accept');
      return reply.type('application/json; charset=utf-8').send(answer.body);
    },
  });
}

/** Handlers of endpoints with a role rely on a caller, so a request without one must never reach them. */
function callerOf({ caller }: FastifyRequest, endpoint: EndpointShape): Caller | null {
  if (endpoint.role !== 'PUBLIC' && caller === null) throw new AppError('token_missing', 'A sign-in is needed here.');
  return caller;
}

async function answerOnce(
  request: FastifyRequest,
  endpoint: EndpointShape,
  work: (record?: RecordAnswer) => Promise<StoredReply>,
  idempotency: Idempotency,
): Promise<{ answer: StoredReply; replayed: boolean }> {
  const key = request.headers[idempotencyHeader];
  // Sign-in has no caller yet and returns secrets, so its replies are never stored and repeated.
  if (key === undefined || endpoint.method === 'GET' || request.caller === null) return { answer: await work(), replayed: false };
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new AppError('validation_failed', 'The Idempotency-Key is not acceptable.', {
      field: idempotencyHeader,
      hint: 'Use 1 to 128 printable characters without spaces; a UUID does well.',
    });
  }
  const fingerprint = `${request.method} ${request.url}\n${request.bodyDigest ?? ''}`;
  return idempotency.once({ caller: request.caller, key, request: fingerprint }, work);
}

/** Stores the reply in the transaction of its effect. */
function recorded(endpoint: EndpointShape, record: RecordAnswer): Commit {
  return (database, work) =>
    database.transaction(async (tx) => {
      const answer = await work(tx);
      await record(tx, serialise(endpoint, answer));
      return answer;
    });
}

/** Validates the reply against its schema, so that nothing undeclared is sent, and serialises it. */
function serialise(endpoint: EndpointShape, answer: unknown): StoredReply {
  if (endpoint.reply instanceof z.ZodVoid) return { status: 204, body: null };
  const parsed = endpoint.reply.safeParse(answer);
  if (!parsed.success) {
    throw new AppError('internal', `The answer of ${endpoint.method} ${endpoint.path} is not what the contract promises.`, {
      hint: 'This is a defect of the backend; its log names the field.',
      cause: parsed.error,
    });
  }
  return { status: endpoint.statusOf?.(parsed.data as never) ?? 200, body: JSON.stringify(parsed.data) };
}

function sendEvents(reply: FastifyReply, events: AsyncIterable<SentEvent>, ended: AbortSignal): FastifyReply {
  const body = eventStreamBody(events, ended);
  // Proxies must neither buffer nor change the stream.
  reply.headers({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  return reply.send(body);
}

const never = new AbortController().signal;
/** A client that doesn't read can't notice the end of a stream: its connection is closed this long afterwards, ms. */
const cutOffAfterMs = 5_000;

/**
 * Aborts when the caller of a long-lived response may no longer be served. A series then ends with an error, so that half of it is not
 * mistaken for all.
 */
function endedSignal({ caller, routeOptions }: FastifyRequest, reply: FastifyReply, options: LastingOptions): AbortSignal {
  if (caller === null) return never;
  const { signal, close } = watchCaller(caller, options);
  let cutOff: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => {
    if (routeOptions.config.endpoint?.stream === 'sse') cutOff = setTimeout(() => reply.raw.destroy(), cutOffAfterMs).unref();
    else reply.raw.destroy();
  });
  reply.raw.once('close', () => {
    clearTimeout(cutOff);
    close();
  });
  return signal;
}

/** Aborts when the client disconnects before its response, when an event stream ends, and when the server stops. */
function goneSignal(reply: FastifyReply, endpoint: EndpointShape, stopping: AbortSignal): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (endpoint.stream === 'sse' || !reply.raw.writableFinished) left.abort();
  });
  return AbortSignal.any([left.signal, stopping]);
}

function lastEventId(request: FastifyRequest, endpoint: EndpointShape): { lastEventId?: string } {
  const stated = request.headers['last-event-id'];
  if (endpoint.stream !== 'sse' || typeof stated !== 'string' || stated === '') return {};
  if (/^\d{1,19}$/.test(stated)) return { lastEventId: stated };
  throw new AppError('validation_failed', 'Last-Event-ID is not an id of this stream.', {
    field: 'last-event-id',
    hint: 'Send the id of the last event that was received, or leave the header out.',
  });
}
