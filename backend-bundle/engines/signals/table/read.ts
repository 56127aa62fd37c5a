import { type RawBuilder, sql } from 'kysely';
import type { Aggregation } from '#common/contract/signals.ts';
import { bucketEdges } from '#common/timeseries/buckets.ts';
import { between } from '#common/timeseries/percentile.ts';
import type { Database, Queries } from '../../database/port.ts';
import type { FieldName, SeriesRequest } from '../port.ts';

/** A subquery with the points of some series in a range, each with its bucket: series_id, bucket, t, count, min, max, avg, sum. */
type Source = RawBuilder<unknown>;

export interface Row extends Partial<Record<FieldName, number | null>> {
  series_id: number;
  t: number;
  v: number | null;
}

export interface SeriesInterval {
  ids: readonly number[];
  from: number;
  to: number;
}

const columns = sql`series_id, t, count, min, max, avg, sum`;
const inRange = ({ ids, from, to }: SeriesInterval) => sql`series_id in (${sql.join(ids)}) and t >= ${from} and t < ${to}`;

/** Buckets of one width, counted from the epoch. */
function byWidth(interval: SeriesInterval, bucketMs: number): Source {
  return sql`select ${columns}, t / ${sql.lit(bucketMs)} * ${sql.lit(bucketMs)} as bucket from points where ${inRange(interval)}`;
}

/** Buckets that start at the edges (ms, ascending, the first at or before the range), numbered from 0. */
function byEdges(interval: SeriesInterval, edges: readonly number[], dialect: Database['dialect']): Source {
  if (dialect === 'postgres')
    return sql`select ${columns}, width_bucket(t, ${edges}::bigint[]) - 1 as bucket from points where ${inRange(interval)}`;
  const parts = JSON.stringify(edges.map((edge, i) => [i, edge, edges[i + 1] ?? Number.MAX_SAFE_INTEGER]));
  // Starts from the edges: each finds its points by the key. The other way round, each point would search all edges.
  return sql`select ${columns}, part.bucket from
    (select value ->> 0 as bucket, value ->> 1 as first, value ->> 2 as next from json_each(${parts})) as part
    cross join points where ${inRange(interval)} and t >= part.first and t < part.next`;
}

/** Reads points as they are stored. @param maxRows one more than allowed, so that too many can be noticed */
export async function readStored(
  query: Queries<'engines'>,
  interval: SeriesInterval,
  { aggregation, withFields }: Pick<SeriesRequest, 'aggregation' | 'withFields'>,
  maxRows: number,
): Promise<Row[]> {
  const isOfRecord = aggregation === 'count' || aggregation === 'sum' || aggregation === 'min' || aggregation === 'max';
  const value = sql.ref(isOfRecord ? aggregation : 'avg');
  const fields = withFields ? sql`, count, min, max, avg, sum` : sql``;
  const { rows } = await sql<Row>`select series_id, t, ${value} as v ${fields} from points where ${inRange(interval)}
    order by series_id, t limit ${maxRows}`.execute(query);
  return rows;
}

/** Reads one row per bucket, at most `maxRows`. */
export async function readBuckets(
  query: Queries<'engines'>,
  dialect: Database['dialect'],
  interval: SeriesInterval,
  { aggregation, bucketMs, timeZone, withFields }: Pick<SeriesRequest, 'aggregation' | 'bucketMs' | 'timeZone' | 'withFields'>,
  maxRows: number,
): Promise<Row[]> {
  const read = withFields ? aggregateFields : aggregate;
  if (timeZone === undefined) return read(query, byWidth(interval, bucketMs), aggregation, maxRows);
  // Limited to days that have points, because the range may be open-ended.
  const bounds = await extent(query, interval);
  if (bounds === null) return [];
  const edges = Array.from(bucketEdges(bounds.from, bounds.to + 1, { days: 1, timeZone }));
  const rows = await read(query, byEdges(interval, edges, dialect), aggregation, maxRows);
  return rows.map((row) => ({ ...row, t: edges[row.t] ?? 0 }));
}

const bucketOrder = (maxRows: number) => sql`order by series_id, bucket limit ${maxRows}`;

async function aggregate(query: Queries<'engines'>, source: Source, aggregation: Aggregation, maxRows: number): Promise<Row[]> {
  switch (aggregation) {
    case 'p50':
    case 'p95':
    case 'p99': {
      const { rows } = await sql<RankedRow>`${around(source, aggregation)} ${bucketOrder(maxRows)}`.execute(query);
      return rows.map(interpolated(aggregation));
    }
    case 'last':
      return (await sql<Row>`select * from (${newest(source)}) as n ${bucketOrder(maxRows)}`.execute(query)).rows;
    default: {
      const value = sums[aggregation === 'raw' ? 'avg' : aggregation];
      const { rows } = await sql<Row>`select series_id, bucket as t, ${value} as v from (${source}) as p
        group by series_id, bucket ${bucketOrder(maxRows)}`.execute(query);
      return rows;
    }
  }
}

/** Reads every field of each bucket in one statement, so that all come from the same points. */
async function aggregateFields(query: Queries<'engines'>, source: Source, aggregation: Aggregation, maxRows: number): Promise<Row[]> {
  const fields = sql`select series_id, bucket, ${sql.join(Object.entries(sums).map(([name, sum]) => sql`${sum} as ${sql.ref(name)}`))}
    from (${source}) as p group by series_id, bucket`;
  const joined = (values: RawBuilder<unknown>) =>
    sql<RankedRow>`select * from (${fields}) as f join (${values}) as v using (series_id, bucket) ${bucketOrder(maxRows)}`.execute(query);
  switch (aggregation) {
    case 'p50':
    case 'p95':
    case 'p99':
      return (await joined(around(source, aggregation))).rows.map(interpolated(aggregation));
    case 'last':
      return (await joined(newest(source))).rows;
    default: {
      const { rows } = await sql<Row>`select series_id, bucket as t, count, min, max, avg, sum,
        ${sql.ref(aggregation === 'raw' ? 'avg' : aggregation)} as v from (${fields}) as f ${bucketOrder(maxRows)}`.execute(query);
      return rows;
    }
  }
}

// Null, and so left out, if nothing was counted: the average of nothing is not 0.
export const average: RawBuilder<number | null> = sql`sum(avg * count) / nullif(sum(count), 0)`;
const sums = { count: sql`sum(count)`, min: sql`min(min)`, max: sql`max(max)`, avg: average, sum: sql`sum(sum)` };

/** Selects the newest value of each bucket, as series_id, bucket, t, v. */
function newest(source: Source): RawBuilder<unknown> {
  return sql`select newest.series_id as series_id, newest.bucket as bucket, newest.bucket as t, points.avg as v from
    (select series_id, bucket, max(t) as t from (${source}) as p group by series_id, bucket) as newest
    join points on points.series_id = newest.series_id and points.t = newest.t`;
}

type Percentile = 'p50' | 'p95' | 'p99';
const percentOf = (percentile: Percentile) => Number(percentile.slice(1));
type RankedRow = Row & { n: number; low: number; high: number };

/** Selects the two values around a percentile of each bucket, as series_id, bucket, t, n, low, high. SQLite has no percentile_cont. */
function around(source: Source, percentile: Percentile): RawBuilder<unknown> {
  const place = sql`${sql.lit(percentOf(percentile))} * (n - 1)`;
  return sql`select series_id, bucket, bucket as t, max(n) as n,
      max(case when at = ${place} / 100 then v end) as low, max(case when at = (${place} + 99) / 100 then v end) as high
    from (select series_id, bucket, avg as v, row_number() over (partition by series_id, bucket order by avg) - 1 as at,
        count(*) over (partition by series_id, bucket) as n
      from (${source}) as p) as ranked
    group by series_id, bucket`;
}

/** Interpolates a percentile as the other stores do. */
function interpolated(percentile: Percentile): (row: RankedRow) => Row {
  return ({ n, low, high, ...row }) => {
    const fraction = ((percentOf(percentile) * (n - 1)) % 100) / 100;
    return { ...row, v: fraction === 0 ? low : between(low, high, fraction) };
  };
}

export interface ColumnRow {
  series_id: number;
  column: number;
  from: number;
  to: number;
  first: number;
  last: number;
  min: number;
  max: number;
}

/** @param edges starts of the columns */
export async function readColumns(
  query: Queries<'engines'>,
  dialect: Database['dialect'],
  interval: SeriesInterval,
  edges: readonly number[],
  maxRows: number,
): Promise<ColumnRow[]> {
  const { rows } = await sql<ColumnRow>`select part.series_id, part.bucket as "column", part.t0 as "from", part.t1 as "to",
      a.avg as "first", b.avg as "last", part.low as "min", part.high as "max" from
      (select series_id, bucket, min(t) as t0, max(t) as t1, min(avg) as low, max(avg) as high
       from (${byEdges(interval, edges, dialect)}) as p group by series_id, bucket) as part
      join points a on a.series_id = part.series_id and a.t = part.t0
      join points b on b.series_id = part.series_id and b.t = part.t1
    order by part.series_id, part.bucket limit ${maxRows}`.execute(query);
  return rows;
}

/** Returns the times of the oldest and newest point of some series in an interval. */
async function extent(query: Queries<'engines'>, { ids, from, to }: SeriesInterval): Promise<{ from: number; to: number } | null> {
  const bounds = { from: Infinity, to: -Infinity };
  for (const id of ids) {
    // One series at a time, so that the query uses the key.
    const { rows } = await sql<{ first: number | null; last: number | null }>`select
      (select min(t) from points where series_id = ${id} and t >= ${from} and t < ${to}) as first,
      (select max(t) from points where series_id = ${id} and t >= ${from} and t < ${to}) as last`.execute(query);
    bounds.from = Math.min(bounds.from, rows[0]?.first ?? Infinity);
    bounds.to = Math.max(bounds.to, rows[0]?.last ?? -Infinity);
  }
  return bounds.from > bounds.to ? null : bounds;
}

/** Counts points by the key, up to `max`. */
export async function countUpTo(
  query: Queries<'engines'>,
  interval: SeriesInterval,
  maxRows: number,
): Promise<{ points: number; series: number }> {
  const { rows } = await sql<{ points: number; series: number }>`select count(*) as points, count(distinct series_id) as series
    from (select series_id from points where ${inRange(interval)} limit ${maxRows}) as p`.execute(query);
  return rows[0] ?? { points: 0, series: 0 };
}

/** Returns how many rows PostgreSQL's planner expects: fast, and as accurate as its statistics. */
export async function plannedRows(query: Queries<'engines'>, interval: SeriesInterval): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`explain (format json)
    select t from points where ${inRange(interval)}`.execute(query);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/**
 * Returns the size of the table cheaply: oldest and newest time by the key, one series at a time; the number of rows from PostgreSQL's
 * statistics, null if there are none.
 */
export async function readHeld(
  query: Queries<'engines'>,
  dialect: Database['dialect'],
): Promise<{ series: number; points: number | null; oldestAt: number | null; newestAt: number | null }> {
  const { rows } = await sql<{ series: number; oldestAt: number | null; newestAt: number | null }>`select count(*) as series,
      min(first) as "oldestAt", max(last) as "newestAt" from (select
        (select min(t) from points where series_id = series.id) as first,
        (select max(t) from points where series_id = series.id) as last from series) as ends`.execute(query);
  const [totals = { series: 0, oldestAt: null, newestAt: null }] = rows;
  if (dialect !== 'postgres') return { ...totals, points: null };
  const { rows: known } = await sql<{ n: number }>`select reltuples::bigint as n from pg_class where oid = 'points'::regclass`.execute(
    query,
  );
  const points = known[0]?.n ?? -1;
  return { ...totals, points: points < 0 ? null : points };
}
