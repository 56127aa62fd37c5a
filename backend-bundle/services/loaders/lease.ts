import type { Engines } from '../../engines/port.ts';

const ttlMs = 15_000;
const renewMs = 5_000;

/** The right to run one loader, held across processes for as long as this one lives. */
export class Lease {
  readonly retryMs = renewMs;
  readonly #engines: Engines<'loaders'>;
  readonly #name: string;
  #held = false;
  #renewAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(engines: Engines<'loaders'>, name: string) {
    this.#engines = engines;
    this.#name = name;
  }

  /** Takes the lease, or keeps it. While it is held it is renewed by itself, also during a long query. */
  async hold(): Promise<'gained' | 'kept' | 'elsewhere'> {
    const before = this.#held;
    if (!before || performance.now() >= this.#renewAt) await this.#renew();
    if (!this.#held) return 'elsewhere';
    this.#timer ??= setInterval(() => {
      this.#renew().catch((error) => {
        this.#lose();
        this.#engines.log.warn({ err: error, lease: this.#name }, 'a lease could not be renewed');
      });
    }, renewMs).unref();
    return before ? 'kept' : 'gained';
  }

  async release(): Promise<void> {
    if (!this.#held) return;
    this.#lose();
    await this.#engines.locks.release(this.#name);
  }

  async #renew(): Promise<void> {
    this.#renewAt = performance.now() + renewMs;
    this.#held = (await this.#engines.locks.acquire(this.#name, ttlMs)) !== null;
    if (!this.#held) this.#lose();
  }

  /** The next `hold` has to gain it anew, so that what another process did meanwhile is noticed. */
  #lose(): void {
    this.#held = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
