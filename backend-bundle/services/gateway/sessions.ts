import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Session } from '#common/contract/auth.ts';
import { RetryLaterError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import { RateLimiter } from '#common/rate-limit.ts';
import { dayMs } from '#common/time/durations.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { audit } from '../audit.ts';
import type { Caller, Commit } from '../service.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { SessionEnds } from './session-ends.ts';
import { deleteSession, deleteTokensExpiredBefore, findToken, insertToken, markTokenUsed } from './sessions.store.ts';
import { makeSignInLimits } from './sign-in-limits.ts';
import { accessTokenSeconds, signAccessToken } from './tokens.ts';
import { findUser, findUserByName, type UserRow } from './users.store.ts';
import { toUser } from './users.ts';

/** Lifetime of an unused refresh token, ms. Each refresh issues a new one. */
const refreshTokenMs = 30 * dayMs;

export interface SessionStore {
  /**
   * @throws AppError bad_credentials, with the same message and timing for an unknown user and a wrong password; rate_limited after too
   *   many wrong passwords
   */
  login(username: string, password: string, from: { address: string; signal: AbortSignal }): Promise<Session>;
  /** @throws AppError token_invalid (and ends the family when the token was used before), token_expired, rate_limited */
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the session of a refresh token that belongs to the caller; does nothing for an unknown token. */
  logout(caller: Caller, refreshToken: string, commit: Commit<void>): Promise<void>;
  /** Deletes expired refresh tokens. */
  expire(): Promise<void>;
}

export interface SessionLimits {
  /** Maximum refreshes per user and minute, over all their sessions. */
  requestsPerMinute: number;
}

export function makeSessions(
  { database, vault, now }: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>,
  ends: Pick<SessionEnds, 'announce'>,
  { requestsPerMinute }: SessionLimits,
): SessionStore {
  const limits = makeSignInLimits();
  const refreshes = new RateLimiter(requestsPerMinute, 60_000, () => performance.now());
  // Verified in place of a missing user's hash, so that the response takes as long as for an existing user.
  let decoy: Promise<string> | undefined;
  const decoyHash = () => (decoy ??= hashPassword(randomBytes(16).toString('hex')));

  async function issue(tx: Tx<'gateway'>, user: UserRow, familyId: string): Promise<Issued> {
    const refreshToken = newSecret('wfr');
    await insertToken(tx, {
      id: uuidv7(),
      family_id: familyId,
      user_id: user.id,
      token_hash: hashSecret(refreshToken),
      created_at: now(),
      expires_at: now() + refreshTokenMs,
      used_at: null,
    });
    return { user, familyId, refreshToken };
  }

  const session = async ({ user, familyId, refreshToken }: Issued): Promise<Session> => {
    const subject = toUser(user);
    return {
      accessToken: await signAccessToken(vault.tokenKey, subject, familyId, now()),
      refreshToken,
      expiresIn: accessTokenSeconds,
      user: subject,
    };
  };

  /** @throws AppError bad_credentials */
  async function checkPassword(username: string, password: string): Promise<UserRow> {
    const user = await findUserByName(database.query, username);
    const right = await verifyPassword(password, user?.password_hash ?? (await decoyHash()));
    if (!user || !right) {
      await audit(database.query, { actor: username, action: 'session.refused', entity: username, at: now() });
      throw wrongCredentials();
    }
    if (user.disabled !== 0) {
      throw new AppError('bad_credentials', `The account ${username} is disabled.`, { hint: 'Ask an administrator to enable it.' });
    }
    return user;
  }

  /**
   * Rejects an invalid token with one read, before waiting for the database's writer, and rate-limits valid ones by user.
   * @throws AppError token_invalid, rate_limited
   */
  async function mayRefresh(hash: string): Promise<void> {
    const token = await findToken(database.query, hash);
    if (!token) throw refusedToken('unknown');
    const { allowed, limit, resetMs } = refreshes.take(token.user_id);
    if (allowed) return;
    const hint = `Wait ${Math.max(1, Math.ceil(resetMs / 1_000))} s. A refresh is needed once every few minutes only.`;
    throw new RetryLaterError(
      new AppError('rate_limited', `More than ${limit} refreshes of this user came within a minute.`, { hint }),
      resetMs,
    );
  }

  return {
    async login(username, password, from) {
      const attempt = await limits.begin({ username, ...from });
      try {
        const user = await checkPassword(username, password);
        attempt.succeed();
        const issued = await database.transaction(async (tx) => {
          // The password may have been changed while it was being checked: the old one must no longer open a session.
          const current = await findUser(tx, user.id);
          if (current?.password_hash !== user.password_hash || current.disabled !== 0) throw wrongCredentials();
          await audit(tx, { actor: username, action: 'session.started', entity: user.id, at: now() });
          return issue(tx, current, uuidv7());
        });
        return await session(issued);
      } finally {
        attempt.end();
      }
    },

    async refresh(refreshToken) {
      const hash = hashSecret(refreshToken);
      await mayRefresh(hash);
      const outcome = await database.transaction(async (tx) => {
        const token = await findToken(tx, hash);
        if (!token) return 'unknown';
        if (token.expires_at <= now()) return 'expired';
        if (!(await markTokenUsed(tx, token.id, now()))) {
          // Two clients have the same token, so it was stolen, and we can't know which one is the thief. Both sessions end.
          await deleteSession(tx, token.family_id);
          ends.announce(tx, token.user_id);
          await audit(tx, { actor: 'anonymous', action: 'session.reuse_detected', entity: token.user_id, at: now() });
          return 'reused';
        }
        const user = await findUser(tx, token.user_id);
        if (user?.disabled !== 0) return 'unknown';
        return issue(tx, user, token.family_id);
      });
      if (typeof outcome !== 'string') return session(outcome);
      if (outcome === 'expired') throw new AppError('token_expired', 'The refresh token has expired.', { hint: 'Sign in again.' });
      throw refusedToken(outcome);
    },

    async logout(caller, refreshToken, commit) {
      await commit(database, async (tx) => {
        const token = await findToken(tx, hashSecret(refreshToken));
        if (token?.user_id !== caller.id) return;
        await deleteSession(tx, token.family_id);
        ends.announce(tx, caller.id);
        await audit(tx, { actor: caller, action: 'session.ended', entity: caller.id, at: now() });
      });
    },

    async expire() {
      await deleteTokensExpiredBefore(database.query, now());
    },
  };
}

interface Issued {
  user: UserRow;
  familyId: string;
  refreshToken: string;
}

const wrongCredentials = () =>
  new AppError('bad_credentials', 'The username or the password is wrong.', {
    hint: 'Check both; capital letters count. An administrator can set a new password.',
  });

const refusedToken = (why: 'reused' | 'unknown') =>
  new AppError(
    'token_invalid',
    why === 'reused' ? 'This refresh token was used before; every session that came from it has ended.' : 'The refresh token is unknown.',
    { field: 'refreshToken', hint: 'Sign in again.' },
  );
