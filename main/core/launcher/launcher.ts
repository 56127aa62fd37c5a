import { join } from 'node:path';
import { z } from 'zod';
import type { BackendStatus, backend } from '#common/contract/console/backend.ts';
import type { ServiceHandlers } from '#common/contract/console/rpc.ts';
import { BackendProcess } from './backend-process.ts';
import type { BackendCredentials } from './credentials.ts';

export interface LauncherOptions {
  dataDir: string;
  /** Path of Node. */
  node: string;
  /** Path of the backend's command line, `cli.ts`. */
  cli: string;
  credentials: BackendCredentials;
  onChange(status: BackendStatus): void;
  /** Called with the backend's address at the first start and after every restart. */
  onBackend(url: string): void;
  now?(): number;
}

export interface Launcher {
  readonly handlers: ServiceHandlers<typeof backend>;
  status(): BackendStatus;
  /**
   * Resolves when the backend answers. The state of the agent and the producer is in the status.
   * @throws AppError unavailable when the backend didn't start; it is retried automatically
   */
  start(): Promise<void>;
  /** Resolves when all processes have ended, within 4 s. */
  stop(): Promise<void>;
  /** Kills all processes. */
  kill(): void;
}

const readyLine = z.object({ backend: z.url() });
/** If only log lines changed, the status is published this often, ms. */
const notifyIntervalMs = 250;

/** Runs the embedded backend, the metrics agent and the conveyor's producer as three processes beside the console. */
export function createLauncher(options: LauncherOptions): Launcher {
  const { dataDir, node, cli, credentials } = options;
  const now = options.now ?? Date.now;
  let url: string | null = null;
  let wanted = false;
  let isNotifying = false;

  const notify = () => {
    if (isNotifying) return;
    isNotifying = true;
    setTimeout(() => {
      isNotifying = false;
      options.onChange(status());
    }, notifyIntervalMs).unref();
  };
  const common = { node, now, onChange: notify };

  const server = new BackendProcess({
    ...common,
    name: 'backend',
    command: () => ({
      // Uses the same port again, so that agents and other consoles find it; another one if it is in use now.
      args: [cli, 'embedded', '--data', dataDir, '--host', '127.0.0.1', '--port', portToTry(), '--no-conveyor', '--json'],
      env: { WATCHFLOOR_ADMIN_PASSWORD: credentials.password, WATCHFLOOR_AGENT_KEY: credentials.agentKey },
    }),
    onReady(line) {
      const before = url;
      url = readyLine.parse(line).backend;
      options.onBackend(url);
      // The agent has to be restarted with the new address. A backend that restarted by itself may have announced the first one.
      if (before !== null && before !== url) void agent.stop().then(startAgent);
      else startAgent();
    },
  });
  const agent = new BackendProcess({
    ...common,
    name: 'agent',
    command: () => ({
      args: [cli, 'agent', '--backend', url ?? '', '--data', dataDir, '--json'],
      env: { WATCHFLOOR_AGENT_KEY: credentials.agentKey },
    }),
    onReady: () => {},
  });
  const conveyor = new BackendProcess({
    ...common,
    name: 'conveyor',
    command: () => ({ args: [cli, 'conveyor', '--file', join(dataDir, 'conveyor.db'), '--json'], env: {} }),
    onReady: () => {},
  });
  const parts = [server, agent, conveyor];

  function portToTry(): string {
    const taken = /\b(EADDRINUSE|in use|taken)\b/i.test(server.lines(5).join('\n'));
    return url === null || taken ? '0' : new URL(url).port;
  }

  function status(): BackendStatus {
    const restarts = parts.flatMap((part) => part.restartAt ?? []);
    return { managed: true, parts: parts.map((part) => part.status), restartAt: restarts.length > 0 ? Math.min(...restarts) : null };
  }

  function startAgent(): void {
    if (wanted) agent.start().catch(ignore);
  }

  async function start(): Promise<void> {
    wanted = true;
    conveyor.start().catch(ignore);
    await server.start();
    startAgent();
  }

  async function stop(): Promise<void> {
    wanted = false;
    await Promise.all(parts.map((part) => part.stop()));
  }

  return {
    status,
    start,
    stop,
    kill: () => {
      for (const part of parts) part.kill();
    },
    handlers: {
      status,
      start,
      stop,
      log: ({ part, lines }) => parts.find(({ status: { name } }) => name === part)?.lines(lines) ?? [],
    },
  };
}

/** For a start that nobody waits for: a failure is visible in the status. */
function ignore(): void {}

/** The `backend` service of a console that uses a backend elsewhere. */
export const unmanagedBackend: ServiceHandlers<typeof backend> = {
  status: () => ({ managed: false, parts: [], restartAt: null }),
  start: () => {},
  stop: () => {},
  log: () => [],
};
