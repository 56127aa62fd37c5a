import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { until } from './adapters.ts';

const hour = 3_600_000;
const start = Math.floor(Date.now() / hour - 5_000) * hour;
const selector = { from: 'metric', name: 'cpu', labels: {} } as const;

it('a file that is damaged while in use is set aside automatically, and work continues with the intact rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-running-'));
  const file = join(folder, 'series.db');
  let signals = await openChunkSignals(file);
  try {
    // More than SQLite keeps in memory, so that reading meets the disk.
    const perHour = 720;
    const n = 4_000 * perHour;
    const t = Float64Array.from({ length: n }, (_, i) => start + i * (hour / perHour));
    const v = Float64Array.from(t, (_, i) => Math.sin(i) * 1e6);
    await signals.append([{ kind: 'metric', name: 'cpu', labels: { host: 'a' }, unit: '', points: { t, v } }]);
    await signals.appendMetrics([{ name: 'late', unit: '', labels: {}, points: [[start, 1]] }]);

    // From SQLite's own log into the file.
    await signals.close();
    signals = await openChunkSignals(file);
    const handle = openSync(file, 'r+');
    const { size } = fstatSync(handle);
    const noise = Buffer.alloc(Math.floor(size * 0.3), 0xa5);
    writeSync(handle, noise, 0, noise.length, Math.floor(size * 0.5));
    closeSync(handle);

    const whole = { selector, from: start, to: start + 4_000 * hour };
    const ask = () => signals.query({ ...whole, aggregation: 'p50', bucketMs: hour, maxPoints: 10_000 });
    // Whether this read or the next one finds the damage, it is reported and repaired.
    await until(
      'the file is set aside',
      async () => {
        await ask().catch((error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }));
        return (await signals.health()).setAside !== null;
      },
      60_000,
    );

    const health = await signals.health();
    expect(readdirSync(folder)).toContain(health.setAside);
    expect(health.restarted).toMatchObject({ count: 1 });
    const [line] = await ask();
    const damaged = await signals.damaged(whole);
    const found = new Set(line?.t);
    expect(found.size).toBeGreaterThan(1_500);
    expect(found.size).toBeLessThan(4_000);
    for (let at = start; at < whole.to; at += hour) {
      if (!found.has(at)) expect(damaged.some(({ from, to }) => from <= at && to >= at + hour)).toBe(true);
    }
    await signals.appendMetrics([{ name: 'late', unit: '', labels: {}, points: [[start + 1, 2]] }]);
    expect((await signals.estimate({ selector: { from: 'metric', name: 'late', labels: {} }, from: 0, to: 1e13 })).points).toBe(2);
  } finally {
    await signals.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
