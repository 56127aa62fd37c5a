import type { AnyTx, Database } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';

const channel = 'watchfloor_sessions';

/**
 * Passes on that sessions have ended (a sign-out, a new password, a disabled account, a revoked key), to every process of the
 * backend. It carries no authority: whoever hears it looks again whether their caller may still be served.
 */
export interface SessionEnds {
  /** Tells the listeners once `tx` has committed. */
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
