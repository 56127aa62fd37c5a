import type { Logger } from 'pino';
import type { Emit } from '#common/contract/console/index.ts';
import type { Told } from './notices/store.ts';
import type { SecretStore } from './secrets/store.ts';
import type { ConsoleDatabase } from './storage/open.ts';

/** What every part of the core works with. */
export interface Context {
  database: ConsoleDatabase;
  secrets: SecretStore;
  log: Logger;
  now: () => number;
  emit: Emit;
  /** Something in the database changed: the lists that show it are read anew and sent, soon and together. */
  touched: (...what: ('alerts' | 'outbox' | 'notices')[]) => void;
  /** These alerts of a connection changed, or what waits for them in the outbox: only they are read anew and sent. */
  touchedAlerts: (connectionId: string, ids: readonly string[]) => void;
  /** Notices that pop up or go on in a popup, stored already. */
  pop: (told: Told) => void;
}
