import type { Interval } from '#common/time/intervals.ts';
import { type ChartPicture, type ChartSeries, type Stats, statsOf } from '#renderer/charts/index.ts';
import type { CsvColumn } from '#renderer/ui/export.ts';

export interface LegendRow extends Stats {
  id: string;
  name: string;
  place: number;
  shown: boolean;
  /** Difference of the average from that of the compared time, and as a share of it; null if there is nothing to compare with. */
  against: number | null;
  againstShare: number | null;
}

/** Returns the requested names that exist, or all if none does (a link from elsewhere, a series that is gone). */
export function known(only: readonly string[] | undefined, lines: readonly ChartSeries[]): readonly string[] | undefined {
  return only !== undefined && lines.some((line) => only.includes(line.name)) ? only : undefined;
}

export function legendOf(
  lines: readonly ChartSeries[],
  overlays: readonly ChartSeries[],
  only: readonly string[] | undefined,
  interval: Interval,
): LegendRow[] {
  return lines.map((line) => {
    const stats = statsOf(line, interval);
    const overlay = overlays.find(({ id }) => id === `${line.id} before`);
    const before = overlay ? alike(line, overlay, interval) : { against: null, againstShare: null };
    const shown = only === undefined || only.includes(line.name);
    return { id: line.id, name: line.name, place: line.place, shown, ...stats, ...before };
  });
}

/** Returns both averages over the time that both have, so that a day in progress isn't compared with a whole one. */
function alike(line: ChartSeries, overlay: ChartSeries, interval: Interval): Pick<LegendRow, 'against' | 'againstShare'> {
  const from = Math.max(interval.from, line.t[0] ?? interval.to, overlay.t[0] ?? interval.to);
  const to = Math.min(
    interval.to,
    (line.t[line.t.length - 1] ?? interval.from) + 1,
    (overlay.t[overlay.t.length - 1] ?? interval.from) + 1,
  );
  const [now, before] = [statsOf(line, { from, to }).avg, statsOf(overlay, { from, to }).avg];
  if (now === null || before === null) return { against: null, againstShare: null };
  return { against: now - before, againstShare: before === 0 ? null : (now - before) / Math.abs(before) };
}

/** Returns all times at which any line has a point, ascending, without duplicates. */
export function timesOf(lines: readonly Pick<ChartSeries, 't'>[]): Float64Array {
  const all = new Float64Array(lines.reduce((sum, { t }) => sum + t.length, 0));
  let end = 0;
  for (const { t } of lines) for (let i = 0; i < t.length; i++) all[end++] = t[i] ?? 0;
  if (lines.length > 1) all.sort();
  let kept = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i] ?? 0;
  return all.subarray(0, kept);
}

/** Returns the value of a line at exactly a time; null if it has none. */
export function valueAt({ t, v }: Pick<ChartSeries, 't' | 'v'>, at: number): number | null {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((t[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return t[low] === at ? (v[low] ?? null) : null;
}

interface WideRow {
  at: number;
  values: (number | null)[];
  /** A note about the points from here on. */
  note?: string;
}

/** Returns one row per time and one column per line; a line without a point at that time has an empty cell. */
export function wideRows(lines: readonly ChartSeries[]): WideRow[] {
  const next = lines.map(() => 0);
  return Array.from(timesOf(lines), (at) => ({
    at,
    values: lines.map(({ t, v }, i) => {
      const place = next[i] ?? 0;
      if (t[place] !== at) return null;
      next[i] = place + 1;
      return v[place] ?? null;
    }),
  }));
}

/** Adds a row without values at the start of each damaged interval, with a note about what was lost. */
export function withDamage(rows: readonly WideRow[], damaged: readonly Interval[], noteOf: (interval: Interval) => string): WideRow[] {
  const notes = damaged.map((one): WideRow => ({ at: one.from, values: [], note: noteOf(one) }));
  return [...notes, ...rows].sort((a, b) => a.at - b.at);
}

/** @param noteHeading heading of a last column for notes; absent if there are none */
export function csvColumns(lines: readonly ChartSeries[], timeHeading: string, unit: string, noteHeading?: string): CsvColumn<WideRow>[] {
  return [
    { heading: timeHeading, cell: (row) => new Date(row.at).toISOString() },
    ...lines.map((line, i) => ({
      heading: unit === '' ? line.name : `${line.name} (${unit})`,
      cell: (row: WideRow) => row.values[i] ?? null,
    })),
    ...(noteHeading === undefined ? [] : [{ heading: noteHeading, cell: (row: WideRow) => row.note ?? null }]),
  ];
}

interface PictureHeader {
  title: string;
  unit: string;
  aggregation: string;
}

/** Converts a picture to JSON: the query, the time up to which it is confirmed, and the points as epoch ms and value. */
export function toJson(
  { shown, interval, bucketMs, asOf, missing, damaged }: ChartPicture,
  { title, unit, aggregation }: PictureHeader,
): string {
  const iso = (at: number) => new Date(at).toISOString();
  const series = shown.map(({ name, t, v }) => ({
    name,
    points: Array.from(t, (at, i) => [at, Number.isFinite(v[i]) ? v[i] : null]).filter(([at]) => inside(at ?? 0, interval)),
  }));
  const header = {
    title,
    unit,
    aggregation,
    bucketMs,
    from: iso(interval.from),
    to: iso(interval.to),
    asOf: asOf === null ? null : iso(asOf),
  };
  return JSON.stringify({ ...header, missing, damaged, series }, null, 1);
}

const inside = (at: number, { from, to }: Interval): boolean => at >= from && at < to;

/** Clips the lines to an interval, because a cache may hold more than was asked for. */
export function cut(lines: readonly ChartSeries[], interval: Interval): ChartSeries[] {
  return lines.map((line) => {
    const keep = Array.from(line.t, (at, i) => ({ at, value: line.v[i] ?? Number.NaN })).filter(({ at }) => inside(at, interval));
    return { ...line, t: Float64Array.from(keep, ({ at }) => at), v: Float64Array.from(keep, ({ value }) => value) };
  });
}
