import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createClient } from '#common/contract/client.ts';
import { startBackend } from '../support/backend.ts';
import { isExploring, randomFrom, seed } from '../support/chance.ts';

const kills = isExploring ? 12 : 4;
const random = randomFrom(seed);
const writers = ['one', 'two', 'three', 'four'];
const perBatch = 200;
/** Batches acknowledged between two kills at least, over all writers: a slow machine gets as far as a fast one. */
const batchesBetweenKills = 24;
const hour = 3_600;

/** Records come in three kinds of hours: long past and dense, past and sparse, and the current one. */
function batchOf(loaderCode: string, n: number, start: number) {
  const step = [1, 977, 1][n % 3] as number;
  const base = [start - 400 * hour, start - 40_000 * hour, start][n % 3] as number;
  return Array.from({ length: perBatch }, (_, i) => {
    const value = n * perBatch + i;
    const timestamp = base + (Math.floor(n / 3) * perBatch + i) * step;
    return { loaderCode, timestamp, segmentCode: 'a', recCount: 1, minVal: value, maxVal: value, avgVal: value, sumVal: value };
  });
}

it('SIGKILL under four writers loses no acknowledged record and doubles none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-kill-'));
  // Nothing is to go for its age.
  const env = { WATCHFLOOR_REQUESTS_PER_MINUTE: '1000000', WATCHFLOOR_RETENTION_DAYS: '0' };
  const start = Math.floor(Date.now() / 1_000 / hour) * hour - 2 * hour;
  /** By writer: batches that were acknowledged, and the one that was on its way at the last kill. */
  const acknowledged = new Map(writers.map((writer) => [writer, 0]));
  try {
    let backend = await startBackend({ dataDir, env });
    const { session } = await backend.login('OPERATOR');
    for (let kill = 0; kill < kills; kill++) {
      const client = createClient({ baseUrl: backend.url, token: () => session.accessToken });
      let isOver = false;
      let done = 0;
      const enough = Promise.withResolvers<void>();
      const write = async (loaderCode: string) => {
        while (!isOver) {
          const n = acknowledged.get(loaderCode) ?? 0;
          try {
            const { stored } = await client.signals.bulk({ body: { signals: batchOf(loaderCode, n, start) } });
            expect(stored).toBe(perBatch);
          } catch (error) {
            if (isOver) return;
            throw error;
          }
          acknowledged.set(loaderCode, n + 1);
          done += 1;
          if (done >= batchesBetweenKills) enough.resolve();
        }
      };
      const writing = Promise.all(writers.map(write));
      await Promise.race([enough.promise, writing]);
      // At any moment of a write, not always at its acknowledgement.
      await sleep(random() * 20);
      isOver = true;
      await backend.kill();
      await writing;
      backend = await startBackend({ dataDir, env });
    }

    const client = createClient({ baseUrl: backend.url, token: () => session.accessToken });
    for (const loaderCode of writers) {
      const batches = acknowledged.get(loaderCode) ?? 0;
      const query = { fromEpoch: start - 40_000 * hour, toEpoch: Math.floor(Date.now() / 1_000), limit: 100_000 };
      const { items } = await client.signals.range({ params: { loaderCode }, query });
      const found = items.map(({ timestamp, avgVal }) => `${timestamp} ${avgVal}`);
      expect(new Set(found).size).toBe(found.length);
      const sent = (n: number) => batchOf(loaderCode, n, start).map(({ timestamp, avgVal }) => `${timestamp} ${avgVal}`);
      const must = Array.from({ length: batches }, (_, n) => sent(n)).flat();
      const held = new Set(found);
      expect(must.filter((one) => !held.has(one))).toEqual([]);
      // The batch that was on its way is there as a whole or not at all.
      const rest = found.filter((one) => !new Set(must).has(one)).sort();
      expect([[], sent(batches).sort()]).toContainEqual(rest);
      // Summed up from headers, nothing counts twice either.
      const question = {
        loaderCode,
        fromEpoch: query.fromEpoch,
        toEpoch: query.toEpoch,
        aggregation: 'count' as const,
        bucket: '1d' as const,
      };
      const { dataPoints } = await client.signals.query({ query: question });
      expect(dataPoints.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(found.length);
    }
    expect((await client.health.report({})).services.find(({ name }) => name === 'signals')).toMatchObject({
      status: 'up',
      points: { damaged: 0 },
    });
    await backend.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 240_000);
