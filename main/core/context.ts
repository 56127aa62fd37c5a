import type { Logger } from 'pino';
import type { Emit } from '#common/contract/console/index.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import type { Cache } from './cache/cache.ts';
import type { SecretStore } from './secrets/store.ts';

/** What every part of the core works with. */
export interface Context {
  cache: Cache;
  secrets: SecretStore;
  log: Logger;
  now: () => number;
  emit: Emit;
  /** Something in the database changed: the lists that show it are read anew and sent, soon and together. */
  touched: (...what: ('alerts' | 'outbox' | 'notices')[]) => void;
  /** Notices that pop up, stored already. */
  pop: (notices: readonly Notice[]) => void;
}
