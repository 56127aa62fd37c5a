import { type Role, roles } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import type { Authenticator } from '../authenticator.ts';
import { findKey, isKey, noteKeyUse } from './api-keys.store.ts';
import { hashSecret, sameHash } from './secrets.ts';
import type { SessionEnds } from './session-ends.ts';
import { findSession } from './sessions.store.ts';
import { verifyAccessToken } from './tokens.ts';
import { findUser } from './users.store.ts';

/** Minimum time between two updates of a key's `last_used_at`, ms. */
const noteUseEvery = 60_000;

export function makeAuthenticator(
  { database, vault, now }: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>,
  ends: Pick<SessionEnds, 'listen'>,
): Authenticator {
  const { query } = database;
  return {
    async bearer(token) {
      const { userId, sessionId, expiresAt } = await verifyAccessToken(vault.tokenKey, token, now());
      // The role comes from the table, not from the token, so that a demoted or disabled account is affected at once.
      const [user, session] = await Promise.all([findUser(query, userId), findSession(query, sessionId, userId)]);
      if (user?.disabled !== 0) {
        throw new AppError('token_invalid', user ? `The account ${user.username} is disabled.` : 'The account no longer exists.', {
          hint: 'Ask an administrator.',
        });
      }
      if (!session) throw new AppError('token_invalid', 'The session of this access token has ended.', { hint: 'Sign in again.' });
      return { id: user.id, name: user.username, role: asRole(user.role), session: { id: sessionId, expiresAt } };
    },

    async apiKey(secret) {
      const hash = hashSecret(secret);
      const key = await findKey(query, hash);
      if (!key || !sameHash(key.secret_hash, hash)) {
        throw new AppError('token_invalid', 'The API key is unknown or was revoked.', {
          hint: 'Ask an administrator for a new key.',
        });
      }
      const at = now();
      if (key.last_used_at === null || at - key.last_used_at >= noteUseEvery) {
        await noteKeyUse(query, key.id, at);
      }
      return { id: key.id, name: key.name, role: 'AGENT' };
    },

    async findEnd({ id, role, session }) {
      if (session !== undefined && session.expiresAt <= now()) return 'token_expired';
      if (role === 'AGENT') {
        return (await isKey(query, id)) ? null : 'session_ended';
      }
      const [user, kept] = await Promise.all([findUser(query, id), session === undefined ? undefined : findSession(query, session.id, id)]);
      return user?.disabled === 0 && kept !== undefined ? null : 'session_ended';
    },

    onEnded: (listener) => ends.listen(listener),
  };
}

/** @throws AppError internal when the stored text is not a role */
export function asRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (!role) throw new AppError('internal', `A user has the unknown role ${text}.`);
  return role;
}
