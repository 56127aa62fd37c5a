import { statSync } from 'node:fs';
import { join } from 'node:path';
import { columnsOf, everyMs } from '#backend/engines/signals/chunks/grid.ts';
import { finish } from '#backend/engines/signals/chunks/slices.ts';
import { ChunkStore } from '#backend/engines/signals/chunks/store.ts';
import type { SeriesWrite } from '#backend/engines/signals/chunks/writes.ts';
import { timesOf } from './data.ts';
import { liveSeries, ownMemory, type Peer, pixelColumns } from './store.ts';

/** Points a call of the bulk path, and so a wait for the disk. */
const batch = 200_000;
const write = (name: string, series: number, t: Float64Array, v: Float64Array): SeriesWrite => ({
  kind: 'metric',
  name,
  labels: { series: String(series) },
  unit: '',
  points: { t, v },
});

/** Ours, synchronous in this process, as SQLite is measured. */
export const chunks: Peer = {
  name: 'Watchfloor chunks',
  missing: () => null,
  async open(folder) {
    const file = join(folder, 'series.db');
    let store = new ChunkStore(file);
    const ids = () => store.catalogue.named('metric', 'load').map(({ id }) => id);
    return {
      async load(data) {
        for (let first = 0; first < data.perSeries; first += batch) {
          // Series share a transaction until it has a batch of points.
          let writes: SeriesWrite[] = [];
          const t = timesOf(data, first, Math.min(batch, data.perSeries - first));
          for (let s = 0; s < data.series; s++) {
            writes.push(write('load', s, t, (data.values[s] as Float64Array).subarray(first, first + t.length)));
            if (writes.length * t.length < batch && s + 1 < data.series) continue;
            store.append(writes);
            writes = [];
          }
        }
        return undefined;
      },
      settle: async () => {
        while (store.seal(100, true) > 0);
        // Closing moves everything from SQLite's own log into the file.
        store.close();
        store = new ChunkStore(file);
      },
      bytes: async () => statSync(file).size,
      async minutes({ from, to }) {
        let buckets = 0;
        let sum = 0;
        for (const id of ids()) {
          finish(
            store.reads.aggregate(id, from, to, everyMs(60_000), (bucket) => {
              buckets += 1;
              sum += bucket.sum / bucket.records;
            }),
          );
        }
        if (Number.isNaN(sum)) throw new Error('a bucket had no average');
        return buckets;
      },
      lastHour: async ({ to }) => ids().reduce((sum, id) => sum + finish(store.reads.read(id, to - 3_600_000, to)).t.length, 0),
      async pixels({ from, to }) {
        let columns = 0;
        finish(
          store.reads.aggregate(ids()[0] ?? 0, from, to, columnsOf(from, to, pixelColumns), () => {
            columns += 1;
          }),
        );
        return columns;
      },
      async reopen() {
        store.close();
        store = new ChunkStore(file);
        if (store.reads.lastTime(ids()[0] ?? 0) === null) throw new Error('the newest point is gone');
      },
      async tick(at) {
        const t = Float64Array.of(at);
        store.append(Array.from({ length: liveSeries }, (_, s) => write('live', s, t, Float64Array.of(s / 10))));
      },
      memory: ownMemory,
      close: async () => store.close(),
    };
  },
};
