import type { Notice } from '#common/contract/console/settings.ts';
import type { Language } from '#common/format.ts';
import { describeNotice, type NoticeWords } from '#common/words/notices.ts';
import type { DesktopApi } from './api.ts';
import { linkTo } from './deep-link.ts';

interface NotificationsOptions {
  api: Pick<DesktopApi, 'Notification'>;
  platform: NodeJS.Platform;
  /** Whether the console’s window has the focus; then its own popup is enough. */
  isWatched(): boolean;
  /** The language of the notifications. */
  language(): Language;
  /** Shows the console at a place. */
  goTo(place: string): void;
}

/** Shows a notice as a notification of the operating system, unless it is suppressed. Never takes the focus. */
export function createNotifications({ api, platform, isWatched, language, goTo }: NotificationsOptions): (notice: Notice) => void {
  // A notification without a reference to it is collected, and its click with it.
  const shown = new Set<object>();
  return (notice) => {
    if (notice.suppressed !== null || isWatched() || !api.Notification.isSupported()) return;
    const [only] = notice.alertIds;
    const single = notice.alertIds.length === 1 && only !== undefined;
    const place = single ? `/alerts/${notice.connectionId}/${only}` : '/alerts';
    const words = describeNotice(notice, language());
    const notification = new api.Notification({
      ...words,
      urgency: notice.severity === 'CRITICAL' ? 'critical' : 'normal',
      timeoutType: notice.severity === 'CRITICAL' ? 'never' : 'default',
      silent: notice.severity === 'INFO',
      // On Windows the click itself carries the link, so that it leads to the alert when the console has been closed since.
      ...(platform === 'win32' && single ? { toastXml: toast(words, notice.severity, linkTo(notice.connectionId, only)) } : {}),
    });
    shown.add(notification);
    const forget = () => shown.delete(notification);
    notification.on('click', () => {
      forget();
      goTo(place);
    });
    notification.on('close', forget);
    notification.show();
  };
}

function toast({ title, body }: NoticeWords, severity: Notice['severity'], link: string): string {
  const scenario = severity === 'CRITICAL' ? ' scenario="urgent"' : '';
  return `<toast launch="${xml(link)}" activationType="protocol"${scenario}><visual><binding template="ToastGeneric"><text>${xml(title)}</text><text>${xml(body)}</text></binding></visual></toast>`;
}

function xml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
