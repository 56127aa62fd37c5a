import { useSyncExternalStore } from 'react';

/**
 * The permission of this window to show operating system notifications. `host`: the desktop console shows them itself. `unavailable`: the browser
 * has none, or refuses them to a page that was loaded over plain HTTP from another computer.
 */
export type OsNotificationState = 'host' | 'unavailable' | 'ask' | 'declined' | 'allowed' | 'blocked';

/** Storage key that records in this browser that the person declined, so that they are asked only once. */
const declinedKey = 'watchfloor.os-notifications-declined';

/** The parts of a browser that decide it. */
export interface NotificationPlace {
  isDesktop: boolean;
  isSecure: boolean;
  /** `Notification.permission`; undefined if the browser has no notifications. */
  permission: NotificationPermission | undefined;
  declined: boolean;
}

export function notificationState({ isDesktop, isSecure, permission, declined }: NotificationPlace): OsNotificationState {
  if (isDesktop) return 'host';
  if (!isSecure || permission === undefined) return 'unavailable';
  if (permission === 'granted') return 'allowed';
  if (permission === 'denied') return 'blocked';
  return declined ? 'declined' : 'ask';
}

const listeners = new Set<() => void>();
const changed = () => {
  for (const listener of listeners) listener();
};

function read(): OsNotificationState {
  return notificationState({
    isDesktop: 'watchfloor' in window && window.watchfloor !== undefined,
    isSecure: window.isSecureContext,
    permission: 'Notification' in window ? Notification.permission : undefined,
    declined: localStorage.getItem(declinedKey) !== null,
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // The permission may be changed in the browser's settings, from where people come back to this tab.
  window.addEventListener('focus', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('focus', listener);
  };
}

/** Shows the browser's permission prompt. Browsers allow that only after a click. */
export async function askForOsNotifications(): Promise<void> {
  await Notification.requestPermission();
  changed();
}

export function declineOsNotifications(): void {
  localStorage.setItem(declinedKey, '1');
  changed();
}

export const useOsNotificationState = (): OsNotificationState => useSyncExternalStore(subscribe, read);

interface OsNotification {
  /** A newer notification with the same tag replaces the older one. */
  tag: string;
  title: string;
  body: string;
  /** Stays until it is dismissed. */
  sticky: boolean;
  onClick: () => void;
}

/**
 * Shows an operating system notification if that is allowed and this tab is hidden; otherwise the popup is enough.
 * @returns a function that closes it; null if none is shown
 */
export function showOsNotification({ tag, title, body, sticky, onClick }: OsNotification): (() => void) | null {
  if (read() !== 'allowed' || document.visibilityState === 'visible') return null;
  const notification = new Notification(title, { tag, body, requireInteraction: sticky, icon: '/icon.svg' });
  notification.onclick = () => {
    notification.close();
    window.focus();
    onClick();
  };
  return () => notification.close();
}
