import type { Session as Tokens, User } from '#common/contract/auth.ts';
import type { Client } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import { type ProblemBody, problem } from '#common/words/problems.ts';
import type { SecretStore } from '../secrets/store.ts';

/** Thrown when nobody is signed in and there is no valid stored password: a person must sign in. */
export class SignedOutError extends AppError {
  constructor(problem: ProblemBody) {
    super(problem.code, problem.message, problem);
  }
}

export const passwordKey = (connectionId: string): string => `connection/${connectionId}/password`;

interface Held {
  access: string;
  refresh: string;
  /** When new tokens are requested, ms: ahead of expiry. */
  renewAt: number;
  expiresAt: number;
}

export interface BackendSessionOptions {
  connectionId: string;
  /** Without a token: only used for the PUBLIC endpoints of sign-in. */
  client: Client;
  secrets: SecretStore;
  now: () => number;
  /** The user whose stored password may be used; null when nobody signed in on this connection. */
  username: () => string | null;
  onUser: (user: User) => void;
}

/**
 * Keeps one connection signed in. Tokens are renewed ahead of expiry, once for all waiting callers, with the stored password if necessary.
 */
export class BackendSession {
  readonly #options: BackendSessionOptions;
  #held: Held | null = null;
  #renewing: Promise<string> | null = null;

  constructor(options: BackendSessionOptions) {
    this.#options = options;
  }

  /** @throws SignedOutError when a person must sign in; UnreachableError when the backend cannot be asked. */
  async token(): Promise<string> {
    const now = this.#options.now();
    if (this.#held !== null && now < this.#held.renewAt) return this.#held.access;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** Called when the backend refused a token: the next call gets a new one. Ignored if the token was already replaced. */
  refused(token: string): void {
    if (this.#held?.access === token) this.#held = { ...this.#held, renewAt: 0, expiresAt: 0 };
  }

  /** @throws AppError `bad_credentials` */
  async signIn(username: string, password: string): Promise<void> {
    const tokens = await this.#options.client.auth.login({ body: { username, password } });
    await this.#options.secrets.set(passwordKey(this.#options.connectionId), password);
    this.#keep(tokens);
  }

  /** Ends the session here; `end` ends it at the backend, if that can be reached. */
  async signOut(end: (refreshToken: string) => Promise<void>): Promise<void> {
    const held = this.#held;
    this.#held = null;
    await this.#options.secrets.delete(passwordKey(this.#options.connectionId));
    if (held !== null) await end(held.refresh);
  }

  async #renew(): Promise<string> {
    const { client, now } = this.#options;
    const held = this.#held;
    if (held !== null) {
      try {
        return this.#keep(await client.auth.refresh({ body: { refreshToken: held.refresh } }));
      } catch (error) {
        if (!(error instanceof AppError) || error.status !== 401) {
          // The old token may still be valid for a while.
          if (now() < held.expiresAt) return held.access;
          throw error;
        }
        this.#held = null;
      }
    }
    return this.#signInAgain();
  }

  async #signInAgain(): Promise<string> {
    const { client, connectionId, secrets, username } = this.#options;
    const name = username();
    if (name === null) throw new SignedOutError(problem('not_signed_in', {}));
    const password = await secrets.get(passwordKey(connectionId));
    if (password === null) throw new SignedOutError(problem('session_ended', { username: name }));
    try {
      return this.#keep(await client.auth.login({ body: { username: name, password } }));
    } catch (error) {
      if (error instanceof AppError && error.status === 401) {
        throw new SignedOutError(problem('password_changed', { username: name }));
      }
      throw error;
    }
  }

  #keep({ accessToken, refreshToken, expiresIn, user }: Tokens): string {
    const now = this.#options.now();
    const lifeMs = expiresIn * 1_000;
    this.#held = {
      access: accessToken,
      refresh: refreshToken,
      renewAt: now + lifeMs - Math.min(60_000, lifeMs / 5),
      expiresAt: now + lifeMs,
    };
    this.#options.onUser(user);
    return accessToken;
  }
}
