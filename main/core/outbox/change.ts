import type { Alert } from '#common/contract/alerts.ts';
import { describeChange } from '#common/words/notices.ts';

interface Asked {
  alertId: string;
  /** Absent in changes that older consoles queued. */
  alertName?: string;
  /** When they asked, ms. */
  at: number;
  by: string;
  before: Pick<Alert, 'acknowledgement' | 'snooze'>;
  /**
   * Set once the times of the change are by the backend's clock. Without it they are by this computer's, because how far the two
   * differ was not known yet.
   */
  backendClock?: true;
}

/** What a person asked for, as it is kept until the backend has confirmed it. */
export type AlertChange = Asked &
  (
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

/** The change in English, for logs. */
export function titleOf(change: AlertChange, alertName: string): string {
  return describeChange(change.kind, alertName, 'en');
}

/**
 * The change with its times by the backend's clock: five minutes are five minutes, however wrong the clock of this computer is.
 * @param skewMs the backend's clock minus this computer's
 */
export function byBackendClock<C extends AlertChange>(change: C, skewMs: number): C {
  if (change.backendClock) return change;
  const moved: AlertChange = { ...change, at: change.at + skewMs, backendClock: true };
  if (moved.kind === 'snooze') return { ...moved, until: moved.until + skewMs } as AlertChange as C;
  if (moved.kind === 'acknowledge' && moved.expiresAt !== null)
    return { ...moved, expiresAt: moved.expiresAt + skewMs } as AlertChange as C;
  return moved as C;
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

/**
 * The change that brings back what was before; null when nothing is left to bring back.
 * @param at now by the backend's clock, as the times of what was before are
 */
export function opposite(change: AlertChange, at: number): AlertChange | null {
  const { acknowledgement, snooze } = change.before;
  const { alertId, alertName, by } = change;
  const before = applied(change.before, change);
  const common = { alertId, at, by, before, backendClock: true, ...(alertName === undefined ? {} : { alertName }) } as const;
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
