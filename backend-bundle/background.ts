import type { Logger } from 'pino';

/** Runs background work next to the services until it is stopped. */
export class Background {
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param run ends soon after its signal aborts */
  add(name: string, run: (signal: AbortSignal) => Promise<void>): void {
    const ended = run(this.#stopping.signal).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#log.error({ err: error }, `the ${name} has stopped; the rest goes on`);
    });
    this.#running.push(ended);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }
}
