/** Runs work at once, then at most every so often however often it is asked for; the last request is never lost. */
export class Coalesced {
  readonly #work: () => void | Promise<void>;
  readonly #everyMs: number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #again = false;
  #closed = false;

  constructor(work: () => void | Promise<void>, everyMs: number, onError: (error: unknown) => void) {
    this.#work = work;
    this.#everyMs = everyMs;
    this.#onError = onError;
  }

  ask(): void {
    if (this.#closed) return;
    if (this.#timer !== undefined) this.#again = true;
    else this.#run();
  }

  /** Without the wait, for news that must not be late. */
  now(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#again = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) this.#run();
    }, this.#everyMs);
    this.#timer.unref();
    // A promise: what the work throws at once is caught as what it throws later.
    new Promise<void>((resolve) => resolve(this.#work())).catch(this.#onError);
  }
}
