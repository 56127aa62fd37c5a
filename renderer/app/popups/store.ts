import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { isUnowned } from '#renderer/domain/alerts.ts';

/** How long a popup stays, ms. A popup of a HIGH or CRITICAL alert stays until the alert has an owner. */
const briefMs = 12_000;
const mildMs = 30_000;
/** Maximum number of popups on screen; older ones are in the inbox. */
export const maxPopups = 4;

/** Puts a new notice on top. A resolved notice replaces the fired one, so that the two are never shown together. */
export function withNotice(shown: readonly Notice[], notice: Notice): Notice[] {
  if (notice.suppressed !== null) return [...shown];
  const replaced = shown.filter(
    (one) =>
      one.id !== notice.id && !(one.connectionId === notice.connectionId && one.alertIds.every((id) => notice.alertIds.includes(id))),
  );
  return [notice, ...replaced];
}

/** Updates the popup of a storm whose count has changed; does nothing if the popup is gone. */
export function withCount(shown: readonly Notice[], notice: Notice): Notice[] {
  return shown.map((one) => (one.id === notice.id ? notice : one));
}

/** Returns the alerts of a notice that have no owner: those that its buttons act on. */
export function actionable(notice: Notice, alerts: readonly FeedAlert[]): FeedAlert[] {
  const ids = new Set(notice.alertIds);
  return alerts.filter((alert) => alert.connectionId === notice.connectionId && ids.has(alert.id) && isUnowned(alert));
}

/** Returns when a popup closes by itself, ms; null if it stays until someone acts. */
export function expiresAt(notice: Notice): number | null {
  if (notice.kind === 'resolved') return notice.at + briefMs;
  if (notice.kind === 'conflict') return null;
  return notice.severity === 'CRITICAL' || notice.severity === 'HIGH' ? null : notice.at + mildMs;
}

/** Maps the id of each known alert to whether it has no owner and notifies. @param silenced keys of alerts that a policy stops */
export const unownedById = (alerts: readonly FeedAlert[], silenced: ReadonlySet<string> = new Set()): ReadonlyMap<string, boolean> =>
  new Map(alerts.map((alert) => [alert.id, isUnowned(alert) && !silenced.has(alertKey(alert))]));

/**
 * Returns the notices that are still worth showing: not expired, and with an alert that nobody has acknowledged, snoozed, silenced or seen
 * resolved, in this console or in another.
 */
export function stillShown(shown: readonly Notice[], open: ReadonlyMap<string, boolean>, now: number): Notice[] {
  return shown.filter((notice) => {
    const end = expiresAt(notice);
    if (end !== null && now >= end) return false;
    if (notice.kind !== 'fired' && notice.kind !== 'storm') return true;
    // An alert that the feed doesn't know yet counts as unowned: its notice may arrive first.
    return notice.alertIds.some((id) => open.get(id) ?? true);
  });
}
