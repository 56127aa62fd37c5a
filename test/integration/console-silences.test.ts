import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Notice } from '#common/contract/console/settings.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

const backendFolder = temporaryFolder();
const folder = temporaryFolder();
let backend: TestBackend;
let admin: SignedIn;
let core: TestConsole;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path });
  admin = await backend.login('ADMIN');
  core = await openTestConsole(folder.path, backend.url);
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
}, 90_000);
afterAll(async () => {
  await core?.close();
  await backend?.stop();
  backendFolder.remove();
  folder.remove();
});

const lowPressure = async (code: string): Promise<void> => {
  const at = Math.floor(Date.now() / 1_000) - 5;
  const values = { minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };
  await admin.client.signals.bulk({
    body: { signals: [{ loaderCode: code, segmentCode: 'line-1', timestamp: at, recCount: 1, ...values }] },
  });
  await admin.client.charts.create({ body: { code, title: code, selector: { from: 'signal', loaderCode: code }, unit: 'bar' } });
  const condition = { kind: 'threshold', aggregation: 'max', windowMs: 600_000, operator: '<', threshold: 6 } as const;
  await admin.client.rules.create({
    body: { code, name: code, chartCode: code, conditions: [condition], severity: 'CRITICAL', evaluateEveryMs: 1_000 },
  });
};
const noticeOf = (name: string) =>
  eventually(
    `a notice of ${name}`,
    async () => (await core.handlers.notices.inbox(undefined, neverAborts)).find(({ title }) => title.startsWith(name)),
    60_000,
  );
const popups = () => core.received.filter(({ event }) => event === 'shown').map(({ payload }) => (payload as Notice).title);

test('an alert that fires under a silence made a moment before has no popup, and its notice says why', { timeout: 90_000 }, async () => {
  const connectionId = (await core.connection()).id;
  const endsAt = Date.now() + 3_600_000;
  const matchers = [{ name: 'rule', operator: '=' as const, value: 'pressure-hall-1' }];
  const made = await admin.client.policies.createSilence({ body: { matchers, endsAt, reason: 'pump replaced' } });
  await lowPressure('pressure-hall-1');
  const held = await noticeOf('pressure-hall-1');
  expect(held.suppressed).toBe('silenced');
  expect(held.content?.stop).toEqual({
    step: 'silence',
    stop: { silenceId: made.id, by: 'admin', reason: 'pump replaced', until: endsAt },
  });

  // The popup of a second alert shows that the first, which fired before it, has none.
  await lowPressure('pressure-hall-2');
  const shown = await noticeOf('pressure-hall-2');
  expect(shown.suppressed).toBeNull();
  expect(popups()).toEqual([shown.title]);

  // A silence made here is known here at once.
  const given = { matchers: [{ name: 'rule', operator: '=' as const, value: 'pressure-hall-2' }], endsAt, reason: 'valve replaced' };
  const own = await core.handlers.policies.createSilence({ connectionId, silence: given }, neverAborts);
  const known = async () => (await core.handlers.policies.list({ connectionId }, neverAborts)).value.silences;
  expect(await known()).toEqual(expect.arrayContaining([made, own]));
  const ended = await core.handlers.policies.endSilence({ connectionId, id: own.id }, neverAborts);
  expect(ended).toMatchObject({ id: own.id, version: 2 });
  expect(ended.endsAt).toBeLessThan(endsAt);
  expect(await known()).toEqual(expect.arrayContaining([made, ended]));

  await backend.kill();
  await eventually('offline', async () => (await core.connection()).state !== 'live', 60_000);
  const offline = await core.handlers.policies.list({ connectionId }, neverAborts);
  expect(offline.value.silences).toEqual(expect.arrayContaining([made, ended]));
  const refused = core.handlers.policies.createSilence({ connectionId, silence: given }, neverAborts);
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
});
