import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import type { EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { idempotencyHeader } from '#common/contract/version.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Engines } from '../engines/port.ts';
import type { Authenticator } from '../services/authenticator.ts';
import type { Caller, Route } from '../services/service.ts';
import { makeGuard } from './access.ts';
import { signCaller } from './caller-token.ts';
import { errorHandler, notFound, pathOf } from './errors.ts';
import { Idempotency } from './idempotency.ts';
import { parseJsonBody } from './json-body.ts';
import { mountRoute } from './mount.ts';
import { addOpenApi } from './openapi.ts';
import { addProxies, endpointAt, type Upstream } from './proxy.ts';
import { addSecurity, setHeaders } from './security.ts';
import type { Traffic } from './traffic.ts';
import { checkAddress, checkPart } from './validation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: EndpointShape;
  }
  interface FastifyRequest {
    caller: Caller | null;
    /** The signed caller for another process of this backend; null for requests that are handled here. */
    signedCaller: string | null;
    /** SHA-256 of the raw body, if the request has an idempotency key. */
    bodyDigest: string | null;
  }
}

export interface HttpOptions {
  engines: Pick<Engines<'engines'>, 'database' | 'vault' | 'log' | 'now'>;
  routes: readonly Route[];
  authenticator: Authenticator;
  /** Origins, besides loopback ones, whose pages may read responses. */
  corsOrigins: readonly string[];
  requestsPerMinute: number;
  /** Addresses or names (`loopback`) of proxies whose X-Forwarded-For header is trusted. */
  trustedProxies: readonly string[];
  /** Other processes that serve some of the paths. */
  upstreams?: readonly Upstream[];
  /** True when no other process uses the database, so that calls interrupted by a crash need not be waited for. */
  alone: boolean;
  /** Maximum time until a request has arrived completely, ms. Default 30,000. */
  receiveWithinMs?: number;
  /** Counts every response except event streams, which have no meaningful duration. */
  traffic?: Traffic;
}

const defaultBodyLimit = 1024 * 1024;
/** Maximum time until a request's headers and body have arrived completely, ms. */
const defaultReceiveWithinMs = 30_000;
const checkConnectionsEveryMs = 1_000;
const graceMs = 3_000;
const expireEvery = hourMs;

/** Mounts the routes of services on HTTP: the only folder that knows Fastify. */
export async function makeHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { engines, upstreams = [] } = options;
  const idempotency = new Idempotency(engines);
  if (options.alone) await idempotency.forgetUnfinished();
  const app = createApp(options);
  validateWithZod(app);
  acceptJsonOnly(app);
  await addSecurity(app, options.corsOrigins);
  admitCallers(app, options);
  noteResponses(app, options);
  await addOpenApi(app);
  mountRoutes(app, options, idempotency);
  await addProxies(app, upstreams, (caller) => signCaller(engines.vault.tokenKey, caller, engines.now()));
  return new HttpServer(app, idempotency, engines.log);
}

/** A server with all its routes. */
export class HttpServer {
  readonly #app: FastifyInstance;
  readonly #expiry: NodeJS.Timeout;

  constructor(app: FastifyInstance, idempotency: Idempotency, log: Logger) {
    this.#app = app;
    this.#expiry = setInterval(() => void expire(idempotency, log), expireEvery).unref();
  }

  /** @param port 0 chooses a free one. @returns the address of the server. @throws AppError unavailable when the port is in use */
  async listen(host: string, port: number): Promise<string> {
    try {
      await this.#app.listen({ host, port });
    } catch (cause) {
      throw cannotListen(cause, host, port);
    }
    return urlOf(host, this.#app.server.address() as AddressInfo);
  }

  /** Ends event streams, lets running requests finish for up to 3 s, then closes. */
  async close(): Promise<void> {
    clearInterval(this.#expiry);
    const force = setTimeout(() => this.#app.server.closeAllConnections(), graceMs);
    try {
      this.#app.server.closeIdleConnections();
      await this.#app.close();
    } finally {
      clearTimeout(force);
    }
  }
}

async function expire(idempotency: Idempotency, log: Logger): Promise<void> {
  try {
    await idempotency.expire();
  } catch (error) {
    log.warn({ err: error }, 'old idempotency keys could not be removed; the next hour tries again');
  }
}

function createApp({ engines: { log }, trustedProxies, receiveWithinMs = defaultReceiveWithinMs }: HttpOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    logger: false,
    genReqId: () => uuidv7(),
    requestIdHeader: false,
    bodyLimit: defaultBodyLimit,
    requestTimeout: receiveWithinMs,
    http: {
      // The headers have the same limit as the whole request. Node checks its connections at intervals.
      headersTimeout: receiveWithinMs,
      connectionsCheckingInterval: checkConnectionsEveryMs,
    },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      setHeaders(request, reply);
      errorHandler(log)(error, request, reply);
    },
  });
  app.decorateRequest('caller', null);
  app.decorateRequest('signedCaller', null);
  app.decorateRequest('bodyDigest', null);
  app.setErrorHandler(errorHandler(log));
  app.setNotFoundHandler(notFound);
  return app;
}

/** Validates requests with the schemas of the contract. */
function validateWithZod(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const part = httpPart === 'querystring' || httpPart === 'params' || httpPart === 'headers' ? httpPart : 'body';
    // Fastify passes null for a missing body, for which a schema's default would not apply.
    return (data: unknown) => checkPart(schema, part, data ?? undefined);
  });
  // `mountRoute` validates and serialises replies with their schema.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** Lets only callers in who may call the endpoint, before the body is read. */
function admitCallers(app: FastifyInstance, { engines, authenticator, requestsPerMinute, upstreams = [] }: HttpOptions): void {
  const guard = makeGuard({ authenticator, requestsPerMinute, serviceKey: engines.vault.tokenKey, now: engines.now });
  app.addHook('onRequest', async (request, reply) => {
    checkAddress(request.url);
    const { endpoint } = request.routeOptions.config;
    const target = endpoint ?? (upstreams.length > 0 ? endpointAt(request.method, pathOf(request)) : undefined);
    request.caller = await guard.admit(request, reply, target);
  });
}

/** Counts and logs every response. */
function noteResponses(app: FastifyInstance, { engines: { log }, traffic }: HttpOptions): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.endpoint?.stream === undefined) traffic?.note(reply.statusCode, reply.elapsedTime);
    const entry = { requestId: request.id, caller: request.caller?.name, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    // Changes are in the audit log, so only failures are logged at the default level.
    const level = reply.statusCode >= 500 ? 'warn' : reply.statusCode >= 400 ? 'info' : 'debug';
    log[level](entry, `${request.method} ${pathOf(request)}`);
  });
}

function mountRoutes(app: FastifyInstance, { engines: { log, now }, authenticator, routes }: HttpOptions, idempotency: Idempotency): void {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  for (const route of routes) {
    mountRoute(app, route, { idempotency, stopping: stopping.signal, lasting: { authenticator, now }, log });
  }
}

/** Accepts only JSON bodies; an empty body counts as none, whatever its declared type. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done) => {
    try {
      // Hashes the bytes, to avoid converting a large body to text a second time.
      if (request.headers[idempotencyHeader] !== undefined) request.bodyDigest = createHash('sha256').update(body).digest('hex');
      done(null, body.length === 0 ? undefined : parseJsonBody(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

function urlOf(host: string, { port }: AddressInfo): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function cannotListen(cause: unknown, host: string, port: number): unknown {
  const reason = (cause as NodeJS.ErrnoException).code;
  if (reason === 'EADDRINUSE') {
    return new AppError('unavailable', `Port ${port} on ${host} is in use by another program.`, {
      hint: `Stop that program, choose another port with --port, or let a free one be chosen with --port 0.`,
      cause,
    });
  }
  if (reason === 'EACCES') {
    return new AppError('unavailable', `Port ${port} may not be opened by this account.`, {
      hint: 'Choose a port above 1023 with --port.',
      cause,
    });
  }
  if (reason === 'EADDRNOTAVAIL' || reason === 'ENOTFOUND') {
    return new AppError('unavailable', `${host} is no address of this computer.`, {
      hint: 'Choose one with --host: 127.0.0.1 for this computer alone, 0.0.0.0 for every network it is on.',
      cause,
    });
  }
  return cause;
}
