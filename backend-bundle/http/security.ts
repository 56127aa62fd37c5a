import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contractHeader, idempotencyHeader } from '#common/contract/version.ts';

const headers = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'cache-control': 'no-store',
} as const;

/** Matches origins on this computer. The console's browser host and its development server choose their own ports. */
const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Adds the headers of every response, and the CORS rules. */
export async function addSecurity(app: FastifyInstance, corsOrigins: readonly string[]): Promise<void> {
  app.addHook('onRequest', async (request, reply) => setHeaders(request, reply));
  await app.register(cors, {
    origin: (origin, answer) => answer(null, origin !== undefined && (loopback.test(origin) || corsOrigins.includes(origin))),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-api-key', 'last-event-id', idempotencyHeader, contractHeader],
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'idempotency-replayed',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
    ],
    maxAge: 600,
  });
}

/** Also called for responses sent before any hook runs, such as for a URL that cannot be decoded. */
export function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(headers);
  reply.header('x-request-id', request.id);
}
