import { join } from 'node:path';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Language } from '#common/format.ts';
import { desktopTexts } from '#common/words/desktop.ts';
import { fillText } from '#common/words/fill.ts';
import type { DesktopApi } from './api.ts';

/** Counts the alerts without an owner: firing, and neither acknowledged nor snoozed, here or elsewhere. */
export function countWaiting(alerts: readonly FeedAlert[]): number {
  return alerts.filter((alert) => alert.state === 'FIRING' && !isHandled(alert)).length;
}

/** Returns whether a firing alert is acknowledged or snoozed, here or elsewhere. */
export const isHandled = ({ state, acknowledgement, snooze, waiting }: FeedAlert): boolean =>
  state === 'FIRING' && (acknowledgement !== null || snooze !== null || waiting.includes('acknowledge') || waiting.includes('snooze'));

interface TrayOptions {
  api: Pick<DesktopApi, 'app' | 'Menu' | 'nativeImage' | 'Tray'>;
  /** Folder of the icons. */
  resources: string;
  show(place: string): void;
}

export interface TrayCount {
  /** Updates the icon with a count, in a language. */
  update(waiting: number, language: Language): void;
  destroy(): void;
}

/** Creates the tray icon: it shows how many alerts need an owner and opens them with one click. */
export function createTray({ api, resources, show }: TrayOptions): TrayCount {
  const normalIcon = api.nativeImage.createFromPath(join(resources, 'tray.png'));
  const alertIcon = api.nativeImage.createFromPath(join(resources, 'tray-alert.png'));
  const tray = new api.Tray(normalIcon);
  tray.on('click', () => show('/now'));
  let shown = '';
  const update = (waiting: number, language: Language) => {
    const key = `${language} ${waiting}`;
    if (key === shown) return;
    shown = key;
    const { none, one, many, open, quit } = desktopTexts[language];
    const summary = waiting === 0 ? none : waiting === 1 ? one : fillText(many, { count: waiting }, language);
    tray.setImage(waiting === 0 ? normalIcon : alertIcon);
    tray.setToolTip(`Watchfloor: ${summary}`);
    // Beside the icon, where the system has room for it.
    tray.setTitle(waiting === 0 ? '' : String(waiting));
    api.app.setBadgeCount(waiting);
    tray.setContextMenu(
      api.Menu.buildFromTemplate([
        { label: summary, click: () => show('/alerts') },
        { type: 'separator' },
        { label: open, click: () => show('/now') },
        { label: quit, click: () => api.app.quit() },
      ]),
    );
  };
  update(0, 'en');
  return { update, destroy: () => tray.destroy() };
}
