import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Session } from '#common/contract/auth.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import type { Caller } from '../service.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { hashSecret, newSecret } from './secrets.ts';
import { accessTokenSeconds, signAccessToken } from './tokens.ts';
import { toUser, type UserRow } from './users.ts';

/** How long a refresh token waits to be used, ms. Each refresh starts it anew. */
export const refreshTokenMs = 30 * 86_400_000;

export interface Sessions {
  /** @throws AppError bad_credentials, alike for an unknown user and a wrong password, in the same time */
  login(username: string, password: string): Promise<Session>;
  /** @throws AppError token_invalid (and ends the family when the token was used before), token_expired */
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the session of a refresh token that belongs to the caller; an unknown token is none to end. */
  logout(caller: Caller, refreshToken: string): Promise<void>;
  /** Forgets refresh tokens that nobody can use any more. */
  expire(): Promise<void>;
}

export function makeSessions({ database, vault, now }: Pick<Engines, 'database' | 'vault' | 'now'>): Sessions {
  // Verified in place of a missing user's hash, so that a name that does not exist answers no sooner than one that does.
  let decoy: Promise<string> | undefined;
  const decoyHash = () => (decoy ??= hashPassword(randomBytes(16).toString('hex')));

  async function issue(tx: Tx, user: UserRow, familyId: string): Promise<{ user: UserRow; refreshToken: string }> {
    const refreshToken = newSecret('wfr');
    await tx
      .insertInto('refresh_tokens')
      .values({
        id: uuidv7(),
        family_id: familyId,
        user_id: user.id,
        token_hash: hashSecret(refreshToken),
        created_at: now(),
        expires_at: now() + refreshTokenMs,
        used_at: null,
      })
      .execute();
    return { user, refreshToken };
  }

  const session = async ({ user, refreshToken }: { user: UserRow; refreshToken: string }): Promise<Session> => {
    const subject = toUser(user);
    return {
      accessToken: await signAccessToken(vault.tokenKey, subject, now()),
      refreshToken,
      expiresIn: accessTokenSeconds,
      user: subject,
    };
  };

  return {
    async login(username, password) {
      const user = await database.query.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
      const right = await verifyPassword(password, user?.password_hash ?? (await decoyHash()));
      if (!user || !right) {
        await audit(database.query, { actor: username, action: 'session.refused', entity: username, at: now() });
        throw new AppError('bad_credentials', 'The username or the password is wrong.', {
          hint: 'Check both; capital letters count. An administrator can set a new password.',
        });
      }
      if (user.disabled !== 0) {
        throw new AppError('bad_credentials', `The account ${username} is disabled.`, { hint: 'Ask an administrator to enable it.' });
      }
      const issued = await database.transaction(async (tx) => {
        await audit(tx, { actor: username, action: 'session.started', entity: user.id, at: now() });
        return issue(tx, user, uuidv7());
      });
      return session(issued);
    },

    async refresh(refreshToken) {
      const outcome = await database.transaction(async (tx) => {
        const hash = hashSecret(refreshToken);
        const token = await tx.selectFrom('refresh_tokens').selectAll().where('token_hash', '=', hash).executeTakeFirst();
        if (!token) return 'unknown';
        if (token.expires_at <= now()) return 'expired';
        const marked = await tx
          .updateTable('refresh_tokens')
          .set({ used_at: now() })
          .where('id', '=', token.id)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        if (marked.numUpdatedRows === 0n) {
          // Two hold the same token: one of them stole it, and nobody can tell which. Both are out.
          await tx.deleteFrom('refresh_tokens').where('family_id', '=', token.family_id).execute();
          await audit(tx, { actor: null, action: 'session.reuse_detected', entity: token.user_id, at: now() });
          return 'reused';
        }
        const user = await tx.selectFrom('users').selectAll().where('id', '=', token.user_id).executeTakeFirst();
        if (user?.disabled !== 0) return 'unknown';
        return issue(tx, user, token.family_id);
      });
      if (typeof outcome !== 'string') return session(outcome);
      if (outcome === 'expired') throw new AppError('token_expired', 'The refresh token has expired.', { hint: 'Sign in again.' });
      throw new AppError(
        'token_invalid',
        outcome === 'reused'
          ? 'This refresh token was used before; every session that came from it has ended.'
          : 'The refresh token is unknown.',
        { field: 'refreshToken', hint: 'Sign in again.' },
      );
    },

    async logout(caller, refreshToken) {
      await database.transaction(async (tx) => {
        const token = await tx
          .selectFrom('refresh_tokens')
          .select('family_id')
          .where('token_hash', '=', hashSecret(refreshToken))
          .where('user_id', '=', caller.id)
          .executeTakeFirst();
        if (!token) return;
        await tx.deleteFrom('refresh_tokens').where('family_id', '=', token.family_id).execute();
        await audit(tx, { actor: caller, action: 'session.ended', entity: caller.id, at: now() });
      });
    },

    async expire() {
      await database.query.deleteFrom('refresh_tokens').where('expires_at', '<', now()).execute();
    },
  };
}
