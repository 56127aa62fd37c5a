import { type Role, roles } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import type { Authenticator } from '../authenticator.ts';
import { hashSecret, sameHash } from './secrets.ts';
import type { SessionEnds } from './session-ends.ts';
import { verifyAccessToken } from './tokens.ts';

/** `last_used_at` of a key is written at most this often, ms. */
const noteUseEvery = 60_000;

export function makeAuthenticator(
  { database, vault, now }: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>,
  ends: Pick<SessionEnds, 'listen'>,
): Authenticator {
  const findUser = (id: string) =>
    database.query.selectFrom('users').select(['id', 'username', 'role', 'disabled']).where('id', '=', id).executeTakeFirst();
  // A session lives as long as one of its refresh tokens is kept: signing out and a new password remove them.
  const findSession = (id: string, userId: string) =>
    database.query
      .selectFrom('refresh_tokens')
      .select('id')
      .where('family_id', '=', id)
      .where('user_id', '=', userId)
      .limit(1)
      .executeTakeFirst();
  const findKey = (hash: string) => database.query.selectFrom('api_keys').selectAll().where('secret_hash', '=', hash).executeTakeFirst();

  return {
    async bearer(token) {
      const { userId, sessionId, expiresAt } = await verifyAccessToken(vault.tokenKey, token, now());
      // The role comes from the table, not from the token: a demotion or a disabled account counts at once.
      const [user, session] = await Promise.all([findUser(userId), findSession(sessionId, userId)]);
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
      const key = await findKey(hash);
      if (!key || !sameHash(key.secret_hash, hash)) {
        throw new AppError('token_invalid', 'The API key is unknown or was revoked.', {
          hint: 'Ask an administrator for a new key.',
        });
      }
      const at = now();
      if (key.last_used_at === null || at - key.last_used_at >= noteUseEvery) {
        await database.query.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', key.id).execute();
      }
      return { id: key.id, name: key.name, role: 'AGENT' };
    },

    async findEnd({ id, role, session }) {
      if (session !== undefined && session.expiresAt <= now()) return 'token_expired';
      if (role === 'AGENT') {
        const key = await database.query.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst();
        return key === undefined ? 'session_ended' : null;
      }
      const [user, kept] = await Promise.all([findUser(id), session === undefined ? undefined : findSession(session.id, id)]);
      return user?.disabled === 0 && kept !== undefined ? null : 'session_ended';
    },

    onEnded: (listener) => ends.listen(listener),
  };
}

/** @throws AppError internal when the stored text is no role */
export function asRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (!role) throw new AppError('internal', `A user has the unknown role ${text}.`);
  return role;
}
