import { heartbeatMs, type SessionEnd } from '#common/contract/events.ts';
import type { Authenticator } from '../services/authenticator.ts';
import type { Caller } from '../services/service.ts';

export interface LastingOptions {
  authenticator: Pick<Authenticator, 'findEnd' | 'onEnded'>;
  /** Epoch ms. */
  now: () => number;
  /** How often a caller is checked even without an event, ms. */
  checkEveryMs?: number;
}

export interface Watched {
  /** Aborts when the caller may no longer be served. Its reason is a `SessionEnd`, or the error that prevented the check. */
  signal: AbortSignal;
  close(): void;
}

/**
 * Watches the caller of a long-lived response. The token's expiry is enforced exactly. The end of a session is noticed at once, in any
 * process of the backend; a regular check finds ends whose event was missed.
 */
export function watchCaller(caller: Caller, { authenticator, now, checkEveryMs = heartbeatMs }: LastingOptions): Watched {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const close = () => {
    closed = true;
    clearTimeout(timer);
    unlisten();
  };
  const end = (reason: SessionEnd | Error) => {
    if (closed) return;
    close();
    ended.abort(reason);
  };
  const check = async () => {
    try {
      const reason = await authenticator.findEnd(caller);
      if (reason !== null) end(reason);
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const wait = () => {
    const leftMs = caller.session === undefined ? checkEveryMs : caller.session.expiresAt - now();
    timer = setTimeout(checkAndWait, Math.max(0, Math.min(checkEveryMs, leftMs))).unref();
  };
  const checkAndWait = () =>
    void check().then(() => {
      if (!closed) wait();
    });
  const unlisten = authenticator.onEnded((callerId) => {
    if (callerId === caller.id) void check();
  });
  wait();
  return { signal: ended.signal, close };
}
