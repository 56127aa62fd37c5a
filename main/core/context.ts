import type { Logger } from 'pino';
import type { Emit } from '#common/contract/console/index.ts';
import type { NoticesToShow } from './notices/store.ts';
import type { SecretStore } from './secrets/store.ts';
import type { ConsoleDatabase } from './storage/open.ts';

/** What every feature of the core uses. */
export interface Context {
  database: ConsoleDatabase;
  secrets: SecretStore;
  log: Logger;
  now: () => number;
  emit: Emit;
  /** Something in the database changed: the lists that show it are read again and sent, soon and together. */
  touched: (...what: ('alerts' | 'outbox' | 'notices')[]) => void;
  /** These alerts of a connection changed, or their pending changes did: only they are read again and sent. */
  touchedAlerts: (connectionId: string, ids: readonly string[]) => void;
  /** Shows notices that are already stored: new popups and updated ones. */
  pop: (told: NoticesToShow) => void;
}
