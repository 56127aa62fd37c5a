import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVault, masterKeyBytes } from '#backend/engines/vault/vault.ts';
import { accessTokenSeconds, signAccessToken } from '#backend/services/gateway/tokens.ts';
import { createClient } from '#common/contract/client.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';

const masterKey = randomBytes(masterKeyBytes);
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_MASTER_KEY: masterKey.toString('base64') } });
});
afterAll(async () => {
  await backend.stop();
});

test('an access token of this backend is refused as expired when it expires, not a second before', async () => {
  const { session } = await backend.login('ADMIN');
  const { sid: sessionId } = decodeJwt<{ sid: string }>(session.accessToken);
  // The very token the backend would have issued so long ago, signed with its own key.
  const issued = (secondsAgo: number) =>
    signAccessToken(createVault([masterKey]).tokenKey, session.user, sessionId, Date.now() - secondsAgo * 1000).then((token) =>
      createClient({ baseUrl: backend.url, token: () => token }),
    );
  expect(await (await issued(accessTokenSeconds - 30)).auth.me()).toEqual(session.user);
  await expect((await issued(accessTokenSeconds + 1)).auth.me()).rejects.toMatchObject({
    code: 'token_expired',
    status: 401,
    hint: expect.stringContaining('refresh'),
  });
});

test('a token with the right signature but other content is refused', async () => {
  const { session } = await backend.login('VIEWER');
  const other = await backend.login('ADMIN');
  const { sid } = decodeJwt<{ sid: string }>(session.accessToken);
  const key = createVault([masterKey]).tokenKey;
  const now = Math.floor(Date.now() / 1000);
  const ours = { sub: session.user.id, sid, role: 'VIEWER', iss: 'watchfloor', aud: 'watchfloor-api', iat: now, exp: now + 900 };
  const sign = (claims: object, header: object = {}) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header }).sign(key);
  const without = (name: keyof typeof ours) => Object.fromEntries(Object.entries(ours).filter(([claim]) => claim !== name));
  const ask = (token: string) => createClient({ baseUrl: backend.url, token: () => token }).auth.me();

  expect((await ask(await sign(ours))).username).toBe('viewer');
  // The role in the token is ignored, and so is a key that it contains or names.
  expect((await ask(await sign({ ...ours, role: 'ADMIN' }))).role).toBe('VIEWER');
  const foreign = { kid: '../../../dev/null', jku: 'http://127.0.0.1:9/keys', jwk: { kty: 'oct', k: 'AA' }, x5u: 'http://127.0.0.1:9' };
  expect((await ask(await sign(ours, foreign))).username).toBe('viewer');
  const unsigned = await new SignJWT(ours).setProtectedHeader({ alg: 'HS256', ...foreign }).sign(new Uint8Array(32));
  await expect(ask(unsigned)).rejects.toMatchObject({ code: 'token_invalid' });

  const refused = [
    await sign({ ...ours, aud: 'another-api' }),
    await sign({ ...ours, iss: 'someone' }),
    await sign({ ...ours, nbf: now + 600 }),
    await sign({ ...ours, sub: other.session.user.id }),
    await sign({ ...ours, sid: crypto.randomUUID() }),
    await sign({ ...ours, sid: { $ne: null } }),
    ...(await Promise.all((['sub', 'sid', 'iss', 'aud', 'exp'] as const).map((name) => sign(without(name))))),
    await sign(ours, { alg: 'HS512' }),
  ];
  for (const token of refused) await expect(ask(token)).rejects.toMatchObject({ code: 'token_invalid', status: 401 });
  await expect(ask(await sign({ ...ours, exp: now - 1 }))).rejects.toMatchObject({ code: 'token_expired' });
});

test('a refresh token is refused as expired when it expires', async () => {
  const { session } = await backend.login('VIEWER');
  const database = new Database(`${backend.dataDir}/watchfloor.db`);
  database.prepare('UPDATE refresh_tokens SET expires_at = ? WHERE user_id = ?').run(Date.now() - 1, session.user.id);
  database.close();
  await expect(backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } })).rejects.toMatchObject({
    code: 'token_expired',
  });
});
