import { afterAll, beforeAll, expect, test } from 'vitest';
import { idempotencyHeader } from '#common/contract/version.ts';
import { adminPassword, startBackend, type TestBackend } from '../support/backend.ts';

let backend: TestBackend;
let token: string;
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  token = (await backend.login('ADMIN')).session.accessToken;
});
afterAll(async () => {
  await backend.stop();
});

const newUser = (username = `user-${crypto.randomUUID().slice(0, 8)}`) => ({ username, password: adminPassword, role: 'VIEWER' });
const create = (body: unknown, key?: string, bearer = token) =>
  fetch(`${backend.url}/api/v1/auth/users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { [idempotencyHeader]: key }),
    },
    body: JSON.stringify(body),
  });

test('a repeat is answered with the first answer and changes nothing', async () => {
  const [body, key] = [newUser(), crypto.randomUUID()];
  const first = await create(body, key);
  const repeat = await create(body, key);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(repeat.headers.get('idempotency-replayed')).toBe('true');
  expect(repeat.status).toBe(200);
  expect(await repeat.json()).toEqual(await first.json());
  expect((await create(body)).status).toBe(409);
});

test('an error reply is repeated too', async () => {
  const [body, key] = [newUser('admin'), crypto.randomUUID()];
  const first = await (await create(body, key)).json();
  const repeat = await create(body, key);
  expect(repeat.status).toBe(409);
  expect(await repeat.json()).toEqual({ ...first, requestId: expect.any(String) });
});

test('the key with another request is refused', async () => {
  const key = crypto.randomUUID();
  await create(newUser(), key);
  const reused = await create(newUser(), key);
  expect(reused.status).toBe(422);
  expect(await reused.json()).toMatchObject({ code: 'idempotency_key_reused', field: idempotencyHeader });
});

test('requests are compared by the bytes that were sent, not by what they mean', async () => {
  const [body, key] = [newUser(), crypto.randomUUID()];
  const send = (text: string) =>
    fetch(`${backend.url}/api/v1/auth/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', [idempotencyHeader]: key },
      body: text,
    });
  expect((await send(JSON.stringify(body))).status).toBe(200);
  expect((await send(JSON.stringify(body, null, 1))).status).toBe(422);
  expect((await send(JSON.stringify(body))).headers.get('idempotency-replayed')).toBe('true');
});

test('two callers may use the same key', async () => {
  const admin = await backend.login('ADMIN');
  const other = await admin.client.auth.createUser({ body: { username: 'other-admin', password: adminPassword, role: 'ADMIN' } });
  const session = await backend.client.auth.login({ body: { username: other.username, password: adminPassword } });
  const key = crypto.randomUUID();
  expect((await create(newUser(), key)).status).toBe(200);
  expect((await create(newUser(), key, session.accessToken)).status).toBe(200);
});

test('of ten at once one takes effect and all get the same reply', async () => {
  const [body, key] = [newUser(), crypto.randomUUID()];
  const answers = await Promise.all(Array.from({ length: 10 }, () => create(body, key)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id)));
  expect(ids.size).toBe(1);
});

test('an invalid request does not use up the key', async () => {
  const key = crypto.randomUUID();
  expect((await create({ ...newUser(), role: 'KING' }, key)).status).toBe(400);
  expect((await create(newUser(), key)).status).toBe(200);
});

test('an invalid key is refused', async () => {
  const response = await create(newUser(), 'two words');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'validation_failed', field: idempotencyHeader });
});

test('the secret in a first reply is stored encrypted', async () => {
  const admin = await backend.login('ADMIN');
  const call = [{ body: { name: 'sealed' } }, { idempotencyKey: crypto.randomUUID() }] as const;
  const key = await admin.client.auth.createApiKey(...call);
  expect(await admin.client.auth.createApiKey(...call)).toEqual(key);
  const { readFileSync, readdirSync } = await import('node:fs');
  for (const file of readdirSync(backend.dataDir)) {
    expect(readFileSync(`${backend.dataDir}/${file}`).includes(key.secret), file).toBe(false);
  }
});
