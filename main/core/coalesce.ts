/** Slow work may take up a tenth of the time, but is never delayed by more than this, ms. */
const restShare = 9;
const maxRestMs = 2_000;

/**
 * Throttles work: runs it at once, then at most once per interval however often it is requested. The last request is never lost, runs
 * never overlap, and slow work runs less often, so that it cannot occupy the thread.
 */
export class Coalesced {
  readonly #work: () => void | Promise<void>;
  readonly #everyMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;
  #urgent = false;
  #closed = false;

  constructor(
    work: () => void | Promise<void>,
    everyMs: number,
    onError: (error: unknown) => void,
    clock: () => number = () => performance.now(),
  ) {
    this.#work = work;
    this.#everyMs = everyMs;
    this.#onError = onError;
    this.#clock = clock;
  }

  ask(): void {
    if (this.#closed) return;
    if (this.#running || this.#timer !== undefined) this.#again = true;
    else void this.#run();
  }

  /** Runs the work without waiting, for changes that must not be delayed. */
  now(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running) this.#urgent = true;
    else void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#again = false;
    this.#urgent = false;
    this.#running = true;
    const begun = this.#clock();
    try {
      await this.#work();
    } catch (error) {
      this.#onError(error);
    }
    this.#running = false;
    if (this.#closed) return;
    if (this.#urgent) return void this.#run();
    const tookMs = this.#clock() - begun;
    const restMs = Math.max(0, this.#everyMs - tookMs, Math.min(maxRestMs, restShare * tookMs));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) void this.#run();
    }, restMs);
    this.#timer.unref();
  }
}
