import type { Logger } from 'pino';

/** Leases in the shared database: one holder at a time per name, across processes. */
export interface Locks {
  /**
   * Takes or renews `name` for `ttlMs`. @returns a fencing number that rises with each new holder, or null when another
   * process holds it.
   */
  acquire(name: string, ttlMs: number): Promise<number | null>;
  release(name: string): Promise<void>;
}

export interface LeaseOptions {
  /** How long another process waits after this one died, ms. */
  ttlMs: number;
  /** Renews the lease by itself while it is held, also during long work. Without it each `hold` renews. */
  renews: boolean;
  log: Logger;
}

/** The right to do one thing, which one process at a time has: taken, renewed, and given back. */
export class Lease {
  readonly #locks: Locks;
  readonly #name: string;
  readonly #options: LeaseOptions;
  #isHeld = false;
  #renewAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(locks: Locks, name: string, options: LeaseOptions) {
    this.#locks = locks;
    this.#name = name;
    this.#options = options;
  }

  /** How long to wait before asking again for a lease that is elsewhere, ms. */
  get retryMs(): number {
    return this.#options.ttlMs / 3;
  }

  /** Takes the lease, or keeps it. What another process did before it was gained has to be noticed by who gains it. */
  async hold(ttlMs = this.#options.ttlMs): Promise<'gained' | 'kept' | 'elsewhere'> {
    const before = this.#isHeld;
    if (!before || performance.now() >= this.#renewAt) await this.#renew(ttlMs);
    if (!this.#isHeld) return 'elsewhere';
    if (this.#options.renews) {
      this.#timer ??= setInterval(() => {
        this.#renew(ttlMs).catch((error: unknown) => {
          this.#lose();
          this.#options.log.warn({ err: error, lease: this.#name }, 'a lease could not be renewed');
        });
      }, this.retryMs).unref();
    }
    return before ? 'kept' : 'gained';
  }

  /** Gives the lease back, so that another process need not wait for it. A failure is logged: the lease then ends by itself. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#lose();
    await this.#locks
      .release(this.#name)
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error, lease: this.#name }, 'a lease was not given back; it ends by itself'),
      );
  }

  async #renew(ttlMs: number): Promise<void> {
    this.#renewAt = this.#options.renews ? performance.now() + this.retryMs : 0;
    this.#isHeld = (await this.#locks.acquire(this.#name, ttlMs)) !== null;
    if (!this.#isHeld) this.#lose();
  }

  /** The next `hold` has to gain it anew, so that what another process did meanwhile is noticed. */
  #lose(): void {
    this.#isHeld = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
