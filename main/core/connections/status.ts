import type { ConnectionState, Problem } from '#common/contract/console/connections.ts';
import { heartbeatMs } from '#common/contract/events.ts';

/** Longer without a byte than this on an open stream, ms, and the connection counts as dead. */
export const silenceMs = 2.5 * heartbeatMs;

/** What happened between console and backend. Facts only: the state is always worked out from them. */
export interface Facts {
  /** When this console began trying, ms. */
  begunAt: number;
  /** Since when the event stream is open and the cache in step with it; null while it is not. */
  streamSince: number | null;
  /** Last byte from the backend, ms. */
  lastExchangeAt: number | null;
  /** First failure since the last success, ms. */
  failingSince: number | null;
  problem: Problem | null;
  /** Trying again is useless until somebody acts. */
  blocked: { state: 'signed-out' | 'incompatible'; since: number; problem: Problem } | null;
}

export function freshFacts(now: number, lastExchangeAt: number | null): Facts {
  return { begunAt: now, streamSince: null, lastExchangeAt, failingSince: null, problem: null, blocked: null };
}

export interface ConnectionStatus {
  state: ConnectionState;
  since: number;
  problem: Problem | null;
}

/** The state of a connection at a moment. Time alone can end `live`: silence is not contact. */
export function statusOf(facts: Facts, now: number): ConnectionStatus {
  const { blocked, streamSince, lastExchangeAt, failingSince, problem } = facts;
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
  if (failingSince === null) return { state: 'connecting', since: facts.begunAt, problem };
  return { state: 'offline', since: failingSince, problem };
}
