import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { dayMs, hourMs } from '#common/time/durations.ts';

/** A browser has to sign in again this long after its last visit, ms. */
export const sessionLifetimeMs = 30 * dayMs;
/** The time of the last visit is stored at most this often, ms. */
const noteEveryMs = hourMs;

const stored = z.record(z.string(), z.number());
const digest = (secret: string) => createHash('sha256').update(secret).digest();

/**
 * The browsers that may use the console. A one-time token, from the link printed at start, is exchanged for a session secret
 * that the browser stores in a cookie. Only hashes of the secrets are stored, in a file, so that wall screens stay signed in
 * when the console restarts.
 */
export class BrowserSessions {
  readonly #file: string;
  readonly #now: () => number;
  /** Hash of the secret → last visit, ms. */
  readonly #lastVisits: Map<string, number>;
  #token: string;

  constructor(file: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
    this.#lastVisits = new Map(Object.entries(read(file)));
    this.#token = newSecret();
  }

  /** The next valid token. */
  get token(): string {
    return this.#token;
  }

  /** @returns the session secret for the cookie, or null if the token is wrong; a token works once */
  exchange(token: string): string | null {
    if (!timingSafeEqual(digest(token), digest(this.#token))) return null;
    this.#token = newSecret();
    const secret = newSecret();
    this.#visit(digest(secret).toString('hex'));
    return secret;
  }

  /** Returns true if this is the secret of a session that hasn't expired. Counts as a visit. */
  admits(secret: string | undefined): boolean {
    if (secret === undefined) return false;
    // Looked up by hash, so that the time it takes reveals nothing about the secret.
    const key = digest(secret).toString('hex');
    const last = this.#lastVisits.get(key);
    if (last === undefined || this.#now() - last > sessionLifetimeMs) return false;
    if (this.#now() - last > noteEveryMs) this.#visit(key);
    return true;
  }

  #visit(key: string): void {
    const now = this.#now();
    this.#lastVisits.set(key, now);
    for (const [other, last] of this.#lastVisits) if (now - last > sessionLifetimeMs) this.#lastVisits.delete(other);
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const partial = `${this.#file}.new`;
    writeFileSync(partial, JSON.stringify(Object.fromEntries(this.#lastVisits)), { mode: 0o600 });
    renameSync(partial, this.#file);
  }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** If the file can't be read, every browser has to sign in again. */
function read(file: string): Record<string, number> {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
