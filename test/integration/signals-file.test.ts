import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { startBackend } from '../support/backend.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-series-'));
const file = join(dataDir, 'series.db');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const hour = 3_600;
const start = Math.floor(Date.now() / 1000 / hour - 5) * hour;
const record = (i: number) => ({
  loaderCode: 'press',
  timestamp: start + i * 20,
  segmentCode: 'a',
  recCount: 1,
  minVal: i,
  maxVal: i,
  avgVal: i,
  sumVal: i,
});
const records = Array.from({ length: 400 }, (_, i) => record(i));
const query = { fromEpoch: start, toEpoch: start + 4 * hour, limit: 1_000 };

it('acknowledged points survive a kill; a damaged hour is in the health report, and the rest is readable', async () => {
  const begun = Date.now();
  const first = await startBackend({ dataDir });
  const before = await first.login('OPERATOR');
  await before.client.signals.bulk({ body: { signals: records } });
  await first.kill();

  const second = await startBackend({ dataDir });
  const { client } = await second.login('OPERATOR');
  const ask = async (from: typeof client) =>
    (await from.signals.range({ params: { loaderCode: 'press' }, query })).items.map(({ avgVal: avg }) => avg);
  expect(await ask(client)).toEqual(records.map(({ avgVal: avg }) => avg));
  const signalsOf = async (from: typeof client) => (await from.health.report({})).services.find(({ name }) => name === 'signals');
  const held = await signalsOf(second.client);
  expect(held).toEqual({ name: 'signals', status: 'up', storedBytes: expect.any(Number), points: expect.anything() });
  expect(held?.points).toMatchObject({ oldestAt: start * 1_000, damaged: 0 });
  expect(held?.points?.points).toBeGreaterThanOrEqual(records.length);
  // The first run of retention was at the start; all three hours have ended, so they are sealed within a second or two.
  let sealed = await signalsOf(second.client);
  for (let tries = 0; tries < 40 && sealed?.points?.compactedAt === null; tries++) {
    await sleep(500);
    sealed = await signalsOf(second.client);
  }
  expect(sealed?.points).toMatchObject({ compactedAt: expect.any(Number), retention: { endedAt: expect.any(Number), deleted: 0 } });
  expect(sealed?.points?.compactedAt).toBeGreaterThanOrEqual(begun);
  expect(await second.stop()).toBe(0);
  expect(existsSync(file)).toBe(true);

  const raw = new Database(file);
  const [chunk, ...others] = raw.prepare('SELECT id, data FROM data ORDER BY id').all() as { id: number; data: Buffer }[];
  expect(others).toHaveLength(2);
  raw.prepare('UPDATE data SET data = ? WHERE id = ?').run(chunk?.data.subarray(1) ?? null, chunk?.id ?? 0);
  raw.close();

  const third = await startBackend({ dataDir });
  try {
    expect(await ask((await third.login('OPERATOR')).client)).toEqual(records.slice(180).map(({ avgVal: avg }) => avg));
    expect(await signalsOf(third.client)).toMatchObject({
      status: 'degraded',
      points: expect.objectContaining({ damaged: 1 }),
      detail: expect.stringContaining(`signal press{loader=press,segment=a}, ${new Date(start * 1000).toISOString()}`),
    });
  } finally {
    await third.stop();
  }
}, 120_000);
