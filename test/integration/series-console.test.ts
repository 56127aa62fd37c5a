import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PanelData, PanelQuery } from '#common/contract/console/series.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { neverAborts, openTestConsole, type TestConsole, temporaryFolder } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { onSeededPoints, seedMetric, valueAt } from '../support/points.ts';
import { type SeriesProxy, startSeriesProxy } from '../support/series-proxy.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-series-'));
const n = 1_200_000;
const hour = 3_600_000;
const start = Math.floor(Date.now() / hour) * hour - 400 * hour;
const query: PanelQuery = {
  selector: { from: 'metric', name: 'dense', labels: {} },
  aggregation: 'raw',
  from: start,
  to: start + n * 1_000,
  bucketMs: 0,
};

let backend: TestBackend;
let proxy: SeriesProxy;
beforeAll(async () => {
  await seedMetric(dataDir, 'dense', start, 1_000, n);
  backend = await startBackend({ dataDir, args: onSeededPoints, env: { WATCHFLOOR_REQUESTS_PER_MINUTE: '10000' } });
  proxy = await startSeriesProxy(backend.url);
});
afterAll(async () => {
  proxy.close();
  await backend.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  proxy.asked = [];
  proxy.limit = null;
  proxy.left = 0;
});

async function openLive(folder: string): Promise<TestConsole & { ask: (over?: object, signal?: AbortSignal) => Promise<PanelData> }> {
  const core = await openTestConsole(folder, proxy.url);
  await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
  const { id: connectionId } = await core.connection();
  const ask = async (over: object = {}, signal = neverAborts) =>
    core.handlers.series.query({ connectionId, query, cacheOnly: false, ...over }, signal);
  return { ...core, ask };
}

/** Time that was asked for, ms. */
const askedMs = () => proxy.asked.reduce((sum, { from, to }) => sum + to - from, 0);
const wholeMs = query.to - query.from;

function expectEverything({ series, missing, problem }: PanelData): void {
  expect([problem, missing, series.length]).toEqual([null, [], 1]);
  const { t, v } = series[0] as PanelData['series'][number];
  expect([t, v].map((column) => column instanceof Float64Array && column.length)).toEqual([n, n]);
  let wrong = 0;
  for (let i = 0; i < n; i++) if (t[i] !== start + i * 1_000 || v[i] !== valueAt(i)) wrong += 1;
  expect(wrong).toBe(0);
}

test('more than a million points arrive with progress, are answered from the cache, and stay readable offline', async () => {
  const folder = temporaryFolder();
  const core = await openLive(folder.path);
  expectEverything(await core.ask({ progressId: 'p' }));
  const progress = core.received.flatMap(({ event, payload }) =>
    event === 'progress' ? [payload as { progressId: string; points: number; done: number }] : [],
  );
  expect(progress.length).toBeGreaterThan(2);
  expect(progress[0]).toEqual({ progressId: 'p', points: 0, done: 0 });
  expect(progress.at(-1)).toEqual({ progressId: 'p', points: n, done: 1 });
  expect(progress.map(({ done }) => done)).toEqual(progress.map(({ done }) => done).toSorted((a, b) => a - b));
  expect(proxy.asked).toHaveLength(1);

  expectEverything(await core.ask({ progressId: 'again' }));
  const part = await core.ask({ query: { ...query, from: start + 5 * hour, to: start + 6 * hour } });
  expect([part.series[0]?.t[0], part.series[0]?.t.length]).toEqual([start + 5 * hour, 3_600]);
  expect(proxy.asked).toHaveLength(1);
  expect(core.received.some(({ payload }) => (payload as { progressId?: string }).progressId === 'again')).toBe(false);
  await core.close();

  // A fifth of the columns' size in memory.
  const db = new Database(join(folder.path, 'console.db'), { readonly: true });
  expect(db.prepare('SELECT sum(length(chunk)) FROM series_block').pluck().get()).toBeLessThan((n * 16) / 5);
  db.close();
  const offline = await openTestConsole(folder.path, 'http://127.0.0.1:9');
  const { id: connectionId } = await offline.connection();
  expect((await offline.handlers.series.query({ connectionId, query, cacheOnly: true }, neverAborts)).series[0]?.t.length).toBe(n);
  await offline.close();
  folder.remove();
});

test('after an interruption only the missing part is requested again', async () => {
  const folder = temporaryFolder();
  const core = await openLive(folder.path);
  proxy.limit = { bytes: 9_000_000, afterwards: 'cut' };
  const broken = await core.ask();
  expect(broken.problem).toMatchObject({ code: 'unavailable' });
  const have = broken.series[0]?.t.length ?? 0;
  expect(have).toBeGreaterThan(200_000);
  expect(have).toBeLessThan(n);
  expect(broken.missing).toEqual([{ from: start + have * 1_000, to: query.to }]);
  proxy.limit = null;
  proxy.asked = [];
  expectEverything(await core.ask());
  expect(proxy.asked.map(({ from, to }) => [from, to])).toEqual([[start + have * 1_000, query.to]]);
  await core.close();
  folder.remove();
});

test('cancelling ends the read on the backend too; what has arrived is kept', async () => {
  const folder = temporaryFolder();
  const core = await openLive(folder.path);
  proxy.limit = { bytes: 9_000_000, afterwards: 'wait' };
  const given = new AbortController();
  const asking = core.ask({ progressId: 'p' }, given.signal);
  const other = new AbortController();
  const also = core.ask({}, other.signal);
  await eventually('some of it', () => core.received.some(({ payload }) => ((payload as { done?: number }).done ?? 0) > 0.1));
  given.abort(new Error('enough'));
  await expect(asking).rejects.toThrow('enough');
  // Somebody else still waits for the same. Had the reader left, its connection would have ended before this one began.
  await fetch(`${proxy.url}/actuator/health`);
  expect(proxy.left).toBe(0);
  other.abort(new Error('enough'));
  await expect(also).rejects.toThrow('enough');
  await eventually('the reader has left', () => proxy.left === 1);
  proxy.limit = null;
  proxy.asked = [];
  expectEverything(await core.ask());
  expect(askedMs()).toBeLessThan(0.9 * wholeMs);
  await core.close();
  folder.remove();
});

const child = new URL('../support/series-child.ts', import.meta.url).pathname;

test('a console that is killed while reading continues where it was, and includes points stored in the meantime', {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  proxy.limit = { bytes: 9_000_000, afterwards: 'wait' };
  const first = spawn(process.execPath, [child, folder.path, proxy.url, JSON.stringify(query)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(first, 'exit');
  let killed = false;
  for await (const line of createInterface({ input: first.stdout })) {
    const { done = 0 } = JSON.parse(line) as { done?: number };
    if (done < 0.3) continue;
    first.kill('SIGKILL');
    killed = true;
    break;
  }
  expect(killed).toBe(true);
  await exited;

  // A late point, where the console has read already.
  const late = start + 10 * hour + 500;
  await backend.agent.metrics.ingest({
    body: { batchId: crypto.randomUUID(), metrics: [{ name: 'dense', labels: { host: 'a' }, points: [[late, 7]] }] },
  });
  proxy.limit = null;
  proxy.asked = [];
  const core = await openLive(folder.path);
  const { series, problem } = await core.ask();
  expect([problem, series[0]?.t.length]).toEqual([null, n + 1]);
  const at = series[0]?.t.indexOf(late) ?? -1;
  expect(series[0]?.v[at]).toBe(7);
  expect(proxy.asked.some(({ from, to }) => from <= late && late < to)).toBe(true);
  expect(askedMs()).toBeLessThan(0.8 * wholeMs);
  await core.close();
  folder.remove();
});

test('damaged points are noticed and read again', async () => {
  const folder = temporaryFolder();
  const short = { ...query, from: start + 20 * hour, to: start + 30 * hour };
  const first = await openLive(folder.path);
  expect((await first.ask({ query: short })).series[0]?.t.length).toBe(36_000);
  await first.close();
  const db = new Database(join(folder.path, 'console.db'));
  db.prepare('UPDATE series_block SET chunk = zeroblob(length(chunk)) WHERE start = ?').run(start + 22 * hour);
  db.close();
  proxy.asked = [];
  const second = await openLive(folder.path);
  const held = await second.ask({ query: short, cacheOnly: true });
  expect(held.series[0]?.t.length).toBe(32_400);
  expect(held.missing).toEqual([{ from: start + 22 * hour, to: start + 23 * hour }]);
  const whole = await second.ask({ query: short });
  expect([whole.series[0]?.t.length, whole.missing, whole.problem]).toEqual([36_000, [], null]);
  expect(proxy.asked.map(({ from, to }) => [from, to])).toEqual([[start + 22 * hour, start + 23 * hour]]);
  await second.close();
  folder.remove();
});
