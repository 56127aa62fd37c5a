import type { PanelData, SeriesLine } from '#common/contract/console/series.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';

/** Of a picture of so many points only what is new is read: all of it takes long to travel. */
export const largePoints = 200_000;
/** How far behind the newest point reading begins again, ms: what arrives a little late is taken along. */
const overlapMs = 60_000;
/** All of it is read this seldom, ms: for points that arrive later still. */
const wholeEveryMs = 120_000;

/** A picture of a series and the stretch it was drawn for, ms. */
export interface SeriesPicture extends PanelData {
  from: number;
  to: number;
  /** When all of it was last read, ms; absent where it always is. */
  wholeAt?: number;
}

export function pointsOf(picture: SeriesPicture | undefined): number {
  return picture?.series.reduce((sum, { t }) => sum + t.length, 0) ?? 0;
}

/** From when on a picture must be read for a new stretch, ms; null where nothing of what is held can stay. */
export function newestFrom(
  held: SeriesPicture | undefined,
  stretch: { from: number; to: number },
  bucketMs: number,
  now: number,
): number | null {
  if (!held || bucketMs > 0 || pointsOf(held) < largePoints) return null;
  if (held.problem || held.missing.length > 0 || held.from > stretch.from || held.to > stretch.to) return null;
  if (held.wholeAt === undefined || now - held.wholeAt >= wholeEveryMs) return null;
  const newest = held.series.reduce((latest, { t }) => Math.max(latest, t.at(-1) ?? -Infinity), -Infinity);
  const from = Math.min(newest, held.to) - overlapMs;
  return from > stretch.from ? from : null;
}

/** What is held up to `cut`, ms, and from there on what was read; of the stretch, all lines of either. */
export function joinNewest(held: SeriesPicture, read: PanelData, stretch: { from: number; to: number }, cut: number): SeriesPicture {
  const fresh = new Map(read.series.map((line) => [labelsKey(line.labels), line]));
  const series = held.series.flatMap((line): SeriesLine[] => {
    const key = labelsKey(line.labels);
    const joined = joinLine(line, fresh.get(key), stretch.from, cut);
    fresh.delete(key);
    return joined.t.length > 0 ? [joined] : [];
  });
  const { asOf, missing, problem } = read;
  const kept = held.damaged.flatMap(({ from, to }) => (from < cut ? [{ from, to: Math.min(to, cut) }] : []));
  const picture: SeriesPicture = {
    series: [...series, ...fresh.values()],
    asOf,
    missing,
    damaged: [...kept, ...read.damaged],
    problem,
    ...stretch,
  };
  if (held.wholeAt !== undefined) picture.wholeAt = held.wholeAt;
  return picture;
}

function joinLine({ labels, t, v }: SeriesLine, next: SeriesLine | undefined, from: number, cut: number): SeriesLine {
  const [start, end] = [firstAtOrAfter({ t }, t.length, from), firstAtOrAfter({ t }, t.length, cut)];
  const kept = Math.max(0, end - start);
  const join = (old: Float64Array<ArrayBuffer>, added: Float64Array<ArrayBuffer> | undefined) => {
    const all = new Float64Array(kept + (added?.length ?? 0));
    all.set(old.subarray(start, start + kept));
    if (added) all.set(added, kept);
    return all;
  };
  return { labels, t: join(t, next?.t), v: join(v, next?.v) };
}
