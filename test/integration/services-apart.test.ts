import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedCharts } from '#backend/services/charts/shipped.ts';
import { decodeSeries } from '#common/arrow/decode.ts';
import type { SeriesRow } from '#common/arrow/rows.ts';
import { api } from '#common/contract/api.ts';
import { type Client, createClient } from '#common/contract/client.ts';
import { adminPassword, agentKey, runCli, startBackend } from '../support/backend.ts';
import { readEvents } from '../support/event-reader.ts';
import { freePorts } from '../support/ports.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';

interface Part {
  url: string;
  child: ChildProcess;
}

/** The same services as in one process, each in its own process, over one PostgreSQL. */
describe.skipIf(withoutPostgres() !== null)('services in separate processes', () => {
  let postgres: PostgresServer;
  let databaseUrl: string;
  const parts = new Map<string, Part>();
  const urls: Record<string, string> = {};
  let gateway: string;
  const env = { WATCHFLOOR_MASTER_KEY: randomBytes(32).toString('base64'), WATCHFLOOR_REQUESTS_PER_MINUTE: '100' };

  /** @param name distinguishes two processes of one service */
  async function start(name: string, more: Record<string, string> = {}, service = name): Promise<string> {
    const port = new URL(urls[name] ?? 'http://localhost:0').port;
    const child = runCli(['service', service, '--database-url', databaseUrl, '--json', '--port', port], {
      ...env,
      WATCHFLOOR_SERVICE_URLS: JSON.stringify(urls),
      ...more,
    });
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    if (!child.stdout) throw new Error('The service has no standard output.');
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended:\n${log}`)));
    ended.catch(() => undefined);
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])) as [string];
    const { backend } = JSON.parse(line) as { backend: string };
    parts.set(name, { url: backend, child });
    return backend;
  }
  const end = async (name: string, signal: NodeJS.Signals): Promise<number | null> => {
    const part = parts.get(name);
    if (!part) return null;
    parts.delete(name);
    const exit = once(part.child, 'exit') as Promise<[number | null]>;
    part.child.kill(signal);
    return (await exit)[0];
  };
  const signIn = async (): Promise<{ client: Client; token: string }> => {
    const session = await createClient({ baseUrl: gateway }).auth.login({ body: { username: 'admin', password: adminPassword } });
    return { token: session.accessToken, client: createClient({ baseUrl: gateway, token: () => session.accessToken }) };
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    databaseUrl = await postgres.database('apart');
    const ports = await freePorts(4);
    for (const [i, name] of ['charts', 'signals', 'alerting', 'gateway'].entries()) urls[name] = `http://127.0.0.1:${ports[i]}`;
    // One after the other: the first migrates the empty database.
    for (const name of ['charts', 'signals', 'alerting']) await start(name);
    gateway = await start('gateway');
  });
  afterAll(async () => {
    await Promise.all([...parts.keys()].map((name) => end(name, 'SIGTERM')));
    await postgres.close();
  });

  test('answer through the gateway as one backend', async () => {
    const { client } = await signIn();
    expect((await client.charts.list()).items).toHaveLength(shippedCharts.length);
    expect((await client.rules.list()).items.length).toBeGreaterThan(0);
    const timestamp = Math.floor(Date.now() / 1000);
    const record = { loaderCode: 'apart', timestamp, segmentCode: 'a', recCount: 1, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 };
    expect(await client.signals.bulk({ body: { signals: [record] } })).toEqual({ stored: 1, replaced: 0 });
    const agent = createClient({ baseUrl: gateway, apiKey: agentKey });
    const metrics = [{ name: 'apart', labels: {}, points: [[Date.now(), 1]] as [number, number][] }];
    expect(await agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics } })).toEqual({ stored: 1 });
    const report = await client.health.report();
    expect(report.services.map((service) => [service.name, service.status])).toEqual([
      ['database', 'up'],
      ['gateway', 'up'],
      ['charts', 'up'],
      ['signals', 'up'],
      ['alerting', 'up'],
    ]);
  });

  test('events of one service arrive on the gateway’s stream', async () => {
    const { client, token } = await signIn();
    const events = await readEvents(gateway, token);
    await events.next();
    const [rule] = (await client.rules.list()).items;
    if (!rule) throw new Error('There is no rule.');
    const input = api.rules.update.body.strip().parse(rule);
    await client.rules.update({ params: { code: rule.code }, body: { ...input, name: 'Renamed' } });
    const heard = await events.until(({ event }) => event.type === 'rule.changed');
    expect(heard.event).toEqual({ type: 'rule.changed', data: { ruleCode: rule.code, version: 2, by: expect.any(String) } });
    await events.close();
  });

  test('a stream of series passes through the gateway, and points stored by one process are visible in all', async () => {
    const { client, token } = await signIn();
    const now = Date.now();
    const query = {
      selector: { from: 'signal', loaderCode: 'streamed' },
      aggregation: 'raw',
      bucketMs: 0,
      from: now - 3_600_000,
      to: now + 3_600_000,
    } as const;
    const timestamp = Math.floor(now / 1000) - 1_000;
    const record = (i: number) => ({
      ...{ loaderCode: 'streamed', segmentCode: 'a', timestamp: timestamp + i },
      ...{ recCount: 1, minVal: i, maxVal: i, avgVal: i, sumVal: i },
    });
    const read = async () => {
      const rows: SeriesRow[] = [];
      for await (const batch of decodeSeries(await client.charts.data.arrow({ body: { queries: [query] } }))) rows.push(...batch);
      expect(rows.at(-1)).toEqual({ kind: 'end' });
      return rows.flatMap((row) => (row.kind === 'points' ? Array.from(row.v) : []));
    };
    const events = await readEvents(gateway, token);
    await client.signals.bulk({ body: { signals: Array.from({ length: 500 }, (_, i) => record(i)) } });
    await events.until(({ event }) => event.type === 'signals.stored' && event.data.loaderCode === 'streamed');
    expect(await read()).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(await read()).toHaveLength(500);
    for (let i = 500; i < 503; i++) {
      const received = events.until(({ event }) => event.type === 'signals.stored' && event.data.loaderCode === 'streamed');
      await client.signals.bulk({ body: { signals: [record(i)] } });
      await received;
      expect(await read()).toHaveLength(i + 1);
    }
    const { items } = await client.signals.changes({ query: { since: now } });
    expect(items.some(({ name }) => name === 'streamed')).toBe(true);
    await events.close();
  });

  test('a new password ends tokens and streams in every process, at once', async () => {
    const { client } = await signIn();
    const user = await client.auth.createUser({ body: { username: 'apart', password: adminPassword, role: 'VIEWER' } });
    const session = await createClient({ baseUrl: gateway }).auth.login({ body: { username: 'apart', password: adminPassword } });
    const second = await start('gateway 2', {}, 'gateway');
    const streams = await Promise.all([gateway, second].map((url) => readEvents(url, session.accessToken)));
    const direct = createClient({ baseUrl: parts.get('signals')?.url ?? '', token: () => session.accessToken });
    await direct.metrics.series();

    const now = Date.now();
    const agent = createClient({ baseUrl: gateway, apiKey: agentKey });
    for (let batch = 0; batch < 10; batch += 1) {
      const points = Array.from({ length: 1_000 }, (_, i): [number, number] => [now - 3_000_000 + (batch * 1_000 + i) * 100, i]);
      const metrics = Array.from({ length: 20 }, (_, i) => ({ name: 'wide', labels: { host: `host-${i}` }, points }));
      await agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics } });
    }
    const query = {
      selector: { from: 'metric', name: 'wide', labels: {} },
      aggregation: 'raw',
      bucketMs: 0,
      from: now - 3_600_000,
      to: now,
    } as const;
    // Every point of it is more than the sockets between hold, so that the answer is still being read when its session ends.
    const viewer = createClient({ baseUrl: gateway, token: () => session.accessToken });
    const bytes = await viewer.charts.data.arrow({ body: { queries: [query, query, query, query] } });

    await client.auth.updateUser({ params: { id: user.id }, body: { password: 'another password for tests' } });
    await expect(direct.metrics.series()).rejects.toMatchObject({ code: 'token_invalid' });
    for (const stream of streams) {
      const end = await stream.until(({ event }) => event.type === 'ended');
      expect(end.event).toEqual({ type: 'ended', data: { reason: 'session_ended' } });
    }
    const drain = async () => {
      for await (const _ of decodeSeries(bytes));
    };
    await expect(drain()).rejects.toThrow();
    await end('gateway 2', 'SIGTERM');
  });

  test('accept a caller from another service only if it is signed', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${parts.get('signals')?.url}/metrics/series`, { headers }).then((answer) => answer.status);
    expect(await ask({ 'x-watchfloor-caller': 'sara' })).toBe(401);
    // An access token of a person is signed with the same key, for another purpose.
    const { token } = await signIn();
    expect(await ask({ 'x-watchfloor-caller': token })).toBe(401);
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
  });

  test('refuse unauthenticated calls themselves, not only at the gateway', async () => {
    const direct = createClient({ baseUrl: parts.get('signals')?.url ?? '' });
    await expect(direct.metrics.series()).rejects.toMatchObject({ code: 'token_missing' });
    const through = createClient({ baseUrl: gateway });
    await expect(through.metrics.series()).rejects.toMatchObject({ code: 'token_missing' });
  });

  test('the gateway counts a user’s requests over all services', async () => {
    const { token } = await signIn();
    const get = (path: string) => fetch(gateway + path, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status);
    const statuses = await Promise.all(Array.from({ length: 105 }, (_, i) => get(i % 2 === 0 ? '/api/v1/charts' : '/metrics/series')));
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(100);
  });

  test('one process on the same kind of database behaves the same', async () => {
    const url = await postgres.database('together');
    const backend = await startBackend({ args: ['--no-conveyor', '--database-url', url] });
    const { client } = await backend.login('OPERATOR');
    expect((await client.charts.list()).items).toHaveLength(shippedCharts.length);
    expect((await client.health.report()).services.find((service) => service.name === 'database')?.status).toBe('up');
    expect(await backend.stop()).toBe(0);
    expect(backend.log()).not.toContain(url);
  });

  test('one that has ended is named, and the others continue', async () => {
    await end('charts', 'SIGKILL');
    const agent = createClient({ baseUrl: gateway, apiKey: agentKey });
    const metrics = [{ name: 'apart', labels: {}, points: [[Date.now(), 2]] as [number, number][] }];
    expect(await agent.metrics.ingest({ body: { batchId: crypto.randomUUID(), metrics } })).toEqual({ stored: 1 });
    const report = await createClient({ baseUrl: gateway }).health.report();
    expect(report.status).toBe('degraded');
    expect(report.services.find((service) => service.name === 'charts')).toMatchObject({
      status: 'down',
      detail: expect.stringMatching(/No answer/),
    });
    expect(await end('alerting', 'SIGTERM')).toBe(0);
  });
});
