import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RuleInput } from '#common/contract/rules.ts';
import { adminPassword, startBackend, type TestBackend } from '../support/backend.ts';
import { readEvents, type StreamedEvent } from '../support/event-reader.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-events-'));
const env = { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' };
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend({ dataDir, env });
});
afterAll(async () => {
  await backend.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const rule = (code: string): RuleInput => ({
  code,
  name: code,
  chartCode: 'host-cpu',
  matchLabels: {},
  match: { kind: 'all' },
  timeZone: 'UTC',
  conditions: [{ kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: 1e9 }],
  forMs: 0,
  keepFiringForMs: 0,
  severity: 'INFO',
  onNoData: 'ok',
  onError: 'keep',
  evaluateEveryMs: 3_600_000,
  suppressMs: 0,
  labels: {},
  annotations: {},
  runbook: '',
  owner: '',
  enabled: true,
});
const isChangeOf = (code: string) => (heard: StreamedEvent) => heard.event.type === 'rule.changed' && heard.event.data.ruleCode === code;

test('hello comes first; events follow with increasing ids', async () => {
  const { client, session } = await backend.login('ADMIN');
  const events = await readEvents(backend.url, session.accessToken);
  expect((await events.next()).event).toMatchObject({
    type: 'hello',
    data: { at: expect.any(Number), lastId: expect.stringMatching(/^\d+$/) },
  });
  await client.rules.create({ body: rule('first') });
  await client.rules.create({ body: rule('second') });
  const first = await events.until(isChangeOf('first'));
  const second = await events.until(isChangeOf('second'));
  expect(Number(second.id)).toBeGreaterThan(Number(first.id));
  await events.close();
});

test('after SIGKILL and a restart the stream continues from the last id: nothing is lost or repeated', async () => {
  const before = await backend.login('ADMIN');
  const events = await readEvents(backend.url, before.session.accessToken);
  await before.client.rules.create({ body: rule('before-kill') });
  const { id: lastId } = await events.until(isChangeOf('before-kill'));
  // Not listening any more, but still changing things up to the kill.
  await events.close();
  for (let i = 0; i < 20; i += 1) await before.client.rules.create({ body: rule(`missed-${i}`) });
  await backend.kill();
  backend = await startBackend({ dataDir, env });

  // The key of the signatures outlives the process, so the old token still counts.
  const { client } = await backend.login('ADMIN');
  const resumed = await readEvents(backend.url, before.session.accessToken, lastId);
  const replayed: StreamedEvent[] = [];
  const collect = resumed.until((heard) => {
    if (heard.event.type === 'rule.changed') replayed.push(heard);
    return isChangeOf('live')(heard);
  });
  // Made while the replay runs: the seam between both must neither drop nor double it.
  await client.rules.create({ body: rule('live') });
  await collect;
  await resumed.close();

  const codes = replayed.map(({ event }) => (event.type === 'rule.changed' ? event.data.ruleCode : ''));
  expect(codes).toEqual([...Array.from({ length: 20 }, (_, i) => `missed-${i}`), 'live']);
  const ids = replayed.map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(ids[0]).toBeGreaterThan(Number(lastId));
});

test('changes during the replay arrive exactly once, whoever connects when', async () => {
  const { client, session } = await backend.login('ADMIN');
  const start = await readEvents(backend.url, session.accessToken);
  const hello = await start.next();
  await start.close();
  const from = hello.event.type === 'hello' ? hello.event.data.lastId : '';
  const codes = Array.from({ length: 12 }, (_, i) => `seam-${i}`);
  const writing = (async () => {
    for (const code of codes) await client.rules.create({ body: rule(code) });
  })();
  const heard = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, i * 40));
      const events = await readEvents(backend.url, session.accessToken, from);
      const seen: string[] = [];
      await events.until(({ event }) => {
        if (event.type === 'rule.changed') seen.push(event.data.ruleCode);
        return event.type === 'rule.changed' && event.data.ruleCode === codes.at(-1);
      });
      await events.close();
      return seen;
    }),
  );
  await writing;
  for (const seen of heard) expect(seen).toEqual(codes);
});

test('an id from another database causes a resync, and the stream continues', async () => {
  const { client, session } = await backend.login('ADMIN');
  const events = await readEvents(backend.url, session.accessToken, '999999999');
  expect((await events.next()).event.type).toBe('hello');
  expect((await events.next()).event).toMatchObject({ type: 'resync', data: { reason: expect.stringMatching(/not from this backend/) } });
  await client.rules.create({ body: rule('after-resync') });
  await events.until(isChangeOf('after-resync'));
  await events.close();
});

test('stored signals are announced, without an id', async () => {
  const { client, session } = await backend.login('OPERATOR');
  const events = await readEvents(backend.url, session.accessToken);
  await events.next();
  const timestamp = Math.floor(Date.now() / 1000);
  const record = { loaderCode: 'announced', timestamp, segmentCode: 'a', recCount: 1, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };
  await client.signals.bulk({ body: { signals: [record] } });
  const heard = await events.until(({ event }) => event.type === 'signals.stored');
  expect(heard).toEqual({
    id: undefined,
    event: { type: 'signals.stored', data: { loaderCode: 'announced', from: timestamp * 1000, to: timestamp * 1000 + 1 } },
  });
  await events.close();
});

test('the stream of a user who is disabled ends at the next heartbeat', async () => {
  const { client } = await backend.login('ADMIN');
  const user = await client.auth.createUser({ body: { username: 'watcher', password: adminPassword, role: 'VIEWER' } });
  const session = await backend.client.auth.login({ body: { username: 'watcher', password: adminPassword } });
  const events = await readEvents(backend.url, session.accessToken);
  await events.next();
  await client.auth.updateUser({ params: { id: user.id }, body: { disabled: true } });
  await expect(events.until(() => false)).rejects.toThrow(/ended/);
});

test('a stop ends every stream and does not wait for the readers', async () => {
  const { session } = await backend.login('VIEWER');
  const streams = await Promise.all(Array.from({ length: 5 }, () => readEvents(backend.url, session.accessToken)));
  const ends = streams.map((events) => events.until(() => false).catch((error: Error) => error.message));
  expect(await backend.stop()).toBe(0);
  expect(await Promise.all(ends)).toEqual(Array(5).fill('The stream ended.'));
  backend = await startBackend({ dataDir, env });
});
