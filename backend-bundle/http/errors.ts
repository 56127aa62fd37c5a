import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { RetryLaterError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';

/** Turns any error into an error response. Responses to unexpected errors contain no internals; the log has the details. */
export function errorHandler(log: Logger) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = thrown instanceof AppError ? thrown : fromFastify(thrown);
    if (error.code === 'payload_too_large') await readToEnd(request);
    if (error.status >= 500) {
      log.error({ requestId: request.id, code: error.code, err: thrown }, `${request.method} ${pathOf(request)} failed: ${error.message}`);
    }
    if (error instanceof RetryLaterError) reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
    return reply
      .code(error.status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(error.toBody(request.id)));
  };
}

/** How much of a body that was refused for its size is still read, bytes. */
const maxRefusedBodyBytes = 64 * 1024 * 1024;

/**
 * Reads the rest of the request, so that the client gets the response. If the connection were closed while the client sends, it would fail
 * before reading the response.
 */
async function readToEnd({ raw }: FastifyRequest): Promise<void> {
  if (!(Number(raw.headers['content-length']) <= maxRefusedBodyBytes)) return;
  raw.resume();
  await finished(raw).catch(() => undefined);
}

export function notFound(request: FastifyRequest): never {
  throw new AppError('not_found', `There is no ${request.method} ${pathOf(request)} here.`, {
    hint: 'See /docs for every endpoint of this backend.',
  });
}

export const tooMany = (message: string, hint: string, retryAfterMs: number) =>
  new RetryLaterError(new AppError('rate_limited', message, { hint }), retryAfterMs);

/** Returns the path without its query, which may contain secrets that must not be logged. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}

function fromFastify(thrown: unknown): AppError {
  const { code, statusCode, message } = thrown as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('payload_too_large', 'The body is larger than this endpoint takes.', { hint: 'Send it in smaller pieces.' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported_media_type', 'Bodies are JSON here.', {
        field: 'content-type',
        hint: 'Send content-type: application/json.',
      });
    case 'FST_ERR_BAD_URL':
      return new AppError('validation_failed', 'The address has a broken percent-encoding.', { hint: 'Encode path parameters as UTF-8.' });
    default:
  }
  if (thrown instanceof SyntaxError || (statusCode !== undefined && statusCode >= 400 && statusCode < 500)) {
    return new AppError('validation_failed', `The request cannot be read: ${message ?? 'unknown reason'}.`, {
      hint: 'Check the JSON and the headers.',
    });
  }
  return new AppError('internal', 'Something went wrong inside the backend.', {
    hint: 'Try again; if it stays, look for this request id in the backend’s log.',
    cause: thrown,
  });
}
