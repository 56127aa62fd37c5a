import { useSyncExternalStore } from 'react';

/**
 * Whether this window may use the operating system's notifications. `host`: the desktop console shows them itself. `unavailable`: the
 * browser has none, or gives them to no page that came over plain HTTP from another computer.
 */
export type OsNotificationState = 'host' | 'unavailable' | 'ask' | 'declined' | 'allowed' | 'blocked';

/** Remembers in this browser that the person said no when asked, so that they are asked once. */
const declinedKey = 'watchfloor.os-notifications-declined';

/** What of a browser decides it. */
export interface NotificationPlace {
  isDesktop: boolean;
  isSecure: boolean;
  /** `Notification.permission`; undefined where the browser has no notifications. */
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
  // The person may allow or block them in the browser's own settings; they come back to this tab from there.
  window.addEventListener('focus', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('focus', listener);
  };
}

/** Shows the browser's question. Browsers ask only in answer to a click. */
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
  /** A newer one with the same tag replaces the older. */
  tag: string;
  title: string;
  body: string;
  /** Stays until it is dismissed. */
  sticky: boolean;
  onClick: () => void;
}

/**
 * Shows a notification of the operating system if it is allowed and this tab is hidden; otherwise the popup is enough.
 * @returns what closes it again; null where none is shown
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
