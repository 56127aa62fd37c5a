import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { adminPassword, type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** Two people at separate consoles who acknowledge alerts while these resolve, and the same alert at the same moment. */
const segments = Array.from({ length: 24 }, (_, i) => `line-${i}`);
const folders = [temporaryFolder(), temporaryFolder()] as const;
let backend: TestBackend;
let admin: SignedIn;
let sara: TestConsole;
let omar: TestConsole;
let connectionIds: [string, string];

beforeAll(async () => {
  backend = await startBackend({ patienceMs: 90_000, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  admin = await backend.login('ADMIN');
  await measure(9);
  const chart = { code: 'pressure', title: 'Pressure', selector: { from: 'signal', loaderCode: 'pressure' }, unit: 'bar' } as const;
  await admin.client.charts.create({ body: chart });
  const condition = { kind: 'threshold', aggregation: 'max', windowMs: 600_000, operator: '>', threshold: 6 } as const;
  const rule = {
    code: 'high',
    name: 'Pressure high',
    chartCode: 'pressure',
    severity: 'HIGH' as const,
    evaluateEveryMs: 1_000,
    conditions: [condition],
  };
  await admin.client.rules.create({ body: rule });
  [sara, omar] = await Promise.all([openAs('sara', folders[0].path), openAs('omar', folders[1].path)]);
  connectionIds = [(await sara.connection()).id, (await omar.connection()).id];
}, 180_000);
afterAll(async () => {
  await Promise.all([sara?.close(), omar?.close()]);
  await backend?.stop();
  for (const folder of folders) folder.remove();
});

async function openAs(username: string, path: string): Promise<TestConsole> {
  await admin.client.auth.createUser({ body: { username, password: adminPassword, role: 'OPERATOR' } });
  const one = await openTestConsole(path, backend.url);
  const { id } = await one.connection();
  await eventually('live', async () => (await one.connection()).state === 'live', 30_000);
  await one.handlers.connections.signIn({ id, username, password: adminPassword }, neverAborts);
  await eventually(
    'live again',
    async () => (await one.connection()).state === 'live' && (await one.connection()).username === username,
    30_000,
  );
  return one;
}

const at = Math.floor(Date.now() / 1_000) - 5;
async function measure(value: number): Promise<void> {
  const values = { recCount: 1, minVal: value, maxVal: value, avgVal: value, sumVal: value };
  const signals = segments.map((segmentCode) => ({ loaderCode: 'pressure', segmentCode, timestamp: at, ...values }));
  await admin.client.signals.bulk({ body: { signals } });
}
const listed = (one: TestConsole) => Promise.resolve(one.handlers.alerts.list(undefined, neverAborts));
const outbox = (one: TestConsole) => one.handlers.outbox.list(undefined, neverAborts);
const stored = async (state: 'FIRING' | 'RESOLVED') =>
  (await admin.client.alerts.list({ query: { ruleCode: 'high', state, limit: 500 } })).items;
async function allFire(): Promise<Alert[]> {
  await measure(9);
  const alerts = await eventually(
    'all to fire',
    async () => {
      const items = await stored('FIRING');
      return items.length === segments.length && items;
    },
    60_000,
  );
  const ids = new Set(alerts.map(({ id }) => id));
  for (const one of [sara, omar]) {
    await eventually(
      'all to be seen',
      async () => (await listed(one)).filter(({ id, state }) => ids.has(id) && state === 'FIRING').length === ids.size,
      30_000,
    );
  }
  return alerts;
}
const delivered = () => eventually('delivery', async () => (await outbox(sara)).length === 0 && (await outbox(omar)).length === 0, 60_000);

test('of two people who acknowledge an alert at the same moment one owns it, both see who, and the other gets a notice', async () => {
  const [alert] = await allFire();
  const ids = [alert?.id ?? ''];
  await Promise.all(
    [sara, omar].map((one, i) =>
      one.handlers.alerts.acknowledge({ connectionId: connectionIds[i] ?? '', ids, note: `mine ${i}`, expiresAt: null }, neverAborts),
    ),
  );
  const loser = await eventually(
    'one notification',
    async () => {
      for (const one of [sara, omar]) if ((await outbox(one)).some(({ state }) => state === 'conflict')) return one;
      return null;
    },
    30_000,
  );
  const winner = loser === sara ? 'omar' : 'sara';
  const [item] = await outbox(loser);
  expect(item?.problem?.message).toMatch(new RegExp(`${winner} acknowledged this alert`));
  for (const one of [sara, omar]) {
    await eventually('the owner to be seen', async () =>
      (await listed(one)).some(({ id, acknowledgement }) => id === ids[0] && acknowledgement?.by === winner),
    );
  }
  const { events } = await admin.client.alerts.get({ params: { id: ids[0] ?? '' } });
  expect(events.filter(({ kind }) => kind === 'acknowledged').map(({ by }) => by)).toEqual([winner]);
  await loser.handlers.outbox.discard({ id: item?.id ?? '' }, neverAborts);
  await delivered();
}, 120_000);

test('an alert that is acknowledged or snoozed while it resolves stays resolved, with a notice', async () => {
  const alerts = await allFire();
  const asked: Promise<unknown>[] = [];
  const refusals: unknown[] = [];
  await measure(1);
  // From both consoles, one alert after the other, while an evaluation resolves all of them a second later.
  for (const [i, { id }] of alerts.entries()) {
    const until = Date.now() + 300_000;
    const [one, connectionId] = i % 2 === 0 ? [sara, connectionIds[0]] : [omar, connectionIds[1]];
    const work =
      i % 3 === 0
        ? one.handlers.alerts.snooze({ connectionId, ids: [id], until, reason: 'wait' }, neverAborts)
        : one.handlers.alerts.acknowledge({ connectionId, ids: [id], note: 'on it', expiresAt: null }, neverAborts);
    asked.push(Promise.resolve(work).catch((error: unknown) => refusals.push(error)));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await Promise.all(asked);
  await eventually('all to resolve', async () => (await stored('FIRING')).length === 0, 60_000);
  await delivered();
  for (const error of refusals) expect(error).toMatchObject({ code: 'already_resolved' });
  for (const { id } of alerts) {
    const { alert, events } = await admin.client.alerts.get({ params: { id } });
    expect(alert.state).toBe('RESOLVED');
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(events.filter(({ kind }) => kind === 'fired' || kind === 'resolved').map(({ kind }) => kind)).toEqual(['fired', 'resolved']);
  }
  const kept = await Promise.all(alerts.map(async ({ id }) => (await admin.client.alerts.get({ params: { id } })).events));
  // By its note: an alert may have been acknowledged before.
  const noted = kept.filter((events) => events.some(({ note }) => note === 'on it' || note === 'wait')).length;
  const inboxes = await Promise.all([sara, omar].map((one) => one.handlers.notices.inbox(undefined, neverAborts)));
  const received = inboxes
    .flat()
    .filter(({ title }) => title.startsWith('Not needed:'))
    .flatMap(({ alertIds }) => alertIds);
  expect(noted + new Set(received).size + refusals.length).toBe(alerts.length);
}, 180_000);

test('an acknowledgement made offline before the alert resolved is delivered afterwards, kept as a note, and changes nothing', async () => {
  const alerts = await allFire();
  await sara.handlers.connections.signOut({ id: connectionIds[0] }, neverAborts);
  const ids = alerts.slice(0, 3).map(({ id }) => id);
  await sara.handlers.alerts.acknowledge({ connectionId: connectionIds[0], ids, note: 'done by hand', expiresAt: null }, neverAborts);
  await measure(1);
  await eventually('all to resolve', async () => (await stored('FIRING')).length === 0, 60_000);
  await sara.handlers.connections.signIn({ id: connectionIds[0], username: 'sara', password: adminPassword }, neverAborts);
  await delivered();
  expect(await stored('FIRING')).toEqual([]);
  const inbox = await sara.handlers.notices.inbox(undefined, neverAborts);
  const kept = inbox.filter(({ body }) => body.includes('“done by hand”'));
  expect(kept.flatMap(({ alertIds }) => alertIds).toSorted()).toEqual(ids.toSorted());
  for (const one of [sara, omar]) {
    const shown = (await listed(one)).filter(({ id }) => ids.includes(id));
    expect(shown.every(({ state }) => state === 'RESOLVED')).toBe(true);
  }
}, 120_000);
