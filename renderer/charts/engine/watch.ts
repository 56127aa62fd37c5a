/** Names a lock that a worker holds for as long as it lives; null if the browser has no locks (insecure pages). */
export const newLifeLock = (): string | null => ('locks' in navigator && navigator.locks ? `charts ${crypto.randomUUID()}` : null);

/** Holds a lock until the worker ends, for whatever reason. */
export function holdLife(name: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(name, () => {
      held();
      return new Promise(() => undefined);
    });
  });
}

/** Calls back once the holder of the lock has ended. Returns a function that stops listening. */
export function onLifeEnd(name: string, ended: () => void): () => void {
  const stop = new AbortController();
  navigator.locks.request(name, { signal: stop.signal }, ended).catch(() => undefined);
  return () => stop.abort();
}

/** Detects missing answers: of a worker that hangs, or, where there are no locks, one that died silently. */
export class Deadline {
  readonly #ms: number;
  readonly #missed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Number of unanswered questions. */
  #open = 0;
  /** Time of the first open question or the last answer, ms. */
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
    // If this runs far too late the machine was asleep: the worker gets another chance first.
    if (silent >= this.#ms && silent < 1.5 * this.#ms) {
      this.#missed();
      return;
    }
    if (silent >= this.#ms) this.#since = performance.now();
    this.#timer = setTimeout(() => this.#look(), this.#ms - Math.min(silent, this.#ms) || this.#ms);
  }
}
