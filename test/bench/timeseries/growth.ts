import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { columnsOf } from '#backend/engines/signals/chunks/grid.ts';
import { finish } from '#backend/engines/signals/chunks/slices.ts';
import { ChunkStore } from '#backend/engines/signals/chunks/store.ts';
import type { Row } from '../row.ts';
import { median, stepMs } from './data.ts';
import { ownMemory, pixelColumns } from './store.ts';

const hourMs = 3_600_000;
/** Points per append; they are created in pieces, so that the measured memory is the store's. */
const piece = 200_000;
const bucketCount = 1_000;

/** The measurements of our store for one series with a number of points, one per second. */
interface Growth {
  /** Points a second. */
  ingest: number;
  bytesPerPoint: number;
  /** Milliseconds, medians. */
  buckets: number;
  pixels: number;
  lastHour: number;
  reopen: number;
  /** Bytes. */
  memory: number;
}

interface Work {
  what: string;
  unit: string;
  less: boolean;
  /** Least ratio to a tenth of the points, from 10M on; a cost in step with the points would have 0.1. */
  target?: number;
}

const works: Record<keyof Growth, Work> = {
  ingest: { what: 'bulk ingest', unit: 'points/s', less: false },
  bytesPerPoint: { what: 'size on disk', unit: 'bytes/point', less: true },
  // What they read is bounded by their edges and the hours of a day, not by the points in between.
  buckets: { what: `average in ${bucketCount.toLocaleString('en-US')} buckets, full range`, unit: 'ms', less: true, target: 0.5 },
  pixels: { what: 'first, last, min, max in 2,000 columns, full range', unit: 'ms', less: true, target: 0.5 },
  lastHour: { what: 'read the last hour', unit: 'ms', less: true },
  reopen: { what: 'cold open to the first answer', unit: 'ms', less: true },
  memory: { what: 'peak memory of the process', unit: 'MB', less: true },
};

/** How our own figures grow with the points of a series: each size beside the one before. */
export async function benchGrowth(sizes: readonly number[], runs: number, say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  let before: { points: number; growth: Growth } | undefined;
  for (const points of sizes) {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), String(points), String(runs)]);
    const growth = JSON.parse(stdout) as Growth;
    say(`ours with ${points / 1_000_000}M points of one series: measured`);
    if (before) rows.push(...compare(points, growth, before.points, before.growth));
    before = { points, growth };
  }
  return rows;
}

function compare(points: number, growth: Growth, fewer: number, before: Growth): Row[] {
  return (Object.keys(works) as (keyof Growth)[]).map((key) => {
    const { what, unit, less, target = null } = works[key];
    const scale = unit === 'MB' ? 1 / 1_048_576 : 1;
    const [ours, theirs] = [growth[key] * scale, before[key] * scale];
    return {
      work: `growth: ${what} (${points / 1_000_000}M points, one series)`,
      peer: `ours with ${fewer / 1_000_000}M points`,
      ours,
      theirs,
      unit,
      ratio: less ? theirs / ours : ours / theirs,
      target: fewer >= 10_000_000 ? target : null,
    };
  });
}

async function measureGrowth(points: number, runs: number): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-growth-'));
  const file = join(folder, 'series.db');
  let store = new ChunkStore(file);
  try {
    const from = Math.floor((Date.now() - points * stepMs) / hourMs - 2) * hourMs;
    const to = from + points * stepMs;
    const ingestMs = fill(store, points, from);
    while (store.seal(100, true) > 0);
    const memory = await ownMemory();
    const reopen = time(runs, () => {
      store.close();
      store = new ChunkStore(file);
      if (store.reads.lastTime(idOf(store)) !== to - stepMs) throw new Error('the newest point is gone');
    });
    const bytesPerPoint = statSync(file).size / points;
    const columns = (count: number) => {
      let found = 0;
      let n = 0;
      finish(
        store.reads.aggregate(idOf(store), from, to, columnsOf(from, to, count), (bucket) => {
          found += 1;
          n += bucket.n;
        }),
      );
      if (found !== count || n !== points) throw new Error(`${found} parts of ${n} points instead of ${count} of ${points}`);
    };
    return {
      ingest: points / (ingestMs / 1000),
      bytesPerPoint,
      buckets: time(runs, () => columns(bucketCount)),
      pixels: time(runs, () => columns(pixelColumns)),
      lastHour: time(runs, () => {
        if (finish(store.reads.read(idOf(store), to - hourMs, to)).t.length !== hourMs / stepMs) throw new Error('points are missing');
      }),
      reopen,
      memory,
    };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const idOf = (store: ChunkStore) => store.catalogue.named('metric', 'load')[0]?.id ?? 0;

/** @returns ms that the store took; making the points is not counted */
function fill(store: ChunkStore, points: number, from: number): number {
  let spent = 0;
  let state = 1;
  let level = 5_000;
  for (let first = 0; first < points; first += piece) {
    const n = Math.min(piece, points - first);
    const t = new Float64Array(n);
    const v = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      level += (state % 101) - 50;
      t[i] = from + (first + i) * stepMs;
      v[i] = level / 100;
    }
    const started = performance.now();
    store.append([{ kind: 'metric', name: 'load', labels: { series: '0' }, unit: '', points: { t, v } }]);
    spent += performance.now() - started;
  }
  return spent;
}

function time(runs: number, work: () => void): number {
  return median(
    Array.from({ length: runs }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}

if (import.meta.main) {
  const [points, runs] = process.argv.slice(2).map(Number);
  if (!points || !runs) throw new Error('Usage: growth.ts POINTS RUNS');
  process.stdout.write(JSON.stringify(await measureGrowth(points, runs)));
}
