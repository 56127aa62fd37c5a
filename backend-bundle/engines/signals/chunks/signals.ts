import type { SeriesSelector } from '#common/contract/charts.ts';
import { AppError } from '#common/contract/errors.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { type Points, recordOf } from '#common/timeseries/points.ts';
import type { RangeRequest, SeriesSummary, SignalColumns } from '../port.ts';
import type { Bucket } from './buckets.ts';
import type { Series } from './catalogue.ts';
import { everyMs, wholeRange } from './grid.ts';
import { chunkMs } from './schema.ts';
import { ChunkStore, type SeriesWrite } from './store.ts';

export type QueryRequest = RangeRequest & { aggregation: Aggregation; bucketMs: number; maxPoints: number };

/** One series of an answer, as it travels between threads. */
export interface Line {
  labels: Labels;
  t: Float64Array;
  v: Float64Array;
}

/** The signal store's questions and writes in terms of chunks; synchronous, for the worker. */
export class ChunkSignals {
  readonly store: ChunkStore;

  constructor(file: string, now?: () => number) {
    this.store = new ChunkStore(file, now);
  }

  append(writes: readonly SeriesWrite[]): void {
    this.store.append(writes);
  }

  /** By time, then segment: an hour at a time, until there are more than `limit`. */
  records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): SignalColumns {
    const { from, to, segment, limit } = range;
    const matching = this.#matching({ from: 'signal', loaderCode, ...(segment === undefined ? {} : { segmentCode: segment }) });
    const columns: SignalColumns = { segment: [], t: [], count: [], min: [], max: [], avg: [], sum: [] };
    const hours = new Set(matching.flatMap(({ id }) => this.store.hours(id, from, to)));
    for (const hour of [...hours].sort((a, b) => a - b)) {
      if (columns.t.length > limit) break;
      const rows = matching.flatMap((series, order) => {
        const points = this.store.read(series.id, Math.max(from, hour), Math.min(to, hour + chunkMs));
        const record = recordOf(points);
        return Array.from(points.t, (t, at) => ({ t, order, at, points, record, segment: series.labels['segment'] ?? '' }));
      });
      rows.sort((a, b) => a.t - b.t || a.order - b.order);
      for (const { segment, t, at, points, record } of rows.slice(0, limit + 1 - columns.t.length)) {
        columns.segment.push(segment);
        columns.t.push(t);
        columns.avg.push(points.v[at] as number);
        for (const name of ['count', 'min', 'max', 'sum'] as const) columns[name].push(record[name][at] as number);
      }
    }
    return columns;
  }

  /** @throws AppError query_too_large; for points as stored, mostly before a chunk is opened */
  query({ selector, from, to, aggregation, bucketMs, maxPoints }: QueryRequest): Line[] {
    const matching = this.#matching(selector);
    const asStored = bucketMs === 0 || aggregation === 'raw';
    let left = maxPoints;
    if (asStored) {
      const least = matching.reduce((sum, { id }) => sum + this.store.countAtLeast(id, from, to), 0);
      if (least > maxPoints) throw tooLarge(maxPoints, least);
    }
    const answer: Line[] = [];
    for (const { id, labels } of matching) {
      const line = asStored
        ? column(this.store.read(id, from, to), aggregation)
        : this.#bucketed(id, { from, to, aggregation, bucketMs }, left, maxPoints);
      left -= line.t.length;
      if (left < 0) throw tooLarge(maxPoints);
      if (line.t.length > 0) answer.push({ labels, ...line });
    }
    return answer;
  }

  summarise({ selector, from, to }: RangeRequest): SeriesSummary[] {
    return this.#matching(selector).map(({ id, labels, lastAt }) => {
      const summary: SeriesSummary = {
        labels,
        lastAt: this.store.lastTime(id) ?? lastAt,
        points: 0,
        min: null,
        max: null,
        avg: null,
        sum: null,
      };
      this.store.aggregate(id, from, to, wholeRange, ({ n, records, min, max, sum }) => {
        Object.assign(summary, { points: n, min, max, sum, avg: records > 0 ? sum / records : null });
      });
      return summary;
    });
  }

  series(selector: SeriesSelector): { labels: Labels; lastAt: number }[] {
    return this.#matching(selector).map(({ id, labels, lastAt }) => ({ labels, lastAt: this.store.lastTime(id) ?? lastAt }));
  }

  metricSeries(): MetricSeries[] {
    return this.store.catalogue
      .ofKind('metric')
      .map(({ id, name, unit, labels, lastAt }) => ({ name, unit, labels, lastAt: this.store.lastTime(id) ?? lastAt }));
  }

  #matching(selector: SeriesSelector): Series[] {
    const wanted: Labels =
      selector.from === 'metric' ? selector.labels : selector.segmentCode === undefined ? {} : { segment: selector.segmentCode };
    const named =
      selector.from === 'metric'
        ? this.store.catalogue.named('metric', selector.name)
        : this.store.catalogue.named('signal', selector.loaderCode);
    return named.filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value));
  }

  #bucketed(id: number, request: Omit<QueryRequest, 'selector' | 'maxPoints'>, most: number, maxPoints: number): Omit<Line, 'labels'> {
    const { from, to, aggregation, bucketMs } = request;
    const t: number[] = [];
    const v: number[] = [];
    this.store.aggregate(id, from, to, everyMs(bucketMs), (bucket) => {
      const value = aggregated(bucket, aggregation);
      // An average of nothing is not 0: it is absent.
      if (Number.isNaN(value)) return;
      if (t.length >= most) throw tooLarge(maxPoints);
      t.push(bucket.start);
      v.push(value);
    });
    return { t: Float64Array.from(t), v: Float64Array.from(v) };
  }
}

function aggregated(bucket: Bucket, aggregation: Aggregation): number {
  if (aggregation === 'sum' || aggregation === 'min' || aggregation === 'max') return bucket[aggregation];
  return bucket.sum / bucket.records;
}

/** A copy of the stored values: what the store keeps must not leave its thread. */
function column(points: Points, aggregation: Aggregation): Omit<Line, 'labels'> {
  const values = aggregation === 'raw' || aggregation === 'avg' ? points.v : recordOf(points)[aggregation];
  return { t: points.t.slice(), v: values.slice() };
}

function tooLarge(maxPoints: number, atLeast?: number): AppError {
  const estimate = atLeast === undefined ? '' : `: at least ${atLeast}`;
  return new AppError('query_too_large', `The answer would hold more than ${maxPoints} points${estimate}.`, {
    field: 'bucketMs',
    hint: 'Ask for a shorter range, a wider bucket or fewer series.',
  });
}
