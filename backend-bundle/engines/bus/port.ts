import type { BusEventType, BusPayload, LiveEventType, LivePayload } from '#common/contract/events.ts';
import type { AnyTx } from '../database/port.ts';

export interface BusEvent<T extends BusEventType = BusEventType> {
  /** Ascending decimal number: the order of publication, and the id for `Last-Event-ID`. */
  id: string;
  type: T;
  at: number;
  payload: BusPayload<T>;
}

/** Carries events from one service to the others and to consoles. */
export interface Bus {
  /** Records an event in the transaction that made it true; it is delivered after the commit, at least once. */
  publish<T extends BusEventType>(tx: AnyTx, type: T, payload: BusPayload<T>): Promise<void>;
  /**
   * Calls `handle` for each event of these types in order, continuing from the stored position of `consumer`, also after a restart. A
   * handler that throws is retried with back-off; after 5 attempts the event goes to the dead letters with the reason. A new consumer
   * starts with events published from now on. If several processes consume under one name, only one of them does so at a time.
   * @returns a function that stops it, once the current event has been handled
   */
  consume<T extends BusEventType>(
    consumer: string,
    types: readonly T[],
    handle: (event: BusEvent<T>) => Promise<void>,
  ): Promise<() => Promise<void>>;
  /** Returns events after `afterId`, oldest first; null when some are older than the replay window, or `afterId` is from another stream. */
  replay(afterId: string, limit: number): Promise<BusEvent[] | null>;
  /** Returns the newest id, '0' when there is none. */
  lastId(): Promise<string>;
  /** Calls `listener` soon after each commit. Nothing is stored for it: it serves consoles that are connected now. */
  watch(listener: (event: BusEvent) => void): () => void;
  /** Publishes a live event that is not stored: only current listeners receive it, including those in other processes of the stack. */
  announce<T extends LiveEventType>(type: T, payload: LivePayload<T>): void;
  onAnnounced(listener: (event: { type: LiveEventType; payload: LivePayload<LiveEventType> }) => void): () => void;
  /**
   * Resolves once every announcement that another process made before this call has reached the listeners here.
   * @returns the number of the listening session; announcements made between two sessions are lost
   * @throws AppError unavailable when announcements can't be received now
   */
  caughtUp(): Promise<number>;
  close(): Promise<void>;
}
