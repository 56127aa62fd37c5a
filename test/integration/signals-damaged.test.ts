import { closeSync, cpSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '#common/contract/client.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';

const hour = 3_600;
const start = Math.floor(Date.now() / 1_000 / hour - 60) * hour;
const records = Array.from({ length: 48 * 180 }, (_, i) => ({
  loaderCode: 'press',
  timestamp: start + i * 20,
  segmentCode: 'a',
  recCount: 1,
  minVal: i % 977,
  maxVal: i,
  avgVal: i * 0.37,
  sumVal: i,
}));
const range = { fromEpoch: start, toEpoch: start + 48 * hour };

/** A backend's folder with the records in it, and what it answered before it stopped. */
const intact = mkdtempSync(join(tmpdir(), 'watchfloor-intact-'));
const rulesOf = async (client: Client) => (await client.rules.list({})).items.map(({ code, version }) => [code, version]);
let before: Awaited<ReturnType<typeof rulesOf>>;
beforeAll(async () => {
  const first = await startBackend({ dataDir: intact });
  const { client } = await first.login('OPERATOR');
  before = await rulesOf(client);
  await client.signals.bulk({ body: { signals: records } });
  await first.stop();
});
afterAll(() => rmSync(intact, { recursive: true, force: true }));

let dataDir: string;
let backend: TestBackend | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-damaged-'));
  cpSync(intact, dataDir, { recursive: true });
});
afterEach(async () => {
  await backend?.stop();
  backend = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

const signalsOf = async ({ client }: TestBackend) => (await client.health.report({})).services.find(({ name }) => name === 'signals');
const overwrite = (file: string, at: number, length: number) => {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, at);
  closeSync(handle);
};

describe('with a damaged series file the backend starts, and its rules and users work', () => {
  it.each([
    ['whose header is overwritten', (file: string) => overwrite(file, 0, 100)],
    ['of which 20 KB are overwritten', (file: string) => overwrite(file, Math.floor(statSync(file).size * 0.4), 20_480)],
    ['which is cut off', (file: string) => truncateSync(file, Math.floor(statSync(file).size * 0.7))],
    ['which is empty', (file: string) => truncateSync(file, 0)],
  ])('one %s', async (_, damage) => {
    damage(join(dataDir, 'series.db'));

    backend = await startBackend({ dataDir });
    const again = (await backend.login('OPERATOR')).client;
    expect(await rulesOf(again)).toEqual(before);
    const signals = await signalsOf(backend);
    expect(signals).toMatchObject({ status: 'degraded', points: { setAside: expect.stringMatching(/^series\.damaged-.*\.db$/) } });
    expect(readdirSync(dataDir)).toContain(signals?.points?.setAside);
    expect(backend.log()).toContain(signals?.points?.setAside);
    const { notices } = await backend.client.health.report({});
    expect(notices).toEqual([{ kind: 'points-damaged', count: expect.any(Number), setAside: signals?.points?.setAside }]);

    // Missing points are reported by records, by buckets, and by the data of charts.
    const { items, damaged = [] } = await again.signals.range({ params: { loaderCode: 'press' }, query: { ...range, limit: 10_000 } });
    const found = new Map(items.map(({ timestamp, avgVal }) => [timestamp, avgVal]));
    for (const [t, avg] of found) expect(records[(t - start) / 20]?.avgVal).toBe(avg);
    const missing = records.filter(({ timestamp }) => !found.has(timestamp));
    const isReported = (t: number) => damaged.some(({ fromEpoch, toEpoch }) => t >= fromEpoch && t < toEpoch);
    expect(missing.filter(({ timestamp }) => !isReported(timestamp))).toEqual([]);
    const query = { selector: { from: 'signal' as const, loaderCode: 'press' }, aggregation: 'raw' as const, bucketMs: 0 };
    const { results } = await again.charts.data({
      body: { queries: [{ ...query, from: start * 1_000, to: (start + 48 * hour) * 1_000 }] },
    });
    const received = damaged.map(({ fromEpoch, toEpoch }) => ({ from: fromEpoch * 1_000, to: toEpoch * 1_000 }));
    expect(results[0]).toMatchObject({ ok: true, ...(received.length > 0 ? { damaged: received } : {}) });

    // Writing still works.
    await again.signals.bulk({ body: { signals: records.slice(0, 10) } });
    expect((await again.signals.range({ params: { loaderCode: 'press' }, query: { ...range, limit: 10 } })).items).toHaveLength(10);
  });
});
