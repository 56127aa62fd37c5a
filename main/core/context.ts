import type { Logger } from 'pino';
import type { Emit } from '#common/contract/console/index.ts';
import type { NoticesToShow } from './notices/store.ts';
import type { SecretStore } from './secrets/store.ts';
import type { ConsoleDatabase } from './storage/open.ts';

/** Dependencies that every feature of the core uses. */
export interface Context {
  database: ConsoleDatabase;
  secrets: SecretStore;
  log: Logger;
  now: () => number;
  emit: Emit;
  /** Called when something in the database changed: the lists that show it are soon read again and sent together. */
  touched: (...what: ('alerts' | 'outbox' | 'notices')[]) => void;
  /** Called when these alerts of a connection or their pending changes changed: only they are read again and sent. */
  touchedAlerts: (connectionId: string, ids: readonly string[]) => void;
  /** Shows notices that are already stored: new popups and updated ones. */
  pop: (notices: NoticesToShow) => void;
}
