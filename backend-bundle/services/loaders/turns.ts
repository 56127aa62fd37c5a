/** A mutex with waiters in order of arrival. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turn. @returns a function that ends it; null when `signal` aborted in the meantime */
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
