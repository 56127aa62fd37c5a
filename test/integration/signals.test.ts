import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#common/contract/client.ts';
import { downsampleAbove } from '#common/contract/signals.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';

let backend: TestBackend;
let client: Client;
beforeAll(async () => {
  backend = await startBackend({ env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  client = (await backend.login('OPERATOR')).client;
});
afterAll(async () => {
  await backend.stop();
});

const hour = 3_600;
const start = Math.floor(Date.now() / 1000 / hour) * hour - 24 * hour;
const record = (loaderCode: string, timestamp: number, segmentCode: string, value: number, recCount = 1) => ({
  loaderCode,
  timestamp,
  segmentCode,
  recCount,
  minVal: value,
  maxVal: value,
  avgVal: value,
  sumVal: value * recCount,
});
const upTo = (seconds: number) => ({ fromEpoch: start, toEpoch: start + seconds });

describe('signals', () => {
  test('are returned as sent, by time, then segment; the end of the range is exclusive', async () => {
    const sent = [
      record('plain', start + 60, 'b', 2),
      record('plain', start, 'a', 1.5, 3),
      record('plain', start + 60, 'a', -4),
      record('plain', start + 120, 'a', 9),
    ];
    expect(await client.signals.bulk({ body: { signals: sent } })).toEqual({ stored: 4, replaced: 0 });
    const { items, truncated } = await client.signals.range({ params: { loaderCode: 'plain' }, query: upTo(120) });
    expect(items[0]).toEqual(record('plain', start, 'a', 1.5, 3));
    expect(items.map((item) => [item.timestamp - start, item.segmentCode, item.avgVal])).toEqual([
      [0, 'a', 1.5],
      [60, 'a', -4],
      [60, 'b', 2],
    ]);
    expect(truncated).toBe(false);
  });

  test('one with an existing time and segment replaces it', async () => {
    await client.signals.bulk({ body: { signals: [record('again', start, 'a', 1)] } });
    await client.signals.bulk({ body: { signals: [record('again', start, 'a', 2)] } });
    const { items } = await client.signals.range({ params: { loaderCode: 'again' }, query: upTo(60) });
    expect(items.map((item) => item.avgVal)).toEqual([2]);
  });

  test('of several points in one body with the same loader, time and segment the last is kept, and the reply counts the others', async () => {
    const sent = [
      record('twice', start, 'a', 1),
      record('twice', start, 'a', 2),
      record('twice', start, 'A', 3),
      record('twice', start, 'a', 4),
      record('other', start, 'a', 5),
    ];
    expect(await client.signals.bulk({ body: { signals: sent } })).toEqual({ stored: 3, replaced: 2 });
    const { items } = await client.signals.range({ params: { loaderCode: 'twice' }, query: upTo(60) });
    expect(items.map((item) => [item.segmentCode, item.avgVal])).toEqual([
      ['A', 3],
      ['a', 4],
    ]);
  });

  test('report when the limit was reached, and can be filtered by segment', async () => {
    await client.signals.bulk({
      body: { signals: Array.from({ length: 10 }, (_, i) => record('cut', start + i, i % 2 === 0 ? 'even' : 'odd', i)) },
    });
    const params = { loaderCode: 'cut' };
    const cut = await client.signals.range({ params, query: { ...upTo(60), limit: 9 } });
    expect([cut.items.length, cut.truncated]).toEqual([9, true]);
    const whole = await client.signals.range({ params, query: { ...upTo(60), limit: 10 } });
    expect([whole.items.length, whole.truncated]).toEqual([10, false]);
    const odd = await client.signals.range({ params, query: { ...upTo(60), segmentCode: 'odd' } });
    expect(odd.items.map((item) => item.avgVal)).toEqual([1, 3, 5, 7, 9]);
  });

  test('aggregate by bucket; the average is weighted by record count', async () => {
    const signals = [record('sums', start, 'a', 1, 1), record('sums', start + 10, 'a', 4, 2), record('sums', start + 300, 'a', 7, 5)];
    await client.signals.bulk({ body: { signals } });
    const ask = async (aggregation: 'avg' | 'sum' | 'min' | 'max' | 'raw') => {
      const answer = await client.signals.query({ query: { loaderCode: 'sums', ...upTo(hour), aggregation, bucket: '5m' } });
      return [answer.bucket, ...answer.dataPoints.map((point) => [point.timestamp - start, point.value])];
    };
    expect(await ask('avg')).toEqual(['5m', [0, 3], [300, 7]]);
    expect(await ask('sum')).toEqual(['5m', [0, 9], [300, 35]]);
    expect(await ask('min')).toEqual(['5m', [0, 1], [300, 7]]);
    expect(await ask('max')).toEqual(['5m', [0, 4], [300, 7]]);
    expect(await ask('raw')).toEqual([null, [0, 1], [10, 4], [300, 7]]);
  });

  test('above 10,000 points each segment is downsampled to its share, keeping its ends and spikes', async () => {
    const busy = Array.from({ length: 15_000 }, (_, i) => record('many', start + i, 'busy', i === 7_777 ? 1_000 : Math.sin(i / 50)));
    const quiet = Array.from({ length: 20 }, (_, i) => record('many', start + i * 100, 'quiet', i));
    const all = [...busy, ...quiet];
    for (let i = 0; i < all.length; i += 10_000) await client.signals.bulk({ body: { signals: all.slice(i, i + 10_000) } });
    const { dataPoints: points, downsampled } = await client.signals.query({
      query: { loaderCode: 'many', ...upTo(86_400), aggregation: 'raw' },
    });
    expect(downsampled).toBe(true);
    expect(points.length).toBeLessThanOrEqual(downsampleAbove);
    expect(points.length).toBeGreaterThan(downsampleAbove * 0.95);
    const of = (segment: string) => points.filter((point) => point.segmentCode === segment);
    expect(of('busy').map((point) => point.value)).toContain(1_000);
    expect([of('busy')[0]?.timestamp, of('busy').at(-1)?.timestamp]).toEqual([start, start + 14_999]);
    expect(of('quiet').length).toBeGreaterThan(5);
    expect(points.map((point) => point.timestamp)).toEqual(points.map((point) => point.timestamp).toSorted((a, b) => a - b));
    const under = await client.signals.query({ query: { loaderCode: 'many', ...upTo(9_000), segmentCode: 'busy', aggregation: 'raw' } });
    expect([under.downsampled, under.dataPoints.length]).toEqual([false, 9_000]);
  });
});

describe('an invalid range', () => {
  const range = (query: { fromEpoch: number; toEpoch: number }) => client.signals.range({ params: { loaderCode: 'plain' }, query });
  test.each([
    ['backwards', { fromEpoch: start + 60, toEpoch: start }, { field: 'toEpoch', hint: /later than “fromEpoch”/ }],
    ['empty', { fromEpoch: start, toEpoch: start }, { field: 'toEpoch' }],
  ] as [string, { fromEpoch: number; toEpoch: number }, Record<string, string | RegExp>][])('%s', async (_, query, wanted) => {
    const expected = Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, value instanceof RegExp ? expect.stringMatching(value) : value]),
    );
    await expect(range(query)).rejects.toMatchObject({ code: 'invalid_time_range', status: 400, ...expected });
    await expect(client.signals.query({ query: { loaderCode: 'plain', ...query } })).rejects.toMatchObject({
      code: 'invalid_time_range',
      ...expected,
    });
  });

  test('may lie in the future, where there may be no signals yet', async () => {
    const query = { fromEpoch: start + 400 * 86_400, toEpoch: start + 500 * 86_400 };
    expect((await range(query)).items).toEqual([]);
  });

  test('is distinguished from a loader that does not exist', async () => {
    await expect(client.signals.range({ params: { loaderCode: 'nowhere' }, query: upTo(60) })).rejects.toMatchObject({
      code: 'not_found',
      field: 'loaderCode',
    });
    const defined = await client.signals.query({ query: { loaderCode: 'belt-speed', fromEpoch: start, toEpoch: start + 1 } });
    expect(defined.dataPoints).toEqual([]);
  });

  test('an invalid record is named, and nothing of its batch is stored', async () => {
    const signals = [record('partly', start, 'a', 1), { ...record('partly', start + 1, 'a', 2), avgVal: 'high' as unknown as number }];
    await expect(client.signals.bulk({ body: { signals } })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'signals.1.avgVal',
    });
    await expect(client.signals.range({ params: { loaderCode: 'partly' }, query: upTo(60) })).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('signals are not stored if their audit entry can’t be', async () => {
  const signals = [record('unaudited', start, 'a', 1)];
  const database = new Database(join(backend.dataDir, 'watchfloor.db'));
  try {
    database.exec("CREATE TRIGGER no_room BEFORE INSERT ON audit WHEN NEW.entity = 'unaudited' BEGIN SELECT RAISE(ABORT, 'no room'); END");
    await expect(client.signals.bulk({ body: { signals } })).rejects.toMatchObject({ status: 500 });
    await expect(client.signals.range({ params: { loaderCode: 'unaudited' }, query: upTo(60) })).rejects.toMatchObject({
      code: 'not_found',
    });
    database.exec('DROP TRIGGER no_room');
    expect(await client.signals.bulk({ body: { signals } })).toEqual({ stored: 1, replaced: 0 });
    const audited = database.prepare("SELECT action, actor, detail FROM audit WHERE entity = 'unaudited'").all();
    expect(audited).toEqual([{ action: 'signals.received', actor: 'operator', detail: '{"records":1}' }]);
  } finally {
    database.exec('DROP TRIGGER IF EXISTS no_room');
    database.close();
  }
});

describe('metrics', () => {
  test('a batch delivered twice is stored once and gets the same reply', async () => {
    const at = Date.now();
    const metrics = [
      {
        name: 'twice',
        unit: '%',
        labels: { host: 'a' },
        points: [
          [at - 1000, 1],
          [at, 2],
        ] as [number, number][],
      },
    ];
    const batch = { batchId: crypto.randomUUID(), metrics };
    expect(await backend.agent.metrics.ingest({ body: batch })).toEqual({ stored: 2 });
    // The same id with other points: what was acknowledged first is kept.
    const changed = { ...batch, metrics: metrics.map((metric) => ({ ...metric, points: [[at, 99]] as [number, number][] })) };
    await backend.agent.metrics.ingest({ body: changed });
    const query = { selector: { from: 'metric', name: 'twice' }, aggregation: 'raw', from: at - 5000, to: at + 5000, bucketMs: 0 } as const;
    const { results } = await client.charts.data({ body: { queries: [query] } });
    expect(results[0]).toMatchObject({ ok: true, series: [{ labels: { host: 'a' }, t: [at - 1000, at], v: [1, 2] }] });
    const { items } = await client.metrics.series();
    expect(items.find((series) => series.name === 'twice')).toEqual({ name: 'twice', unit: '%', labels: { host: 'a' }, lastAt: at });
  });
});

describe('charts', () => {
  test('exist from the first start, in their order', async () => {
    const { items } = await client.charts.list();
    expect(items.slice(0, 2).map((chart) => chart.code)).toEqual(['belt-speed', 'host-cpu']);
    expect(items.length).toBeGreaterThanOrEqual(9);
  });

  test('a failed query has its reason; the others are answered', async () => {
    const good = {
      selector: { from: 'signal', loaderCode: 'plain' },
      aggregation: 'avg',
      from: start * 1000,
      to: (start + 300) * 1000,
      bucketMs: 60_000,
    } as const;
    const { results, asOf } = await client.charts.data({ body: { queries: [{ ...good, from: good.to, to: good.from }, good] } });
    expect(asOf).toBeGreaterThan(Date.now() - 10_000);
    expect(results[0]).toMatchObject({ ok: false, code: 'invalid_time_range', hint: expect.stringMatching(/later/) });
    expect(results[1]).toMatchObject({ ok: true, series: [{ labels: { segment: 'a' } }, { labels: { segment: 'b' } }] });
  });

  test('more queries than a batch may hold are refused', async () => {
    const query = { selector: { from: 'signal', loaderCode: 'plain' }, aggregation: 'avg', from: 0, to: 1, bucketMs: 1 } as const;
    await expect(client.charts.data({ body: { queries: Array(101).fill(query) } })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'queries',
    });
  });
});
