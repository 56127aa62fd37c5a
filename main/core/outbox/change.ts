import type { Alert } from '#common/contract/alerts.ts';

/** What a person asked for, as it is kept until the backend has confirmed it. `at` is when they asked, ms. */
export type AlertChange = { alertId: string; at: number; by: string; before: Pick<Alert, 'acknowledgement' | 'snooze'> } & (
  | { kind: 'acknowledge'; note: string; expiresAt: number | null }
  | { kind: 'unacknowledge' }
  | { kind: 'snooze'; until: number; reason: string }
  | { kind: 'unsnooze' }
);

/** Changes of one entity are delivered in order; those of different ones side by side. */
export function entityOf(change: AlertChange): string {
  return alertEntity(change.alertId);
}
export const alertEntity = (alertId: string): string => `alert/${alertId}`;

const verbs: Record<AlertChange['kind'], string> = {
  acknowledge: 'Acknowledge',
  unacknowledge: 'Give back',
  snooze: 'Snooze',
  unsnooze: 'End the snooze of',
};
export function titleOf(change: AlertChange, alertName: string): string {
  return `${verbs[change.kind]} “${alertName}”`;
}

/** The alert as it will be once the change is delivered. */
export function applied<A extends Pick<Alert, 'acknowledgement' | 'snooze'>>(alert: A, change: AlertChange): A {
  switch (change.kind) {
    case 'acknowledge':
      return { ...alert, acknowledgement: { by: change.by, at: change.at, note: change.note, expiresAt: change.expiresAt } };
    case 'unacknowledge':
      return { ...alert, acknowledgement: null };
    case 'snooze':
      return { ...alert, snooze: { by: change.by, at: change.at, until: change.until, reason: change.reason } };
    case 'unsnooze':
      return { ...alert, snooze: null };
  }
}

/** The change that brings back what was before; null when nothing is left to bring back. */
export function opposite(change: AlertChange, at: number): AlertChange | null {
  const { acknowledgement, snooze } = change.before;
  const common = { alertId: change.alertId, at, by: change.by, before: applied(change.before, change) };
  switch (change.kind) {
    case 'acknowledge':
    case 'unacknowledge':
      if (acknowledgement !== null)
        return { ...common, kind: 'acknowledge', note: acknowledgement.note, expiresAt: acknowledgement.expiresAt };
      return change.kind === 'acknowledge' ? { ...common, kind: 'unacknowledge' } : null;
    case 'snooze':
    case 'unsnooze':
      if (snooze !== null && snooze.until > at) return { ...common, kind: 'snooze', until: snooze.until, reason: snooze.reason };
      return change.kind === 'snooze' ? { ...common, kind: 'unsnooze' } : null;
  }
}
