import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBackend, startAll } from '#backend/compose.ts';
import { readEnvironment } from '#backend/config.ts';
import { type OpenEngines, openEngines } from '#backend/engines.ts';
import { Users } from '#backend/services/gateway/index.ts';
import { hashPassword } from '#backend/services/gateway/passwords.ts';
import { accessTokenSeconds } from '#backend/services/gateway/tokens.ts';
import { decodeSeries } from '#common/arrow/decode.ts';
import type { SeriesRow } from '#common/arrow/rows.ts';
import { api } from '#common/contract/api.ts';
import type { Session } from '#common/contract/auth.ts';
import { type Client, createClient } from '#common/contract/client.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { adminPassword, startBackend, type TestBackend } from '../support/backend.ts';
import { openTestConsole, temporaryFolder } from '../support/console.ts';
import { readEvents, type StreamedEvent } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import { onSeededPoints, seedMetric } from '../support/points.ts';

const newPassword = 'another password for tests';
const isEnd = ({ event }: StreamedEvent) => event.type === 'ended';

/** The real backend in this process, by a clock that can be moved. */
describe('a session and its event streams', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-sessions-'));
  const clock = { aheadMs: 0 };
  let opened: OpenEngines;
  let backend: RunningBackend;
  let open: Client;
  let admin: Client;
  const signedIn = (session: Session) => createClient({ baseUrl: backend.url, token: () => session.accessToken });
  const person = async (username: string) => {
    const user = await admin.auth.createUser({ body: { username, password: adminPassword, role: 'VIEWER' } });
    const session = await open.auth.login({ body: { username, password: adminPassword } });
    return { user, session, client: signedIn(session) };
  };

  beforeAll(async () => {
    const log = pino({ level: 'silent' });
    opened = await openEngines({ data: dataDir, databaseUrl: undefined, masterKey: undefined, log });
    const engines = { ...opened.engines, now: () => Date.now() + clock.aheadMs };
    await new Users(engines).create({ username: 'admin', password: adminPassword, role: 'ADMIN' }, 'test');
    const environment = readEnvironment({ WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' });
    backend = await startAll({ engines, environment, host: '127.0.0.1', port: 0, conveyorFile: join(dataDir, 'conveyor.db') });
    open = createClient({ baseUrl: backend.url });
    admin = signedIn(await open.auth.login({ body: { username: 'admin', password: adminPassword } }));
  });
  afterAll(async () => {
    await backend.stop();
    await opened.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('an event stream ends with the reason when its token expires', async () => {
    const { session } = await person('expiring');
    // Shortly before the end, so that the wait is short; the stream is opened with a token that still counts.
    clock.aheadMs = accessTokenSeconds * 1000 - 1_500;
    try {
      const events = await readEvents(backend.url, session.accessToken);
      expect(await events.until(isEnd)).toMatchObject({ event: { data: { reason: 'token_expired' } } });
      await expect(events.next()).rejects.toThrow(/ended/);
      // A refreshed session continues.
      const next = await open.auth.refresh({ body: { refreshToken: session.refreshToken } });
      const resumed = await readEvents(backend.url, next.accessToken);
      expect((await resumed.next()).event.type).toBe('hello');
      await resumed.close();
    } finally {
      clock.aheadMs = 0;
    }
  });

  test('a console whose token expires continues with the next one, and stays live', async () => {
    const folder = temporaryFolder();
    const core = await openTestConsole(folder.path, backend.url);
    try {
      await eventually('live', async () => (await core.connection()).state === 'live');
      const states = new Set<string>();
      core.on((service, event, payload) => {
        if (service === 'connections' && event === 'changed') for (const { state } of payload as Connection[]) states.add(state);
      });
      const sessions = async () => (await opened.engines.database.query.selectFrom('refresh_tokens').select('id').execute()).length;
      const before = await sessions();
      clock.aheadMs = accessTokenSeconds * 1000 + 1;
      await eventually('a new token', async () => (await sessions()) > before);
      // The new stream receives events from now on.
      const receivedBefore = core.received.length;
      const fresh = signedIn(await open.auth.login({ body: { username: 'admin', password: adminPassword } }));
      const [rule] = (await fresh.rules.list()).items;
      if (rule === undefined) throw new Error('There is no rule.');
      const input = api.rules.update.body.strip().parse(rule);
      await fresh.rules.update({ params: { code: rule.code }, body: { ...input, name: 'Renamed' } });
      await eventually('the change', () =>
        core.received.slice(receivedBefore).some(({ service, event }) => service === 'alerts' && event === 'rulesChanged'),
      );
      await eventually('still live', async () => (await core.connection()).state === 'live');
      expect([...states].filter((state) => state !== 'live')).toEqual([]);
    } finally {
      clock.aheadMs = 0;
      await core.close();
      folder.remove();
    }
  });

  test('a clock that jumps past the expiry ends the stream at the next check', async () => {
    const { session } = await person('jumping');
    const events = await readEvents(backend.url, session.accessToken);
    expect((await events.next()).event.type).toBe('hello');
    clock.aheadMs = accessTokenSeconds * 1000 + 1;
    try {
      expect(await events.until(isEnd)).toMatchObject({ event: { data: { reason: 'token_expired' } } });
    } finally {
      clock.aheadMs = 0;
    }
  });

  test('signing out ends the streams of that session and its access token, and no other session', async () => {
    const { session, client } = await person('leaving');
    const other = await open.auth.login({ body: { username: 'leaving', password: adminPassword } });
    const [mine, others] = await Promise.all([readEvents(backend.url, session.accessToken), readEvents(backend.url, other.accessToken)]);
    await client.auth.logout({ body: { refreshToken: session.refreshToken } });
    expect(await mine.until(isEnd)).toMatchObject({ event: { data: { reason: 'session_ended' } } });
    await expect(client.auth.me()).rejects.toMatchObject({ code: 'token_invalid', message: expect.stringMatching(/session/) });
    await expect(readEvents(backend.url, session.accessToken)).rejects.toThrow(/401/);
    expect(await signedIn(other).auth.me()).toMatchObject({ username: 'leaving' });
    expect((await others.next()).event.type).toBe('hello');
    await others.close();
  });

  test('a new password ends all earlier streams and tokens at once, and they receive no later event', async () => {
    const { user, session, client } = await person('renewed');
    const before = [session, await open.auth.refresh({ body: { refreshToken: session.refreshToken } })];
    const streams = await Promise.all(before.map(({ accessToken }) => readEvents(backend.url, accessToken)));
    await admin.auth.updateUser({ params: { id: user.id }, body: { password: newPassword } });
    for (const { accessToken, refreshToken } of before) {
      await expect(signedIn({ ...session, accessToken }).auth.me()).rejects.toMatchObject({ code: 'token_invalid' });
      await expect(open.auth.refresh({ body: { refreshToken } })).rejects.toMatchObject({ code: 'token_invalid' });
    }
    const timestamp = Math.floor(Date.now() / 1000);
    const record = { loaderCode: 'secret', timestamp, segmentCode: 'a', recCount: 1, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };
    await admin.signals.bulk({ body: { signals: [record] } });
    for (const stream of streams) {
      const heard: string[] = [];
      await stream.until((one) => {
        heard.push(JSON.stringify(one.event));
        return isEnd(one);
      });
      expect(heard.filter((text) => text.includes('secret'))).toEqual([]);
    }
    await expect(client.auth.me()).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await signedIn(await open.auth.login({ body: { username: 'renewed', password: newPassword } })).auth.me()).toMatchObject({
      id: user.id,
    });
  });

  test('a sign-in whose password is replaced while it is being checked opens no session', async () => {
    const { user } = await person('racing');
    const { database } = opened.engines;
    // The new hash is ready; it is stored while the old password is still being hashed.
    const hash = await hashPassword(newPassword);
    const late = open.auth.login({ body: { username: 'racing', password: adminPassword } });
    const outcome = late.then(
      (session) => session,
      (error: unknown) => error,
    );
    await replaceWhileChecked(database, user.id, hash);
    const result = await outcome;
    // Whichever came first: what the old password opened does not count after the change.
    if (result instanceof Error) expect(result).toMatchObject({ code: 'bad_credentials' });
    else await expect(signedIn(result as Session).auth.me()).rejects.toMatchObject({ code: 'token_invalid' });
  });

  /** Changes the password in the database, without the time for hashing it. */
  async function replaceWhileChecked(database: OpenEngines['engines']['database'], id: string, hash: string): Promise<void> {
    await database.transaction(async (tx) => {
      await tx.updateTable('users').set({ password_hash: hash }).where('id', '=', id).execute();
      await tx.deleteFrom('refresh_tokens').where('user_id', '=', id).execute();
    });
  }
});

/** With an answer that is large enough to be still on its way. */
describe('a stream of series', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-sessions-series-'));
  const points = 1_000_000;
  const hour = 3_600_000;
  const from = Math.floor(Date.now() / hour) * hour - 300 * hour;
  let backend: TestBackend;
  beforeAll(async () => {
    await seedMetric(dataDir, 'dense', from, 1_000, points);
    backend = await startBackend({ dataDir, args: onSeededPoints, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  });
  afterAll(async () => {
    await backend.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('ends with an error when its session ends, so that half of it is not mistaken for all', async () => {
    const { client, session } = await backend.login('VIEWER');
    const query = {
      selector: { from: 'metric', name: 'dense', labels: {} },
      aggregation: 'raw',
      bucketMs: 0,
      from,
      to: from + points * 1_000,
    } as const;
    const bytes = await client.charts.data.arrow({ body: { queries: [query] } });
    await client.auth.logout({ body: { refreshToken: session.refreshToken } });
    const rows: SeriesRow[] = [];
    const read = async () => {
      for await (const batch of decodeSeries(bytes)) rows.push(...batch);
    };
    await expect(read()).rejects.toThrow();
    expect(rows.some(({ kind }) => kind === 'end')).toBe(false);
  });
});
