import type { Logger } from 'pino';
import type { ConsoleHandlers, Emit } from '#common/contract/console/index.ts';
import { ownBackendName } from '#common/words/own-backend.ts';
import { closeInOrder } from './close.ts';
import { openSecretStore } from './secrets/open.ts';
import type { SecretStore } from './secrets/store.ts';
import { CoreServices } from './services.ts';
import { openConsoleDatabase } from './storage/open.ts';
import { systemHandlers } from './system.ts';

export interface ConsoleOptions {
  /** Folder of `console.db` and, without a keychain, `secrets.json`. Created if missing. */
  dataDir: string;
  host: 'electron' | 'browser';
  /** The built entry of the database threads; default: the source. */
  threadUrl?: URL | undefined;
  /** Default: the system's keychain, or a file when there is none. */
  secrets?: SecretStore;
  log: Logger;
  /** Opens an address in the user's browser or mail program. Only called with http, https and mailto. */
  openExternal(url: string): Promise<void>;
  /** A connection that is created at the first start. */
  initial?: { url: string; username: string; password?: string; embedded: boolean };
  /** Clock, epoch ms. */
  now?(): number;
}

/** The console's core, as its host uses it: the host serves `handlers` and forwards events to its renderers. */
export interface Console {
  handlers: Omit<ConsoleHandlers, 'backend'>;
  /** Subscribes to every event of the core's services. Returns a function that unsubscribes. */
  on(listener: Emit): () => void;
  /** Navigates every renderer to a path of the console: `/alerts/…`. */
  navigate(path: string): void;
  /** Sets the address of the launched backend's connection and signs in. Called again when its port changes. */
  connectEmbedded(backend: { url: string; username: string; password?: string }): Promise<void>;
  /** Stops all work and closes the database. Pending changes stay in the outbox. Never rejects: errors are logged. */
  close(): Promise<void>;
}

/**
 * Opens the console's core.
 * @throws AppError `version_conflict` when the database was written by a newer console.
 */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { dataDir, log, host, initial } = options;
  const now = options.now ?? Date.now;
  const listeners = new Set<Emit>();
  const emit: Emit = (service, event, payload) => {
    for (const listener of listeners) listener(service, event, payload);
  };

  const database = await openConsoleDatabase({ dataDir, log, now, threadUrl: options.threadUrl });
  const secrets = options.secrets ?? (await openSecretStore({ dataDir, log }));
  const services = new CoreServices({ database, secrets, log, now, emit });
  const { connections } = services;
  await connections.open();
  if (initial !== undefined) {
    await connections.ensure({
      ...initial,
      password: initial.password,
      name: initial.embedded ? ownBackendName.en : new URL(initial.url).host,
    });
  }

  return {
    handlers: {
      ...services.handlers,
      system: systemHandlers({ host, dataDir, database, secrets, openExternal: (url) => options.openExternal(url) }),
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    navigate: (path) => emit('system', 'navigate', { path }),
    connectEmbedded: (backend) => connections.ensure({ ...backend, password: backend.password, embedded: true, name: ownBackendName.en }),
    close: () =>
      closeInOrder(
        [
          ['services', () => services.close()],
          ['database', () => database.close()],
        ],
        log,
      ),
  };
}
