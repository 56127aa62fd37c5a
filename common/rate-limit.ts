/** The state of a caller's limit after one request. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Time until the count restarts, ms. */
  resetMs: number;
}

/** Above this number of callers, those whose window has ended are dropped. */
const sweepAbove = 10_000;

/** Counts each caller's requests in windows that start with the caller's first request. In memory only. */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, { count: number; endsAt: number }>();

  /** @param now ms, from a monotonic clock: a clock that is set back would block everyone */
  constructor(limit: number, windowMs: number, now: () => number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Returns the number of callers in memory. */
  get size(): number {
    return this.#windows.size;
  }

  /** Counts one request. */
  take(caller: string): Allowance {
    const window = this.#window(caller);
    window.count += 1;
    return this.#allowance(window, window.count <= this.#limit);
  }

  /** Takes back one counted request. */
  refund(caller: string): void {
    const window = this.#windows.get(caller);
    if (window && window.endsAt > this.#now() && window.count > 0) window.count -= 1;
  }

  /** Returns whether one more request would be allowed, without counting it. */
  peek(caller: string): Allowance {
    const window = this.#window(caller);
    return this.#allowance(window, window.count < this.#limit);
  }

  #window(caller: string): { count: number; endsAt: number } {
    const now = this.#now();
    const known = this.#windows.get(caller);
    if (known && known.endsAt > now) return known;
    if (this.#windows.size >= sweepAbove) {
      for (const [name, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(name);
    }
    const fresh = { count: 0, endsAt: now + this.#windowMs };
    this.#windows.set(caller, fresh);
    return fresh;
  }

  #allowance(window: { count: number; endsAt: number }, allowed: boolean): Allowance {
    const remaining = Math.max(0, this.#limit - window.count);
    return { allowed, limit: this.#limit, remaining, resetMs: Math.max(0, window.endsAt - this.#now()) };
  }
}
