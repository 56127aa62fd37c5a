import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import type { AppError } from '#common/contract/errors.ts';
import { adminPassword, startBackend, type TestBackend } from '../support/backend.ts';

let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
});
afterAll(async () => {
  await backend.stop();
});

const refused = async (call: Promise<unknown>): Promise<AppError> => {
  const error = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  return error as AppError;
};
const withToken = (token: string) => createClient({ baseUrl: backend.url, token: () => token });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as an attacker would make it. */
function forge(header: object, claims: object, key: string): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('signing in', () => {
  test('returns both tokens, the lifetime in seconds and the user', async () => {
    const { session, client } = await backend.login('ADMIN');
    expect(session.expiresIn).toBe(900);
    expect(session.user).toMatchObject({ username: 'admin', role: 'ADMIN', disabled: false });
    expect(await client.auth.me()).toEqual(session.user);
  });

  test('gives the same answer for an unknown user and a wrong password, in the same time', async () => {
    const attempt = async (username: string) => {
      const start = performance.now();
      const error = await refused(backend.client.auth.login({ body: { username, password: 'not the password' } }));
      return { error, ms: performance.now() - start };
    };
    await attempt('admin');
    const known = await attempt('admin');
    const unknown = await attempt('nobody-of-that-name');
    expect(known.error).toMatchObject({ code: 'bad_credentials', status: 401 });
    expect(unknown.error.message).toBe(known.error.message);
    // The slow hash runs for both; without it the unknown name would answer in a tenth of the time.
    expect(unknown.ms).toBeGreaterThan(known.ms / 3);
  });
});

describe('refresh tokens', () => {
  test('work once; the second use ends every session of the family', async () => {
    const { session } = await backend.login('VIEWER');
    const second = await backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } });
    expect(second.refreshToken).not.toBe(session.refreshToken);
    expect(await withToken(second.accessToken).auth.me()).toMatchObject({ username: 'viewer' });

    const reuse = await refused(backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } }));
    expect(reuse).toMatchObject({ code: 'token_invalid', field: 'refreshToken' });
    expect(reuse.message).toMatch(/used before/);
    const heir = await refused(backend.client.auth.refresh({ body: { refreshToken: second.refreshToken } }));
    expect(heir.code).toBe('token_invalid');
  });

  test('two uses at once: one wins, and the family ends', async () => {
    const { session } = await backend.login('VIEWER');
    const calls = await Promise.allSettled(
      [1, 2, 3].map(() => backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } })),
    );
    expect(calls.filter((call) => call.status === 'fulfilled')).toHaveLength(1);
  });

  test('end with their session, and no other', async () => {
    const mine = await backend.login('VIEWER');
    const other = await backend.login('OPERATOR');
    await mine.client.auth.logout({ body: { refreshToken: other.session.refreshToken } });
    await backend.client.auth.refresh({ body: { refreshToken: other.session.refreshToken } });
    await mine.client.auth.logout({ body: { refreshToken: mine.session.refreshToken } });
    expect((await refused(backend.client.auth.refresh({ body: { refreshToken: mine.session.refreshToken } }))).code).toBe('token_invalid');
  });
});

describe('access tokens', () => {
  const subject = async () => (await backend.login('ADMIN')).session;
  const claims = (sub: string, exp: number) => ({ sub, role: 'ADMIN', iss: 'watchfloor', aud: 'watchfloor-api', iat: exp - 900, exp });
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

  test('are needed', async () => {
    expect(await refused(backend.client.auth.me())).toMatchObject({ code: 'token_missing', status: 401 });
  });

  test('without a signature, under another key, altered or in pieces are refused', async () => {
    const { user, accessToken } = await subject();
    const [header = '', body = '', signature = ''] = accessToken.split('.');
    const none = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims(user.id, inAnHour()))}.`;
    const otherKey = forge({ alg: 'HS256', typ: 'JWT' }, claims(user.id, inAnHour()), 'another key');
    const longer = JSON.parse(Buffer.from(body, 'base64url').toString()) as { exp: number };
    const altered = `${header}.${part({ ...longer, exp: longer.exp + 3600 })}.${signature}`;
    for (const token of [none, otherKey, altered, `${header}.${body}`, 'nonsense', 'a.b.c']) {
      expect(await refused(withToken(token).auth.me())).toMatchObject({ code: 'token_invalid', status: 401 });
    }
    expect(await withToken(accessToken).auth.me()).toEqual(user);
  });

  test('of a disabled or demoted user lose their rights at once', async () => {
    const { client } = await backend.login('ADMIN');
    const created = await client.auth.createUser({ body: { username: 'leaver', password: adminPassword, role: 'OPERATOR' } });
    const session = await backend.client.auth.login({ body: { username: 'leaver', password: adminPassword } });
    const leaver = withToken(session.accessToken);
    await leaver.auth.me();
    await client.auth.updateUser({ params: { id: created.id }, body: { role: 'VIEWER' } });
    expect((await refused(leaver.signals.bulk({ body: { signals: [] } }))).code).toBe('forbidden');
    await client.auth.updateUser({ params: { id: created.id }, body: { disabled: true } });
    expect(await refused(leaver.auth.me())).toMatchObject({ code: 'token_invalid', message: expect.stringMatching(/disabled/) });
    expect((await refused(backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } }))).code).toBe('token_invalid');
    expect((await refused(backend.client.auth.login({ body: { username: 'leaver', password: adminPassword } }))).message).toMatch(
      /disabled/,
    );
  });
});

describe('users and keys', () => {
  test('the last enabled administrator can be neither disabled nor demoted', async () => {
    const { client, session } = await backend.login('ADMIN');
    const params = { id: session.user.id };
    expect((await refused(client.auth.updateUser({ params, body: { disabled: true } }))).code).toBe('conflict');
    expect((await refused(client.auth.updateUser({ params, body: { role: 'OPERATOR' } }))).code).toBe('conflict');
    const second = await client.auth.createUser({ body: { username: 'second-admin', password: adminPassword, role: 'ADMIN' } });
    const demoted = await client.auth.updateUser({ params: { id: second.id }, body: { role: 'VIEWER' } });
    expect(demoted.role).toBe('VIEWER');
  });

  test('a taken name and a short password are refused with the field', async () => {
    const { client } = await backend.login('ADMIN');
    const again = client.auth.createUser({ body: { username: 'admin', password: adminPassword, role: 'VIEWER' } });
    expect(await refused(again)).toMatchObject({ code: 'conflict', field: 'username' });
    const short = client.auth.createUser({ body: { username: 'x', password: 'short', role: 'VIEWER' } });
    expect(await refused(short)).toMatchObject({
      code: 'validation_failed',
      field: 'password',
      message: expect.stringMatching(/10 characters/),
    });
  });

  test('a key works until it is revoked, and its secret is shown once', async () => {
    const { client } = await backend.login('ADMIN');
    const key = await client.auth.createApiKey({ body: { name: 'a host' } });
    const agent = createClient({ baseUrl: backend.url, apiKey: key.secret });
    const point = { name: 'key_test', labels: { host: 'a' }, points: [[Date.now(), 1]] as [number, number][] };
    expect(await agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics: [point] } })).toEqual({ stored: 1 });
    const { items } = await client.auth.listApiKeys();
    expect(items.find((one) => one.id === key.id)).toMatchObject({ name: 'a host', lastUsedAt: expect.any(Number) });
    expect(JSON.stringify(items)).not.toContain(key.secret);
    await client.auth.deleteApiKey({ params: { id: key.id } });
    expect((await refused(agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics: [point] } }))).code).toBe('token_invalid');
    expect((await refused(client.auth.deleteApiKey({ params: { id: key.id } }))).code).toBe('not_found');
  });
});
