import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '#common/contract/client.ts';
import type { PanelQuery } from '#common/contract/console/series.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { onSeededPoints, seedMetric } from '../support/points.ts';
import { type SeriesProxy, startSeriesProxy } from '../support/series-proxy.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-deletion-'));
const n = 40_000;
const hour = 3_600_000;
const start = Math.floor(Date.now() / hour) * hour - 100 * hour;
const selector = { from: 'metric' as const, name: 'dense', labels: {} };
const query: PanelQuery = { selector, aggregation: 'raw', from: start, to: start + n * 1_000, bucketMs: 0 };
/** Overlaps two hours partly and two completely. */
const interval = { from: start + 1.5 * hour, to: start + 4.25 * hour };
const kept = n - (interval.to - interval.from) / 1_000;

let backend: TestBackend;
let proxy: SeriesProxy;
let client: Client;
beforeAll(async () => {
  await seedMetric(dataDir, 'dense', start, 1_000, n);
  backend = await startBackend({ dataDir, args: onSeededPoints, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  proxy = await startSeriesProxy(backend.url);
  ({ client } = await backend.login('ADMIN'));
});
afterAll(async () => {
  proxy.close();
  await backend.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const backendHas = async () => {
  const { results } = await client.charts.data({ body: { queries: [{ ...query, aggregation: 'count', bucketMs: hour }] } });
  return results[0]?.ok ? (results[0].series[0]?.v ?? []).reduce((sum, v) => sum + v, 0) : null;
};

test('an interval of a series is deleted: on the backend, in its cache, and in the cache of consoles', async () => {
  const folder = temporaryFolder();
  const core = await openTestConsole(folder.path, proxy.url);
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
  const { id: connectionId } = await core.connection();
  const ask = (cacheOnly = false) => core.handlers.series.query({ connectionId, query, cacheOnly }, neverAborts);
  expect((await ask()).series[0]?.t.length).toBe(n);
  expect(await backendHas()).toBe(n);
  proxy.asked = [];

  const since = Date.now();
  const call = { body: { selector, ...interval } };
  const idempotencyKey = crypto.randomUUID();
  const first = await client.points.delete(call, { idempotencyKey });
  expect(first).toEqual({ deleted: n - kept });
  // The answer is the first one's: it is not done twice.
  expect(await client.points.delete(call, { idempotencyKey })).toEqual(first);
  expect(await client.points.delete(call)).toEqual({ deleted: 0 });
  expect(await backendHas()).toBe(kept);
  const received = (await client.signals.changes({ query: { since } })).items.filter(({ name }) => name === 'dense');
  expect(received[0]).toMatchObject({ from: 'metric', start: interval.from, end: interval.to });

  await eventually('the console is notified', () => core.received.some(({ service, event }) => service === 'series' && event === 'stored'));
  const { series, missing, problem } = await ask();
  expect([series[0]?.t.length, missing, problem]).toEqual([kept, [], null]);
  expect(series[0]?.t.some((t) => t >= interval.from && t < interval.to)).toBe(false);
  // Only that part was read again.
  expect(proxy.asked.every(({ from, to }) => from >= interval.from - 1 && to <= interval.to + 1_001)).toBe(true);
  expect((await ask(true)).series[0]?.t.length).toBe(kept);

  // A console that was offline during the deletion learns of it after reconnecting.
  await core.close();
  const { deleted } = await client.points.delete({ body: { selector, from: interval.to, to: interval.to + hour } });
  expect(deleted).toBe(3_600);
  const again = await openTestConsole(folder.path, proxy.url);
  await eventually('live again', async () => (await again.connection()).state === 'live', 60_000);
  const back = await again.handlers.series.query({ connectionId: (await again.connection()).id, query, cacheOnly: false }, neverAborts);
  expect(back.series[0]?.t.length).toBe(kept - 3_600);
  await again.close();
  folder.remove();
});

test('signals are deleted by segment, and what is stored afterwards stays, also through a restart', async () => {
  const at = Math.floor(start / 1_000);
  const record = (segmentCode: string, timestamp: number) => ({
    ...{ loaderCode: 'belts', segmentCode, timestamp },
    ...{ recCount: 1, minVal: 1, maxVal: 1, avgVal: 1, sumVal: 1 },
  });
  await client.signals.bulk({ body: { signals: ['a', 'b'].flatMap((segment) => [0, 1, 2].map((i) => record(segment, at + i))) } });
  const selector = { from: 'signal' as const, loaderCode: 'belts', segmentCode: 'a' };
  expect(await client.points.delete({ body: { selector, from: start, to: start + hour } })).toEqual({ deleted: 3 });
  await client.signals.bulk({ body: { signals: [record('a', at + 1)] } });
  await backend.stop();
  backend = await startBackend({ dataDir, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  ({ client } = await backend.login('ADMIN'));
  const params = { loaderCode: 'belts' };
  const { items } = await client.signals.range({ params, query: { fromEpoch: at, toEpoch: at + 60 } });
  expect(items.map(({ segmentCode, timestamp }) => [segmentCode, timestamp - at])).toEqual([
    ['b', 0],
    ['a', 1],
    ['b', 1],
    ['b', 2],
  ]);
});

test('an invalid deletion is refused with a reason, and every deletion is in the audit log', async () => {
  await expect(client.points.delete({ body: { selector, from: interval.to, to: interval.from } })).rejects.toMatchObject({
    code: 'invalid_time_range',
    field: 'to',
  });
  await expect(client.points.delete({ body: { selector, from: start, to: start } })).rejects.toMatchObject({ field: 'to' });
  const unknown = { from: 'metric' as const, name: 'no_such_metric', labels: {} };
  await expect(client.points.delete({ body: { selector: unknown, ...interval } })).rejects.toMatchObject({
    code: 'not_found',
    field: 'selector',
  });
  await expect(client.points.delete({ body: { selector, from: -1, to: 1 } })).rejects.toMatchObject({
    code: 'validation_failed',
    field: 'from',
  });
  const { client: operator } = await backend.login('OPERATOR');
  await expect(operator.points.delete({ body: { selector, ...interval } })).rejects.toMatchObject({ code: 'forbidden' });
  const db = new Database(join(dataDir, 'watchfloor.db'), { readonly: true });
  const audited = db.prepare("SELECT action, entity, detail FROM audit WHERE action LIKE 'points.%' ORDER BY id").all() as {
    action: string;
    entity: string;
    detail: string;
  }[];
  db.close();
  expect(audited.slice(0, 2).map(({ action, entity, detail }) => ({ action, entity, ...JSON.parse(detail) }))).toEqual([
    { action: 'points.deletion_begun', entity: 'dense', selector, ...interval },
    { action: 'points.deleted', entity: 'dense', selector, ...interval, deleted: n - kept },
  ]);
});
