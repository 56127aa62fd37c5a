import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Row } from '../row.ts';
import { benchGrowth } from './growth.ts';
import { type Figures, type Plan, peers } from './measure.ts';

interface Work {
  what: string;
  unit: string;
  /** True if a smaller figure is better. */
  less: boolean;
  /** Required factor by which ours is better than each peer, by the first word of the peer's name. */
  targets: Record<string, number>;
}

const works: Record<keyof Figures, Work> = {
  ingest: { what: 'bulk ingest', unit: 'points/s', less: false, targets: { SQLite: 8, PostgreSQL: 10 } },
  live: { what: 'live ingest, 1,000 series, a point each, durable', unit: 'points/s', less: false, targets: {} },
  bytesPerPoint: { what: 'size on disk', unit: 'bytes/point', less: true, targets: { SQLite: 8, Prometheus: 1.8 } },
  minutes: {
    what: 'average by minute, all series, full range',
    unit: 'ms',
    less: true,
    targets: { SQLite: 100, PostgreSQL: 50, InfluxDB: 50, Prometheus: 20 },
  },
  lastHour: { what: 'read the last hour of all series', unit: 'ms', less: true, targets: { SQLite: 10, InfluxDB: 3, Prometheus: 3 } },
  pixels: { what: 'first, last, min, max in 2,000 columns, one series, full range', unit: 'ms', less: true, targets: {} },
  reopen: { what: 'cold open to the first answer', unit: 'ms', less: true, targets: {} },
  memory: { what: 'peak memory, the data to load included where it is in the same process', unit: 'MB', less: true, targets: {} },
};

/**
 * Time series against other stores: the same data and work, one after the other, each in a process of its own; then ours against
 * itself with fewer points.
 * @param huge also how ours grows to 100M points, which takes minutes
 */
export async function benchTimeseries(quick: boolean, say: (text: string) => void, huge = false): Promise<Row[]> {
  const plans: Plan[] = quick
    ? [
        { points: 1_000_000, series: 100, loads: 1, runs: 3, ticks: 60, budgetMs: 500, only: ['SQLite rows, WITHOUT ROWID', 'PostgreSQL'] },
        // Over HTTP a million points take almost a minute.
        { points: 200_000, series: 20, loads: 1, runs: 3, ticks: 60, budgetMs: 500, only: ['InfluxDB, HTTP', 'Prometheus, HTTP'] },
      ]
    : [
        { points: 1_000_000, series: 1, loads: 3, runs: 5, ticks: 60, budgetMs: 20_000 },
        { points: 1_000_000, series: 100, loads: 3, runs: 5, ticks: 60, budgetMs: 20_000 },
        { points: 10_000_000, series: 1_000, loads: 1, runs: 3, ticks: 60, budgetMs: 20_000 },
      ];
  const rows: Row[] = [];
  for (const plan of plans) {
    const [ours, ...others] = peers;
    if (!ours) throw new Error('there is nothing of ours to measure');
    // Ours is quick to measure, so its median is taken from more runs.
    const mine = await measureApart(ours.name, { ...plan, loads: Math.max(3, plan.loads), runs: plan.runs * 3 });
    say(`${ours.name}: measured`);
    for (const peer of others) {
      if (plan.only && !plan.only.includes(peer.name)) continue;
      const missing = peer.missing();
      if (missing !== null) {
        say(`${peer.name}: skipped, ${missing}`);
        continue;
      }
      // More points than it answers for one series.
      if (peer.name.startsWith('Prometheus') && plan.points / plan.series > 600_000) {
        say(`${peer.name}: skipped, it answers 11,000 buckets a series at most`);
        continue;
      }
      const theirs = await measureApart(peer.name, plan);
      say(`${peer.name}: measured`);
      for (const key of Object.keys(works) as (keyof Figures)[]) rows.push(...toRow(key, peer.name, plan, mine[key], theirs[key]));
    }
  }
  const sizes = [1_000_000, 10_000_000, ...(huge ? [100_000_000] : [])];
  rows.push(...(await benchGrowth(sizes, quick ? 3 : 9, say)));
  return rows;
}

async function measureApart(peer: string, plan: Plan): Promise<Figures> {
  const file = fileURLToPath(new URL('./measure.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, peer, JSON.stringify(plan)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as Figures;
}

function toRow(key: keyof Figures, peer: string, plan: Plan, ours: number | undefined, theirs: number | undefined): Row[] {
  if (ours === undefined || theirs === undefined) return [];
  const { what, unit, less, targets } = works[key];
  const scale = unit === 'MB' ? 1 / 1_048_576 : 1;
  const size = `${plan.points / 1_000_000}M points, ${plan.series} series`;
  const target = Object.entries(targets).find(([name]) => peer.startsWith(name))?.[1] ?? null;
  return [
    {
      work: `${what} (${size})`,
      peer,
      ours: ours * scale,
      theirs: theirs * scale,
      unit,
      ratio: less ? theirs / ours : ours / theirs,
      target,
    },
  ];
}
