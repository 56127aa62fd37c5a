import type { Logger } from 'pino';
import type { Bus } from './bus/port.ts';
import type { Database } from './database/port.ts';
import type { Owner } from './database/tables.ts';
import type { Locks } from './locks/port.ts';
import type { SignalStore } from './signals/port.ts';
import type { Sources } from './sources/port.ts';

/** Encrypts small secrets at rest with AES-256-GCM. Format: `v1.<key id>.<iv>.<tag>.<data>`, base64url. */
export interface Vault {
  seal(plain: string): string;
  /** @throws AppError internal when the text is damaged, or when `hasKey` is false for it */
  open(sealed: string): string;
  /** Returns whether the vault has the key that the text was encrypted with; true for a text that names no key. */
  hasKey(sealed: string): boolean;
  /** The key that access tokens are signed with. */
  readonly tokenKey: Uint8Array;
}

/** The engines that a service may use. A service does not know which adapters are behind them, and sees only its own tables. */
export interface Engines<O extends Owner = Owner> {
  database: Database<O>;
  signals: SignalStore;
  bus: Bus;
  locks: Locks;
  sources: Sources;
  vault: Vault;
  log: Logger;
  /** Current time, epoch ms. Injected so that tests can move it. */
  now(): number;
}

/** Returns the engines for a service that has no tables of its own. */
export function withoutTables(engines: Engines): Engines<never> {
  return engines as unknown as Engines<never>;
}
