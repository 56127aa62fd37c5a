import type { Logger } from 'pino';
import type { ConsoleHandlers, ConsoleServices, Emit } from '#common/contract/console/index.ts';
import { AppError } from '#common/contract/errors.ts';
import type { SecretStore } from './secrets/store.ts';

export interface ConsoleOptions {
  /** Folder of `console.db` and, without a keychain, `secrets.json`. Created when it is not there. */
  dataDir: string;
  host: 'electron' | 'browser';
  /** Built cache worker; default: the source beside this file. */
  workerUrl?: URL;
  /** Default: the system's keychain, or a file when there is none. */
  secrets?: SecretStore;
  log: Logger;
  /** Opens an address in the person's browser or mail program. Gets http, https and mailto only. */
  openExternal(url: string): Promise<void>;
  /** A connection to have from the first start on. */
  initial?: { url: string; username: string; password?: string; embedded: boolean };
  /** Clock, epoch ms. */
  now?(): number;
}

/** What a host holds: it serves `handlers` and passes events on to its renderers. */
export interface Console {
  handlers: Omit<ConsoleHandlers, 'backend'>;
  /** Hears every event of the core's services. Returns the way to stop hearing. */
  on(listener: Emit): () => void;
  /** Sends every renderer to a place in the console: `/alerts/…`. */
  navigate(path: string): void;
  /** Points the connection of the launched backend at it, and signs in. Called again when its port changes. */
  connectEmbedded(backend: { url: string; username: string; password?: string }): Promise<void>;
  /** Stops all work and closes the database. What waits in the outbox waits there. */
  close(): Promise<void>;
}

export type CoreServices = Exclude<keyof ConsoleServices, 'backend'>;

/**
 * Opens the console's core.
 * @throws AppError `version_conflict` when the database was written by a newer console; `conflict` when another console uses the folder.
 */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  throw new AppError('unavailable', `The console cannot open ${options.dataDir} yet.`);
}
