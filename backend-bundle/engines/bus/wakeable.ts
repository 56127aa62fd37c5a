/**
 * Runs work when it is woken, never twice at the same time: a wake during a run causes one more run after it. A failure is reported and ends
 * only its own run.
 */
export class WakeableWork {
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #woken = false;
  #ended = false;
  #running: Promise<void> | null = null;

  constructor(work: () => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  wake(): void {
    this.#woken = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Starts no further run. Resolves when the current one has ended. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#ended) {
      this.#woken = false;
      try {
        await this.#work();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
