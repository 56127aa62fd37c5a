import type { Caller } from './service.ts';

/** Tells who is calling from what they present. Every server asks it, behind the gateway or alone. */
export interface Authenticator {
  /** @throws AppError token_expired, token_invalid */
  bearer(token: string): Promise<Caller>;
  /** @throws AppError token_invalid */
  apiKey(secret: string): Promise<Caller>;
  /** Whether the caller may still be served: for answers that last, like the event stream. */
  stillWelcome(caller: Caller): Promise<boolean>;
}
