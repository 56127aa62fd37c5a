import { RetryLaterError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';

/**
 * What a failed delivery means for the change: `again` after at least so long, `moot` when nothing is left to do, `refused` when only a
 * person can decide.
 */
export type Outcome = { kind: 'again'; afterMs: number } | { kind: 'moot' } | { kind: 'refused' };

/**
 * An alert that resolved meanwhile makes a change of it moot: what the person on call wanted, peace from that alert, has come about.
 * Anything that says "not now" rather than "no" is tried again: no answer, signed out, patience asked for, or a fault of the server.
 */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof RetryLaterError) return { kind: 'again', afterMs: error.retryAfterMs };
  if (!(error instanceof AppError)) return { kind: 'again', afterMs: 0 };
  if (error.code === 'already_resolved') return { kind: 'moot' };
  // The first try, under the same key, is still being worked on.
  const stillRunning = error.code === 'conflict' && error.field === 'idempotency-key';
  if (stillRunning || error.status === 401 || error.status === 429 || error.status >= 500) return { kind: 'again', afterMs: 0 };
  return { kind: 'refused' };
}
