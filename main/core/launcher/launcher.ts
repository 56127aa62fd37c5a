import { join } from 'node:path';
import { z } from 'zod';
import type { BackendStatus, backend } from '#common/contract/console/backend.ts';
import type { ServiceHandlers } from '#common/contract/console/rpc.ts';
import { BackendProcess, type BackendProcessCommand, type BackendProcessOptions } from './backend-process.ts';
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

const readyLine = z.object({ backend: z.url() });
/** If only log lines changed, the status is published this often, ms. */
const notifyIntervalMs = 250;

/** Runs the embedded backend, the metrics agent and the conveyor's producer as three processes beside the console. */
export class Launcher {
  readonly handlers: ServiceHandlers<typeof backend>;
  readonly #options: LauncherOptions;
  readonly #server: BackendProcess;
  readonly #agent: BackendProcess;
  readonly #conveyor: BackendProcess;
  /** The backend's last address. */
  #url: string | null = null;
  #wanted = false;
  #isNotifying = false;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#server = this.#process(
      'backend',
      () => this.#serverCommand(),
      (line) => this.#backendReady(readyLine.parse(line).backend),
    );
    this.#agent = this.#process('agent', () => this.#agentCommand());
    this.#conveyor = this.#process('conveyor', () => this.#conveyorCommand());
    this.handlers = {
      status: () => this.status(),
      start: () => this.start(),
      stop: () => this.stop(),
      log: ({ part, lines }) => this.#parts.find(({ status: { name } }) => name === part)?.lines(lines) ?? [],
    };
  }

  status(): BackendStatus {
    const restarts = this.#parts.flatMap((part) => part.restartAt ?? []);
    return { managed: true, parts: this.#parts.map((part) => part.status), restartAt: restarts.length > 0 ? Math.min(...restarts) : null };
  }

  /**
   * Resolves when the backend answers. The state of the agent and the producer is in the status.
   * @throws AppError unavailable when the backend didn't start; it is retried automatically
   */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#conveyor.start().catch(ignore);
    await this.#server.start();
    this.#startAgent();
  }

  /** Resolves when all processes have ended, within 4 s. */
  async stop(): Promise<void> {
    this.#wanted = false;
    await Promise.all(this.#parts.map((part) => part.stop()));
  }

  /** Kills all processes. */
  kill(): void {
    for (const part of this.#parts) part.kill();
  }

  get #parts(): BackendProcess[] {
    return [this.#server, this.#agent, this.#conveyor];
  }

  #process(
    name: BackendProcessOptions['name'],
    command: BackendProcessOptions['command'],
    onReady: BackendProcessOptions['onReady'] = () => {},
  ): BackendProcess {
    const { node, now = Date.now } = this.#options;
    return new BackendProcess({ name, node, now, command, onReady, onChange: () => this.#notify() });
  }

  #serverCommand(): BackendProcessCommand {
    const { cli, dataDir, credentials } = this.#options;
    return {
      // Uses the same port again, so that agents and other consoles find it; another one if it is in use now.
      args: [cli, 'embedded', '--data', dataDir, '--host', '127.0.0.1', '--port', this.#portToTry(), '--no-conveyor', '--json'],
      env: { WATCHFLOOR_ADMIN_PASSWORD: credentials.password, WATCHFLOOR_AGENT_KEY: credentials.agentKey },
    };
  }

  #portToTry(): string {
    const taken = /\b(EADDRINUSE|in use|taken)\b/i.test(this.#server.lines(5).join('\n'));
    return this.#url === null || taken ? '0' : new URL(this.#url).port;
  }

  #agentCommand(): BackendProcessCommand {
    const { cli, dataDir, credentials } = this.#options;
    return {
      args: [cli, 'agent', '--backend', this.#url ?? '', '--data', dataDir, '--json'],
      env: { WATCHFLOOR_AGENT_KEY: credentials.agentKey },
    };
  }

  #conveyorCommand(): BackendProcessCommand {
    const { cli, dataDir } = this.#options;
    return { args: [cli, 'conveyor', '--file', join(dataDir, 'conveyor.db'), '--json'], env: {} };
  }

  #backendReady(url: string): void {
    const before = this.#url;
    this.#url = url;
    this.#options.onBackend(url);
    // The agent has to be restarted with the new address. A backend that restarted may have announced the first one.
    if (before !== null && before !== url) void this.#agent.stop().then(() => this.#startAgent());
    else this.#startAgent();
  }

  #startAgent(): void {
    if (this.#wanted) this.#agent.start().catch(ignore);
  }

  #notify(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    setTimeout(() => {
      this.#isNotifying = false;
      this.#options.onChange(this.status());
    }, notifyIntervalMs).unref();
  }
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
