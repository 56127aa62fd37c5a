import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createClient, RetryLaterError } from './client.ts';

test.each([
  ['30', 30_000],
  ['0', 1_000],
  ['-5', 1_000],
  ['soon', 1_000],
  ['99999999', 3_600_000],
  ['1e999', 3_600_000],
])('after Retry-After: %s from a backend or proxy, the client waits %d ms', async (retryAfter, waitMs) => {
  const server = createServer((_, response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': retryAfter });
    response.end(JSON.stringify({ code: 'rate_limited', message: 'Too many.', requestId: 'r' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const error = await createClient({ baseUrl: `http://127.0.0.1:${port}` })
    .auth.me()
    .catch((reason: unknown) => reason);
  server.closeAllConnections();
  server.close();
  expect(error).toBeInstanceOf(RetryLaterError);
  expect((error as RetryLaterError).retryAfterMs).toBe(waitMs);
});
