import type { PanelData, SeriesLine } from '#common/contract/console/series.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';

/** From this many points on only new ones are read, because transferring all of them takes long. */
export const largePoints = 200_000;
/** Overlap with the points already held, ms, so that points which arrive a little late are included. */
const overlapMs = 60_000;
/** Interval between complete reads, ms, for points that arrive later still. */
const wholeEveryMs = 120_000;

/** A picture of series and the interval it was read for, ms. */
export interface SeriesPicture extends PanelData {
  from: number;
  to: number;
  /** When it was last read completely, ms; absent if it always is. */
  wholeAt?: number;
}

export function pointsOf(picture: SeriesPicture | undefined): number {
  return picture?.series.reduce((sum, { t }) => sum + t.length, 0) ?? 0;
}

/** Returns the time from which a picture must be read for a new interval, ms; null if it must be read completely. */
export function newestFrom(
  held: SeriesPicture | undefined,
  interval: { from: number; to: number },
  bucketMs: number,
  now: number,
): number | null {
  if (!held || bucketMs > 0 || pointsOf(held) < largePoints) return null;
  if (held.problem || held.missing.length > 0 || held.from > interval.from || held.to > interval.to) return null;
  if (held.wholeAt === undefined || now - held.wholeAt >= wholeEveryMs) return null;
  const newest = held.series.reduce((latest, { t }) => Math.max(latest, t.at(-1) ?? -Infinity), -Infinity);
  const from = Math.min(newest, held.to) - overlapMs;
  return from > interval.from ? from : null;
}

/** Joins the points held up to `cut`, ms, with those read from there on, for all lines of either, within the interval. */
export function joinNewest(held: SeriesPicture, read: PanelData, interval: { from: number; to: number }, cut: number): SeriesPicture {
  const fresh = new Map(read.series.map((line) => [labelsKey(line.labels), line]));
  const series = held.series.flatMap((line): SeriesLine[] => {
    const key = labelsKey(line.labels);
    const joined = joinLine(line, fresh.get(key), interval.from, cut);
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
    ...interval,
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
