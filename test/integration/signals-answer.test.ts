import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import type { SignalStore } from '#backend/engines/signals/port.ts';
import { readAnswer } from '#backend/services/signals/answer.ts';
import type { SeriesQuery } from '#common/contract/charts.ts';
import type { Aggregation } from '#common/contract/signals.ts';

const from = Date.UTC(2026, 8, 1);
const seconds = 350_000;
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-test-'));
let store: Awaited<ReturnType<typeof openChunkSignals>>;

beforeAll(async () => {
  store = await openChunkSignals(join(folder, 'series.db'));
  const step = 50_000;
  for (const [segment, shift] of [
    ['a', 0],
    ['b', 250],
  ] as const) {
    for (let at = 0; at < seconds; at += step) {
      const i = Array.from({ length: step }, (_, k) => at + k);
      const value = (k: number) => Math.round(Math.sin((k + shift) / 500) * 1_000 + (k % 7)) / 100;
      await store.appendSignals('long', {
        segment: i.map(() => segment),
        t: i.map((k) => from + k * 1_000 + shift),
        count: i.map((k) => 1 + (k % 3)),
        min: i.map((k) => value(k) - 1),
        max: i.map((k) => value(k) + 1),
        avg: i.map(value),
        sum: i.map((k) => (1 + (k % 3)) * value(k)),
      });
    }
  }
}, 60_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test.each<[Aggregation, number]>([
  ['raw', 0],
  ['avg', 1_000],
  ['p95', 60_000],
])('a long answer is read in parts and equals that of one read: %s', async (aggregation, bucketMs) => {
  const question: SeriesQuery = {
    selector: { from: 'signal', loaderCode: 'long' },
    from: from + 500,
    to: from + 1_000 * seconds,
    aggregation,
    bucketMs,
  };
  const ask = { question, policy: 'none', limit: 1_000, at: Date.now(), signal: AbortSignal.timeout(60_000) } as const;
  let most = 0;
  const query: SignalStore['query'] = async (...asked) => {
    const lines = await store.query(...asked);
    most = Math.max(
      most,
      lines.reduce((sum, { t }) => sum + t.length, 0),
    );
    return lines;
  };
  const inParts = await readAnswer({ query, estimate: (range) => store.estimate(range) }, ask);
  const mostInParts = most;
  const whole = await readAnswer({ query, estimate: async () => ({ series: 1, points: 1 }) }, ask);
  expect(inParts).toEqual(whole);
  expect(whole.points.length).toBeGreaterThan(900);
  expect(mostInParts).toBeLessThanOrEqual(300_000);
});
