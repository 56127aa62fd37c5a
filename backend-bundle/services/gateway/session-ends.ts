import type { AnyTx, Database } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';

const channel = 'watchfloor_sessions';

/**
 * Notifies every process of the backend that sessions have ended (sign-out, new password, disabled account, revoked key). The message
 * carries no authority: a listener checks again whether its caller may still be served.
 */
export interface SessionEnds {
  /** Notifies the listeners after `tx` has committed. */
  announce(tx: AnyTx, callerId: string): void;
  listen(listener: (callerId: string) => void): () => void;
  close(): Promise<void>;
}

export async function openSessionEnds({
  database,
  log,
}: Pick<Engines<never>, 'log'> & { database: Pick<Database<never>, 'listen' | 'afterCommit' | 'notify'> }): Promise<SessionEnds> {
  const listeners = new Set<(callerId: string) => void>();
  const notify = (callerId: string) => {
    for (const listener of listeners) listener(callerId);
  };
  const close = await database.listen(channel, notify);
  return {
    announce(tx, callerId) {
      database.afterCommit(tx, () => {
        notify(callerId);
        database
          .notify(channel, callerId)
          .catch((error) => log.warn({ err: error }, 'other processes notice the end of a session at their next heartbeat'));
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close,
  };
}
