import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, expect, test } from 'vitest';
import type { Notice } from '#common/contract/console/settings.ts';
import { sampleAlert } from '#core/alerts/sample.ts';
import type { DesktopApi } from './api.ts';
import { placeInArguments } from './deep-link.ts';
import { createNotifications } from './notifications.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Like Electron's: only the creator keeps a reference to it. */
let made: { ref: WeakRef<Shown>; options: { toastXml?: string } }[];
let gone: string[];
let visited: string[];
class Shown extends EventEmitter {
  static isSupported = () => true;
  readonly title: string;
  constructor(options: { title: string; toastXml?: string }) {
    super();
    this.title = options.title;
    made.push({ ref: new WeakRef(this), options });
  }
  show() {}
  close() {
    gone.push(this.title);
  }
}
beforeEach(() => {
  made = [];
  gone = [];
  visited = [];
});

const start = (platform: NodeJS.Platform = 'linux') =>
  createNotifications({
    api: { Notification: Shown as unknown as DesktopApi['Notification'] },
    platform,
    isWatched: () => false,
    language: () => 'en',
    goTo: (place) => visited.push(place),
  });

const connectionId = '01938d5e-7a10-7000-8000-000000000001';
const alertId = (n: number) => `01938d5e-7a10-7000-8000-0000000001${String(n).padStart(2, '0')}`;
const feedAlert = (n: number, more: object = {}) => ({ ...sampleAlert(), connectionId, id: alertId(n), waiting: [], ...more }) as never;

function notice(kind: Notice['kind'], ...alerts: number[]): Notice {
  const title = `${kind} ${alerts.join()}`;
  const spoken = { id: title, title, body: '', content: null, at: 1, suppressed: null, read: false };
  return { ...spoken, kind, connectionId, alertIds: alerts.map(alertId), severity: 'CRITICAL' };
}
const owned = { acknowledgement: { by: 'sara', at: 1, note: '', expiresAt: null } };

test('a click opens the alert, also long after the popup moved to the notification centre', async () => {
  const notifications = start();
  notifications.show(notice('fired', 1));
  notifications.show(notice('storm', 2, 3));
  for (const { ref } of made) ref.deref()?.emit('close');
  // Unreferenced objects are gone after a turn of the event loop and a garbage collection.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  for (const { ref } of made) ref.deref()?.emit('click');
  expect(visited).toEqual([`/alerts/${connectionId}/${alertId(1)}`, '/alerts']);
});

test('on Windows the notification contains the link, so that a click starts a closed console', () => {
  const notifications = start('win32');
  notifications.show(notice('fired', 1));
  notifications.show(notice('storm', 2, 3));
  const links = made.map(({ options }) => /launch="([^"]+)"/.exec(options.toastXml ?? '')?.[1] ?? '');
  expect(links.map((link) => placeInArguments(['watchfloor.exe', link]))).toEqual([`/alerts/${connectionId}/${alertId(1)}`, '/alerts']);
});

test('a notification is removed when its alert gets an owner, here or elsewhere; that of a resolved alert still opens it', () => {
  const notifications = start();
  notifications.show(notice('fired', 1));
  notifications.show(notice('storm', 2, 3));
  notifications.show(notice('fired', 4));
  notifications.settle([feedAlert(1), feedAlert(2, owned), feedAlert(3), feedAlert(4)]);
  expect(gone).toEqual([]);
  notifications.settle([feedAlert(1, owned), feedAlert(2, owned), feedAlert(3), feedAlert(4, { ...owned, state: 'RESOLVED' })]);
  expect(gone).toEqual(['fired 1']);
  notifications.settle([feedAlert(2, owned), feedAlert(3, { waiting: ['acknowledge'] })]);
  expect(gone).toEqual(['fired 1', 'storm 2,3']);
  made[2]?.ref.deref()?.emit('click');
  expect(visited).toEqual([`/alerts/${connectionId}/${alertId(4)}`]);
});

test('an alert that already has an owner gets no notification', () => {
  start().show({ ...notice('fired', 1), suppressed: 'acknowledged' });
  expect(made).toEqual([]);
});
