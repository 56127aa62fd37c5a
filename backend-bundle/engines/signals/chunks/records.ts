import { dayMs } from '#common/time/durations.ts';
import { recordOf } from '#common/timeseries/points.ts';
import type { SignalColumns } from '../port.ts';
import type { CatalogueSeries } from './catalogue.ts';
import type { ChunkReads } from './reads.ts';
import { chunkMs } from './schema.ts';
import type { Sliced } from './slices.ts';

interface RecordRange {
  /** Half-open, epoch ms. */
  from: number;
  to: number;
  /** Reading stops once there is more than this. */
  limit: number;
}

/**
 * Reads the records of several series by time, then in the order of the series. Reads one day ahead at first and doubles that each time, so
 * that the first page of a long range does not read all of it.
 */
export function* readRecords(
  reads: ChunkReads,
  series: readonly CatalogueSeries[],
  { from, to, limit }: RecordRange,
): Sliced<SignalColumns> {
  const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
  const oldest = series.reduce((least, { id }) => Math.min(least, reads.firstTime(id) ?? Infinity), Infinity);
  let start = Math.max(from, Math.floor(oldest / dayMs) * dayMs);
  for (let width = dayMs; start < to && columns.t.length <= limit; width *= 2) {
    const end = Math.min(to, start + width);
    for (const [hour, present] of yield* hoursOf(reads, series, start, end)) {
      if (columns.t.length > limit) break;
      yield* addHour(reads, present, Math.max(start, hour), Math.min(end, hour + chunkMs), limit, columns);
    }
    start = end;
  }
  return columns;
}

/** Yields the hours that overlap [from, to), oldest first, each with the series that have points in it. */
function* hoursOf(
  reads: ChunkReads,
  series: readonly CatalogueSeries[],
  from: number,
  to: number,
): Sliced<[hour: number, present: CatalogueSeries[]][]> {
  const hours = new Map<number, CatalogueSeries[]>();
  for (const [i, one] of series.entries()) {
    for (const hour of reads.hours(one.id, from, to)) {
      const present = hours.get(hour);
      if (present) present.push(one);
      else hours.set(hour, [one]);
    }
    if (i % 100 === 99) yield;
  }
  return [...hours].sort(([a], [b]) => a - b);
}

/** Adds the records in [from, to), which must lie within one hour, until there is one more than `limit`. */
function* addHour(
  reads: ChunkReads,
  series: readonly CatalogueSeries[],
  from: number,
  to: number,
  limit: number,
  columns: SignalColumns,
): Sliced<void> {
  const found = series.map(({ id, labels }) => {
    const points = reads.readHour(id, from, to);
    return { points, record: recordOf(points), segment: labels['segment'] ?? '' };
  });
  yield;
  const rows = found.flatMap(({ points }, order) => Array.from(points.t, (t, at) => ({ t, order, at })));
  rows.sort((a, b) => a.t - b.t || a.order - b.order);
  for (const { t, order, at } of rows.slice(0, limit + 1 - columns.t.length)) {
    const { points, record, segment } = found[order] as (typeof found)[number];
    columns.segment.push(segment);
    columns.t.push(t);
    columns.avg.push(points.v[at] as number);
    for (const name of ['count', 'min', 'max', 'sum'] as const) columns[name].push(record[name][at] as number);
  }
}
