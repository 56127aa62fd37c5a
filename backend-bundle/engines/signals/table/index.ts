import { sql } from 'kysely';
import type { SeriesSelector } from '#common/contract/charts.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Interval } from '#common/time/intervals.ts';
import type { Database, Queries } from '../../database/port.ts';
import { checkPoints, checkRecords } from '../check.ts';
import { columnsOf } from '../chunks/grid.ts';
import { answerTooLarge, checkSeriesRequest, columnsTooMany, maxColumns, maxPointsRead, readTooLarge } from '../limits.ts';
import type {
  Estimate,
  FieldName,
  MetricPoints,
  RangeRequest,
  ReadOptions,
  SeriesExtremes,
  SeriesPoints,
  SeriesRequest,
  SeriesSummary,
  SignalBatch,
  SignalColumns,
  SignalStore,
  SignalsHealth,
} from '../port.ts';
import { limited } from './limited.ts';
import {
  average,
  type ColumnRow,
  countUpTo,
  plannedRows,
  type Row,
  readBuckets,
  readColumns,
  readHeld,
  readStored,
  type SeriesInterval,
} from './read.ts';
import { type NewSeries, SeriesCatalogue } from './series.ts';

/** Rows per write, so that a long history does not block other writes for long. */
const rowsAWrite = 10_000;
/** Maximum number of rows that an estimate counts one by one: a tenth of a second. */
const maxRowsCounted = 1_000_000;
/** Maximum number of rows that a call of `expire` deletes. */
const rowsExpired = 50_000;

/** Stores points as rows of the control database. Works on every adapter. */
export function openTableSignals(database: Database<'engines'>, options: { maxPointsRead?: number } = {}): SignalStore {
  return new TableSignals(database, options.maxPointsRead ?? maxPointsRead);
}

class TableSignals implements SignalStore {
  readonly #database: Database<'engines'>;
  readonly #catalogue: SeriesCatalogue;
  readonly #maxPointsRead: number;

  constructor(database: Database<'engines'>, limit: number) {
    this.#database = database;
    this.#catalogue = new SeriesCatalogue(database);
    this.#maxPointsRead = limit;
  }

  appendSignals(loaderCode: string, records: SignalColumns): Promise<void> {
    return this.appendSignalBatches([{ loaderCode, records }]);
  }

  async appendSignalBatches(batches: readonly SignalBatch[]): Promise<void> {
    const columns: PointColumns = { series_id: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
    for (const { records } of batches) checkRecords(records);
    for (const { loaderCode, records } of batches) {
      const segments = new Map<string, NewSeries>();
      for (const [i, segment] of records.segment.entries()) {
        const labels = { loader: loaderCode, segment };
        segments.set(segment, { kind: 'signal', name: loaderCode, labels, unit: '', at: records.t[i] ?? 0 });
      }
      const numbers = await this.#catalogue.numbers([...segments.values()]);
      const numberOf = new Map([...segments.keys()].map((segment, i) => [segment, numbers[i] ?? 0]));
      for (const segment of records.segment) columns.series_id.push(numberOf.get(segment) ?? 0);
      for (const name of ['t', 'count', 'min', 'max', 'avg', 'sum'] as const) {
        for (const value of records[name]) columns[name].push(value);
      }
    }
    await this.#store(columns);
  }

  async appendMetrics(metrics: readonly MetricPoints[]): Promise<void> {
    const columns: PointColumns = { series_id: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
    const used = metrics.filter((metric) => metric.points.length > 0);
    for (const metric of used) checkPoints(metric);
    const numbers = await this.#catalogue.numbers(
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
    await this.#store(columns);
  }

  async records(
    loaderCode: string,
    { from, to, segment, limit }: { from: number; to: number; segment?: string; limit: number },
  ): Promise<SignalColumns> {
    const series = await this.#catalogue.matching({
      from: 'signal',
      loaderCode,
      ...(segment === undefined ? {} : { segmentCode: segment }),
    });
    const segmentOf = new Map(series.map(({ id, labels }) => [id, labels['segment'] ?? '']));
    const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
    if (series.length === 0) return columns;
    const rows = await this.#database.query
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
  }

  async query(request: SeriesRequest, options: ReadOptions = {}): Promise<SeriesPoints[]> {
    checkSeriesRequest(request);
    const { selector, from, to, aggregation, bucketMs, maxPoints } = request;
    return limited(this.#database, options, async (tx) => {
      const series = await this.#catalogue.matching(selector, tx);
      if (series.length === 0) return [];
      const interval = { ids: series.map(({ id }) => id), from, to };
      const asStored = bucketMs === 0 || aggregation === 'raw';
      // Every query reads every row, unless it returns points as stored and reaches its limit.
      if (!asStored || maxPoints > this.#maxPointsRead) await this.#checkReadable(tx, interval);
      const rows = asStored
        ? await readStored(tx, interval, request, maxPoints + 1)
        : await readBuckets(tx, this.#database.dialect, interval, request, maxPoints + 1);
      // One row more than allowed shows that there are too many, without counting them first.
      if (rows.length > maxPoints) throw answerTooLarge(maxPoints, await this.#estimated(tx, interval));
      return split(rows, series, request.withFields ?? false);
    });
  }

  columns({ selector, from, to, columns }: RangeRequest & { columns: number }, options: ReadOptions = {}): Promise<SeriesExtremes[]> {
    const grid = columnsOf(from, to, columns);
    const edges = Array.from({ length: columns }, (_, i) => grid.edge(i));
    return limited(this.#database, options, async (tx) => {
      const series = await this.#catalogue.matching(selector, tx);
      if (series.length === 0) return [];
      const interval = { ids: series.map(({ id }) => id), from, to };
      await this.#checkReadable(tx, interval);
      const rows = await readColumns(tx, this.#database.dialect, interval, edges, maxColumns + 1);
      if (rows.length > maxColumns) throw columnsTooMany(columns);
      const mine = Map.groupBy(rows, ({ series_id }) => series_id);
      return series.flatMap(({ id, labels }) => {
        const found = mine.get(id);
        return found ? [columnLine(labels, found)] : [];
      });
    });
  }

  async damaged(): Promise<Interval[]> {
    // PostgreSQL checks its own pages.
    return [];
  }

  async estimate({ selector, from, to }: RangeRequest): Promise<Estimate> {
    const series = await this.#catalogue.matching(selector);
    if (series.length === 0) return { series: 0, points: 0 };
    return this.#estimated(this.#database.query, { ids: series.map(({ id }) => id), from, to });
  }

  summarise({ selector, from, to }: RangeRequest, options: ReadOptions = {}): Promise<SeriesSummary[]> {
    return limited(this.#database, options, async (tx) => {
      const series = await this.#catalogue.matching(selector, tx);
      if (series.length === 0) return [];
      const { rows } = await sql<Omit<SeriesSummary, 'labels' | 'lastAt'> & { series_id: number }>`
        select series_id, count(*) as points, min(min) as min, max(max) as max, ${average} as avg, sum(sum) as sum
        from points where series_id in (${sql.join(series.map(({ id }) => id))}) and t >= ${from} and t < ${to}
        group by series_id`.execute(tx);
      const found = new Map(rows.map(({ series_id, ...summary }) => [series_id, summary]));
      const none = { points: 0, min: null, max: null, avg: null, sum: null };
      return series.map(({ id, labels, lastAt }) => ({ labels, lastAt, ...(found.get(id) ?? none) }));
    });
  }

  async series(selector: SeriesSelector): Promise<{ labels: Labels; lastAt: number }[]> {
    return (await this.#catalogue.matching(selector)).map(({ labels, lastAt }) => ({ labels, lastAt }));
  }

  async metricSeries(): Promise<MetricSeries[]> {
    return (await this.#catalogue.all('metric')).map(({ name, unit, labels, lastAt }) => ({ name, unit, labels, lastAt }));
  }

  async expire(before: number): Promise<number> {
    await this.#catalogue.rememberNewest({ before });
    const series = await this.#database.query.selectFrom('series').select('id').orderBy('id').execute();
    let left = rowsExpired;
    for (const { id } of series) {
      if (left <= 0) break;
      const old = this.#database.query.selectFrom('points').where('series_id', '=', id).where('t', '<', before);
      // The time of the last row this call may delete, in key order, so that a long history is not read to find it.
      const last = await old
        .select('t')
        .orderBy('t')
        .limit(1)
        .offset(left - 1)
        .executeTakeFirst();
      const until = last === undefined ? before : last.t + 1;
      const gone = await this.#database.query.deleteFrom('points').where('series_id', '=', id).where('t', '<', until).executeTakeFirst();
      left -= Number(gone.numDeletedRows);
    }
    return rowsExpired - left;
  }

  async remove({ selector, from, to }: RangeRequest): Promise<number> {
    const ids = (await this.#catalogue.matching(selector)).map(({ id }) => id);
    if (ids.length === 0) return 0;
    await this.#catalogue.rememberNewest({ ids });
    // One statement, so that all or nothing is deleted. It has no time limit: an interval of years has many rows.
    const work = async (tx: Queries<'engines'>) => {
      const gone = await tx
        .deleteFrom('points')
        .where('series_id', 'in', ids)
        .where('t', '>=', from)
        .where('t', '<', to)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    };
    if (this.#database.dialect !== 'postgres') return work(this.#database.query);
    return this.#database.query.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx);
      return work(tx);
    });
  }

  // A damaged database reports its own errors, and it has no log to compact.
  async health(): Promise<SignalsHealth> {
    const held = await readHeld(this.#database.query, this.#database.dialect);
    return {
      bytes: await this.#database.size(),
      ...held,
      pending: { points: 0, bytes: 0 },
      // A server with a full disk can't store alerts either.
      unstored: 0,
      compactedAt: null,
      damage: [],
      setAside: null,
      restarted: null,
    };
  }

  /** Counts up to a million rows one by one; beyond that, uses the estimate of PostgreSQL's planner. */
  async #estimated(tx: Queries<'engines'>, interval: SeriesInterval): Promise<Estimate> {
    const counted = await countUpTo(tx, interval, maxRowsCounted);
    if (counted.points < maxRowsCounted) return counted;
    if (this.#database.dialect !== 'postgres') return countUpTo(tx, interval, Math.max(maxRowsCounted, this.#maxPointsRead + 1));
    return { series: interval.ids.length, points: Math.max(counted.points, await plannedRows(tx, interval)) };
  }

  /** @throws AppError query_too_large */
  async #checkReadable(tx: Queries<'engines'>, interval: SeriesInterval): Promise<void> {
    const estimate = await this.#estimated(tx, interval);
    if (estimate.points > this.#maxPointsRead) throw readTooLarge(this.#maxPointsRead, estimate);
  }

  async #store(columns: PointColumns): Promise<void> {
    for (let from = 0; from < columns.t.length; from += rowsAWrite) {
      const part = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(from, from + rowsAWrite)]));
      await this.#database.upsertMany('points', part, ['series_id', 't']);
    }
  }
}

type PointColumns = Omit<SignalColumns, 'segment'> & { series_id: number[] };

/** Splits rows ordered by series into one answer per series. Without fields, rows without a value are left out. */
function split(rows: readonly Row[], series: readonly { id: number; labels: Labels }[], withFields: boolean): SeriesPoints[] {
  const mine = Map.groupBy(withFields ? rows : rows.filter(({ v }) => v !== null), ({ series_id }) => series_id);
  return series.flatMap(({ id, labels }) => {
    const found = mine.get(id);
    if (!found) return [];
    const column = (name: FieldName | 'v') => Float64Array.from(found, (row) => row[name] ?? Number.NaN);
    const line = { labels, t: Float64Array.from(found, ({ t }) => t), v: column('v') };
    if (!withFields) return [line];
    const fields = { count: column('count'), min: column('min'), max: column('max'), avg: column('avg'), sum: column('sum') };
    return [{ ...line, fields }];
  });
}

function columnLine(labels: Labels, rows: readonly ColumnRow[]): SeriesExtremes {
  const column = (name: Exclude<keyof ColumnRow, 'series_id' | 'column'>) => Float64Array.from(rows, (row) => row[name]);
  return {
    labels,
    column: Int32Array.from(rows, (row) => row.column),
    from: column('from'),
    to: column('to'),
    first: column('first'),
    last: column('last'),
    min: column('min'),
    max: column('max'),
  };
}
