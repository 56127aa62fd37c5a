import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

interface RepeatedOptions {
  work: () => Promise<void>;
  /** Pause between the end of a run and the next, ms. */
  pauseMs: number;
  log: Logger;
  /** Logged when a run fails; the next one comes as usual. */
  failure: string;
}

/** Work of a service that is repeated from `start` to `stop`, and may be started again. */
export class Repeated {
  readonly #options: RepeatedOptions;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RepeatedOptions) {
    this.#options = options;
  }

  /** True from `stop` on: a long run should end soon. */
  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Resolves when the current run is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Waits within a run; until `stop` at the longest. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { work, pauseMs, log, failure } = this.#options;
    while (!signal.aborted) {
      await work().catch((error: unknown) => log.warn({ err: error }, failure));
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
