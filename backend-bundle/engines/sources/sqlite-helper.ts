import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Failures } from './failures.ts';
import type { SqliteReply, SqliteRequest } from './sqlite-process.ts';

const program = fileURLToPath(new URL('./sqlite-process.ts', import.meta.url));

/** The helper process that reads a SQLite file. It starts with the first query and runs one at a time. */
export class SqliteHelper {
  readonly #args: readonly string[];
  readonly #failures: Failures;
  readonly #log: Logger;
  #child: ChildProcess | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param args of `sqlite-process.ts` */
  constructor(args: readonly string[], failures: Failures, log: Logger) {
    this.#args = args;
    this.#failures = failures;
    this.#log = log;
  }

  /**
   * Runs a query after those asked before it. The time limit starts with the query itself.
   * @throws AppError timeout, source_unreachable; the reason of `signal`
   */
  ask(request: SqliteRequest, timeoutMs: number, signal: AbortSignal | undefined): Promise<SqliteReply> {
    const turn = this.#queue.then(() => this.#askNow(request, timeoutMs, signal));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    await this.#queue;
    const worker = this.#child;
    this.#child = undefined;
    if (worker === undefined || worker.exitCode !== null) return;
    const exited = once(worker, 'exit');
    worker.kill('SIGKILL');
    await exited;
  }

  #askNow(request: SqliteRequest, timeoutMs: number, signal: AbortSignal | undefined): Promise<SqliteReply> {
    signal?.throwIfAborted();
    this.#child ??= this.#start();
    const worker = this.#child;
    const { promise, resolve, reject } = Promise.withResolvers<SqliteReply>();
    const stop = (reason: unknown) => {
      if (this.#child === worker) this.#child = undefined;
      worker.kill('SIGKILL');
      reject(reason);
    };
    const timer = setTimeout(() => stop(this.#failures.timedOut(timeoutMs)), timeoutMs);
    const onAbort = () => stop(signal?.reason);
    const onExit = () =>
      reject(this.#failures.unreachable('the process that reads the file ended unexpectedly.', 'It is started again with the next run.'));
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('message', resolve);
    worker.once('exit', onExit);
    worker.once('error', onExit);
    worker.channel?.ref();
    worker.send(request, (error) => error && onExit());
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', resolve);
      worker.off('exit', onExit);
      worker.off('error', onExit);
      worker.channel?.unref();
    });
  }

  #start(): ChildProcess {
    const started = fork(program, this.#args, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.once('exit', (code, signal) => {
      if (this.#child === started) this.#child = undefined;
      this.#log.debug({ code, signal }, 'the SQLite helper ended');
    });
    // Between queries it must not keep this process alive.
    started.unref();
    started.channel?.unref();
    return started;
  }
}
