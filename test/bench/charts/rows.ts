import type { Row } from '../row.ts';
import { type DepthName, depths, type Figures } from './measure.ts';

export interface Measured {
  label: string;
  points: number;
  figures: Figures;
}

const frameMs = 16.7;
const mainThreadMs = 4;
const rawFactor = 1.2;
const growthFactor = 1.5;
const wallRate = 30;
const megabyte = 1_048_576;
const depthNames = Object.keys(depths) as DepthName[];
const inSight: Record<DepthName, string> = { wide: 'all in sight', middle: 'a 20th in sight', deep: 'a 2,000th in sight' };

/** The one whose frames over the whole range are shortest; undefined when none drew one. */
export function bestOf(all: readonly Measured[]): Measured | undefined {
  const time = ({ figures }: Measured) => figures.frames.wide?.median ?? Infinity;
  return all.filter((one) => time(one) < Infinity).sort((a, b) => time(a) - time(b))[0];
}

/** Compares ours with one peer at the same number of points. If the peer was stopped, shows the elapsed time. */
export function againstPeer(mine: Measured, peer: Measured, isBestECharts: boolean): Row[] {
  const { figures: ours, points } = mine;
  const { figures: theirs, label } = peer;
  const rows: Row[] = [];
  const add = (what: string, unit: string, our: number | undefined, their: number | undefined, target: number | null = null) => {
    if (our === undefined || their === undefined) return;
    rows.push({ work: `${what}, ${short(points)} points`, peer: label, ours: our, theirs: their, unit, ratio: their / our, target });
  };
  const isUPlot = label === 'uPlot';
  const isLarge = points >= 10_000_000;
  add('first picture', 'ms', ours.first, theirs.first, isUPlot && isLarge ? 1 : null);
  if (ours.exact !== ours.first) add('picture of all points', 'ms', ours.exact, theirs.exact);
  for (const depth of depthNames) {
    const target = depth !== 'wide' || !isLarge ? null : isUPlot ? 10 : isBestECharts ? 20 : null;
    const [our, their] = [ours.frames[depth], theirs.frames[depth]];
    add(`frame, ${inSight[depth]}`, 'ms', our?.median, their?.median, target);
    add(`frame, ${inSight[depth]}, p95`, 'ms', our?.p95, their?.p95);
    if (depth === 'wide') add(`main thread a frame, ${inSight[depth]}`, 'ms', our?.mainThread, their?.mainThread);
  }
  add('memory', 'MB', scaled(ours.memory), scaled(theirs.memory));
  const { stopped } = theirs;
  const timeOf = (figures: Figures, at: 'first' | DepthName) => (at === 'first' ? figures.first : figures.frames[at]?.median);
  const ourTime = stopped && timeOf(ours, stopped.at);
  if (stopped && ourTime !== undefined && timeOf(theirs, stopped.at) === undefined) {
    const work = `${stopped.at === 'first' ? 'first picture' : `frame, ${inSight[stopped.at]}`}, ${short(points)} points`;
    const { afterMs } = stopped;
    rows.push({ work, peer: `${label}: stopped`, ours: ourTime, theirs: afterMs, unit: 'ms', ratio: afterMs / ourTime, target: null });
  }
  return rows;
}

/** Rows of the same work together, in the order in which works first appear. */
export function byWork(rows: readonly Row[]): Row[] {
  return [...Map.groupBy(rows, ({ work }) => work).values()].flat();
}

/** Ours beside what it is to keep to whatever others do; `all` in ascending order of points. */
export function againstLimits(all: readonly Measured[]): Row[] {
  const rows: Row[] = [];
  const million = all.find(({ points }) => points === 1_000_000)?.figures;
  for (const { points, figures } of all) {
    const size = `${short(points)} points`;
    const add = (work: string, peer: string, unit: string, ours: number | undefined, limit: number) => {
      if (ours !== undefined)
        rows.push({ work: `${work}, ${size}`, peer, ours, theirs: limit, unit, ratio: limit / Math.max(ours, 1e-9), target: 1 });
    };
    for (const depth of depthNames) add(`frame, ${inSight[depth]}, p95`, '60 frames a second', 'ms', figures.frames[depth]?.p95, frameMs);
    for (const depth of depthNames)
      add(`main thread a frame, ${inSight[depth]}`, 'limit', 'ms', figures.frames[depth]?.mainThread, mainThreadMs);
    // A small chart is mostly the page around it.
    if (points >= 1_000_000) add('memory', `${rawFactor} × raw float64`, 'MB', scaled(figures.memory), (rawFactor * points * 8) / megabyte);
    if (points <= 10_000_000 || !million) continue;
    for (const depth of depthNames) {
      const small = million.frames[depth];
      if (small)
        add(`frame, ${inSight[depth]}`, `${growthFactor} × ours at 1M`, 'ms', figures.frames[depth]?.median, small.median * growthFactor);
    }
  }
  return rows;
}

/** Returns the frames per second of the wall, ours as `ours`. A peer whose wall does not start is left out. */
export function wallRows(wall: { charts: number; lines: number; points: number }, rates: ReadonlyMap<string, number | null>): Row[] {
  const ours = rates.get('ours') ?? 0;
  const work = `${wall.charts} charts of ${wall.lines} × ${short(wall.points)} points pan together`;
  const rows: Row[] = [];
  for (const [peer, theirs] of rates)
    if (peer !== 'ours' && theirs) rows.push({ work, peer, ours, theirs, unit: 'frames/s', ratio: ours / theirs, target: null });
  rows.push({ work, peer: 'limit', ours, theirs: wallRate, unit: 'frames/s', ratio: ours / wallRate, target: 1 });
  return rows;
}

function scaled(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / megabyte;
}

function short(points: number): string {
  return points >= 1_000_000 ? `${points / 1_000_000}M` : `${points / 1_000}k`;
}
