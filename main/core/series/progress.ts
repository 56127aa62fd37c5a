/** Minimum time between two progress events, ms. The last one is always sent. */
const everyMs = 100;

/** Reports the progress of reading one query. */
export class ReadProgress {
  readonly #onProgress: (at: { points: number; done: number }) => void;
  #lackingMs = 0;
  #readMs = 0;
  #points = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @param onProgress receives the number of points so far, and the share (0 to 1) of the missing time that has arrived */
  constructor(onProgress: (at: { points: number; done: number }) => void) {
    this.#onProgress = onProgress;
  }

  /** @param lackingMs time that has to be read in this round, ms */
  begin(lackingMs: number): void {
    this.#lackingMs += lackingMs;
    if (lackingMs > 0) this.#report();
  }

  arrived(points: number, ms: number): void {
    this.#points += points;
    this.#readMs += ms;
    if (performance.now() - this.#reportedAt >= everyMs) this.#report();
  }

  end(): void {
    if (this.#readMs > 0) this.#report();
  }

  #report(): void {
    this.#reportedAt = performance.now();
    this.#onProgress({ points: this.#points, done: this.#lackingMs === 0 ? 1 : Math.min(1, this.#readMs / this.#lackingMs) });
  }
}
