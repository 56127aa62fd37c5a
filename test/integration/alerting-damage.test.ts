import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { chunkId } from '#backend/engines/signals/chunks/schema.ts';
import type { SignalStore } from '#backend/engines/signals/port.ts';
import { api } from '#common/contract/api.ts';
import { call, firing, openBelts, speedRule, type World } from './alerting-world.ts';

const hour = 3_600_000;
const now = 1_700_000_000_000;
const lost = { from: Math.floor(now / hour) * hour - hour, to: Math.floor(now / hour) * hour };
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-alerting-damage-'));
const file = join(folder, 'series.db');
let world: World | undefined;
let signals: (SignalStore & { close(): Promise<void> }) | undefined;
afterEach(async () => {
  await world?.close();
  await signals?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two belts, a reading every ten seconds, for two and a half hours. */
async function write(store: SignalStore): Promise<void> {
  const times = Array.from({ length: 900 }, (_, i) => now - (i + 1) * 10_000).reverse();
  for (const segment of ['belt-1', 'belt-2']) {
    const all = (value: number) => times.map(() => value);
    const speed = all(0.5);
    const columns = { segment: times.map(() => segment), t: times, count: all(1), min: speed, max: speed, avg: speed, sum: speed };
    await store.appendSignals('belt-speed', columns);
  }
}

/** Overwrites the points of one belt for the hour before this one, as a disk that lost them would. */
function damage(): number {
  const raw = new Database(file);
  const series = raw.prepare<[], number>("SELECT id FROM series WHERE labels LIKE '%belt-1%'").pluck().all();
  const spoil = raw.prepare('UPDATE data SET data = zeroblob(length(data)) WHERE id = ?');
  const changed = series.map((id) => spoil.run(chunkId(id, lost.from)).changes);
  raw.close();
  return changed.reduce((sum, one) => sum + one, 0);
}

it('an alert reports that points of its window were lost, and those of other series do not', { timeout: 60_000 }, async () => {
  const first = await openChunkSignals(file);
  await write(first);
  await first.close();
  expect(damage()).toBeGreaterThan(0);
  signals = await openChunkSignals(file);
  const store = signals;
  const opened = await openBelts('sqlite', (engines) => ({ ...engines, signals: store }));
  world = opened.world;
  const condition = { kind: 'threshold', aggregation: 'avg', windowMs: hour, operator: '<', threshold: 0.6 } as const;
  await call(opened.replica.service, api.rules.create, { body: speedRule({ conditions: [condition], forMs: 0 }) });

  const alerts = await firing(opened.replica);
  const reasonsOf = (belt: string) => alerts.find(({ labels }) => labels['segment'] === belt)?.reasons;
  expect(reasonsOf('belt-2')).toMatchObject([{ kind: 'threshold', holds: true }]);
  expect(reasonsOf('belt-1')).toMatchObject([
    { kind: 'threshold', holds: true },
    {
      text: 'The store was damaged: points are or may be missing for 46 min of the last 1 h.',
      damaged: [{ from: now - hour, to: lost.to }],
      holds: false,
    },
  ]);
});
