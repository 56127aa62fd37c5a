import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { decodeJwt } from 'jose';
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

test('an access token of this backend is refused as expired once its time is over, not a second before', async () => {
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

test('a refresh token is refused as expired once its time is over', async () => {
  const { session } = await backend.login('VIEWER');
  const database = new Database(`${backend.dataDir}/watchfloor.db`);
  database.prepare('UPDATE refresh_tokens SET expires_at = ? WHERE user_id = ?').run(Date.now() - 1, session.user.id);
  database.close();
  await expect(backend.client.auth.refresh({ body: { refreshToken: session.refreshToken } })).rejects.toMatchObject({
    code: 'token_expired',
  });
});
