import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenEngines, openEngines } from '#backend/engines.ts';
import { type HttpServer, makeHttpServer } from '#backend/http/server.ts';
import { healthRoutes, makeAuthenticator } from '#backend/services/gateway/index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-slow-'));
let opened: OpenEngines;
let server: HttpServer;
let url: URL;
beforeAll(async () => {
  opened = await openEngines({ data: dataDir, databaseUrl: undefined, masterKey: undefined, log: pino({ level: 'silent' }) });
  const { engines } = opened;
  server = await makeHttpServer({
    engines,
    routes: healthRoutes(engines, () => []),
    authenticator: makeAuthenticator(engines, { listen: () => () => undefined }),
    corsOrigins: [],
    requestsPerMinute: 1_000,
    trustedProxies: [],
    alone: true,
    receiveWithinMs: 700,
  });
  url = new URL(await server.listen('127.0.0.1', 0));
});
afterAll(async () => {
  await server.close();
  await opened.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Sends a byte at a time, for as long as the other side listens. @returns what was answered until it hung up */
async function drip(head: string, byte: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  const answer: Buffer[] = [];
  socket.on('data', (chunk) => answer.push(chunk)).on('error', () => undefined);
  socket.write(head);
  const dripping = setInterval(() => socket.write(byte), 50);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return Buffer.concat(answer).toString();
}

test.each([
  ['headers', 'GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'a'],
  ['headers of which there is never an end', 'GET /health/live HTTP/1.1\r\nHost: a\r\n', 'X-A: a\r\n'],
  ['a body', 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n', ' '],
  [
    'a body in pieces',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    '1\r\n \r\n',
  ],
  ['the request line', 'GET /health', 'a'],
])('%s that arrive too slowly time out', async (_, head, byte) => {
  expect(await drip(head, byte)).toMatch(/^HTTP\/1\.1 408 /);
  expect((await fetch(new URL('/health/live', url))).status).toBe(200);
});

test('a connection without any request times out, too', async () => {
  const socket = connect(Number(url.port), url.hostname).on('error', () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
});
