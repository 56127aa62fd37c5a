import { RetryLaterError } from '#common/contract/client.ts';
import { AppError } from '#common/contract/errors.ts';

/**
 * The consequence of a failed delivery for the change: `again` to retry after at least `afterMs`, `moot` when nothing is left to do, `refused` when
 * a person must decide.
 */
export type Outcome = { kind: 'again'; afterMs: number } | { kind: 'moot' } | { kind: 'refused' };

/**
 * A change to an alert that has resolved in the meantime is moot, because there is nothing left to handle. Temporary failures are retried:
 * no answer, signed out, a request to wait, or a server error.
 */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof RetryLaterError) return { kind: 'again', afterMs: error.retryAfterMs };
  if (!(error instanceof AppError)) return { kind: 'again', afterMs: 0 };
  if (error.code === 'already_resolved') return { kind: 'moot' };
  // The first attempt with the same key is still running.
  const stillRunning = error.code === 'conflict' && error.field === 'idempotency-key';
  if (stillRunning || error.status === 401 || error.status === 429 || error.status >= 500) return { kind: 'again', afterMs: 0 };
  return { kind: 'refused' };
}
