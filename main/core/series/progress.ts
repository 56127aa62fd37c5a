/** Minimum time between two progress events, ms. The last one is always sent. */
const everyMs = 100;

/** How far the reading of one question is. */
export class ReadProgress {
  readonly #tell: (at: { points: number; done: number }) => void;
  #lackingMs = 0;
  #readMs = 0;
  #points = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param tell receives the number of points so far, and the share (0 to 1) of the missing time that has arrived */
  constructor(tell: (at: { points: number; done: number }) => void) {
    this.#tell = tell;
  }

  /** @param lackingMs time that has to be read in this round, ms */
  begin(lackingMs: number): void {
    this.#lackingMs += lackingMs;
    if (lackingMs > 0) this.#say();
  }

  arrived(points: number, ms: number): void {
    this.#points += points;
    this.#readMs += ms;
    if (performance.now() - this.#toldAt >= everyMs) this.#say();
  }

  end(): void {
    if (this.#readMs > 0) this.#say();
  }

  #say(): void {
    this.#toldAt = performance.now();
    this.#tell({ points: this.#points, done: this.#lackingMs === 0 ? 1 : Math.min(1, this.#readMs / this.#lackingMs) });
  }
}
