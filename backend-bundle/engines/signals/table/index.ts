import { type RawBuilder, sql } from 'kysely';
import type { SeriesData } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import type { Database } from '../../database/port.ts';
import { checkPoints, checkRecords } from '../check.ts';
import type { SeriesSummary, SignalColumns, SignalStore } from '../port.ts';
import { type NewSeries, SeriesCatalogue } from './series.ts';

/** Rows a write, so that a long history does not keep the writer from others for long. */
const rowsAWrite = 10_000;
/** Rows a call of `expire` removes at most. */
const rowsExpired = 50_000;

const aggregate: Record<Exclude<Aggregation, 'raw'>, RawBuilder<number | null>> = {
  // Null, and so left out, where nothing was counted: an average of nothing is not 0.
  avg: sql`sum(avg * count) / nullif(sum(count), 0)`,
  sum: sql`sum(sum)`,
  min: sql`min(min)`,
  max: sql`max(max)`,
};
const stored: Record<Aggregation, RawBuilder<number>> = { raw: sql`avg`, avg: sql`avg`, sum: sql`sum`, min: sql`min`, max: sql`max` };

/** Signals as a row a point in the control database: the engine that works on every adapter. */
export function openTableSignals(database: Database): SignalStore {
  const catalogue = new SeriesCatalogue(database);
  const { query } = database;

  return {
    async appendSignals(loaderCode, records) {
      checkRecords(records);
      const segments = new Map<string, NewSeries>();
      records.segment.forEach((segment, i) => {
        const series = {
          kind: 'signal',
          name: loaderCode,
          labels: { loader: loaderCode, segment },
          unit: '',
          at: records.t[i] ?? 0,
        } as const;
        segments.set(segment, series);
      });
      const numbers = await catalogue.numbers([...segments.values()]);
      const numberOf = new Map([...segments.keys()].map((segment, i) => [segment, numbers[i] ?? 0]));
      const { segment, ...values } = records;
      await store({ series_id: segment.map((code) => numberOf.get(code) ?? 0), ...values });
    },

    async appendMetrics(metrics) {
      const columns: PointColumns = { series_id: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
      const used = metrics.filter((metric) => metric.points.length > 0);
      for (const metric of used) checkPoints(metric);
      const numbers = await catalogue.numbers(
        used.map(({ name, labels, unit, points }) => ({ kind: 'metric', name, labels, unit, at: points[0]?.[0] ?? 0 })),
      );
      used.forEach(({ points }, i) => {
        for (const [t, value] of points) {
          columns.series_id.push(numbers[i] ?? 0);
          columns.t.push(t);
          columns.count.push(1);
          columns.min.push(value);
          columns.max.push(value);
          columns.avg.push(value);
          columns.sum.push(value);
        }
      });
      await store(columns);
    },

    async records(loaderCode, { from, to, segment, limit }) {
      const series = await catalogue.matching({ from: 'signal', loaderCode, ...(segment === undefined ? {} : { segmentCode: segment }) });
      const segmentOf = new Map(series.map(({ id, labels }) => [id, labels['segment'] ?? '']));
      const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
      if (series.length === 0) return columns;
      const rows = await query
        .selectFrom('points')
        .innerJoin('series', 'series.id', 'points.series_id')
        .select(['points.series_id', 't', 'count', 'min', 'max', 'avg', 'sum'])
        .where('points.series_id', 'in', [...segmentOf.keys()])
        .where('t', '>=', from)
        .where('t', '<', to)
        .orderBy('t')
        .orderBy('series.series_key')
        .limit(limit + 1)
        .execute();
      for (const { series_id, ...row } of rows) {
        columns.segment.push(segmentOf.get(series_id) ?? '');
        for (const name of ['t', 'count', 'min', 'max', 'avg', 'sum'] as const) columns[name].push(row[name]);
      }
      return columns;
    },

    async query({ selector, from, to, aggregation, bucketMs, maxPoints }) {
      const series = await catalogue.matching(selector);
      if (series.length === 0) return [];
      const inRange = sql`series_id in (${sql.join(series.map(({ id }) => id))}) and t >= ${from} and t < ${to}`;
      const bucket = sql`t / ${sql.lit(bucketMs)}`;
      // One row more than may come back tells that there are too many, without counting them first.
      const { rows } = await (bucketMs === 0 || aggregation === 'raw'
        ? sql<Row>`select series_id, t, ${stored[aggregation]} as v from points where ${inRange}
              order by series_id, t limit ${maxPoints + 1}`
        : sql<Row>`select series_id, ${bucket} * ${sql.lit(bucketMs)} as t, ${aggregate[aggregation]} as v from points where ${inRange}
              group by series_id, ${bucket} order by series_id, ${bucket} limit ${maxPoints + 1}`
      ).execute(query);
      if (rows.length > maxPoints)
        throw new AppError('query_too_large', `The answer would hold more than ${maxPoints} points.`, {
          field: 'bucketMs',
          hint: 'Ask for a shorter range, a wider bucket or fewer series.',
        });
      return split(rows, series);
    },

    async summarise({ selector, from, to }) {
      const series = await catalogue.matching(selector);
      if (series.length === 0) return [];
      const { rows } = await sql<Omit<SeriesSummary, 'labels' | 'lastAt'> & { series_id: number }>`
        select series_id, count(*) as points, min(min) as min, max(max) as max, ${aggregate.avg} as avg, sum(sum) as sum
        from points where series_id in (${sql.join(series.map(({ id }) => id))}) and t >= ${from} and t < ${to}
        group by series_id`.execute(query);
      const found = new Map(rows.map(({ series_id, ...summary }) => [series_id, summary]));
      const none = { points: 0, min: null, max: null, avg: null, sum: null };
      return series.map(({ id, labels, lastAt }) => ({ labels, lastAt, ...(found.get(id) ?? none) }));
    },

    async series(selector) {
      return (await catalogue.matching(selector)).map(({ labels, lastAt }) => ({ labels, lastAt }));
    },

    async metricSeries() {
      return (await catalogue.all('metric')).map(({ name, unit, labels, lastAt }) => ({ name, unit, labels, lastAt }));
    },

    async expire(before) {
      await catalogue.rememberNewest(before);
      const series = await query.selectFrom('series').select('id').orderBy('id').execute();
      let left = rowsExpired;
      for (const { id } of series) {
        if (left <= 0) break;
        const old = query.selectFrom('points').where('series_id', '=', id).where('t', '<', before);
        // The time of the last row this call may remove; by key order, so a long history is not read to find it.
        const last = await old
          .select('t')
          .orderBy('t')
          .limit(1)
          .offset(left - 1)
          .executeTakeFirst();
        const until = last === undefined ? before : last.t + 1;
        const gone = await query.deleteFrom('points').where('series_id', '=', id).where('t', '<', until).executeTakeFirst();
        left -= Number(gone.numDeletedRows);
      }
      return rowsExpired - left;
    },

    // A database that is damaged answers with errors of its own.
    health: async () => ({ bytes: await database.size(), damage: [] }),
  };

  async function store(columns: PointColumns): Promise<void> {
    for (let from = 0; from < columns.t.length; from += rowsAWrite) {
      const part = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(from, from + rowsAWrite)]));
      await database.upsertMany('points', part, ['series_id', 't']);
    }
  }
}

type PointColumns = Omit<SignalColumns, 'segment'> & { series_id: number[] };
interface Row {
  series_id: number;
  t: number;
  v: number | null;
}

/** Rows ordered by series become one line a series. */
function split(rows: readonly Row[], series: readonly { id: number; labels: SeriesData['labels'] }[]): SeriesData[] {
  const lines = new Map<number, SeriesData>(series.map(({ id, labels }) => [id, { labels, t: [], v: [] }]));
  for (const { series_id, t, v } of rows) {
    const line = lines.get(series_id);
    if (line === undefined || v === null) continue;
    line.t.push(t);
    line.v.push(v);
  }
  return [...lines.values()].filter((line) => line.t.length > 0);
}
