import type { Failures } from './failures.ts';

/** The server ends a statement at its time limit. If it hangs, the wait ends this much later, ms. */
const graceMs = 2_000;

/** Ends the wait for a query from outside: when its server hangs, when its caller gives up, or when `interrupt` is called. */
export class Interruption {
  readonly #interrupted = Promise.withResolvers<never>();
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor({ timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }, failures: Failures) {
    // an interruption outside of `race` has no caller to reject.
    this.#interrupted.promise.catch(() => {});
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setTimeout(() => this.interrupt(failures.timedOut(timeoutMs)), timeoutMs + graceMs);
  }

  readonly #onAbort = () => this.interrupt(this.#signal?.reason);

  interrupt(reason: unknown): void {
    this.#interrupted.reject(reason);
  }

  /** Resolves with the result of `work`, or throws the reason of the interruption if that comes first. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#interrupted.promise]);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
