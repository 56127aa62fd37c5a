/** The parts of a worker thread that its client uses. Node's `Worker` is one. */
interface WorkerThread {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error', listener: (cause: unknown) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
}

/** A call to a thread. `cancel` cancels the call with that id, which is then not answered. */
export type WorkerRequest<Call> = ({ id: number } & Call) | { cancel: number };

/** A reply from a thread. A thread that first opens something reports the outcome under `openingId`. */
export type WorkerReply<Failure> = { id: number; value?: unknown } | { id: number; failure: Failure };
export const openingId = 0;

export interface WorkerClientOptions<Failure> {
  /** Starts a thread. Called by the first call, and by the next one after a thread ended. */
  start(): WorkerThread;
  /** The error of a call that the thread refused. */
  toError(failure: Failure): Error;
  /** The error of the calls that a thread left unanswered. `cause` is undefined when the thread exited by itself. */
  endedError(cause: unknown): Error;
  /** The error of calls after `close`. */
  closedError(): Error;
  /** Called with what the thread reported after opening. */
  onOpen?(opening: unknown): void;
  /** Called with a message that is not a reply. */
  onEvent?(event: unknown): void;
  /** Called when the thread has ended and its calls were rejected; `ranForMs` is how long it ran. */
  onEnd?(cause: unknown, ranForMs: number): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** One thread, from its start to its exit. */
interface Run {
  thread: WorkerThread;
  /** Resolves with what the thread reported when it had opened. */
  opened: PromiseWithResolvers<unknown>;
  exited: PromiseWithResolvers<void>;
  /** Why the thread could not open, if it reported that. */
  refusal?: Error;
}

/**
 * Calls a worker thread: numbers the calls, matches the replies, and rejects what a thread leaves unanswered when it ends. The next
 * call after that starts another thread.
 */
export class WorkerClient<Call extends object, Failure> {
  readonly #options: WorkerClientOptions<Failure>;
  readonly #pending = new Map<number, Pending>();
  #run: Run | null = null;
  #lastId = openingId;
  #isClosed = false;

  constructor(options: WorkerClientOptions<Failure>) {
    this.#options = options;
  }

  /** Returns the number of pending calls. */
  get load(): number {
    return this.#pending.size;
  }

  get isRunning(): boolean {
    return this.#run !== null;
  }

  /**
   * Starts a thread unless one runs. Resolves with what it reported when it had opened.
   * @throws the error of the opening, or `endedError` when the thread ended before
   */
  open(): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(this.#options.closedError());
    this.#run ??= this.#start();
    return this.#run.opened.promise;
  }

  /**
   * Sends a call. Calls that come before the thread has opened wait in its queue.
   * @throws the thread's error; `endedError` when it ended without a reply; the signal's reason when that aborts first
   */
  call(call: Call, { transfer, signal }: { transfer?: readonly ArrayBuffer[]; signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(this.#options.closedError());
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#run ??= this.#start();
    return this.#send(this.#run, call, transfer, signal);
  }

  /** Sends a last call, which ends the thread after all calls before it, and waits for the exit. Later calls are refused. */
  async close(call: Call): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const run = this.#run;
    if (run === null) return;
    // A thread that dies instead is closed as well.
    this.#send(run, call).catch(() => undefined);
    await run.exited.promise;
  }

  #send(run: Run, call: Call, transfer?: readonly ArrayBuffer[], signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#settle(id);
        run.thread.postMessage({ cancel: id } satisfies WorkerRequest<Call>);
        reject(signal?.reason);
      };
      const settle =
        <T>(then: (result: T) => void) =>
        (result: T): void => {
          signal?.removeEventListener('abort', cancel);
          then(result);
        };
      this.#pending.set(id, { resolve: settle(resolve), reject: settle(reject) });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        run.thread.postMessage({ id, ...call } satisfies WorkerRequest<Call>, transfer);
      } catch (error) {
        // An input that can't be copied was not sent.
        this.#settle(id)?.reject(error);
      }
    });
  }

  #start(): Run {
    const startedAt = performance.now();
    const run: Run = { thread: this.#options.start(), opened: Promise.withResolvers(), exited: Promise.withResolvers() };
    // Only some callers wait for the opening; calls also report its failure.
    run.opened.promise.catch(() => undefined);
    let cause: unknown;
    run.thread.on('message', (message) => this.#receive(run, message));
    run.thread.on('error', (error) => {
      cause = error;
    });
    run.thread.on('exit', () => {
      this.#run = null;
      const error = this.#isClosed ? this.#options.closedError() : (run.refusal ?? this.#options.endedError(cause));
      run.opened.reject(error);
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
      run.exited.resolve();
      this.#options.onEnd?.(cause, performance.now() - startedAt);
    });
    return run;
  }

  #receive(run: Run, message: unknown): void {
    const reply = message as WorkerReply<Failure>;
    if (!('id' in reply)) {
      this.#options.onEvent?.(message);
      return;
    }
    const pending: Pending | undefined = reply.id === openingId ? run.opened : this.#settle(reply.id);
    if (!('failure' in reply)) {
      if (reply.id === openingId) this.#options.onOpen?.(reply.value);
      pending?.resolve(reply.value);
      return;
    }
    const error = this.#options.toError(reply.failure);
    if (reply.id === openingId) run.refusal = error;
    pending?.reject(error);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
