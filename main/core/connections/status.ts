import type { ConnectionState, Problem } from '#common/contract/console/connections.ts';
import { heartbeatMs } from '#common/contract/events.ts';

/** How long an open stream may be silent before its connection counts as dead, ms. */
export const silenceMs = 2.5 * heartbeatMs;

/** The exchanges between console and backend so far. The state is always derived from them. */
export interface ConnectionRecord {
  /** When this console started to connect, ms. */
  begunAt: number;
  /** Since when the event stream has been open and the cache current, ms; null while it isn't. */
  streamSince: number | null;
  /** Last byte from the backend, ms. */
  lastExchangeAt: number | null;
  /** First failure since the last success, ms. */
  failingSince: number | null;
  problem: Problem | null;
  /** Set when retrying is useless until a person acts. */
  blocked: { state: 'signed-out' | 'incompatible'; since: number; problem: Problem } | null;
}

export function newConnectionRecord(now: number, lastExchangeAt: number | null): ConnectionRecord {
  return { begunAt: now, streamSince: null, lastExchangeAt, failingSince: null, problem: null, blocked: null };
}

export interface ConnectionStatus {
  state: ConnectionState;
  since: number;
  problem: Problem | null;
}

/** Returns the state of a connection at a time. `live` ends by itself after too long a silence. */
export function statusOf(record: ConnectionRecord, now: number): ConnectionStatus {
  const { blocked, streamSince, lastExchangeAt, failingSince, problem } = record;
  if (blocked !== null) return blocked;
  if (streamSince !== null && lastExchangeAt !== null) {
    if (now - lastExchangeAt <= silenceMs) return { state: 'live', since: streamSince, problem: null };
    return {
      state: 'offline',
      since: lastExchangeAt,
      problem: {
        code: 'unavailable',
        message: 'The backend went silent.',
        hint: 'The network between may be down; the console keeps trying.',
      },
    };
  }
  if (failingSince === null) return { state: 'connecting', since: record.begunAt, problem };
  return { state: 'offline', since: failingSince, problem };
}
