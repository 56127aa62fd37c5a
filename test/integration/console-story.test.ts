import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { runCli, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** One console against the real backend, the conveyor writing on its own beside it, through a crash of the backend and back. */
const backendFolder = temporaryFolder();
const consoleFolder = temporaryFolder();
let producer: ChildProcess;
let backend: TestBackend;
let core: TestConsole;
let connectionId: string;
/** From here on the producer writes every 2 s; the history before it is coarser. */
let liveFrom: number;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--no-conveyor'] });
  producer = runCli(['conveyor', '--file', join(backendFolder.path, 'conveyor.db')]);
  core = await openTestConsole(consoleFolder.path, backend.url);
  connectionId = (await core.connection()).id;
});
afterAll(async () => {
  await core.close();
  await backend.stop();
  producer.kill('SIGTERM');
  await once(producer, 'exit');
  backendFolder.remove();
  consoleFolder.remove();
});

const alertOn = (belt: string) => async (): Promise<FeedAlert | undefined> =>
  (await core.handlers.alerts.list(undefined, neverAborts)).find(
    ({ state, labels }) => state === 'FIRING' && Object.values(labels).includes(belt),
  );
const speed = (from: number, to: number, cacheOnly = false) =>
  core.handlers.series.query(
    {
      connectionId,
      cacheOnly,
      query: {
        selector: { from: 'signal', loaderCode: 'belt-speed', segmentCode: 'belt-1' },
        aggregation: 'avg',
        from,
        to,
        bucketMs: 2_000,
      },
    },
    neverAborts,
  );
const shown = (kind: Notice['kind']): Notice[] =>
  core.received
    .filter(({ service, event }) => service === 'notices' && event === 'shown')
    .flatMap(({ payload }) => {
      const notice = payload as Notice;
      return notice.kind === kind ? [notice] : [];
    });
/** The longest gap without a point, ms. */
const widestGap = (t: ArrayLike<number>): number => Array.from(t).reduce((widest, at, i) => Math.max(widest, at - (t[i - 1] ?? at)), 0);

test('it connects and shows live points', async () => {
  const live = await eventually('live', async () => {
    const connection = await core.connection();
    return connection.state === 'live' && connection;
  });
  expect(live).toMatchObject({ username: 'admin', role: 'ADMIN', backendVersion: '0.1.0', problem: null });
  await eventually(
    'points of the last 10 s',
    async () => {
      const { series, problem } = await speed(Date.now() - 10_000, Date.now());
      expect(problem).toBeNull();
      return (series[0]?.t.length ?? 0) >= 2;
    },
    60_000,
  );
  liveFrom = Date.now();
  await eventually('news of points', () => core.received.some(({ service, event }) => service === 'series' && event === 'stored'));
});

test('a fault becomes an alert and a popup; its acknowledgement arrives', { timeout: 120_000 }, async () => {
  for (const belt of ['belt-2', 'belt-3']) await core.handlers.conveyor.inject({ connectionId, belt, kind: 'stop' }, neverAborts);
  const alert = await eventually('an alert on belt-2', alertOn('belt-2'), 90_000);
  await eventually('an alert on belt-3', alertOn('belt-3'), 60_000);
  await eventually('both popups', () => shown('fired').length === 2);
  expect(shown('fired').map(({ suppressed }) => suppressed)).toEqual([null, null]);

  const queued = await core.handlers.alerts.acknowledge({ connectionId, ids: [alert.id], note: 'on my way', expiresAt: null }, neverAborts);
  expect(queued.outboxIds).toHaveLength(1);
  const confirmed = await eventually('a confirmed acknowledgement', async () => {
    const now = await alertOn('belt-2')();
    return now !== undefined && now.version > alert.version && now.waiting.length === 0 && now;
  });
  expect(confirmed.acknowledgement).toMatchObject({ by: 'admin', note: 'on my way' });
  const { client } = await backend.login('VIEWER');
  const { alert: theirs } = await client.alerts.get({ params: { id: alert.id } });
  expect(theirs.acknowledgement).toMatchObject({ by: 'admin', note: 'on my way' });
});

test('when the backend is killed everything stays readable and an acknowledgement is queued', { timeout: 60_000 }, async () => {
  const from = Date.now() - 60_000;
  const before = await speed(from, Date.now());
  expect(before.series[0]?.t.length).toBeGreaterThan(3);

  const killedAt = Date.now();
  await backend.kill();
  const offline = await eventually(
    'offline',
    async () => {
      const connection = await core.connection();
      return connection.state === 'offline' && connection;
    },
    60_000,
  );
  expect(offline.problem?.message).toMatch(/Nothing answers|does(n’t| not) answer/);
  expect(offline.lastExchangeAt).toBeGreaterThan(killedAt - 6_000);

  const alert = await eventually('the alert, from the cache', alertOn('belt-3'));
  await core.handlers.alerts.acknowledge({ connectionId, ids: [alert.id], note: 'while offline', expiresAt: null }, neverAborts);
  expect(await alertOn('belt-3')()).toMatchObject({ waiting: ['acknowledge'], acknowledgement: { by: 'admin', note: 'while offline' } });
  expect(await core.handlers.outbox.list(undefined, neverAborts)).toMatchObject([{ state: 'waiting', attempts: 0, connectionId }]);
  await expect(core.handlers.conveyor.clear({ connectionId, belt: 'belt-1' }, neverAborts) as Promise<unknown>).rejects.toMatchObject({
    code: 'unavailable',
  });

  // The producer and the console are real processes: a gap that is seen needs its time.
  await eventually('a gap that is seen', () => Date.now() - killedAt > 6_000);
  const now = Date.now();
  const cached = await speed(from, now);
  expect(cached.series[0]?.t).toEqual(before.series[0]?.t);
  expect(cached.asOf).toBeLessThan(killedAt + 1_000);
  expect(cached.problem?.code).toBe('unavailable');
  const missing = cached.missing.at(-1);
  expect(missing?.to).toBeGreaterThanOrEqual(now - 1_000);
  expect((missing?.to ?? 0) - (missing?.from ?? 0)).toBeGreaterThan(4_000);
});

test('when it is back the acknowledgement is delivered once and the gap is filled', { timeout: 90_000 }, async () => {
  const { port } = new URL(backend.url);
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--no-conveyor', '--port', port] });
  await eventually('live again', async () => (await core.connection()).state === 'live', 60_000);
  await eventually('an empty outbox', async () => (await core.handlers.outbox.list(undefined, neverAborts)).length === 0);
  const alert = await eventually('the alert on belt-3', alertOn('belt-3'));
  expect(alert).toMatchObject({ waiting: [], acknowledgement: { by: 'admin', note: 'while offline' } });
  const { client } = await backend.login('VIEWER');
  const { events } = await client.alerts.get({ params: { id: alert.id } });
  expect(events.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(1);

  await eventually(
    'no gap',
    async () => {
      const { series, missing, problem } = await speed(liveFrom, Date.now() - 6_000);
      return problem === null && missing.length === 0 && widestGap(series[0]?.t ?? [0, 1e9]) <= 4_000;
    },
    60_000,
  );
  // Nothing fired again, so nothing is announced twice.
  expect(shown('fired')).toHaveLength(2);
});

test('after a restart of the console everything is there and nothing pops up again', { timeout: 60_000 }, async () => {
  const before = await core.handlers.notices.inbox(undefined, neverAborts);
  expect(before.filter(({ kind }) => kind === 'fired')).toHaveLength(2);
  await core.close();
  core = await openTestConsole(consoleFolder.path, backend.url);
  expect((await core.connection()).id).toBe(connectionId);
  await eventually('live', async () => (await core.connection()).state === 'live');
  // Events about alerts arrived before these.
  await eventually('news of points, twice', () => core.received.filter(({ event }) => event === 'stored').length >= 2);
  expect(shown('fired')).toEqual([]);
  expect((await core.handlers.notices.inbox(undefined, neverAborts)).filter(({ kind }) => kind === 'fired')).toEqual(
    before.filter(({ kind }) => kind === 'fired'),
  );
});

test('a resolved alert is announced', { timeout: 120_000 }, async () => {
  await core.handlers.conveyor.clear({ connectionId, belt: 'belt-2' }, neverAborts);
  await core.handlers.conveyor.clear({ connectionId, belt: 'belt-3' }, neverAborts);
  await eventually('both resolved notifications', () => shown('resolved').length === 2, 100_000);
  expect(await alertOn('belt-2')()).toBeUndefined();
});
