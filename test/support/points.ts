import { join } from 'node:path';
import { openChunkSignals } from '#backend/engines/signals/chunks/open.ts';

/** Flags to start a backend on seeded points, before it has users and rules. */
export const onSeededPoints = ['--no-conveyor', '--accept-new-control-data'];

/** Writes one metric series into the data folder of a backend that does not run: a point every `stepMs` from `from` (ms) on. */
export async function seedMetric(dataDir: string, name: string, from: number, stepMs: number, n: number): Promise<void> {
  const signals = await openChunkSignals(join(dataDir, 'series.db'));
  try {
    const most = 100_000;
    for (let at = 0; at < n; at += most) {
      const points = Array.from({ length: Math.min(most, n - at) }, (_, i): [number, number] => [
        from + (at + i) * stepMs,
        valueAt(at + i),
      ]);
      await signals.appendMetrics([{ name, unit: '', labels: { host: 'a' }, points }]);
    }
  } finally {
    await signals.close();
  }
}

/** Returns the value of the i-th point of a seeded series. */
export function valueAt(i: number): number {
  return Math.round(Math.sin(i / 500) * 1_000 + (i % 7)) / 100;
}
