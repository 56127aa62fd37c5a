import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '#common/contract/alerts.ts';
import { type SignedIn, startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';

const minute = 60_000;
/** Maximum duration of a test's requests, ms: the times it compares are minutes apart. */
const tolerance = 30_000;
let backend: TestBackend;
let admin: SignedIn;
let alert: Alert;

beforeAll(async () => {
  backend = await startBackend({ args: ['--conveyor'] });
  admin = await backend.login('ADMIN');
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
  alert = await eventually('an alert', async () => (await admin.client.alerts.list({ query: { ruleCode: 'always' } })).items[0], 60_000);
}, 90_000);
afterAll(() => backend.stop());

const near = (at: number | undefined | null, wanted: number) => expect(Math.abs((at ?? 0) - wanted)).toBeLessThan(tolerance);
const known = async () => (await admin.client.alerts.get({ params: { id: alert.id } })).alert;

/** A console whose clock is wrong by so much. */
async function opened(
  offMs: number,
  work: (one: TestConsole, now: () => number, reopen: (url: string) => Promise<TestConsole>) => Promise<void>,
) {
  const folder = temporaryFolder();
  const now = () => Date.now() + offMs;
  let one = await openTestConsole(folder.path, backend.url, now);
  const live = () => eventually('live', async () => (await one.connection()).state === 'live', 60_000);
  const seen = () =>
    eventually('the alert', async () => (await one.handlers.alerts.list(undefined, neverAborts)).some(({ id }) => id === alert.id));
  try {
    await live();
    await seen();
    await work(one, now, async (url) => {
      await one.close();
      one = await openTestConsole(folder.path, url, now);
      if (url === backend.url) await live();
      return one;
    });
  } finally {
    await one.close();
    folder.remove();
  }
}
const delivered = (one: TestConsole) =>
  eventually('delivery', async () => (await one.handlers.outbox.list(undefined, neverAborts)).length === 0, 60_000);

describe.each([
  ['7 minutes fast', 7 * minute],
  ['7 minutes slow', -7 * minute],
  ['2 days fast', 2 * 86_400_000],
])('a console that is %s', (_, offMs) => {
  test('snoozes for five minutes and acknowledges for ten, by the backend’s clock', async () => {
    await opened(offMs, async (one, now) => {
      const target = { connectionId: (await one.connection()).id, ids: [alert.id] };
      await one.handlers.alerts.snooze({ ...target, until: now() + 5 * minute, reason: 'five minutes' }, neverAborts);
      await delivered(one);
      near((await known()).snooze?.until, Date.now() + 5 * minute);
      near((await known()).snooze?.at, Date.now());
      const acknowledged = { ...target, note: 'ten minutes', expiresAt: now() + 10 * minute };
      const { outboxIds } = await one.handlers.alerts.acknowledge(acknowledged, neverAborts);
      await delivered(one);
      near((await known()).acknowledgement?.expiresAt, Date.now() + 10 * minute);
      // Undone and snoozed again, the snooze ends when it would have.
      await one.handlers.alerts.undo({ outboxIds }, neverAborts);
      const ended = await one.handlers.alerts.unsnooze(target, neverAborts);
      await delivered(one);
      expect(await known()).toMatchObject({ acknowledgement: null, snooze: null });
      await one.handlers.alerts.undo(ended, neverAborts);
      await delivered(one);
      near((await known()).snooze?.until, Date.now() + 5 * minute);
      await one.handlers.alerts.unsnooze(target, neverAborts);
      await delivered(one);
    });
  });

  test('and is offline also gets the right duration: the clocks are compared before delivery', async () => {
    await opened(offMs, async (_one, now, reopen) => {
      // Nothing listens there.
      const offline = await reopen('http://127.0.0.1:9');
      const target = { connectionId: (await offline.connection()).id, ids: [alert.id] };
      await offline.handlers.alerts.snooze({ ...target, until: now() + 5 * minute, reason: 'offline' }, neverAborts);
      const again = await reopen(backend.url);
      await delivered(again);
      expect((await known()).snooze?.reason).toBe('offline');
      near((await known()).snooze?.until, Date.now() + 5 * minute);
      await again.handlers.alerts.unsnooze(target, neverAborts);
      await delivered(again);
    });
  });
});
