/** A sleep that can be interrupted, also by a call made just before it. */
export class Wake {
  #pending = false;
  #cut: (() => void) | null = null;

  sleep(ms: number): Promise<void> {
    if (this.#pending || ms <= 0) {
      this.#pending = false;
      // Even without a pause, other work gets its turn.
      return new Promise((resolve) => setImmediate(resolve));
    }
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#cut = null;
        this.#pending = false;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#cut = end;
    });
  }

  now(): void {
    this.#pending = true;
    this.#cut?.();
  }
}
