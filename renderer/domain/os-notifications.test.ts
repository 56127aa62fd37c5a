import { expect, it } from 'vitest';
import { type NotificationPlace, notificationState } from './os-notifications.ts';

const place: NotificationPlace = { isDesktop: false, isSecure: true, permission: 'default', declined: false };

it.each<[string, Partial<NotificationPlace>, string]>([
  ['a browser that was not asked', {}, 'ask'],
  ['a browser whose person said not now', { declined: true }, 'declined'],
  ['a browser that allows them, whatever was said before', { permission: 'granted', declined: true }, 'allowed'],
  ['a browser that blocks them', { permission: 'denied' }, 'blocked'],
  ['a page over plain HTTP', { isSecure: false }, 'unavailable'],
  ['a browser without notifications', { permission: undefined }, 'unavailable'],
  ['the desktop console', { isDesktop: true, permission: 'denied' }, 'host'],
])('%s', (_what, more, state) => expect(notificationState({ ...place, ...more })).toBe(state));
