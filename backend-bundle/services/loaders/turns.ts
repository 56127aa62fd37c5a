/** Lets one at a time through, in the order in which they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turn. @returns what ends it; null when `signal` aborted meanwhile */
  async take(signal: AbortSignal): Promise<(() => void) | null> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => promise);
    await before;
    if (!signal.aborted) return resolve;
    resolve();
    return null;
  }
}
