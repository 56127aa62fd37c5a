import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { BackendPart } from '#common/contract/console/backend.ts';
import { AppError } from '#common/contract/errors.ts';
import { type ProblemBody, problem, problemError } from '#common/words/problems.ts';
import { readLogLine } from './log-line.ts';

/** How a process is run. Evaluated again at each start, because a port may have become known since. */
export interface BackendProcessCommand {
  args: string[];
  /** Variables added to the environment of this process. */
  env: Record<string, string>;
}

export interface BackendProcessOptions {
  name: BackendPart['name'];
  /** Path of Node. */
  node: string;
  command(): BackendProcessCommand;
  /** Called with its ready line; an error counts as a failed start. */
  onReady(line: Record<string, unknown>): void;
  /** Called when its state, its problem or its last log line changed. */
  onChange(): void;
  now(): number;
  /** Delay before a process that died is restarted, and the maximum that the delay grows to, ms. */
  restart?: { firstMs: number; maxMs: number };
}

/** Log lines kept for each process. */
const keptLines = 1_000;
/** A process that was asked to stop is killed after this, ms. */
const stopWithinMs = 4_000;
const usualRestart = { firstMs: 10_000, maxMs: 120_000 };
/** How long to wait for the last output of a process that ended, ms. */
const lastOutputMs = 500;
/** A process that ran this long is healthy: the delay before a restart starts over, ms. */
const wellAfterMs = 60_000;

/**
 * One process of the launched backend. It is started, restarted when it dies, and stopped. Its first line on standard output says
 * that it is ready, it logs to standard error, and it ends when its standard input closes, so that it can't outlive this process.
 */
export class BackendProcess {
  readonly #options: BackendProcessOptions;
  readonly #lines: string[] = [];
  #child: ChildProcess | null = null;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #gone: Promise<void> = Promise.resolve();
  #status: BackendPart;
  #restart: { at: number; timer: NodeJS.Timeout } | null = null;
  readonly #restarts: { firstMs: number; maxMs: number };
  #nextDelay: number;
  /** The last error that it reported, for people. */
  #lastProblem: string | null = null;
  #wanted = false;

  constructor(options: BackendProcessOptions) {
    this.#options = options;
    this.#restarts = options.restart ?? usualRestart;
    this.#nextDelay = this.#restarts.firstMs;
    this.#status = {
      name: options.name,
      state: 'stopped',
      pid: null,
      since: options.now(),
      startedInMs: null,
      lastLine: '',
      problem: null,
    };
  }

  get status(): BackendPart {
    return this.#status;
  }

  get restartAt(): number | null {
    return this.#restart?.at ?? null;
  }

  lines(count: number): string[] {
    return this.#lines.slice(-count);
  }

  /**
   * Starts it if it isn't running. From then on it is restarted whenever it dies.
   * @returns once it is ready
   * @throws AppError unavailable when it ended instead; it is retried automatically
   */
  async start(): Promise<void> {
    if (this.#stopping) await this.#stopping;
    this.#wanted = true;
    this.#cancelRestart();
    this.#starting ??= this.#spawn();
    await this.#starting;
  }

  #spawn(): Promise<void> {
    const { node, now } = this.#options;
    const began = now();
    this.#lastProblem = null;
    this.#set({ state: 'starting', since: began, startedInMs: null, problem: null });
    const { args, env } = this.#options.command();
    const child = spawn(node, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Each new thread would get its own arena of glibc's allocator. Two arenas save 60 MB at rest.
      env: { MALLOC_ARENA_MAX: '2', ...ownEnvironment(), ...env, WATCHFLOOR_SUPERVISED: '1' },
      // A process group of its own: Ctrl-C in the terminal reaches only the console, which stops its processes in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#set({ pid: child.pid ?? null });

    const ready = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    let over = false;
    const ended = (why: ProblemBody) => {
      if (over) return;
      over = true;
      this.#ended(why);
      gone.resolve();
      ready.reject(this.#status.problem === null ? problemError('part_stopped', {}) : toError(why));
    };
    let unreadable: ProblemBody | null = null;
    // The pipe breaks when the process dies; its exit is what counts.
    child.stdin.on('error', () => {});
    child.on('error', (error) => ended(problem('part_not_run', { cause: error.message })));
    child.on('exit', (code, signal) => {
      // Its last output may still be arriving.
      const words = () => ended(unreadable ?? describeExit(code, signal, this.#lastProblem));
      child.once('close', words);
      setTimeout(words, lastOutputMs).unref();
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.#readLogLine(line));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = parse(line);
      if (message?.['event'] !== 'ready') return this.#readLogLine(line);
      try {
        this.#options.onReady(message);
      } catch {
        unreadable = problem('part_unreadable', {});
        child.kill('SIGKILL');
        return;
      }
      this.#set({ state: 'running', since: now(), startedInMs: now() - began });
      ready.resolve();
    });
    return ready.promise;
  }

  /** Asks it to stop, and kills it if it hasn't ended within 4 s. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#cancelRestart();
    const child = this.#child;
    if (child?.pid === undefined) {
      this.#set({ state: 'stopped', since: this.#options.now(), problem: null });
      return;
    }
    this.#stopping ??= this.#endGently(child).finally(() => {
      this.#stopping = null;
    });
    await this.#stopping;
  }

  /** Kills it, for when there is no time left. */
  kill(): void {
    this.#wanted = false;
    this.#cancelRestart();
    this.#child?.kill('SIGKILL');
  }

  async #endGently(child: ChildProcess): Promise<void> {
    // Windows has no signal that asks a process to stop; closing its input does.
    if (process.platform === 'win32') child.stdin?.end();
    else child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await this.#gone;
    clearTimeout(timer);
  }

  #ended(why: ProblemBody): void {
    const at = this.#options.now();
    if (this.#status.state === 'running' && at - this.#status.since >= wellAfterMs) this.#nextDelay = this.#restarts.firstMs;
    this.#child = null;
    this.#starting = null;
    if (!this.#wanted) {
      this.#set({ state: 'stopped', pid: null, since: at, problem: null });
      return;
    }
    const delay = this.#nextDelay;
    this.#nextDelay = Math.min(delay * 2, this.#restarts.maxMs);
    // Whoever calls `start` gets the error of a failed start; nobody waits for this one.
    const timer = setTimeout(() => void this.start().catch(() => {}), delay);
    this.#restart = { at: at + delay, timer };
    this.#set({ state: 'failed', pid: null, since: at, problem: why });
  }

  #readLogLine(raw: string): void {
    const line = readLogLine(raw);
    this.#lines.push(line.text);
    if (this.#lines.length > keptLines) this.#lines.shift();
    if (line.problem) this.#lastProblem = line.message;
    this.#set({ lastLine: line.message });
  }

  #cancelRestart(): void {
    clearTimeout(this.#restart?.timer);
    this.#restart = null;
  }

  #set(change: Partial<BackendPart>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onChange();
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null, lastProblem: string | null): ProblemBody {
  if (signal !== null) return problem('part_killed', { signal });
  return code !== 0 && lastProblem ? problem('part_failed', { cause: lastProblem }) : problem('part_exited', { status: code ?? 0 });
}

const toError = ({ code, message, ...rest }: ProblemBody): AppError => new AppError(code, message, rest);

/** Secrets are removed here and passed only to the process that needs them. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { WATCHFLOOR_ADMIN_PASSWORD: _password, WATCHFLOOR_AGENT_KEY: _key, ...rest } = process.env;
  return rest;
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
