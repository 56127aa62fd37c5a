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

/** The alerts of a notice that wait for someone, in the order they are known: what its buttons act on. */
export function actionable(notice: Notice, alerts: readonly FeedAlert[]): FeedAlert[] {
  const ids = new Set(notice.alertIds);
  return alerts.filter((alert) => alert.connectionId === notice.connectionId && ids.has(alert.id) && isUnowned(alert));
}

/** When a popup goes by itself, ms; null when it stays until someone acts. */
export function expiresAt(notice: Notice): number | null {
  if (notice.kind === 'resolved') return notice.at + briefMs;
  if (notice.kind === 'conflict') return null;
  return notice.severity === 'CRITICAL' || notice.severity === 'HIGH' ? null : notice.at + mildMs;
}

/** Whether each known alert waits for someone, by id. */
export const unownedById = (alerts: readonly FeedAlert[]): ReadonlyMap<string, boolean> =>
  new Map(alerts.map((alert) => [alert.id, isUnowned(alert)]));

/**
 * What is still worth showing: not expired, and not of alerts that somebody has taken, put off or seen resolved meanwhile,
 * here or on another desk.
 */
export function stillShown(shown: readonly Notice[], open: ReadonlyMap<string, boolean>, now: number): Notice[] {
  return shown.filter((notice) => {
    const end = expiresAt(notice);
    if (end !== null && now >= end) return false;
    if (notice.kind !== 'fired' && notice.kind !== 'storm') return true;
    // An alert the feed does not know yet counts as open: its notice may arrive first.
    return notice.alertIds.some((id) => open.get(id) ?? true);
  });
}
