import type { Alert } from '#common/contract/alerts.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { AlertChange } from '../outbox/change.ts';
import { applied } from '../outbox/change.ts';

/**
 * The alert as a person should see it: the last copy from the backend with their own waiting changes laid over it, oldest first.
 * On an alert that has resolved the changes have nothing left to act on: it shows as the backend told it.
 */
export function overlay(copy: { connectionId: string; alert: Alert; asOf: number }, changes: readonly AlertChange[]): FeedAlert {
  const { connectionId, alert, asOf } = copy;
  const waiting = changes.map(({ kind }) => kind);
  const seen = alert.state === 'RESOLVED' ? alert : changes.reduce((before, change) => applied(before, change), alert);
  return { ...seen, connectionId, asOf, waiting };
}
