import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLaterError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';
import { RateLimiter } from '#common/rate-limit.ts';
import { minuteMs } from '#common/time/durations.ts';

/** Maximum wrong passwords per address and minute. */
const addressLimit = 20;
/** Wrong passwords for an account that are checked without delay, from all addresses together. */
const accountBurst = 10;
/** After the burst, one attempt on an account is checked per this time, ms. */
const accountEveryMs = 5_000;
/** Maximum time that an attempt waits for its turn on a delayed account, ms; after that the client is asked to retry. */
const maxWaitMs = 5_000;
/** Maximum number of waiting attempts, over all accounts. */
const maxWaiting = 1_000;
/** Maximum number of accounts and addresses in memory; the least important are dropped first. */
const maxRemembered = 10_000;
/** Maximum number of addresses in memory per account. */
const maxAddresses = 20;

interface Attempt {
  /** Call this when the password was right: the attempt is then not counted. */
  succeed(): void;
  /** Must always be called, after `succeed`. */
  end(): void;
}

export interface SignInLimits {
  /**
   * Counts an attempt before its password is checked, so that parallel attempts count too. An attempt is refused because of wrong
   * passwords, never because of ones that are still being checked: it waits for those, however long they take.
   * @param signal aborts when the client disconnects
   * @throws RetryLaterError rate_limited, with the time to wait
   */
  begin(attempt: { address: string; username: string; signal: AbortSignal }): Promise<Attempt>;
}

/**
 * Slows down password guessing. An address has a limit per minute. An account is only delayed, never locked, so that an attacker can't keep
 * its owner out. An address from which the owner has signed in has its own delay.
 * @param now ms, from a monotonic clock: setting the clock must neither lock anyone out nor allow guessing
 * @param wait resolves after `ms`; rejects when the signal aborts
 */
export function makeSignInLimits(
  now: () => number = () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) => sleep(ms, undefined, { signal }),
): SignInLimits {
  const addresses = new RateLimiter(addressLimit, minuteMs, now);
  const turns = new Turns(now);
  const known = new KnownAddresses();
  const underWay = new UnderWay();

  return {
    async begin({ address, username, signal }) {
      const network = networkOf(address);
      const account = known.has(username, network) ? `${username} from ${network}` : username;
      for (;;) {
        signal.throwIfAborted();
        const fromAddress = addresses.peek(network);
        const delayMs = turns.delayMs(account);
        const isFree = fromAddress.allowed && delayMs === 0;
        if (!isFree && underWay.waiting >= maxWaiting) throw tooBusy();
        const settled = isFree ? null : underWay.settled(network, account);
        if (settled !== null) {
          await underWay.waitFor((over) => Promise.race([settled, untilAborted(signal, over)]));
          continue;
        }
        if (!fromAddress.allowed) throw tooMany('Too many wrong passwords came from this address.', fromAddress.resetMs);
        if (delayMs > maxWaitMs)
          throw tooMany('Too many wrong passwords were tried on this account.', Math.max(1_000, delayMs - maxWaitMs));
        addresses.take(network);
        turns.take(account);
        // Only attempts that are being checked may soon turn out right; one that waits for its turn blocks no other.
        if (delayMs > 0) await underWay.waitFor(() => wait(delayMs, signal));
        const end = underWay.begin(network, account);
        return {
          succeed() {
            addresses.refund(network);
            turns.refund(account);
            known.add(username, network);
          },
          end,
        };
      }
    },
  };
}

function tooMany(message: string, retryAfterMs: number): RetryLaterError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new RetryLaterError(new AppError('rate_limited', message, { hint: `Wait ${seconds} s and sign in again.` }), retryAfterMs);
}

function tooBusy(): RetryLaterError {
  const hint = 'Wait a few seconds and sign in again.';
  return new RetryLaterError(new AppError('rate_limited', 'Too many people are signing in at the same time.', { hint }), 5_000);
}

/** Rejects with the reason of `signal` when it aborts, unless `over` aborts first. */
async function untilAborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  await once(signal, 'abort', { signal: over });
  throw signal.reason;
}

/** Limits attempts per account: a burst at once, the rest evenly spaced (a leaky bucket, stored as one time per account). */
class Turns {
  readonly #now: () => number;
  /** When the bucket of an account is empty again, ms. */
  readonly #emptyAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns how long the next attempt must wait for its turn, ms. */
  delayMs(account: string): number {
    const now = this.#now();
    const emptyAt = this.#emptyAt.get(account) ?? now;
    return Math.max(0, Math.max(emptyAt, now) + accountEveryMs - accountBurst * accountEveryMs - now);
  }

  take(account: string): void {
    const now = this.#now();
    const emptyAt = Math.max(this.#emptyAt.get(account) ?? now, now) + accountEveryMs;
    this.#emptyAt.delete(account);
    this.#emptyAt.set(account, emptyAt);
    if (this.#emptyAt.size > maxRemembered) this.#forget(now);
  }

  refund(account: string): void {
    const emptyAt = this.#emptyAt.get(account);
    if (emptyAt !== undefined) this.#emptyAt.set(account, emptyAt - accountEveryMs);
  }

  #forget(now: number): void {
    for (const [account, emptyAt] of this.#emptyAt) if (emptyAt <= now) this.#emptyAt.delete(account);
    const [oldest] = this.#emptyAt.keys();
    if (this.#emptyAt.size > maxRemembered && oldest !== undefined) this.#emptyAt.delete(oldest);
  }
}

/** The newest addresses from which each account has signed in since this process started. */
class KnownAddresses {
  readonly #byAccount = new Map<string, Set<string>>();

  has(account: string, address: string): boolean {
    return this.#byAccount.get(account)?.has(address) ?? false;
  }

  add(account: string, address: string): void {
    const known = this.#byAccount.get(account) ?? new Set();
    known.delete(address);
    known.add(address);
    const [oldest] = known;
    if (known.size > maxAddresses && oldest !== undefined) known.delete(oldest);
    this.#byAccount.delete(account);
    this.#byAccount.set(account, known);
    const [longestAgo] = this.#byAccount.keys();
    if (this.#byAccount.size > maxRemembered && longestAgo !== undefined) this.#byAccount.delete(longestAgo);
  }
}

/** The attempts whose password is being checked, by address and account. */
class UnderWay {
  readonly #checking = new Map<string, Set<Promise<void>>>();
  waiting = 0;

  /** Resolves when an attempt of that address or account has been checked; null when none is being checked. */
  settled(...keys: string[]): Promise<void> | null {
    const all = keys.flatMap((key) => [...(this.#checking.get(key) ?? [])]);
    return all.length === 0 ? null : Promise.race(all);
  }

  /** @param work receives a signal that aborts when the wait is over, to stop anything still running */
  async waitFor(work: (over: AbortSignal) => Promise<unknown>): Promise<void> {
    const over = new AbortController();
    this.waiting += 1;
    try {
      await work(over.signal);
    } finally {
      this.waiting -= 1;
      over.abort();
    }
  }

  /** @returns a function that ends the attempt */
  begin(...keys: string[]): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const key of keys) {
      const checking = this.#checking.get(key) ?? new Set();
      this.#checking.set(key, checking.add(promise));
    }
    return () => {
      for (const key of keys) {
        const checking = this.#checking.get(key);
        checking?.delete(promise);
        if (checking?.size === 0) this.#checking.delete(key);
      }
      resolve();
    };
  }
}

/**
 * Returns the part of an address that identifies a client: for IPv6 the first 64 bits, because one customer usually has all addresses below
 * them.
 */
function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? first : [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
