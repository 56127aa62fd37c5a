import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSeries } from '#common/arrow/decode.ts';
import type { SeriesRow } from '#common/arrow/rows.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import type { Client } from '#common/contract/client.ts';
import { arrowMediaType } from '#common/contract/endpoint.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { readEvents } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import { onSeededPoints, seedMetric, valueAt } from '../support/points.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-stream-'));
let backend: TestBackend;
let client: Client;
let token: string;

const n = 1_000_000;
const hour = 3_600_000;
const start = Math.floor(Date.now() / hour) * hour - 300 * hour;
const raw: SeriesQuery = {
  selector: { from: 'metric', name: 'dense', labels: {} },
  aggregation: 'raw',
  from: start,
  to: start + n * 1_000,
  bucketMs: 0,
};

beforeAll(async () => {
  await seedMetric(dataDir, 'dense', start, 1_000, n);
  backend = await startBackend({ dataDir, args: onSeededPoints, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  const signedIn = await backend.login('OPERATOR');
  client = signedIn.client;
  token = signedIn.session.accessToken;
});
afterAll(async () => {
  await backend.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function stream(queries: SeriesQuery[], signal?: AbortSignal): Promise<SeriesRow[]> {
  const rows: SeriesRow[] = [];
  const bytes = await client.charts.data.arrow({ body: { queries } }, signal ? { signal } : {});
  for await (const batch of decodeSeries(bytes)) rows.push(...batch);
  return rows;
}
const of = <K extends SeriesRow['kind']>(rows: readonly SeriesRow[], kind: K) =>
  rows.filter((row): row is Extract<SeriesRow, { kind: K }> => row.kind === kind);

const post = (accept: string, queries: SeriesQuery[]) =>
  fetch(`${backend.url}/api/v1/charts/data`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
    body: JSON.stringify({ queries }),
  });

describe('a stream of series', () => {
  test('sends every point of a range that JSON refuses, in parts', async () => {
    const { results } = await client.charts.data({ body: { queries: [raw] } });
    expect(results[0]).toMatchObject({ ok: false, code: 'query_too_large', message: expect.stringMatching(/1,000,/) });

    const before = Date.now();
    const rows = await stream([raw]);
    const [plan] = of(rows, 'plan');
    expect(plan).toMatchObject({ query: 0, from: raw.from, to: raw.to });
    expect(plan?.points).toBeGreaterThanOrEqual(n);
    const parts = of(rows, 'part');
    expect(parts.length).toBeGreaterThan(3);
    expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([raw.from, raw.to]);
    for (const [i, part] of parts.slice(1).entries()) expect(part.from).toBe(parts[i]?.to);
    for (const part of parts) {
      expect(part.asOf).toBeGreaterThanOrEqual(before);
      expect(part.points).toBeLessThan(400_000);
    }
    let i = 0;
    let wrong = 0;
    for (const { t, v } of of(rows, 'points'))
      for (const [at, time] of t.entries()) {
        if (time !== start + i * 1_000 || v[at] !== valueAt(i)) wrong += 1;
        i += 1;
      }
    expect([i, wrong]).toEqual([n, 0]);
    expect(rows.at(-1)).toEqual({ kind: 'end' });
  });

  test('short answers come first, and one that fails says why without failing the others', async () => {
    const hourly = { ...raw, aggregation: 'avg' as const, bucketMs: hour };
    const backwards = { ...hourly, from: hourly.to, to: hourly.from };
    const zoned = { ...hourly, timeZone: 'Europe/Berlin' };
    const rows = await stream([raw, backwards, { ...hourly, to: start + 10 * hour }, zoned]);
    expect(of(rows, 'part').map(({ query }) => query)[0]).toBe(2);
    expect(of(rows, 'failed').map(({ query, code }) => [query, code])).toEqual([
      [1, 'invalid_time_range'],
      [3, 'validation_failed'],
    ]);
    const [line] = of(rows, 'points').filter(({ query }) => query === 2);
    const mean = (from: number) => Array.from({ length: 3_600 }, (_, i) => valueAt(from + i)).reduce((sum, one) => sum + one, 0) / 3_600;
    expect(line?.labels).toEqual({ host: 'a' });
    expect(Array.from(line?.v ?? [])).toEqual(Array.from({ length: 10 }, (_, i) => expect.closeTo(mean(i * 3_600), 9)));
  });

  test('is read by Arrow’s own reader, with the right media type', async () => {
    const response = await post(`${arrowMediaType}, application/json;q=0.5`, [{ ...raw, to: start + hour }]);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, arrowMediaType]);
    const table = tableFromIPC(await response.arrayBuffer());
    const row = table.toArray().find(({ kind }) => kind === 'points');
    expect(row.v.length).toBe(3_600);
    expect(Number(row.t.get(3_599))).toBe(start + 3_599_000);
  });

  test('a media type that is not offered is refused with the list of those that are', async () => {
    const response = await post('text/csv', [raw]);
    expect([response.status, await response.json()]).toEqual([
      406,
      expect.objectContaining({ code: 'not_acceptable', field: 'accept', hint: expect.stringContaining(arrowMediaType) }),
    ]);
    const other = await fetch(`${backend.url}/api/v1/charts`, { headers: { authorization: `Bearer ${token}`, accept: arrowMediaType } });
    expect(other.status).toBe(406);
    expect((await post('*/*', [{ ...raw, to: start + 1 }])).headers.get('content-type')).toMatch(/json/);
    const refused = await post(arrowMediaType, []);
    expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ code: 'validation_failed', field: 'queries' })]);
  });

  test('ends with the client: nothing more is read after it disconnects', async () => {
    const leaving = new AbortController();
    const seen: SeriesRow[] = [];
    const read = async () => {
      for await (const rows of decodeSeries(await client.charts.data.arrow({ body: { queries: [raw] } }, { signal: leaving.signal }))) {
        seen.push(...rows);
        if (of(seen, 'part').length === 1) leaving.abort(new Error('seen enough'));
      }
    };
    await expect(read()).rejects.toThrow('seen enough');
    // The backend has let go and answers others as before.
    expect((await stream([{ ...raw, to: start + hour }])).at(-1)).toEqual({ kind: 'end' });
    expect(backend.log()).not.toMatch(/broke off/);
  });

  test('is in the description of the API', async () => {
    const document = await (await fetch(`${backend.url}/docs/json`)).json();
    const content = document.paths['/api/v1/charts/data'].post.responses['200'].content;
    expect(Object.keys(content)).toEqual(['application/json', arrowMediaType]);
    expect(Object.keys(document.paths['/api/v1/signals/query'].get.responses['200'].content)).toContain(arrowMediaType);
  });
});

const second = (loaderCode: string, timestamp: number, value: number, recCount = 1) => ({
  loaderCode,
  timestamp,
  segmentCode: 'a',
  recCount,
  minVal: value,
  maxVal: value,
  avgVal: value,
  sumVal: value * recCount,
});

describe('the query API', () => {
  const from = start / 1_000;
  const ask = async (over: object) => {
    const query = { loaderCode: 'gappy', fromEpoch: from, toEpoch: from + 300, aggregation: 'avg' as const, ...over };
    const { dataPoints } = await client.signals.query({ query });
    return dataPoints.map(({ timestamp, value }) => [timestamp - from, value]);
  };
  beforeAll(async () => {
    const signals = [second('gappy', from + 60, 10, 4), second('gappy', from + 70, 20), second('gappy', from + 180, 40)];
    await client.signals.bulk({ body: { signals } });
  });

  test('fills buckets without points as asked', async () => {
    expect(await ask({})).toEqual([
      [60, 12],
      [180, 40],
    ]);
    const values = async (fill: string) => (await ask({ fill })).map(([, value]) => value);
    expect(await values('null')).toEqual([null, 12, null, 40, null]);
    expect(await values('zero')).toEqual([0, 12, 0, 40, 0]);
    expect(await values('previous')).toEqual([null, 12, 12, 40, 40]);
    expect(await values('linear')).toEqual([null, 12, 26, 40, null]);
    await expect(ask({ fill: 'zero', bucket: '1s', toEpoch: from + 86_400 * 12 })).rejects.toMatchObject({
      code: 'query_too_large',
      field: 'bucket',
    });
  });

  test('supports every aggregation', async () => {
    const values = async (aggregation: string) => (await ask({ aggregation, bucket: '5m' })).map(([, value]) => value);
    expect(await values('count')).toEqual([6]);
    expect(await values('sum')).toEqual([100]);
    expect(await values('last')).toEqual([40]);
    expect(await values('p50')).toEqual([20]);
    expect(await values('p95')).toEqual([38]);
  });

  test('returns calendar days of a zone', async () => {
    const midnight = Date.parse('2026-10-24T22:00Z') / 1_000;
    // The 25th has 25 hours in Berlin.
    await client.signals.bulk({ body: { signals: Array.from({ length: 60 }, (_, i) => second('daily', midnight + i * 3_600, 1)) } });
    const query = { loaderCode: 'daily', fromEpoch: midnight, toEpoch: midnight + 60 * 3_600, bucket: '1d', aggregation: 'count' } as const;
    const { dataPoints } = await client.signals.query({ query: { ...query, timeZone: 'Europe/Berlin' } });
    expect(dataPoints.map(({ timestamp, value }) => [timestamp, value])).toEqual([
      [midnight, 25],
      [midnight + 25 * 3_600, 24],
      [midnight + 49 * 3_600, 11],
    ]);
    await expect(client.signals.query({ query: { ...query, bucket: '1h', timeZone: 'Europe/Berlin' } })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'timeZone',
    });
  });

  test('streams every point on request as Arrow', async () => {
    const rows: SeriesRow[] = [];
    const query = { loaderCode: 'gappy', fromEpoch: from, toEpoch: from + 300, aggregation: 'raw' } as const;
    for await (const batch of decodeSeries(await client.signals.query.arrow({ query }))) rows.push(...batch);
    expect(of(rows, 'points').map(({ labels, v }) => [labels, Array.from(v)])).toEqual([
      [expect.objectContaining({ segment: 'a' }), [10, 20, 40]],
    ]);
    await expect(client.signals.query.arrow({ query: { ...query, loaderCode: 'nowhere' } })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('records of a loader', () => {
  const at = start / 1_000;
  const params = { loaderCode: 'recorded' };
  const segmentOf = (i: number) => (i % 3 === 0 ? 'belt-1' : 'belt-2');
  const recordCount = 20_000;
  beforeAll(async () => {
    for (let from = 0; from < recordCount; from += 10_000) {
      const signals = Array.from({ length: 10_000 }, (_, i) => ({
        ...second('recorded', at + from + i, valueAt(from + i), 1 + (i % 4)),
        segmentCode: segmentOf(from + i),
        minVal: -i,
        maxVal: i + 0.5,
      }));
      await client.signals.bulk({ body: { signals } });
    }
  });
  const read = async (over: object = {}) => {
    const rows: SeriesRow[] = [];
    const query = { fromEpoch: at, toEpoch: at + recordCount, ...over };
    for await (const batch of decodeSeries(await client.signals.range.arrow({ params, query }))) rows.push(...batch);
    return rows;
  };

  test('are all of them in the Arrow stream, field by field as in JSON', async () => {
    const rows = await read({ limit: 10 });
    expect([of(rows, 'failed'), rows.at(-1)]).toEqual([[], { kind: 'end' }]);
    const parts = of(rows, 'part');
    expect([parts[0]?.from, parts.at(-1)?.to]).toEqual([start, start + recordCount * 1_000]);
    expect(parts.reduce((sum, { points }) => sum + points, 0)).toBe(recordCount * 5);
    const { items } = await client.signals.range({ params, query: { fromEpoch: at, toEpoch: at + recordCount, limit: recordCount } });
    expect(items).toHaveLength(recordCount);
    for (const segment of ['belt-1', 'belt-2']) {
      const mine = items.filter(({ segmentCode }) => segmentCode === segment);
      for (const field of ['recCount', 'minVal', 'maxVal', 'avgVal', 'sumVal'] as const) {
        const lines = of(rows, 'points').filter(({ labels }) => labels['segment'] === segment && labels['field'] === field);
        expect(lines.every(({ labels }) => labels['loader'] === 'recorded')).toBe(true);
        expect(lines.flatMap(({ t }) => Array.from(t))).toEqual(mine.map(({ timestamp }) => timestamp * 1_000));
        expect(lines.flatMap(({ v }) => Array.from(v))).toEqual(mine.map((record) => record[field]));
      }
    }
  });

  test('of one segment, read by Arrow’s own reader; refusals are those of JSON', async () => {
    const address = (code: string, query: string) => `${backend.url}/api/v1/res/signals/signal/${code}?${query}`;
    const get = (url: string, accept: string) => fetch(url, { headers: { authorization: `Bearer ${token}`, accept } });
    const range = `fromEpoch=${at}&toEpoch=${at + 60}`;
    const response = await get(address('recorded', `${range}&segmentCode=belt-1`), arrowMediaType);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, arrowMediaType]);
    const lines = tableFromIPC(await response.arrayBuffer())
      .toArray()
      .filter(({ kind }) => kind === 'points');
    expect(lines.map(({ labels, t }) => [JSON.parse(labels).segment, JSON.parse(labels).field, t.length])).toEqual(
      ['recCount', 'minVal', 'maxVal', 'avgVal', 'sumVal'].map((field) => ['belt-1', field, 20]),
    );
    for (const accept of [arrowMediaType, 'application/json']) {
      const unknown = await get(address('nowhere', range), accept);
      expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
      const backwards = await get(address('recorded', `fromEpoch=${at}&toEpoch=${at}`), accept);
      expect([backwards.status, await backwards.json()]).toEqual([400, expect.objectContaining({ field: 'toEpoch' })]);
    }
    expect((await get(address('recorded', range), 'text/csv')).status).toBe(406);
    expect((await get(address('recorded', range), '*/*')).headers.get('vary')).toBe('accept');
  });
});

test('pixel columns show exactly what the points show', async () => {
  const { series } = await client.charts.columns({ body: { selector: raw.selector, from: start, to: start + hour, columns: 60 } });
  const [line] = series;
  expect(line?.column).toEqual(Array.from({ length: 60 }, (_, i) => i));
  const points = (i: number) => Array.from({ length: 60 }, (_, at) => valueAt(i * 60 + at));
  expect(line?.min).toEqual(Array.from({ length: 60 }, (_, i) => Math.min(...points(i))));
  expect(line?.max).toEqual(Array.from({ length: 60 }, (_, i) => Math.max(...points(i))));
  expect(line?.first).toEqual(Array.from({ length: 60 }, (_, i) => valueAt(i * 60)));
  expect(line?.last).toEqual(Array.from({ length: 60 }, (_, i) => valueAt(i * 60 + 59)));
});

describe('answers are cached', () => {
  test('points and buckets of a long range are downsampled, after reading and from the cache alike', async () => {
    const count = 30_000;
    const first = start / 1_000;
    for (let from = 0; from < count; from += 10_000)
      await client.signals.bulk({
        body: { signals: Array.from({ length: 10_000 }, (_, i) => second('many', first + from + i, valueAt(from + i))) },
      });
    const range = { loaderCode: 'many', fromEpoch: first, toEpoch: first + count, aggregation: 'raw' as const };
    const answer = await client.signals.query({ query: range });
    expect(answer).toMatchObject({ downsampled: true });
    expect(answer.dataPoints.length).toBeGreaterThan(9_900);
    expect(answer.dataPoints.length).toBeLessThan(count);
    expect((await client.signals.query({ query: range })).dataPoints).toEqual(answer.dataPoints);
    const query = { selector: raw.selector, aggregation: 'avg' as const, from: start, to: raw.to, bucketMs: 10_000 };
    const read = async () => (await client.charts.data({ body: { queries: [query] } })).results;
    const buckets = await read();
    expect(buckets[0]).toMatchObject({ ok: true });
    expect(await read()).toEqual(buckets);
  });

  test('and never outdated: after a write and its event, a read returns the new point', async () => {
    const now = Date.now();
    const query: SeriesQuery = {
      selector: { from: 'signal', loaderCode: 'live' },
      aggregation: 'raw',
      from: now - hour,
      to: now + hour,
      bucketMs: 0,
    };
    const read = async () => {
      const { results } = await client.charts.data({ body: { queries: [query] } });
      return results[0]?.ok ? (results[0].series[0]?.v ?? []) : null;
    };
    const events = await readEvents(backend.url, token);
    try {
      for (let i = 1; i <= 5; i++) {
        expect(await read()).toHaveLength(i - 1);
        const received = events.until(({ event }) => event.type === 'signals.stored' && event.data.loaderCode === 'live');
        await client.signals.bulk({ body: { signals: [second('live', Math.floor(now / 1_000) + i, i)] } });
        // At once, for who wrote; and when the event comes, for everyone.
        expect(await read()).toHaveLength(i);
        await received;
        expect(await read()).toHaveLength(i);
      }
    } finally {
      await events.close();
    }
  });
});

test('a client that was offline gets the intervals in which points were stored since', async () => {
  const since = Date.now();
  const at = Math.floor(start / 1_000) + 500;
  await client.signals.bulk({ body: { signals: [second('away', at, 1)] } });
  const { completeSince, items } = await client.signals.changes({ query: { since } });
  expect(completeSince).toBeLessThanOrEqual(since);
  expect(items.find(({ name }) => name === 'away')).toEqual({
    ...{ from: 'signal', name: 'away', start: at * 1_000, end: at * 1_000 + 1 },
    at: expect.any(Number),
  });
  expect(items.some(({ name }) => name === 'dense')).toBe(false);
});

test('points older than the retention are deleted, in bounded steps, and the rest stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-retention-'));
  const day = 86_400_000;
  const now = Date.now();
  const from = now - 60 * day;
  await seedMetric(folder, 'old', from, 60_000, 60 * 1_440);
  const query = { selector: { from: 'metric', name: 'old' }, aggregation: 'count', from: 0, to: now, bucketMs: day } as const;
  const kept = async (days: string) => {
    const short = await startBackend({ dataDir: folder, args: onSeededPoints, env: { WATCHFLOOR_RETENTION_DAYS: days } });
    try {
      const { client: reader } = await short.login('VIEWER');
      const count = async () => {
        const { results } = await reader.charts.data({ body: { queries: [query] } });
        return results[0]?.ok ? (results[0].series[0]?.v ?? []).reduce((sum, one) => sum + one, 0) : Number.NaN;
      };
      if (days !== '0') await eventually('old points are gone', async () => (await count()) < 32 * 1_440);
      return await count();
    } finally {
      await short.stop();
    }
  };
  expect(await kept('0')).toBe(60 * 1_440);
  expect(await kept('30')).toBeGreaterThanOrEqual(30 * 1_440 - 5);
  rmSync(folder, { recursive: true, force: true });
  await expect(startBackend({ env: { WATCHFLOOR_RETENTION_DAYS: '-1' } })).rejects.toThrow(/WATCHFLOOR_RETENTION_DAYS is not acceptable/);
});
