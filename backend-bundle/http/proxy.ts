import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { allEndpoints } from '#common/contract/api.ts';
import type { EndpointShape } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { callerHeader } from '#common/contract/version.ts';
import type { Caller } from '../services/service.ts';

/** A process that serves the paths below some prefixes. */
export interface Upstream {
  service: string;
  /** Origin, without a trailing slash. */
  url: string;
  prefixes: readonly string[];
}

/**
 * Forwards requests to endpoints of other processes. Each endpoint is mounted like a local one, so rate limits and roles are enforced here.
 * The other process receives the signed caller, so it need not authenticate again.
 */
export async function addProxies(
  app: FastifyInstance,
  upstreams: readonly Upstream[],
  sign: (caller: Caller) => Promise<string>,
): Promise<void> {
  if (upstreams.length === 0) return;
  // Loaded only when needed: most backends forward nothing.
  const { default: proxy } = await import('@fastify/http-proxy');
  for (const upstream of upstreams) {
    for (const prefix of upstream.prefixes) {
      await app.register(async (scope) => {
        // Bodies are forwarded unread; the target service validates them.
        scope.removeAllContentTypeParsers();
        scope.addHook('preHandler', async (request) => {
          if (request.caller !== null) request.signedCaller = await sign(request.caller);
        });
        await scope.register(proxy, {
          upstream: upstream.url,
          prefix,
          rewritePrefix: prefix,
          replyOptions: {
            rewriteRequestHeaders: (request, headers) => forwardedHeaders(request, headers),
            onError: (reply, { error }) => {
              reply.send(
                new AppError('unavailable', `The ${upstream.service} service does not answer.`, {
                  hint: `Check that it runs at ${upstream.url}.`,
                  cause: error,
                }),
              );
            },
          },
        });
      });
    }
  }
}

/** Removes the caller's credentials, which are only needed where they are checked. */
function forwardedHeaders(
  { ip, signedCaller }: Pick<FastifyRequest, 'ip' | 'signedCaller'>,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  const { authorization: _, 'x-api-key': __, [callerHeader]: ___, ...rest } = headers;
  return { ...rest, 'x-forwarded-for': ip, ...(signedCaller === null ? {} : { [callerHeader]: signedCaller }) };
}

/** Returns the path prefixes of `resources`, none of them below another. */
export function prefixesOf(resources: readonly string[]): string[] {
  const paths = allEndpoints()
    .filter(({ name }) => resources.includes(name.split('.')[0] ?? ''))
    .map(({ endpoint }) => endpoint.path.replace(/\/:.*$/, ''));
  return [...new Set(paths)].filter((path) => !paths.some((other) => path !== other && path.startsWith(`${other}/`)));
}

const patterns = allEndpoints().map(({ endpoint }) => ({
  endpoint,
  path: new RegExp(`^${endpoint.path.replace(/[.]/g, '\\.').replace(/:[A-Za-z]+/g, '[^/]+')}/?$`),
}));

/** Returns the endpoint that a path belongs to, in whichever process it is. */
export function endpointAt(method: string, path: string): EndpointShape | undefined {
  const found = patterns.filter((candidate) => candidate.endpoint.method === method && candidate.path.test(path));
  // `/:id` also matches `/rules`: the path with fewer parameters wins.
  return found.toSorted((a, b) => a.endpoint.path.split(':').length - b.endpoint.path.split(':').length)[0]?.endpoint;
}
