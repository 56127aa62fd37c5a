import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Session } from '#common/contract/auth.ts';
import { type Client, createClient } from '#common/contract/client.ts';
import type { Role } from '#common/contract/endpoint.ts';
import { AppError } from '#common/contract/errors.ts';
import { programFile } from '../../scripts/build.ts';

/** The backend's command line, as users start it. */
const cli = programFile('backend');
export const adminPassword = 'a password for tests';
export const agentKey = 'an agent key for tests';

export interface SignedIn {
  client: Client;
  session: Session;
}

export interface TestBackend {
  url: string;
  pid: number;
  dataDir: string;
  /** From spawn to the ready line, ms. */
  startedInMs: number;
  /** A client without a token. */
  client: Client;
  /** A client of the agent's API key. */
  agent: Client;
  /** Signs in as a user of that role, made on the first call: `admin`, `operator`, `viewer`. */
  login(role: Role): Promise<SignedIn>;
  /** Returns everything the process has written to standard error. */
  log(): string;
  /** SIGTERM; resolves with the exit status once it has ended. Removes the data folder when `startBackend` made it. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data folder stays, for a restart on it. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** Kept after the test; a temporary one is made and removed when absent. */
  dataDir?: string;
  /** Flags beside --data, --port 0 and --json. */
  args?: readonly string[];
  env?: Record<string, string>;
  /** Longest wait for the ready line, ms. */
  patienceMs?: number;
}

/** Starts the real backend in a separate process and waits until it answers. */
export async function startBackend(options: StartOptions = {}): Promise<TestBackend> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'watchfloor-test-'));
  const startedAt = performance.now();
  const child = runCli(['embedded', '--data', dataDir, '--port', '0', '--json', ...(options.args ?? ['--no-conveyor'])], options.env);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const removeOwn = () => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const ready = await firstLine(child, ended, options.patienceMs ?? 60_000, () => log).catch(async (error: unknown) => {
    await ended;
    removeOwn();
    throw error;
  });
  const startedInMs = Math.round(performance.now() - startedAt);
  const url = ready.backend;

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [status] = await ended;
    return status;
  };
  return {
    url,
    pid: ready.pid,
    dataDir,
    startedInMs,
    client: createClient({ baseUrl: url }),
    agent: createClient({ baseUrl: url, apiKey: agentKey }),
    login: (role) => signIn(url, role),
    log: () => log,
    async stop() {
      const status = await end('SIGTERM');
      removeOwn();
      return status;
    },
    async kill() {
      await end('SIGKILL');
    },
  };
}

/** A conveyor begins with two days of history: thirty would keep every backend of the tests busy for its whole life. */
export const shortHistory = { WATCHFLOOR_CONVEYOR_HISTORY_DAYS: '2' };
/** Where nobody looks at charts of the past, a day is enough for rules to find data at once, and half as dear. */
const dayOfHistory = { WATCHFLOOR_CONVEYOR_HISTORY_DAYS: '1' };

/** Starts any command of the backend with the tests' secrets in its environment. */
export function runCli(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WATCHFLOOR_|VITEST|NODE_OPTIONS)/.test(name)));
  return spawn(process.execPath, [cli, ...args], {
    env: { ...inherited, ...dayOfHistory, WATCHFLOOR_ADMIN_PASSWORD: adminPassword, WATCHFLOOR_AGENT_KEY: agentKey, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs a command until it exits. */
export async function cliResult(
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<{ status: number | null; out: string; err: string }> {
  const child = runCli(args, env);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin?.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

async function firstLine(
  child: ChildProcess,
  ended: Promise<[number | null, NodeJS.Signals | null]>,
  patienceMs: number,
  log: () => string,
): Promise<{ backend: string; pid: number }> {
  if (!child.stdout) throw new Error('The backend has no standard output.');
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const late = AbortSignal.timeout(patienceMs);
  const first = await Promise.race([
    line.then(([text]) => text),
    ended.then(([status]) => new Error(`The backend ended with ${status} before it was ready:\n${log()}`)),
    once(late, 'abort').then(() => new Error(`The backend was not ready within ${patienceMs} ms:\n${log()}`)),
  ]);
  if (first instanceof Error) {
    child.kill('SIGKILL');
    throw first;
  }
  return JSON.parse(first) as { backend: string; pid: number };
}

async function signIn(url: string, role: Role): Promise<SignedIn> {
  const username = role.toLowerCase();
  const open = async (): Promise<SignedIn> => {
    const session = await createClient({ baseUrl: url }).auth.login({ body: { username, password: adminPassword } });
    return { session, client: createClient({ baseUrl: url, token: () => session.accessToken }) };
  };
  if (role !== 'ADMIN') {
    const { client } = await signIn(url, 'ADMIN');
    await client.auth.createUser({ body: { username, password: adminPassword, role } }).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    });
  }
  return open();
}
