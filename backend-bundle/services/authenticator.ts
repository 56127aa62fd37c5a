import type { SessionEnd } from '#common/contract/events.ts';
import type { Caller } from './service.ts';

/** Tells who is calling from what they present. Every server asks it, behind the gateway or alone. */
export interface Authenticator {
  /** @throws AppError token_expired, token_invalid */
  bearer(token: string): Promise<Caller>;
  /** @throws AppError token_invalid */
  apiKey(secret: string): Promise<Caller>;
  /** Returns why the caller may no longer be served, or null: for answers that last, like the event stream. */
  findEnd(caller: Caller): Promise<SessionEnd | null>;
  /** Calls `listener` with the id of a caller when it is time to ask `findEnd` about them again. */
  onEnded(listener: (callerId: string) => void): () => void;
}
