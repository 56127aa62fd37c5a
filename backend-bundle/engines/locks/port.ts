import type { Logger } from 'pino';

/** Leases in the shared database: one holder at a time per name, across processes. */
export interface Locks {
  /**
   * Acquires or renews `name` for `ttlMs`. @returns a fencing number that increases with each new holder, or null when another process
   * holds it.
   */
  acquire(name: string, ttlMs: number): Promise<number | null>;
  release(name: string): Promise<void>;
  /** Acquires or renews many leases at once. @returns the names that this holder has now; the others are held elsewhere */
  acquireMany(names: readonly string[], ttlMs: number): Promise<Set<string>>;
  /** Releases those of these leases that this holder has. */
  releaseMany(names: readonly string[]): Promise<void>;
}

export interface LeaseOptions {
  /** How long other processes wait after this one has died, ms. */
  ttlMs: number;
  /** Renews the lease in the background while it is held. Otherwise only `hold` renews it. */
  renews: boolean;
  log: Logger;
}

/** A lease on a named task, which one process holds at a time. */
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

  /** How long to wait before trying again to acquire a lease that another process holds, ms. */
  get retryMs(): number {
    return this.#options.ttlMs / 3;
  }

  /** Acquires or renews the lease. A caller that gains it must re-read what another process may have changed. */
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

  /** Releases the lease, so that another process need not wait for it. A failure is only logged, because the lease expires anyway. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#lose();
    await this.#locks
      .release(this.#name)
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error, lease: this.#name }, 'a lease was not released; it expires on its own'),
      );
  }

  async #renew(ttlMs: number): Promise<void> {
    this.#renewAt = this.#options.renews ? performance.now() + this.retryMs : 0;
    this.#isHeld = (await this.#locks.acquire(this.#name, ttlMs)) !== null;
    if (!this.#isHeld) this.#lose();
  }

  /** The next `hold` must acquire the lease again, so that the caller re-reads what another process may have changed. */
  #lose(): void {
    this.#isHeld = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
