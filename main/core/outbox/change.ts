import type { Alert } from '#common/contract/alerts.ts';
import { describeChange } from '#common/words/notices.ts';

interface Asked {
  alertId: string;
  /** Absent in changes that older consoles queued. */
  alertName?: string;
  /** When the person made the change, ms. */
  at: number;
  by: string;
  before: Pick<Alert, 'acknowledgement' | 'snooze'>;
  /**
   * Set when the times of the change are by the backend's clock. Otherwise they are by this computer's, because the difference was not
   * known yet.
   */
  backendClock?: true;
}

/** A change by a person, as it is stored until the backend has confirmed it. */
export type AlertChange = Asked &
  (
    | { kind: 'acknowledge'; note: string; expiresAt: number | null }
    | { kind: 'unacknowledge' }
    | { kind: 'snooze'; until: number; reason: string }
    | { kind: 'unsnooze' }
  );

/** Returns the entity of a change. Changes of one entity are delivered in order, those of different ones in parallel. */
export function entityOf(change: AlertChange): string {
  return alertEntity(change.alertId);
}
export const alertEntity = (alertId: string): string => `alert/${alertId}`;

/** Describes the change in English, for logs. */
export function titleOf(change: AlertChange, alertName: string): string {
  return describeChange(change.kind, alertName, 'en');
}

/**
 * Converts the times of a change to the backend's clock, so that five minutes are five minutes even if this computer's clock is wrong.
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

/** Returns the alert as it will be after the change is delivered. */
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

/** Returns the change that undoes a change; null when there is nothing to undo. @param at current time by the backend's clock */
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
