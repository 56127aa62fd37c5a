import type { Logger } from 'pino';
import type { BackendStatus } from '#common/contract/console/backend.ts';
import { type Console, type ConsoleOptions, openConsole } from '../console.ts';
import { RpcServer } from '../rpc/server.ts';
import { openSecretStore } from '../secrets/open.ts';
import { backendCredentials } from './credentials.ts';
import { Launcher, type LauncherOptions, unmanagedBackend } from './launcher.ts';
import { lockConsole } from './lock.ts';

export interface HostOptions extends Pick<ConsoleOptions, 'dataDir' | 'host' | 'threadUrl' | 'openExternal'> {
  /** Address of a backend that runs elsewhere. If absent, the console launches its own. */
  backendUrl?: string;
  /** Path of Node, for the launched backend. */
  node: string;
  /** Path of the backend's command line, `cli.ts`. */
  cli: string;
  log: Logger;
  /** Called when the launched backend's state changed. */
  onBackend?(status: BackendStatus): void;
}

/** The core, its RPC server and the backend that it launched: common to the desktop and the web host. */
export interface Host {
  console: Console;
  rpc: RpcServer;
  /** Launches the backend; does nothing for one that runs elsewhere. Its state is in the `backend` service. */
  start(): void;
  /** Resolves to the address of the backend after its first answer. */
  backend: Promise<string>;
  /** Stops the launched backend and the core, within about 4 s. */
  close(): Promise<void>;
  /** Kills the launched backend. */
  kill(): void;
}

/**
 * Opens the console's core on a data folder.
 * @throws AppError conflict when another console uses the folder; and as `openConsole`
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataDir, host, log, backendUrl, openExternal } = options;
  const lock = lockConsole(dataDir);
  try {
    const secrets = await openSecretStore({ dataDir, log });
    const core = await openConsole({
      dataDir,
      host,
      secrets,
      log,
      openExternal,
      threadUrl: options.threadUrl,
      ...(backendUrl === undefined ? {} : { initial: initialConnection(backendUrl) }),
    });
    const answered = Promise.withResolvers<string>();
    let launcher: Launcher | null = null;
    if (backendUrl === undefined) {
      const onChange = (status: BackendStatus): void => {
        rpc.publish('backend', 'changed', status);
        options.onBackend?.(status);
      };
      const credentials = await backendCredentials(secrets, dataDir);
      launcher = makeLauncher(options, { core, credentials, onChange, onAnswer: answered.resolve });
    } else {
      onFirstAnswer(core, () => answered.resolve(backendUrl));
    }
    const rpc = new RpcServer({ handlers: { ...core.handlers, backend: launcher?.handlers ?? unmanagedBackend }, log });
    core.on(rpc.publish);

    return {
      console: core,
      rpc,
      start() {
        launcher?.start().catch((error: unknown) => {
          // A person stopped it while it was starting: that isn't an error.
          if (launcher?.status().restartAt !== null) log.error({ err: error }, 'the backend did not start; it is tried again');
        });
      },
      backend: answered.promise,
      async close() {
        // In parallel: together they must end within the time limit of a stop.
        await Promise.allSettled([launcher?.stop(), core.close()]);
        rpc.close();
        lock.release();
      },
      kill: () => launcher?.kill(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Returns the connection to a backend elsewhere, which is created at the first start. */
function initialConnection(url: string): NonNullable<ConsoleOptions['initial']> {
  const password = process.env['WATCHFLOOR_ADMIN_PASSWORD'];
  return { url, username: 'admin', embedded: false, ...(password ? { password } : {}) };
}

interface LaunchedBackend extends Pick<LauncherOptions, 'credentials' | 'onChange'> {
  core: Console;
  onAnswer(url: string): void;
}

/** Makes the launcher of a backend that the console connects to as soon as it runs. */
function makeLauncher({ dataDir, node, cli, log }: HostOptions, { core, credentials, onChange, onAnswer }: LaunchedBackend): Launcher {
  const { username, password } = credentials;
  return new Launcher({
    dataDir,
    node,
    cli,
    credentials,
    onChange,
    onBackend(url) {
      core.connectEmbedded({ url, username, password }).then(
        () => onAnswer(url),
        (error: unknown) => log.error({ err: error }, 'the console cannot use the backend it launched'),
      );
    },
  });
}

/** Calls `onAnswer` when a backend elsewhere has answered. */
function onFirstAnswer(core: Console, onAnswer: () => void): void {
  const check = async () => {
    const connections = await core.handlers.connections.list(undefined, new AbortController().signal);
    if (connections.some(({ embedded, lastExchangeAt }) => !embedded && lastExchangeAt !== null)) onAnswer();
  };
  core.on((service, event) => {
    if (service === 'connections' && event === 'changed') void check();
  });
  void check();
}
