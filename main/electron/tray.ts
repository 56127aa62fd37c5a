import { join } from 'node:path';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { DesktopApi } from './api.ts';

/** Alerts that wait for someone: firing, and neither acknowledged nor snoozed, here or anywhere. */
export function countWaiting(alerts: readonly FeedAlert[]): number {
  return alerts.filter(
    ({ state, acknowledgement, snooze, waiting }) =>
      state === 'FIRING' && acknowledgement === null && snooze === null && !waiting.includes('acknowledge') && !waiting.includes('snooze'),
  ).length;
}

interface TrayOptions {
  api: Pick<DesktopApi, 'app' | 'Menu' | 'nativeImage' | 'Tray'>;
  /** Folder of the icons. */
  resources: string;
  show(place: string): void;
}

export interface TrayCount {
  update(waiting: number): void;
  destroy(): void;
}

/** The icon beside the clock: how many alerts wait, one click to them. */
export function createTray({ api, resources, show }: TrayOptions): TrayCount {
  const calm = api.nativeImage.createFromPath(join(resources, 'tray.png'));
  const alarmed = api.nativeImage.createFromPath(join(resources, 'tray-alert.png'));
  const tray = new api.Tray(calm);
  tray.on('click', () => show('/now'));
  let told: number | null = null;
  const update = (waiting: number) => {
    if (waiting === told) return;
    told = waiting;
    const words = waiting === 0 ? 'No alert waits for anyone' : waiting === 1 ? '1 alert needs someone' : `${waiting} alerts need someone`;
    tray.setImage(waiting === 0 ? calm : alarmed);
    tray.setToolTip(`Watchfloor: ${words}`);
    // Beside the icon, where the system has room for it.
    tray.setTitle(waiting === 0 ? '' : String(waiting));
    api.app.setBadgeCount(waiting);
    tray.setContextMenu(
      api.Menu.buildFromTemplate([
        { label: words, click: () => show('/alerts') },
        { type: 'separator' },
        { label: 'Open Watchfloor', click: () => show('/now') },
        { label: 'Quit', click: () => api.app.quit() },
      ]),
    );
  };
  update(0);
  return { update, destroy: () => tray.destroy() };
}
