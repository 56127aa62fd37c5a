import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '#common/contract/client.ts';
import { shortHistory } from '../support/backend.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const password = 'a password for the story';

export interface Product {
  /** One-time link of the console. */
  console: string;
  backend: string;
  dataDir: string;
  /** From the command to the ready line, ms. */
  startedInMs: number;
  /** A signed-in client of the backend, to see what the backend itself holds. */
  client(): Promise<ReturnType<typeof createClient>>;
  /** Process id of the embedded backend, as it wrote it down. */
  backendPid(): number;
  /** SIGTERM. @returns how long it took, ms, and every process of the product that is still there afterwards */
  stop(): Promise<{ tookMs: number; left: string[] }>;
}

/**
 * `npm start`, without a window: the very command people run, on a data folder of its own.
 * @param environment set beside that of this process
 */
export async function startProduct(environment: Record<string, string> = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-story-'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--web', '--no-open', '--json', '--data', dataDir], {
    env: { ...process.env, ...shortHistory, WATCHFLOOR_ADMIN_PASSWORD: password, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk) => (log += chunk));
  const ready = await readyLine(child, () => log);
  return {
    console: ready.console,
    backend: ready.backend,
    dataDir,
    startedInMs: performance.now() - startedAt,
    async client() {
      const { accessToken } = await createClient({ baseUrl: ready.backend }).auth.login({ body: { username: 'admin', password } });
      return createClient({ baseUrl: ready.backend, token: () => accessToken });
    },
    backendPid: () => Number(readFileSync(join(dataDir, 'backend.pid'), 'utf8')),
    async stop() {
      const began = performance.now();
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      const tookMs = performance.now() - began;
      const left = processesOf(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
      return { tookMs, left };
    },
  };
}

async function readyLine(child: ChildProcess, log: () => string): Promise<{ console: string; backend: string }> {
  if (!child.stdout) throw new Error('The product has no output.');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as { console: string; backend: string };
  throw new Error(`The product ended before it was ready.\n${log()}`);
}

/** Command lines that name the data folder: everything the product started does. */
function processesOf(dataDir: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(dataDir) ? [line] : [];
      } catch {
        return [];
      }
    });
}
