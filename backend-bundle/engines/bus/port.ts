import type { BusEventType, BusPayload, LiveEventType, LivePayload } from '#common/contract/events.ts';
import type { AnyTx } from '../database/port.ts';

export interface BusEvent<T extends BusEventType = BusEventType> {
  /** Ascending decimal number: the order of publication, and the id for `Last-Event-ID`. */
  id: string;
  type: T;
  at: number;
  payload: BusPayload<T>;
}

/** Carries what happened from one service to the others and to consoles. */
export interface Bus {
  /** Records an event in the transaction that made it true; it is delivered after the commit, at least once. */
  publish<T extends BusEventType>(tx: AnyTx, type: T, payload: BusPayload<T>): Promise<void>;
  /**
   * Calls `handle` for each event of these types in order, from where `consumer` last stood, across restarts. A handler that
   * throws is tried again with back-off; after 5 tries the event goes to the dead letters with the reason. A consumer that was
   * never seen before begins with what is published from now on. Of processes that consume under one name, one does at a time.
   * @returns what ends it, once the event in hand is done
   */
  consume<T extends BusEventType>(
    consumer: string,
    types: readonly T[],
    handle: (event: BusEvent<T>) => Promise<void>,
  ): Promise<() => Promise<void>>;
  /** Events after `afterId`, oldest first; null when some of them are past the replay window, or `afterId` is of another stream. */
  replay(afterId: string, limit: number): Promise<BusEvent[] | null>;
  /** Newest id, '0' when there is none. */
  lastId(): Promise<string>;
  /** Calls `listener` soon after each commit, without memory: for consoles that are connected now. */
  watch(listener: (event: BusEvent) => void): () => void;
  /** Says something that passes; lost on anyone who is not listening. Reaches the other processes of the stack too. */
  announce<T extends LiveEventType>(type: T, payload: LivePayload<T>): void;
  onAnnounced(listener: (event: { type: LiveEventType; payload: LivePayload<LiveEventType> }) => void): () => void;
  /**
   * Resolves once every announcement that another process made before this call has reached the listeners here.
   * @returns the number of the session that listens; what was announced between two sessions is lost
   * @throws AppError unavailable when announcements can't be heard now
   */
  caughtUp(): Promise<number>;
  close(): Promise<void>;
}
