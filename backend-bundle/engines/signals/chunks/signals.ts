import type { SeriesData, SeriesSelector } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { type Points, recordOf } from '#common/timeseries/chunk.ts';
import type { MetricPoints, RangeRequest, SeriesSummary, SignalColumns } from '../port.ts';
import type { Buckets } from './buckets.ts';
import { ChunkStore, type SeriesPoints, type SeriesRow } from './store.ts';

/** Empty ones included: what one series may cost in memory for the time of a query. */
const mostBuckets = 4_000_000;

type QueryRequest = RangeRequest & { aggregation: Aggregation; bucketMs: number; maxPoints: number };

/** The signal store's questions and writes in terms of chunks; synchronous, for the worker. */
export class ChunkSignals {
  readonly store: ChunkStore;

  constructor(file: string) {
    this.store = new ChunkStore(file);
  }

  appendSignals(loaderCode: string, records: SignalColumns): void {
    const rows = new Map<string, number[]>();
    for (const [i, segment] of records.segment.entries()) {
      const list = rows.get(segment);
      if (list) list.push(i);
      else rows.set(segment, [i]);
    }
    const batch: SeriesPoints[] = [];
    for (const [segment, list] of rows) {
      const column = (values: number[]) => Float64Array.from(list, (i) => values[i] as number);
      batch.push({
        series: this.store.series('signal', loaderCode, { loader: loaderCode, segment }).id,
        points: {
          t: column(records.t),
          v: column(records.avg),
          record: { count: column(records.count), min: column(records.min), max: column(records.max), sum: column(records.sum) },
        },
      });
    }
    this.store.append(batch);
  }

  appendMetrics(metrics: readonly MetricPoints[]): void {
    this.store.append(
      metrics.map(({ name, unit, labels, points }) => ({
        series: this.store.series('metric', name, labels, unit).id,
        points: { t: Float64Array.from(points, ([t]) => t), v: Float64Array.from(points, ([, v]) => v) },
      })),
    );
  }

  records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): SignalColumns {
    const rows: { segment: string; t: number; at: number; points: Points }[] = [];
    for (const { id, labels } of this.#matching({
      from: 'signal',
      loaderCode,
      ...(range.segment === undefined ? {} : { segmentCode: range.segment }),
    })) {
      const points = this.store.read(id, range.from, range.to);
      for (const [at, t] of points.t.entries()) rows.push({ segment: labels['segment'] ?? '', t, at, points });
    }
    rows.sort((a, b) => a.t - b.t || (a.segment < b.segment ? -1 : 1));
    const kept = rows.slice(0, range.limit + 1);
    const column = (pick: (points: Points) => Float64Array) => kept.map(({ points, at }) => pick(points)[at] as number);
    return {
      segment: kept.map((row) => row.segment),
      t: kept.map((row) => row.t),
      count: column((points) => recordOf(points).count),
      min: column((points) => recordOf(points).min),
      max: column((points) => recordOf(points).max),
      avg: column((points) => points.v),
      sum: column((points) => recordOf(points).sum),
    };
  }

  query({ selector, from, to, aggregation, bucketMs, maxPoints }: QueryRequest): SeriesData[] {
    let total = 0;
    const answer: SeriesData[] = [];
    for (const { id, labels } of this.#matching(selector)) {
      const line = bucketMs === 0 ? this.#raw(id, from, to, aggregation) : this.#bucketed(id, from, to, aggregation, bucketMs);
      total += line.t.length;
      if (total > maxPoints) {
        throw new AppError('query_too_large', `The answer would hold more than ${maxPoints} points.`, {
          field: 'bucketMs',
          hint: 'Ask for a shorter range, a wider bucket or fewer series.',
        });
      }
      if (line.t.length > 0) answer.push({ labels, ...line });
    }
    return answer;
  }

  summarise({ selector, from, to }: RangeRequest): SeriesSummary[] {
    const edges = Float64Array.of(from, to);
    return this.#matching(selector).flatMap(({ id, labels }) => {
      const lastAt = this.store.lastTime(id);
      if (lastAt === null) return [];
      const all = this.store.aggregate(id, from, to, edges);
      const points = all.n[0] ?? 0;
      const has = points > 0;
      return [
        {
          labels,
          lastAt,
          points,
          min: has ? (all.min[0] as number) : null,
          max: has ? (all.max[0] as number) : null,
          avg: has ? aggregated(all, 0, 'avg') : null,
          sum: has ? (all.sum[0] as number) : null,
        },
      ];
    });
  }

  series(selector: SeriesSelector): { labels: Labels; lastAt: number }[] {
    return this.#matching(selector).flatMap(({ id, labels }) => {
      const lastAt = this.store.lastTime(id);
      return lastAt === null ? [] : [{ labels, lastAt }];
    });
  }

  metricSeries(): MetricSeries[] {
    return this.store.allSeries().flatMap(({ id, kind, name, unit, labels }) => {
      const lastAt = kind === 'metric' ? this.store.lastTime(id) : null;
      return lastAt === null ? [] : [{ name, unit, labels, lastAt }];
    });
  }

  #matching(selector: SeriesSelector): SeriesRow[] {
    const wanted: Labels =
      selector.from === 'metric' ? selector.labels : selector.segmentCode === undefined ? {} : { segment: selector.segmentCode };
    const [kind, name] = selector.from === 'metric' ? ['metric', selector.name] : ['signal', selector.loaderCode];
    return this.store
      .allSeries()
      .filter((row) => row.kind === kind && row.name === name && Object.entries(wanted).every(([key, value]) => row.labels[key] === value));
  }

  #raw(id: number, from: number, to: number, aggregation: Aggregation): { t: number[]; v: number[] } {
    const points = this.store.read(id, from, to);
    const column = aggregation === 'raw' || aggregation === 'avg' ? points.v : recordOf(points)[aggregation];
    return { t: Array.from(points.t), v: Array.from(column) };
  }

  #bucketed(id: number, from: number, to: number, aggregation: Aggregation, bucketMs: number): { t: number[]; v: number[] } {
    const range = this.store.extent(id, from, to);
    if (!range) return { t: [], v: [] };
    const first = Math.floor(range.from / bucketMs);
    const count = Math.floor(range.to / bucketMs) - first + 1;
    if (count > mostBuckets) {
      throw new AppError('query_too_large', `The range holds ${count} buckets of ${bucketMs} ms.`, {
        field: 'bucketMs',
        hint: 'Ask for a shorter range or a wider bucket.',
      });
    }
    const edges = Float64Array.from({ length: count + 1 }, (_, i) => (first + i) * bucketMs);
    const buckets = this.store.aggregate(id, from, to, edges);
    const t: number[] = [];
    const v: number[] = [];
    for (let i = 0; i < buckets.n.length; i++) {
      if (buckets.n[i] === 0) continue;
      t.push(edges[i] as number);
      v.push(aggregated(buckets, i, aggregation));
    }
    return { t, v };
  }
}

function aggregated(buckets: Buckets, i: number, aggregation: Aggregation): number {
  if (aggregation === 'sum' || aggregation === 'min' || aggregation === 'max') return buckets[aggregation][i] as number;
  return (buckets.sum[i] as number) / (buckets.records[i] as number);
}
