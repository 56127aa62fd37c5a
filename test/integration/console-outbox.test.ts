import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { adminPassword, type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

/** Changes by people while the console or the backend is killed. */
const backendFolder = temporaryFolder();
const folder = temporaryFolder();
let backend: TestBackend;
let admin: SignedIn;
let firing: Alert[];
let core: TestConsole | undefined;

beforeAll(async () => {
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--conveyor'] });
  admin = await backend.login('ADMIN');
  // True of every belt at once.
  const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: -1 } as const;
  const rule = {
    code: 'always',
    name: 'Always',
    chartCode: 'belt-speed',
    severity: 'WARNING' as const,
    evaluateEveryMs: 1_000,
    conditions: [condition],
  };
  await admin.client.rules.create({ body: rule });
  firing = await eventually(
    'three alerts',
    async () => {
      const { items } = await admin.client.alerts.list({ query: { ruleCode: 'always', state: 'FIRING' } });
      return items.length >= 3 && items;
    },
    60_000,
  );
}, 90_000);
afterAll(async () => {
  await core?.close();
  await backend.stop();
  backendFolder.remove();
  folder.remove();
});

const open = async (): Promise<TestConsole> => {
  core = await openTestConsole(folder.path, backend.url);
  return core;
};
const close = async (): Promise<void> => {
  await core?.close();
  core = undefined;
};
const live = (one: TestConsole) => eventually('live', async () => (await one.connection()).state === 'live', 60_000);
const outbox = (one: TestConsole) => one.handlers.outbox.list(undefined, neverAborts);
const empty = (one: TestConsole) => eventually('an empty outbox', async () => (await outbox(one)).length === 0, 60_000);
/** Each test has an alert of its own. */
const alertAt = (index: number): Alert => firing[index] ?? raise();
function raise(): never {
  throw new Error('There is no such alert.');
}
const history = async (id: string, kind: string): Promise<string[]> =>
  (await admin.client.alerts.get({ params: { id } })).events.filter((event) => event.kind === kind).map(({ note }) => note);

async function child(): Promise<{
  process: ChildProcess;
  said: (word: string) => Promise<unknown>;
  ask: (alertId: string, reason: string) => void;
}> {
  const program = fileURLToPath(new URL('../support/console-child.ts', import.meta.url));
  const process_ = spawn(process.execPath, [program, folder.path, backend.url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: process_.stdout }).on('line', (line) => lines.push(line));
  return {
    process: process_,
    said: (word) => eventually(`the console to say ${word}`, () => lines.includes(word), 20_000),
    ask: (alertId, reason) => process_.stdin.write(`${JSON.stringify({ alertId, reason })}\n`),
  };
}
const kill = async (one: ChildProcess): Promise<void> => {
  one.kill('SIGKILL');
  await once(one, 'exit');
};

test('changes queued offline survive kill -9 of the console and are delivered once', { timeout: 90_000 }, async () => {
  await live(await open());
  await close();
  await backend.kill();

  const console_ = await child();
  await console_.said('open');
  console_.ask(alertAt(0).id, 'queued offline');
  await console_.said('queued');
  await kill(console_.process);

  const again = await open();
  expect(await outbox(again)).toMatchObject([{ title: expect.stringMatching(/^Snooze “Always/), state: 'waiting', attempts: 0 }]);
  const { port } = new URL(backend.url);
  backend = await startBackend({ dataDir: backendFolder.path, args: ['--conveyor', '--port', port] });
  admin = await backend.login('ADMIN');
  await empty(again);
  expect(await history(alertAt(0).id, 'snoozed')).toEqual(['queued offline']);
  await close();
});

test('killed at any moment of a delivery, the change takes effect once', { timeout: 120_000 }, async () => {
  const alertId = alertAt(1).id;
  const reasons: string[] = [];
  for (const afterMs of [0, 3, 8, 20]) {
    const console_ = await child();
    await console_.said('open');
    // So that the change is sent at once.
    await console_.said('live');
    const reason = `killed after ${afterMs} ms`;
    console_.ask(alertId, reason);
    await console_.said('queued');
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await kill(console_.process);
    reasons.push(reason);
  }
  const again = await open();
  await live(again);
  await empty(again);
  expect(await history(alertId, 'snoozed')).toEqual(reasons);
  await close();
});

test('undo drops changes that were not sent, and reverts those that were', { timeout: 60_000 }, async () => {
  const one = await open();
  await live(one);
  const { id: connectionId } = await one.connection();
  const alertId = alertAt(2).id;
  const ack = { connectionId, ids: [alertId], note: 'mine', expiresAt: null };
  const sent = await one.handlers.alerts.acknowledge(ack, neverAborts);
  await empty(one);
  expect((await admin.client.alerts.get({ params: { id: alertId } })).alert.acknowledgement?.note).toBe('mine');
  await one.handlers.alerts.undo(sent, neverAborts);
  await empty(one);
  expect((await admin.client.alerts.get({ params: { id: alertId } })).alert.acknowledgement).toBeNull();

  await one.handlers.connections.signOut({ id: connectionId }, neverAborts);
  const waiting = await one.handlers.alerts.acknowledge(ack, neverAborts);
  expect(await outbox(one)).toHaveLength(1);
  await one.handlers.alerts.undo(waiting, neverAborts);
  expect(await outbox(one)).toEqual([]);
  expect((await one.handlers.alerts.list(undefined, neverAborts)).find(({ id }) => id === alertId)).toMatchObject({
    acknowledgement: null,
    waiting: [],
  });
  await expect(one.handlers.alerts.undo(waiting, neverAborts)).rejects.toMatchObject({ code: 'not_found' });
  await one.handlers.connections.signIn({ id: connectionId, username: 'admin', password: adminPassword }, neverAborts);
  await live(one);
  await close();
});

test('a refused change waits for a person, with a notice', { timeout: 60_000 }, async () => {
  const one = await open();
  await live(one);
  const { id: connectionId } = await one.connection();
  const alertId = alertAt(2).id;
  // Longer than a backend allows.
  const until = Date.now() + 4_000 * 86_400_000;
  await one.handlers.alerts.snooze({ connectionId, ids: [alertId], until, reason: 'for years' }, neverAborts);
  const item = await eventually('a conflict', async () => (await outbox(one)).find(({ state }) => state === 'conflict'));
  expect(item.problem).toMatchObject({ code: 'validation_failed', message: expect.stringMatching(/A snooze lasts .* at most/) });
  const inbox = await one.handlers.notices.inbox(undefined, neverAborts);
  expect(inbox[0]).toMatchObject({
    kind: 'conflict',
    alertIds: [alertId],
    title: expect.stringMatching(/^Refused: Snooze/),
    suppressed: null,
  });
  expect(one.received.some(({ event, payload }) => event === 'shown' && (payload as { kind: string }).kind === 'conflict')).toBe(true);
  // A refused change is not shown as if it had been made.
  expect((await one.handlers.alerts.list(undefined, neverAborts)).find(({ id }) => id === alertId)).toMatchObject({
    snooze: null,
    waiting: [],
  });
  await one.handlers.outbox.retry({ id: item.id }, neverAborts);
  await eventually('the same refusal', async () =>
    (await outbox(one)).find(({ state, attempts }) => state === 'conflict' && attempts === 2),
  );
  await one.handlers.outbox.discard({ id: item.id }, neverAborts);
  expect(await outbox(one)).toEqual([]);
  await close();
});

test('a change by one person is not delivered under the name of another', { timeout: 60_000 }, async () => {
  await admin.client.auth.createUser({ body: { username: 'omar', password: adminPassword, role: 'OPERATOR' } });
  const one = await open();
  await live(one);
  const { id: connectionId } = await one.connection();
  await one.handlers.connections.signOut({ id: connectionId }, neverAborts);
  const ids = [alertAt(2).id];
  const mine = await one.handlers.alerts.acknowledge({ connectionId, ids, note: 'I have it', expiresAt: null }, neverAborts);
  await one.handlers.connections.signIn({ id: connectionId, username: 'omar', password: adminPassword }, neverAborts);
  const item = await eventually('a conflict', async () => (await outbox(one)).find(({ state }) => state === 'conflict'));
  expect(item.problem?.message).toMatch(/made by admin; omar is signed in now/);
  expect((await admin.client.alerts.get({ params: { id: alertAt(2).id } })).alert.acknowledgement).toBeNull();

  await one.handlers.connections.signIn({ id: connectionId, username: 'admin', password: adminPassword }, neverAborts);
  await live(one);
  await one.handlers.outbox.retry({ id: mine.outboxIds[0] ?? '' }, neverAborts);
  await empty(one);
  expect((await admin.client.alerts.get({ params: { id: alertAt(2).id } })).alert.acknowledgement).toMatchObject({ by: 'admin' });
  await one.handlers.alerts.undo(mine, neverAborts);
  await empty(one);
  await close();
});

test('a change to an alert that has resolved is removed, and its note is kept', { timeout: 90_000 }, async () => {
  const one = await open();
  await live(one);
  const { id: connectionId } = await one.connection();
  await one.handlers.connections.signOut({ id: connectionId }, neverAborts);
  const ids = [alertAt(2).id];
  await one.handlers.alerts.acknowledge({ connectionId, ids, note: 'the motor was hot', expiresAt: null }, neverAborts);
  // The rule is no longer needed: its alerts resolve.
  await admin.client.rules.remove({ params: { code: 'always' } });
  await eventually(
    'resolved',
    async () => (await admin.client.alerts.get({ params: { id: ids[0] ?? '' } })).alert.state === 'RESOLVED',
    60_000,
  );
  await one.handlers.connections.signIn({ id: connectionId, username: 'admin', password: adminPassword }, neverAborts);
  await empty(one);
  const inbox = await one.handlers.notices.inbox(undefined, neverAborts);
  const settled = inbox.find(({ title }) => title.startsWith('Not needed: Acknowledge'));
  expect(settled?.body).toMatch(/The alert had resolved.*“the motor was hot”/);
  await expect(one.handlers.alerts.acknowledge({ connectionId, ids, note: '', expiresAt: null }, neverAborts)).rejects.toMatchObject({
    code: 'already_resolved',
  });
  await close();
});
