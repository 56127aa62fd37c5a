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

export interface SessionLimits {
  /** Maximum refreshes per user and minute, over all their sessions. */
  requestsPerMinute: number;
}

/** Sign-in, refresh and sign-out of users. */
export class Sessions {
  readonly #engines: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>;
  readonly #ends: Pick<SessionEnds, 'announce'>;
  readonly #signInLimits = makeSignInLimits();
  readonly #refreshLimit: RateLimiter;
  #decoy: Promise<string> | undefined;

  constructor(
    engines: Pick<Engines<'gateway'>, 'database' | 'vault' | 'now'>,
    ends: Pick<SessionEnds, 'announce'>,
    { requestsPerMinute }: SessionLimits,
  ) {
    this.#engines = engines;
    this.#ends = ends;
    this.#refreshLimit = new RateLimiter(requestsPerMinute, 60_000, () => performance.now());
  }

  /**
   * @throws AppError bad_credentials, with the same message and timing for an unknown user and a wrong password; rate_limited after too
   *   many wrong passwords
   */
  async login(username: string, password: string, from: { address: string; signal: AbortSignal }): Promise<Session> {
    const { database, now } = this.#engines;
    const attempt = await this.#signInLimits.begin({ username, ...from });
    try {
      const user = await this.#checkPassword(username, password);
      attempt.succeed();
      const issued = await database.transaction(async (tx) => {
        // The password may have been changed while it was being checked: the old one must no longer open a session.
        const current = await findUser(tx, user.id);
        if (current?.password_hash !== user.password_hash || current.disabled !== 0) throw wrongCredentials();
        await audit(tx, { actor: username, action: 'session.started', entity: user.id, at: now() });
        return this.#issue(tx, current, uuidv7());
      });
      return await this.#toSession(issued);
    } finally {
      attempt.end();
    }
  }

  /** @throws AppError token_invalid (and ends the family when the token was used before), token_expired, rate_limited */
  async refresh(refreshToken: string): Promise<Session> {
    const hash = hashSecret(refreshToken);
    await this.#checkRefreshAllowed(hash);
    const outcome = await this.#engines.database.transaction((tx) => this.#exchange(tx, hash));
    if (typeof outcome !== 'string') return this.#toSession(outcome);
    if (outcome === 'expired') throw new AppError('token_expired', 'The refresh token has expired.', { hint: 'Sign in again.' });
    throw refusedToken(outcome);
  }

  /** Ends the session of a refresh token that belongs to the caller; does nothing for an unknown token. */
  async logout(caller: Caller, refreshToken: string, commit: Commit<void>): Promise<void> {
    const { database, now } = this.#engines;
    await commit(database, async (tx) => {
      const token = await findToken(tx, hashSecret(refreshToken));
      if (token?.user_id !== caller.id) return;
      await deleteSession(tx, token.family_id);
      this.#ends.announce(tx, caller.id);
      await audit(tx, { actor: caller, action: 'session.ended', entity: caller.id, at: now() });
    });
  }

  /** Deletes expired refresh tokens. */
  async expire(): Promise<void> {
    const { database, now } = this.#engines;
    await deleteTokensExpiredBefore(database.query, now());
  }

  /** @throws AppError bad_credentials */
  async #checkPassword(username: string, password: string): Promise<UserRow> {
    const { database, now } = this.#engines;
    const user = await findUserByName(database.query, username);
    const right = await verifyPassword(password, user?.password_hash ?? (await this.#decoyHash()));
    if (!user || !right) {
      await audit(database.query, { actor: username, action: 'session.refused', entity: username, at: now() });
      throw wrongCredentials();
    }
    if (user.disabled !== 0) {
      throw new AppError('bad_credentials', `The account ${username} is disabled.`, { hint: 'Ask an administrator to enable it.' });
    }
    return user;
  }

  /** Verified in place of a missing user's hash, so that the response takes as long as for an existing user. */
  #decoyHash(): Promise<string> {
    this.#decoy ??= hashPassword(randomBytes(16).toString('hex'));
    return this.#decoy;
  }

  /**
   * Rejects an invalid token with one read, before waiting for the database's writer, and rate-limits valid ones by user.
   * @throws AppError token_invalid, rate_limited
   */
  async #checkRefreshAllowed(hash: string): Promise<void> {
    const token = await findToken(this.#engines.database.query, hash);
    if (!token) throw refusedToken('unknown');
    const { allowed, limit, resetMs } = this.#refreshLimit.take(token.user_id);
    if (allowed) return;
    const hint = `Wait ${Math.max(1, Math.ceil(resetMs / 1_000))} s. A refresh is needed once every few minutes only.`;
    throw new RetryLaterError(
      new AppError('rate_limited', `More than ${limit} refreshes of this user came within a minute.`, { hint }),
      resetMs,
    );
  }

  /** Uses up a refresh token and issues the next one of its family. @returns why not, otherwise: what it wrote has to be committed */
  async #exchange(tx: Tx<'gateway'>, hash: string): Promise<Issued | 'unknown' | 'expired' | 'reused'> {
    const { now } = this.#engines;
    const token = await findToken(tx, hash);
    if (!token) return 'unknown';
    if (token.expires_at <= now()) return 'expired';
    if (!(await markTokenUsed(tx, token.id, now()))) {
      // Two clients have the same token, so it was stolen, and we can't know which one is the thief. Both sessions end.
      await deleteSession(tx, token.family_id);
      this.#ends.announce(tx, token.user_id);
      await audit(tx, { actor: 'anonymous', action: 'session.reuse_detected', entity: token.user_id, at: now() });
      return 'reused';
    }
    const user = await findUser(tx, token.user_id);
    if (user?.disabled !== 0) return 'unknown';
    return this.#issue(tx, user, token.family_id);
  }

  async #issue(tx: Tx<'gateway'>, user: UserRow, familyId: string): Promise<Issued> {
    const { now } = this.#engines;
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

  async #toSession({ user, familyId, refreshToken }: Issued): Promise<Session> {
    const { vault, now } = this.#engines;
    const subject = toUser(user);
    return {
      accessToken: await signAccessToken(vault.tokenKey, subject, familyId, now()),
      refreshToken,
      expiresIn: accessTokenSeconds,
      user: subject,
    };
  }
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
