import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyDelta } from '#common/contract/console/alert-list.ts';
import { type FeedAlert, maxAlertsPerCall } from '#common/contract/console/alerts.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { callInParts } from '#renderer/domain/call-in-parts.ts';
import { prepareStorm } from '../bench/storm/make.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** A storm of alerts on a backend with its usual rate limit, and a person who acknowledges all of them at once. */
const alertCount = 600;
const backendFolder = temporaryFolder();
const folder = temporaryFolder();
let backend: TestBackend;
let admin: SignedIn;
let core: TestConsole;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path });
  admin = await backend.login('ADMIN');
  core = await openTestConsole(folder.path, backend.url);
  const storm = await prepareStorm(admin.client, alertCount);
  await storm.begin();
  await eventually('all to fire here', async () => (await list()).length === alertCount, 60_000);
}, 120_000);
afterAll(async () => {
  await core?.close();
  await backend?.stop();
  backendFolder.remove();
  folder.remove();
});

const list = (): Promise<FeedAlert[]> => Promise.resolve(core.handlers.alerts.list(undefined, neverAborts));
const outbox = () => core.handlers.outbox.list(undefined, neverAborts);
const isLive = async () => (await core.connection()).state === 'live';

test('one popup represents all of them, is shown once and counts up to the last', async () => {
  const shown = core.received.filter(({ event }) => event === 'shown').map(({ payload }) => payload as Notice);
  const storms = shown.filter(({ kind }) => kind === 'storm');
  expect(new Set(storms.map(({ id }) => id)).size).toBe(1);
  expect(shown.length).toBeLessThanOrEqual(10);
  const [newest] = (await core.handlers.notices.inbox(undefined, neverAborts)).filter(({ kind }) => kind === 'storm');
  expect(newest?.title).toBe('600 alerts fired');
  const last = core.received.findLast(({ service, event }) => service === 'notices' && (event === 'counted' || event === 'shown'));
  expect((last?.payload as Notice | undefined)?.alertIds).toHaveLength(alertCount);
});

test('windows receive only what changed, and are then up to date', async () => {
  const deltas = core.received.flatMap(({ service, event, payload }) =>
    service === 'alerts' && event === 'changed' ? [payload as Parameters<typeof applyDelta>[1]] : [],
  );
  const held = deltas.reduce<FeedAlert[]>(applyDelta, []);
  expect(held).toEqual(await list());
  // Not the whole list again and again.
  expect(deltas.reduce((sum, { changed }) => sum + changed.length, 0)).toBeLessThan(4 * alertCount);
});

test('acknowledging all of them takes a few requests, and so does undoing it', { timeout: 60_000 }, async () => {
  const alerts = await list();
  const { outboxIds, done, error } = await callInParts(
    alerts,
    async (target) => core.handlers.alerts.acknowledge({ ...target, note: 'the pump', expiresAt: null }, neverAborts),
    () => undefined,
  );
  expect({ done, error }).toEqual({ done: alertCount, error: null });
  await eventually('an empty outbox', async () => (await outbox()).length === 0, 60_000);
  const audit = await allFiring();
  expect(audit.every(({ acknowledgement }) => acknowledgement?.by === 'admin' && acknowledgement.note === 'the pump')).toBe(true);
  expect((await list()).every(({ acknowledgement, waiting }) => acknowledgement !== null && waiting.length === 0)).toBe(true);
  expect(backend.log().split('/api/v1/alerts/changes').length - 1).toBeLessThan(20);

  for (let to = outboxIds.length; to > 0; to -= maxAlertsPerCall)
    await core.handlers.alerts.undo({ outboxIds: outboxIds.slice(Math.max(0, to - maxAlertsPerCall), to) }, neverAborts);
  await eventually('an empty outbox', async () => (await outbox()).length === 0, 60_000);
  expect((await allFiring()).every(({ acknowledgement }) => acknowledgement === null)).toBe(true);
});

test('offline all of them are queued, and are delivered once when the backend is back', { timeout: 90_000 }, async () => {
  const port = new URL(backend.url).port;
  await backend.kill();
  await eventually('offline', async () => !(await isLive()), 60_000);
  const alerts = await list();
  const { done } = await callInParts(
    alerts,
    async (target) => core.handlers.alerts.acknowledge({ ...target, note: 'offline', expiresAt: null }, neverAborts),
    () => undefined,
  );
  expect(done).toBe(alertCount);
  expect(await outbox()).toHaveLength(alertCount);
  expect((await list()).every(({ acknowledgement, waiting }) => acknowledgement !== null && waiting.length === 1)).toBe(true);

  backend = await startBackend({ dataDir: backendFolder.path, args: ['--no-conveyor', '--port', port] });
  admin = await backend.login('ADMIN');
  await eventually('an empty outbox', async () => (await isLive()) && (await outbox()).length === 0, 60_000);
  const firing = await allFiring();
  expect(firing).toHaveLength(alertCount);
  expect(firing.every(({ acknowledgement }) => acknowledgement?.note === 'offline')).toBe(true);
  const { events } = await admin.client.alerts.get({ params: { id: firing[0]?.id ?? '' } });
  expect(events.filter(({ note }) => note === 'offline')).toHaveLength(1);
});

async function allFiring() {
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await admin.client.alerts.list({ query: { state: 'FIRING', limit: 500, ...(cursor === undefined ? {} : { cursor }) } });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}
