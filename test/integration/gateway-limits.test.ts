import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEndpoints } from '#common/contract/api.ts';
import { createClient, RetryLaterError } from '#common/contract/client.ts';
import { type ErrorBody, errorBody } from '#common/contract/errors.ts';
import { contractHeader, contractVersion } from '#common/contract/version.ts';
import { agentKey, startBackend, type TestBackend } from '../support/backend.ts';

let backend: TestBackend;
let token: string;
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_CORS_ORIGINS: 'https://wall.example, https://desk.example' } });
  token = (await backend.login('ADMIN')).session.accessToken;
});
afterAll(async () => {
  await backend.stop();
});

const send = (path: string, init: RequestInit = {}) =>
  fetch(backend.url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) } });
const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const errorOf = async (response: Response): Promise<ErrorBody> => errorBody.parse(await response.json());

describe('bad input names the field and the fix', () => {
  const login = '/api/v1/auth/login';
  test.each([
    ['a broken body', login, json('{"username": "admin", '), 400, { code: 'validation_failed', message: /JSON/ }],
    ['no body', login, { method: 'POST' }, 400, { code: 'validation_failed', message: /lacks the body/ }],
    [
      'an unknown field',
      login,
      json({ username: 'a', password: 'b', pasword: 'c' }),
      400,
      { field: 'pasword', hint: /username, password/ },
    ],
    ['a missing field', login, json({ username: 'a' }), 400, { field: 'password', message: /missing/ }],
    ['a wrong type', login, json({ username: 7, password: 'b' }), 400, { field: 'username', hint: /a string/ }],
    ['an unknown parameter', '/api/v1/auth/me?verbose=1', {}, 400, { field: 'verbose' }],
    ['a bad id', '/api/v1/alerts/17', {}, 400, { field: 'id', message: /UUID/i }],
    [
      'a deep field',
      '/api/v1/auth/users',
      json({ username: 'a b', password: '1234567890', role: 'VIEWER' }),
      400,
      { field: 'username', message: /letters/ },
    ],
    [
      'a value outside a list',
      '/api/v1/auth/users',
      json({ username: 'ab', password: '1234567890', role: 'KING' }),
      400,
      { field: 'role', hint: /VIEWER, OPERATOR, ADMIN/ },
    ],
    [
      'another media type',
      login,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
      415,
      { code: 'unsupported_media_type' },
    ],
    ['a body too large', login, json({ username: 'a', password: 'x'.repeat(1_100_000) }), 413, { code: 'payload_too_large' }],
    ['an unknown address', '/api/v2/anything', {}, 404, { code: 'not_found', message: /\/api\/v2\/anything/ }],
    ['a broken encoding', '/api/v1/alerts/%E0%A4%A', {}, 400, { code: 'validation_failed' }],
    [
      'a poisoned object',
      login,
      json('{"__proto__": {"admin": true}, "username": "a", "password": "b"}'),
      400,
      { code: 'validation_failed', field: '__proto__', message: /__proto__/ },
    ],
    [
      'a label of a reserved name',
      '/api/v1/auth/users',
      json('{"username": "ab", "labels": {"__proto__": "x"}}'),
      400,
      { field: 'labels.__proto__', message: /labels\.__proto__/, hint: /another name/ },
    ],
    [
      'a body that is not UTF-8',
      login,
      { ...json(''), body: Buffer.from([...Buffer.from('{"username": "'), 0xff, 0x22, 0x7d]) },
      400,
      { message: /UTF-8.*offset 14/ },
    ],
    [
      'half a character',
      login,
      json(String.raw`{"username": "\ud800", "password": "b"}`),
      400,
      { field: 'username', message: /surrogate/ },
    ],
    ['a parameter that is not UTF-8', '/api/v1/alerts?ruleCode=%ff', {}, 400, { field: 'ruleCode', message: /percent-encoding/ }],
    ['a reserved name as a parameter', '/api/v1/auth/me?__proto__=1', {}, 400, { code: 'validation_failed', field: '__proto__' }],
  ] as [string, string, RequestInit, number, Record<string, string | RegExp>][])('%s', async (_, path, init, status, wanted) => {
    const response = await send(path, init);
    const error = await errorOf(response);
    expect(response.status).toBe(status);
    for (const [name, value] of Object.entries(wanted)) {
      expect(error[name as keyof ErrorBody], name).toEqual(value instanceof RegExp ? expect.stringMatching(value) : value);
    }
    expect(error.hint).toBeTruthy();
    expect(error.requestId).toBe(response.headers.get('x-request-id'));
  });

  test('anything that is not HTTP gets an error and causes no crash', async () => {
    const { hostname, port } = new URL(backend.url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
    socket.write('\x16\x03\x01 not a request\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400/);
    expect((await fetch(`${backend.url}/health/live`)).status).toBe(200);
  });
});

describe('the contract', () => {
  const ask = (stated: string, path = '/api/v1/auth/me') => send(path, { headers: { [contractHeader]: stated } });

  test('a caller one version ahead is served', async () => {
    expect((await ask(String(contractVersion))).status).toBe(200);
    expect((await ask(String(contractVersion + 1))).status).toBe(200);
  });
  test.each([
    ['0', /console or agent/],
    ['99', /backend/],
    ['new', /console or agent/],
  ])('%s is refused with who must be updated', async (stated, who) => {
    const response = await ask(stated);
    expect(response.status).toBe(426);
    expect(await errorOf(response)).toMatchObject({ code: 'contract_mismatch', hint: expect.stringMatching(who) });
    expect((await ask(stated, '/api/v1/health')).status).toBe(200);
  });
});

describe('pages of other origins', () => {
  const from = (origin: string) => fetch(`${backend.url}/api/v1/health`, { headers: { origin } });
  test.each(['http://localhost:5173', 'http://127.0.0.1:9', 'https://wall.example', 'https://desk.example'])(
    '%s may read',
    async (origin) => {
      expect((await from(origin)).headers.get('access-control-allow-origin')).toBe(origin);
    },
  );
  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'https://wall.example.evil'])(
    '%s may not',
    async (origin) => {
      expect((await from(origin)).headers.get('access-control-allow-origin')).toBeNull();
    },
  );
  test('a preflight names what is allowed, and needs no token', async () => {
    const response = await fetch(`${backend.url}/api/v1/auth/users`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://wall.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  });
});

describe('the description', () => {
  test('names every endpoint of the contract, with its errors and its parameters', async () => {
    const document = (await (await fetch(`${backend.url}/docs/json`)).json()) as {
      paths: Record<string, Record<string, { summary: string; responses: Record<string, unknown>; parameters?: { name: string }[] }>>;
    };
    for (const { name, endpoint } of allEndpoints()) {
      const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}');
      const operation = document.paths[path]?.[endpoint.method.toLowerCase()];
      expect(operation, name).toBeDefined();
      expect(operation?.summary).toBe(endpoint.summary);
      if (endpoint.role !== 'PUBLIC') expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['401', '403']));
      const parameters = operation?.parameters?.map((parameter) => parameter.name) ?? [];
      expect(parameters, name).toEqual(expect.arrayContaining(Object.keys({ ...endpoint.params?.shape, ...endpoint.query?.shape })));
    }
  });
  test('has pages that load nothing from other hosts', async () => {
    const page = await fetch(`${backend.url}/docs/`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).not.toMatch(/(src|href)="https?:/);
    for (const path of ['/docs/', '/docs/static/swagger-ui-bundle.js', '/docs/json']) {
      const policy = (await fetch(backend.url + path)).headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'");
      // Neither a host nor a whole scheme: nothing but this backend itself, and pictures within its style sheet.
      const sources = policy.split(';').flatMap((directive) => directive.trim().split(' ').slice(1));
      expect(
        sources.filter((source) => !["'none'", "'self'", 'data:'].includes(source)),
        path,
      ).toEqual([]);
    }
    expect(await (await fetch(`${backend.url}/docs/static/swagger-initializer.js`)).text()).toContain('"validatorUrl":null');
    expect((await fetch(`${backend.url}/docs/static/swagger-ui-bundle.js`)).status).toBe(200);
  });
});

// Last, since they use up what this process allows.
describe('the rate limit', () => {
  test('refuses the 101st request of a user with the time to wait, but not agents, health and other users', async () => {
    const { session } = await backend.login('VIEWER');
    const me = () => fetch(`${backend.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${session.accessToken}` } });
    const answers = await Promise.all(Array.from({ length: 100 }, me));
    expect(answers.map((answer) => answer.status)).toEqual(Array(100).fill(200));
    expect(Math.min(...answers.map((answer) => Number(answer.headers.get('x-ratelimit-remaining'))))).toBe(0);

    const refused = await me();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-ratelimit-limit')).toBe('100');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await errorOf(refused)).code).toBe('rate_limited');

    const viewer = createClient({ baseUrl: backend.url, token: () => session.accessToken });
    await expect(viewer.auth.me()).rejects.toBeInstanceOf(RetryLaterError);
    expect((await send('/api/v1/auth/me')).status).toBe(200);
    expect((await viewer.health.report()).status).not.toBe('down');
    const agent = createClient({ baseUrl: backend.url, apiKey: agentKey });
    for (let i = 0; i < 110; i += 1) {
      const metric = { name: 'limit_test', labels: {}, points: [[Date.now(), i]] as [number, number][] };
      await agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics: [metric] } });
    }
  });

  test('stops checking parallel guesses at the limit, and does not affect users who are signed in', async () => {
    const { session } = await backend.login('OPERATOR');
    const guess = (username: string) => fetch(`${backend.url}/api/v1/auth/login`, json({ username, password: 'guess' }));
    const answers = await Promise.all(Array.from({ length: 60 }, () => guess('admin')));
    const checked = answers.filter(({ status }) => status === 401);
    expect(checked.length).toBeLessThanOrEqual(12);
    const [refused] = answers.filter(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await errorOf(refused as Response)).toMatchObject({ code: 'rate_limited', message: expect.stringMatching(/this account/) });

    // Other accounts from the same address, until the address has used up its own limit.
    const others = await Promise.all(Array.from({ length: 30 }, (_, i) => guess(`someone-${i}`)));
    expect([...answers, ...others].filter(({ status }) => status === 401).length).toBeLessThanOrEqual(20);
    // And strangers use up what the address may ask at all.
    await Promise.all(
      Array.from({ length: 120 }, () => fetch(`${backend.url}/api/v1/auth/me`, { headers: { authorization: 'Bearer x' } })),
    );
    expect((await fetch(`${backend.url}/api/v1/auth/me`)).status).toBe(429);

    expect((await send('/api/v1/auth/me')).status).toBe(200);
    const renewed = await backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } });
    expect(renewed.user.username).toBe('operator');
  });
});
