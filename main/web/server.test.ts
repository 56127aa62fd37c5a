import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FrameReader, pieceBytes } from '#common/contract/console/codec.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { ToRenderer } from '#common/contract/console/rpc.ts';
import { RpcServer } from '#core/rpc/server.ts';
import { startWebServer, type WebServer, type WebServerOptions } from './server.ts';

let folder: string;
let servers: WebServer[];
let links: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-web-'));
  mkdirSync(join(folder, 'root/assets'), { recursive: true });
  mkdirSync(join(folder, 'root-beside'));
  writeFileSync(join(folder, 'root/index.html'), '<!doctype html><title>Watchfloor</title>');
  writeFileSync(join(folder, 'root/assets/index-abc123.js'), 'console.log(1)');
  writeFileSync(join(folder, 'secret.txt'), 'not for the web');
  writeFileSync(join(folder, 'root-beside/secret.txt'), 'not for the web');
  servers = [];
  links = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

const points = Float64Array.from({ length: 100_000 }, (_, index) => index / 3);

async function start(over: Partial<WebServerOptions> = {}): Promise<WebServer> {
  const rpc = new RpcServer({
    log: pino({ level: 'silent' }),
    // The two services that these tests call; the transport does not need the others.
    handlers: {
      backend: { log: () => ['a line'] },
      series: { query: () => ({ series: [{ t: points, v: points }], asOf: 1, missing: [], problem: null }) },
    } as unknown as ConsoleHandlers,
  });
  const server = await startWebServer({
    root: join(folder, 'root'),
    dataDir: join(folder, 'data'),
    listen: { host: '127.0.0.1', port: 0 },
    rpc,
    onLink: (link) => void links.push(link),
    ...over,
  });
  servers.push(server);
  return server;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Sends the path unchanged: `fetch` would normalise it, and set Host itself. */
function ask(
  server: WebServer,
  path: string,
  headers: Record<string, string> = {},
  more: RequestOptions & { ca?: string } = {},
): Promise<Answer> {
  const { hostname, port, protocol } = new URL(server.url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send({ hostname, port, path, headers, rejectUnauthorized: false, ...more }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const pathOf = (link: string) => link.slice(new URL(link).origin.length);
async function signIn(server: WebServer): Promise<{ cookie: string; header: string }> {
  const { status, headers } = await ask(server, pathOf(server.link()));
  expect(status).toBe(303);
  const header = headers['set-cookie']?.[0] ?? '';
  return { cookie: header.split(';')[0] ?? '', header };
}

describe('signing in', () => {
  test('the token is exchanged for a strict cookie, and removed from the address', async () => {
    const server = await start();
    const link = server.link();
    const answer = await ask(server, pathOf(link));
    expect(answer).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    const cookie = answer.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\//);
    expect(cookie).not.toContain(new URL(link).searchParams.get('token'));
    const page = await ask(server, '/', { cookie: cookie.split(';')[0] ?? '' });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Watchfloor') });
  });

  test('a token works once, and the next link is announced', async () => {
    const server = await start();
    const first = server.link();
    await signIn(server);
    expect(await ask(server, pathOf(first))).toMatchObject({ status: 401 });
    expect(links).toEqual([server.link()]);
    expect(server.link()).not.toBe(first);
    await signIn(server);
  });

  test('a signed-in browser that follows an old link still gets in', async () => {
    const server = await start();
    const old = server.link();
    const { cookie } = await signIn(server);
    expect(await ask(server, pathOf(old), { cookie })).toMatchObject({ status: 303, headers: { location: '/' } });
  });

  test.each(['/', '/assets/index-abc123.js', '/alerts/x', '/?token=', '/?token=wrong'])('%s without a session is refused', async (path) => {
    const server = await start();
    expect(await ask(server, path)).toMatchObject({ status: 401, body: expect.stringContaining('console-link') });
  });

  test('a forged cookie is refused', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    expect(await ask(server, '/', { cookie: `${cookie}x` })).toMatchObject({ status: 401 });
  });

  test('a browser stays signed in over a restart of the console; only hashes are on disk', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    await server.close();
    const again = await start();
    expect(await ask(again, '/', { cookie })).toMatchObject({ status: 200 });
    const file = join(folder, 'data/console-sessions.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(cookie.split('=')[1]);
  });
});

describe('who may ask', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '169.254.1.1'])('Host %j is refused', async (host) => {
    const server = await start();
    const { cookie } = await signIn(server);
    expect(await ask(server, '/', { cookie, host })).toMatchObject({ status: 403 });
  });

  test('another name of this computer is fine', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    expect(await ask(server, '/', { cookie, host: `localhost:${new URL(server.url).port}` })).toMatchObject({ status: 200 });
  });

  test('a page of another origin is refused, also one on another port of this computer', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null', server.url.replace('http', 'https')])
      expect(await ask(server, '/', { cookie, origin })).toMatchObject({ status: 403 });
    expect(await ask(server, '/', { cookie, origin: server.url })).toMatchObject({ status: 200 });
  });

  test('a token cannot be used through a foreign host name', async () => {
    const server = await start();
    expect(await ask(server, pathOf(server.link()), { host: 'evil.example' })).toMatchObject({ status: 403 });
    await signIn(server);
  });
});

describe('what is served', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
    '/%2e%2e%5csecret.txt',
    '//secret.txt',
    '/../root-beside/secret.txt',
    '/assets/%00/../../secret.txt',
  ])('%s does not leave the folder', async (path) => {
    const server = await start();
    const { cookie } = await signIn(server);
    const answer = await ask(server, path, { cookie });
    expect(answer.body).not.toContain('not for the web');
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test('every response has the policy, including errors', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    for (const answer of [await ask(server, '/', { cookie }), await ask(server, '/'), await ask(server, '/nope.js', { cookie })]) {
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
    }
  });

  test('hashed assets are cached permanently, the page is revalidated', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    expect((await ask(server, '/assets/index-abc123.js', { cookie })).headers['cache-control']).toMatch(/immutable/);
    expect((await ask(server, '/', { cookie })).headers['cache-control']).toBe('no-cache');
  });

  test('a path of the console returns the page, a missing file does not', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    expect(await ask(server, '/alerts/1', { cookie, accept: 'text/html' })).toMatchObject({
      status: 200,
      body: expect.stringContaining('<title>'),
    });
    expect(await ask(server, '/assets/gone.js', { cookie, accept: '*/*' })).toMatchObject({ status: 404 });
  });
});

describe('the RPC', () => {
  const open = (server: WebServer, headers: Record<string, string>, path = '/rpc') =>
    new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers, rejectUnauthorized: false });
  const outcome = (socket: WebSocket) =>
    new Promise<number | 'open'>((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => {});
    });

  test('opens for the console’s own page alone', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    const origin = server.url;
    expect(await outcome(open(server, { origin }))).toBe(401);
    expect(await outcome(open(server, { origin, cookie: `${cookie}x` }))).toBe(401);
    expect(await outcome(open(server, { cookie }))).toBe(403);
    expect(await outcome(open(server, { cookie, origin: 'https://evil.example' }))).toBe(403);
    expect(await outcome(open(server, { cookie, origin, host: 'evil.example' }))).toBe(403);
    expect(await outcome(open(server, { cookie, origin }, '/other'))).toBe(404);
    expect(await outcome(open(server, { cookie, origin }))).toBe('open');
  });

  test('answers calls, and sends series in binary pieces that other frames can overtake', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    const socket = open(server, { cookie, origin: server.url });
    socket.binaryType = 'arraybuffer';
    await outcome(socket);
    const reader = new FrameReader();
    const frames: ToRenderer[] = [];
    let pieces = 0;
    const both = new Promise<void>((resolve) => {
      socket.on('message', (data: ArrayBuffer | Buffer, binary) => {
        if (binary) pieces += 1;
        const frame = reader.read(binary ? (data as ArrayBuffer) : Buffer.from(data as ArrayBuffer).toString()) as ToRenderer | undefined;
        if (frame !== undefined) frames.push(frame);
        if (frames.length === 2) resolve();
      });
    });
    socket.send('no frame at all');
    socket.send(new Uint8Array([1, 2, 3]));
    const query = { selector: { from: 'metric', name: 'host_load1', labels: {} }, aggregation: 'avg', from: 0, to: 1, bucketMs: 0 };
    socket.send(
      JSON.stringify({
        kind: 'call',
        id: 2,
        service: 'series',
        method: 'query',
        input: { connectionId: '01938d5e-0000-7000-8000-000000000000', query },
      }),
    );
    socket.send(JSON.stringify({ kind: 'call', id: 1, service: 'backend', method: 'log', input: { part: 'agent' } }));
    await both;
    expect(frames[0]).toEqual({ kind: 'result', id: 1, output: ['a line'] });
    expect(frames[1]).toMatchObject({ kind: 'result', id: 2, output: { series: [{ t: points, v: points }] } });
    expect(pieces).toBeGreaterThan((2 * points.byteLength) / pieceBytes);
  });

  test('a frame over the limit ends only that browser’s connection', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    const big = open(server, { cookie, origin: server.url });
    const other = open(server, { cookie, origin: server.url });
    await Promise.all([outcome(big), outcome(other)]);
    const closed = new Promise<number>((resolve) => big.on('close', resolve));
    big.send('x'.repeat(13 * 1024 * 1024));
    expect(await closed).toBe(1009);
    expect(other.readyState).toBe(WebSocket.OPEN);
  });

  test('closing the console closes the connections and frees the port', async () => {
    const server = await start();
    const { cookie } = await signIn(server);
    const socket = open(server, { cookie, origin: server.url });
    await outcome(socket);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await server.close();
    expect(await closed).toBe(1001);
    await expect(ask(server, '/')).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('errors at start', () => {
  test('a port in use is named', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.on('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`Port ${port}`),
      hint: expect.stringContaining('--listen'),
    });
    other.close();
  });

  test('a renderer that hasn’t been built is named, with the fix', async () => {
    await expect(start({ root: join(folder, 'nowhere') })).rejects.toMatchObject({
      message: expect.stringContaining('hasn’t been built'),
      hint: expect.stringContaining('npm run build'),
    });
  });

  test('a certificate that is not there is named', async () => {
    await expect(start({ tls: { cert: '/nowhere/c.pem', key: '/nowhere/k.pem' } })).rejects.toMatchObject({ field: 'cert' });
  });
});

test('over TLS the cookie is secure and the names in the certificate are accepted', async () => {
  const [cert, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=wall'],
    ...['-addext', 'subjectAltName=DNS:wall.plant.example', '-keyout', key, '-out', cert],
  ]);
  expect(made.status, 'openssl makes the certificate').toBe(0);
  const server = await start({ tls: { cert, key }, listen: { host: '0.0.0.0', port: 0 } });
  expect(server.url).toMatch(/^https:/);
  const { cookie, header } = await signIn(server);
  expect(header).toMatch(/Secure/);
  const host = `wall.plant.example:${new URL(server.url).port}`;
  const page = await ask(server, '/', { cookie, host, origin: `https://${host}` });
  expect(page).toMatchObject({ status: 200, headers: { 'strict-transport-security': expect.any(String) } });
  expect(await ask(server, '/', { cookie, host: 'evil.example' })).toMatchObject({ status: 403 });
});
