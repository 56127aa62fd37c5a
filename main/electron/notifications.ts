import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import type { Language } from '#common/format.ts';
import { describeNotice, type NoticeWords } from '#common/words/notices.ts';
import type { DesktopApi } from './api.ts';
import { linkTo, linkToAlerts } from './deep-link.ts';
import { isHandled } from './tray.ts';

interface NotificationsOptions {
  api: Pick<DesktopApi, 'Notification'>;
  platform: NodeJS.Platform;
  /** Returns true if the console’s window has the focus; then its own popup is enough. */
  isWatched(): boolean;
  /** The language of the notifications. */
  language(): Language;
  /** Shows the console at a path. */
  goTo(place: string): void;
}

export interface Notifications {
  /** Shows a notice as a notification of the operating system, unless it is suppressed. Never takes the focus. */
  show(notice: Notice): void;
  /**
   * Removes notifications whose alerts all have an owner or are snoozed now. Those of resolved alerts stay, because a click still opens
   * them.
   */
  settle(alerts: readonly FeedAlert[]): void;
}

/** Maximum number of notifications that can still be clicked; older ones do nothing. */
const maxKept = 200;

export function createNotifications({ api, platform, isWatched, language, goTo }: NotificationsOptions): Notifications {
  // A notification without a reference is garbage-collected, and its click handler with it. A closed one may stay in the system's
  // notification centre and be clicked hours later.
  const kept = new Map<InstanceType<DesktopApi['Notification']>, Notice>();
  return {
    show(notice) {
      if (notice.suppressed !== null || isWatched() || !api.Notification.isSupported()) return;
      const [only] = notice.alertIds;
      const single = notice.alertIds.length === 1 && only !== undefined;
      const place = single ? `/alerts/${notice.connectionId}/${only}` : '/alerts';
      const words = describeNotice(notice, language());
      const link = single ? linkTo(notice.connectionId, only) : linkToAlerts;
      const notification = new api.Notification({
        ...words,
        urgency: notice.severity === 'CRITICAL' ? 'critical' : 'normal',
        timeoutType: notice.severity === 'CRITICAL' ? 'never' : 'default',
        silent: notice.severity === 'INFO',
        // On Windows the notification itself contains the link, so that a click works even if the console was closed since.
        ...(platform === 'win32' ? { toastXml: toast(words, notice.severity, link) } : {}),
      });
      kept.set(notification, notice);
      for (const [oldest] of kept) {
        if (kept.size <= maxKept) break;
        kept.delete(oldest);
      }
      notification.on('click', () => goTo(place));
      notification.show();
    },
    settle(alerts) {
      const handled = new Set(alerts.filter(isHandled).map(({ connectionId, id }) => `${connectionId} ${id}`));
      for (const [notification, { kind, connectionId, alertIds }] of kept) {
        if (kind !== 'fired' && kind !== 'storm') continue;
        if (!alertIds.every((id) => handled.has(`${connectionId} ${id}`))) continue;
        kept.delete(notification);
        notification.close();
      }
    },
  };
}

function toast({ title, body }: NoticeWords, severity: Notice['severity'], link: string): string {
  const scenario = severity === 'CRITICAL' ? ' scenario="urgent"' : '';
  return `<toast launch="${xml(link)}" activationType="protocol"${scenario}><visual><binding template="ToastGeneric"><text>${xml(title)}</text><text>${xml(body)}</text></binding></visual></toast>`;
}

function xml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
