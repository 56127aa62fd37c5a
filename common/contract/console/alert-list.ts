import type { AlertsDelta, FeedAlert } from './alerts.ts';

/** One key over all connections. */
export const alertKey = (alert: { connectionId: string; id: string }): string => `${alert.connectionId}/${alert.id}`;

/** Newest first; of equal times the newer id. */
export function newestFirst(a: FeedAlert, b: FeedAlert): number {
  return b.firedAt - a.firedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** The list with a change applied, newest first. Alerts that did not change stay the same objects. */
export function applyDelta(alerts: readonly FeedAlert[], { changed, gone }: AlertsDelta): FeedAlert[] {
  const newer = new Map(changed.map((alert) => [alertKey(alert), alert]));
  const removed = new Set(gone.map(alertKey));
  const kept = alerts.flatMap((alert) => {
    const key = alertKey(alert);
    if (removed.has(key)) return [];
    const copy = newer.get(key);
    newer.delete(key);
    return [copy ?? alert];
  });
  return newer.size === 0 ? kept : [...newer.values(), ...kept].sort(newestFirst);
}
