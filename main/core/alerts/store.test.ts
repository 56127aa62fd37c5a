import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { connectionOperations } from '../connections/store.ts';
import type { WritableDb } from '../database/connection.ts';
import { get } from '../database/connection.ts';
import { migrate } from '../database/migrate.ts';
import { noticeOperations } from '../notices/store.ts';
import { settingsOperations } from '../settings/store.ts';
import { schema } from '../storage/schema.ts';
import { sampleAlert } from './sample.ts';
import { alertOperations, applyAlerts, keepResolvedMs } from './store.ts';

const connectionId = 'c';
const now = 1_000_000_000;
let db: WritableDb;

beforeEach(() => {
  db = new Database(':memory:') as unknown as WritableDb;
  migrate(db, schema.migrations);
  db.pragma('foreign_keys = ON');
  const unknown = { ca: null, username: null, role: null, instanceId: null, backendVersion: null, lastEventId: null, lastExchangeAt: null };
  connectionOperations.writes.saveProfile(db, {
    id: connectionId,
    name: 'plant',
    url: 'http://plant',
    embedded: false,
    createdAt: 1,
    ...unknown,
  });
});

const alert = (n: number, change: Partial<Alert> = {}): Alert => sampleAlert({ id: `a${n}`, severity: 'HIGH', firedAt: now, ...change });
const resolved = (n: number, change: Partial<Alert> = {}): Alert => alert(n, { state: 'RESOLVED', resolvedAt: now, version: 2, ...change });
const applyShown = (alerts: Alert[], more: { lastEventId?: string; whole?: boolean; at?: number; skewMs?: number } = {}): Notice[] =>
  apply(alerts, more).shown;
const apply = (alerts: Alert[], more: { lastEventId?: string; whole?: boolean; at?: number; skewMs?: number } = {}) =>
  applyAlerts(db, {
    connectionId,
    alerts,
    lastEventId: more.lastEventId ?? null,
    whole: more.whole ?? false,
    now: more.at ?? now,
    skewMs: more.skewMs ?? 0,
  });
const feed = (at = now) => alertOperations.reads.feed(db, { now: at });
const place = () => get<{ id: string | null }>(db, 'SELECT last_event_id AS id FROM connections')?.id;

describe('changes to alerts', () => {
  test('are stored with the position in the stream; the newest copy wins over repeated and late ones', () => {
    applyShown([alert(1)], { lastEventId: '5' });
    applyShown([alert(1, { version: 3, value: 9 })], { lastEventId: '6' });
    expect(applyShown([alert(1, { version: 2, value: 7 })])).toEqual([]);
    expect(feed()).toMatchObject([{ id: 'a1', version: 3, value: 9, connectionId, waiting: [] }]);
    expect(place()).toBe('6');
  });

  test('are announced once: not on a repeat, not if they arrive in another way', () => {
    expect(applyShown([alert(1)])).toMatchObject([{ kind: 'fired', title: 'Belt speed low · belt-2', suppressed: null }]);
    expect(applyShown([alert(1)])).toEqual([]);
    expect(applyShown([alert(1)], { whole: true })).toEqual([]);
    expect(applyShown([resolved(1)])).toMatchObject([{ kind: 'resolved' }]);
    expect(applyShown([resolved(1)])).toEqual([]);
    expect(noticeOperations.reads.inbox(db)).toHaveLength(2);
  });

  test('as a snapshot remove alerts that no longer fire, and old ones', () => {
    applyShown([alert(1), alert(2), resolved(3, { resolvedAt: now - keepResolvedMs - 1 })]);
    applyShown([alert(2)], { whole: true });
    expect(feed().map(({ id }) => id)).toEqual(['a2']);
    expect(db.prepare('SELECT count(*) FROM alerts').pluck().get()).toBe(1);
  });

  test('at the first contact pop up for firing alerts, not for resolved ones', () => {
    expect(applyShown([alert(1), resolved(2)], { whole: true, lastEventId: '1' }).map(({ alertIds }) => alertIds)).toEqual([['a1']]);
    expect(noticeOperations.reads.inbox(db)).toHaveLength(1);
  });

  test('that were missed and have resolved are in the inbox and do not pop up', () => {
    applyShown([], { whole: true, lastEventId: '1' });
    expect(applyShown([resolved(1)], { lastEventId: '2' })).toEqual([]);
    expect(noticeOperations.reads.inbox(db)).toMatchObject([{ kind: 'resolved', read: false }]);
  });

  test('for a removed connection are ignored', () => {
    connectionOperations.writes.removeProfile(db, { id: connectionId });
    expect(applyShown([alert(1)], { lastEventId: '1' })).toEqual([]);
    expect(db.prepare('SELECT count(*) FROM alerts').pluck().get()).toBe(0);
  });

  test('in quiet hours are listed with the reason', () => {
    settingsOperations.writes.changeSettings(db, { quietHours: { enabled: true, from: 0, to: 0 } });
    expect(applyShown([alert(1), alert(2, { severity: 'CRITICAL' })]).map(({ alertIds }) => alertIds)).toEqual([['a2']]);
    expect(
      noticeOperations.reads
        .inbox(db)
        .map(({ suppressed }) => suppressed)
        .sort(),
    ).toEqual([null, 'quiet-hours'].sort());
  });
});

describe('a storm', () => {
  test('is one popup for many alerts, and shown again only when it gets worse', () => {
    for (let n = 1; n <= 5; n++) expect(applyShown([alert(n)], { at: now + n })).toHaveLength(1);
    const begun = applyShown([alert(6)], { at: now + 6 });
    expect(begun).toMatchObject([{ kind: 'storm', title: '6 alerts fired', severity: 'HIGH' }]);
    expect(begun[0]?.alertIds).toHaveLength(6);
    expect(applyShown([alert(7)], { at: now + 7 })).toEqual([]);
    const worse = applyShown([alert(8, { severity: 'CRITICAL' })], { at: now + 8 });
    expect(worse).toMatchObject([{ id: begun[0]?.id, severity: 'CRITICAL', title: '8 alerts fired' }]);
    const inbox = noticeOperations.reads.inbox(db);
    expect(inbox.filter(({ kind }) => kind === 'storm')).toHaveLength(1);
    expect(inbox.filter(({ suppressed }) => suppressed === 'storm')).toHaveLength(3);
  });

  test('keeps counting in its popup without a new sound', () => {
    for (let n = 1; n <= 6; n++) applyShown([alert(n)], { at: now + n });
    const more = Array.from({ length: 1_200 }, (_, n) => alert(100 + n));
    const { shown, counted } = apply(more, { at: now + 7 });
    expect(shown).toEqual([]);
    expect(counted).toMatchObject([{ kind: 'storm', title: '1,206 alerts fired' }]);
    expect(counted[0]?.alertIds).toHaveLength(1_206);
  });

  test('after a long absence is one popup, too', () => {
    const many = Array.from({ length: 40 }, (_, n) => alert(n));
    expect(applyShown(many, { whole: true })).toMatchObject([{ kind: 'storm', title: '40 alerts fired' }]);
  });

  test('ends with ten quiet seconds', () => {
    applyShown(Array.from({ length: 10 }, (_, n) => alert(n)));
    expect(applyShown([alert(20)], { at: now + 10_001 })).toMatchObject([{ kind: 'fired', suppressed: null }]);
  });
});

describe('settings', () => {
  test('only an unreadable setting falls back to its default', () => {
    settingsOperations.writes.changeSettings(db, { theme: 'light', volume: 0.2 });
    db.prepare(`UPDATE settings SET body = json_set(body, '$.theme', 'sepia', '$.later', 1)`).run();
    expect(settingsOperations.reads.settings(db)).toMatchObject({ theme: 'system', volume: 0.2, density: 'comfortable' });
  });
});
