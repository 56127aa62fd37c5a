import type { Alert } from '#common/contract/alerts.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { AlertChange } from '../outbox/change.ts';
import { applied } from '../outbox/change.ts';

/**
 * Returns an alert as it is shown: the last copy from the backend with the user's own pending changes applied, oldest first. A resolved
 * alert is shown as the backend sent it, because pending changes no longer apply.
 */
export function overlay(copy: { connectionId: string; alert: Alert; asOf: number }, changes: readonly AlertChange[]): FeedAlert {
  const { connectionId, alert, asOf } = copy;
  const waiting = changes.map(({ kind }) => kind);
  const shown = alert.state === 'RESOLVED' ? alert : changes.reduce((before, change) => applied(before, change), alert);
  return { ...shown, connectionId, asOf, waiting };
}
