import { type Role, roles } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import type { Authenticator } from '../authenticator.ts';
import { hashSecret, sameHash } from './secrets.ts';
import { verifyAccessToken } from './tokens.ts';

/** `last_used_at` of a key is written at most this often, ms. */
const noteUseEvery = 60_000;

export function makeAuthenticator({ database, vault, now }: Pick<Engines, 'database' | 'vault' | 'now'>): Authenticator {
  const findUser = (id: string) =>
    database.query.selectFrom('users').select(['id', 'username', 'role', 'disabled']).where('id', '=', id).executeTakeFirst();
  const findKey = (hash: string) => database.query.selectFrom('api_keys').selectAll().where('secret_hash', '=', hash).executeTakeFirst();

  return {
    async bearer(token) {
      const id = await verifyAccessToken(vault.tokenKey, token, now());
      // The role comes from the table, not from the token: a demotion or a disabled account counts at once.
      const user = await findUser(id);
      if (user?.disabled !== 0) {
        throw new AppError('token_invalid', user ? `The account ${user.username} is disabled.` : 'The account no longer exists.', {
          hint: 'Ask an administrator.',
        });
      }
      return { id: user.id, name: user.username, role: asRole(user.role) };
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

    async stillWelcome(caller) {
      if (caller.role === 'AGENT') {
        const key = await database.query.selectFrom('api_keys').select('id').where('id', '=', caller.id).executeTakeFirst();
        return key !== undefined;
      }
      const user = await findUser(caller.id);
      return user !== undefined && user.disabled === 0;
    },
  };
}

/** @throws AppError internal when the stored text is no role */
export function asRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (!role) throw new AppError('internal', `A user has the unknown role ${text}.`);
  return role;
}
