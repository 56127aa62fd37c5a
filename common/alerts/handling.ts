import type { Alert } from '../contract/alerts.ts';

/** Returns an alert's acknowledgement unless it has expired: an expired one may not have been cleared yet. @param now epoch ms */
export function currentAcknowledgement({ acknowledgement }: Pick<Alert, 'acknowledgement'>, now: number): Alert['acknowledgement'] {
  return acknowledgement === null || (acknowledgement.expiresAt !== null && acknowledgement.expiresAt <= now) ? null : acknowledgement;
}

/** Returns an alert's snooze unless it is over. @param now epoch ms */
export function currentSnooze({ snooze }: Pick<Alert, 'snooze'>, now: number): Alert['snooze'] {
  return snooze === null || snooze.until <= now ? null : snooze;
}
