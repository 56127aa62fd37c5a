import type { AlertsDelta, FeedAlert } from './alerts.ts';

/** Returns a key that is unique over all connections. */
export const alertKey = (alert: { connectionId: string; id: string }): string => `${alert.connectionId}/${alert.id}`;

/** Compares alerts: newest first; with equal times the greater id first. */
export function newestFirst(a: FeedAlert, b: FeedAlert): number {
  return b.firedAt - a.firedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Applies a change to the list, newest first. Unchanged alerts stay the same objects. */
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
