/** What a worker is told to hold for as long as it lives; null where the browser has no locks (a page that is not secure). */
export const newLifeLock = (): string | null => ('locks' in navigator && navigator.locks ? `charts ${crypto.randomUUID()}` : null);

/** Held by a worker until it goes, however it goes. */
export function holdLife(name: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(name, () => {
      held();
      return new Promise(() => undefined);
    });
  });
}

/** Calls back once whoever holds the lock has gone. Returns the way to stop. */
export function onLifeEnd(name: string, ended: () => void): () => void {
  const stop = new AbortController();
  navigator.locks.request(name, { signal: stop.signal }, ended).catch(() => undefined);
  return () => stop.abort();
}

/** Notices that answers stay away: for a worker that hangs, and where there are no locks for one that went without a word. */
export class Deadline {
  readonly #ms: number;
  readonly #missed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Questions without an answer. */
  #open = 0;
  /** When anything was last asked first or heard, ms. */
  #since = 0;

  constructor(ms: number, missed: () => void) {
    this.#ms = ms;
    this.#missed = missed;
  }

  get isOpen(): boolean {
    return this.#open > 0;
  }

  asked(): void {
    if (this.#open++ === 0) this.#since = performance.now();
    this.#timer ??= setTimeout(() => this.#look(), this.#ms);
  }

  heard(): void {
    this.#since = performance.now();
  }

  answered(): void {
    this.#open = Math.max(0, this.#open - 1);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#open = 0;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#open === 0) return;
    const silent = performance.now() - this.#since;
    // Far beyond the time this was to run at, the machine slept: the worker gets its chance first.
    if (silent >= this.#ms && silent < 1.5 * this.#ms) {
      this.#missed();
      return;
    }
    if (silent >= this.#ms) this.#since = performance.now();
    this.#timer = setTimeout(() => this.#look(), this.#ms - Math.min(silent, this.#ms) || this.#ms);
  }
}
