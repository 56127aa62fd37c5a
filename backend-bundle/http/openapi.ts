import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { arrowMediaType, type EndpointShape } from '#common/contract/endpoint.ts';
import { type ErrorCode, errorBody, errorStatus } from '#common/contract/errors.ts';
import { productVersion } from '#common/contract/version.ts';

const toJsonSchema = createJsonSchemaTransform({ skipList: [], zodToJsonConfig: { unrepresentable: 'any' } });

/** Allows the pages' own files and calls and the images in their style sheet, nothing else. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the OpenAPI document of every mounted endpoint at /docs/json and its pages at /docs, without loading anything from other hosts.
 */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Watchfloor',
        version: productVersion,
        description:
          'Times are epoch milliseconds UTC; `fromEpoch`, `toEpoch` and `timestamp` are epoch seconds. Errors have one shape. A mutating call may carry an Idempotency-Key: its repeats are answered with the first answer for 24 hours.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        },
      },
    },
    transform: (document) => {
      const endpoint = document.route.config?.endpoint;
      if (!endpoint) return { schema: { hide: true }, url: document.url };
      return toJsonSchema({ ...document, schema: describe(endpoint) } as Parameters<typeof toJsonSchema>[0]);
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    // The validator is a public website, which would learn the address of this backend.
    uiConfig: {
      displayRequestDuration: true,
      tryItOutEnabled: true,
      persistAuthorization: false,
      docExpansion: 'list',
      validatorUrl: null,
    },
  });
}

/** Returns the endpoint's error codes and those that any call may return. */
function errorsOf(endpoint: EndpointShape): ErrorCode[] {
  const codes: ErrorCode[] = ['validation_failed', 'contract_mismatch', 'internal', ...(endpoint.errors ?? [])];
  if (endpoint.role !== 'PUBLIC') codes.push('token_missing', 'token_expired', 'token_invalid', 'forbidden');
  if (endpoint.rateLimited !== false) codes.push('rate_limited');
  if (endpoint.body) codes.push('payload_too_large', 'unsupported_media_type');
  if (endpoint.stream === undefined && !(endpoint.reply instanceof z.ZodVoid)) codes.push('not_acceptable');
  if (endpoint.method !== 'GET') codes.push('idempotency_key_reused');
  return [...new Set(codes)];
}

function describe(endpoint: EndpointShape): FastifySchema & Record<string, unknown> {
  const response: Record<string, unknown> = {};
  if (endpoint.stream === 'sse') {
    response['200'] = { description: 'Server-sent events.', content: { 'text/event-stream': { schema: endpoint.reply } } };
  } else if (endpoint.reply instanceof z.ZodVoid) {
    response['204'] = z.null().describe('Done.');
  } else if (endpoint.arrow) {
    const stream = { schema: z.string().meta({ format: 'binary', description: 'An Arrow IPC stream of series.' }) };
    response['200'] = { description: 'Done.', content: { 'application/json': { schema: endpoint.reply }, [arrowMediaType]: stream } };
  } else {
    response['200'] = endpoint.reply;
  }
  const byStatus = Map.groupBy(errorsOf(endpoint), (code) => errorStatus[code]);
  for (const [status, codes] of byStatus) {
    response[String(status)] = { description: codes.join(', '), content: { 'application/json': { schema: errorBody } } };
  }
  return {
    summary: endpoint.summary,
    ...(endpoint.deprecated ? { deprecated: true } : {}),
    description: `Needs: ${endpoint.role === 'PUBLIC' ? 'nothing' : endpoint.role}.`,
    tags: [tagOf(endpoint.path)],
    security: endpoint.role === 'PUBLIC' ? [] : [endpoint.role === 'AGENT' ? { apiKey: [] } : { bearer: [] }],
    ...(endpoint.params ? { params: endpoint.params } : {}),
    ...(endpoint.query ? { querystring: endpoint.query } : {}),
    ...(endpoint.body ? { body: endpoint.body } : {}),
    response,
  };
}

function tagOf(path: string): string {
  return path.split('/').find((part) => part !== '' && !/^(api|v\d+|res|admin)$/.test(part)) ?? 'other';
}
