import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunks } from './chunks.ts';
import { type Data, makeData, median } from './data.ts';
import { influxdb } from './influxdb.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { sqlite } from './sqlite.ts';
import { type BenchStore, liveSeries, type Peer, pixelColumns } from './store.ts';

/** Ours first. */
export const peers: readonly Peer[] = [chunks, ...sqlite, postgres, influxdb, prometheus];

export interface Figures {
  /** Points a second. */
  ingest?: number;
  live?: number;
  bytesPerPoint?: number;
  /** Milliseconds, medians. */
  minutes?: number;
  lastHour?: number;
  pixels?: number;
  reopen?: number;
  /** Bytes. */
  memory?: number;
}
export interface Plan {
  points: number;
  series: number;
  /** Loads from empty, of which the median counts. */
  loads: number;
  /** Runs of each query. */
  runs: number;
  ticks: number;
  /** A query that has taken this long in all is not run again, ms. */
  budgetMs: number;
  /** Peers beside which it is measured; absent, all of them. */
  only?: readonly string[];
}

/** Stops early when the runs have taken `budgetMs` together: slow results need fewer runs. */
async function medianOf(runs: number, budgetMs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0, spent = 0; i < runs && spent < budgetMs; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
    spent += times[i] ?? 0;
  }
  return median(times);
}

/** A store that answers with less than there is has not done the work. */
function expectAtLeast(wanted: number, what: string): (found: number) => void {
  return (found) => {
    if (found < wanted) throw new Error(`${found} ${what} instead of ${wanted}`);
  };
}

/** Measures one store, in this process. */
export async function measure(peer: Peer, plan: Plan): Promise<Figures> {
  const data = makeData(plan.points, plan.series);
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'));
  const rates: number[] = [];
  let store: BenchStore | undefined;
  try {
    for (let i = 0; i < plan.loads; i++) {
      await store?.close();
      const own = join(folder, String(i));
      mkdirSync(own);
      store = await peer.open(own);
      const started = performance.now();
      const loadMs = await store.load(data);
      rates.push((data.series * data.perSeries) / ((loadMs ?? performance.now() - started) / 1000));
    }
    if (!store) throw new Error('a plan has at least one load');
    return await ask(store, data, plan, median(rates));
  } finally {
    await store?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(store: BenchStore, data: Data, plan: Plan, ingest: number): Promise<Figures> {
  await store.settle?.();
  const figures: Figures = { bytesPerPoint: (await store.bytes()) / (data.series * data.perSeries) };
  if (!Number.isNaN(ingest)) figures.ingest = ingest;
  const { reopen, pixels, tick } = store;
  const { runs, budgetMs } = plan;
  if (reopen) figures.reopen = await medianOf(Math.min(runs, 3), budgetMs, () => reopen(data));
  // The first and last minute or point of a series may be counted by either side of an edge.
  const minutes = expectAtLeast((Math.floor((data.to - data.from) / 60_000) - 1) * data.series, 'buckets of a minute');
  figures.minutes = await medianOf(runs, budgetMs, () => store.minutes(data).then(minutes));
  const points = expectAtLeast((Math.min(3_600, data.perSeries) - 1) * data.series, 'points in the last hour');
  figures.lastHour = await medianOf(runs, budgetMs, () => store.lastHour(data).then(points));
  const columns = expectAtLeast(Math.min(pixelColumns, data.perSeries) * 0.9, 'columns');
  if (pixels) figures.pixels = await medianOf(runs, budgetMs, () => pixels(data).then(columns));
  if (tick) {
    let at = data.to;
    const ms = await medianOf(plan.ticks, 4 * budgetMs, () => {
      at += 1_000;
      return tick(at);
    });
    figures.live = liveSeries / (ms / 1000);
  }
  if (store.memory) figures.memory = await store.memory();
  return figures;
}

// Run in a separate process, so that stores share no memory or warmed-up code.
if (import.meta.main) {
  const [name, plan] = process.argv.slice(2);
  const peer = peers.find((one) => one.name === name);
  if (!peer || !plan) throw new Error('Usage: measure.ts PEER PLAN');
  process.stdout.write(JSON.stringify(await measure(peer, JSON.parse(plan) as Plan)));
}
