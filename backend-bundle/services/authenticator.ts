import type { SessionEnd } from '#common/contract/events.ts';
import type { Caller } from './service.ts';

/** Identifies callers by their credentials. Every server uses one, behind the gateway or alone. */
export interface Authenticator {
  /** @throws AppError token_expired, token_invalid */
  bearer(token: string): Promise<Caller>;
  /** @throws AppError token_invalid */
  apiKey(secret: string): Promise<Caller>;
  /** Returns why the caller may no longer be served, or null. For long-lived responses such as the event stream. */
  findEnd(caller: Caller): Promise<SessionEnd | null>;
  /** Calls `listener` with the id of a caller for whom `findEnd` must be checked again. */
  onEnded(listener: (callerId: string) => void): () => void;
}
