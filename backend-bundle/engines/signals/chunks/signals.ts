import type { SeriesSelector } from '#common/contract/charts.ts';
import type { MetricSeries } from '#common/contract/metrics.ts';
import type { Labels } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import { minuteMs } from '#common/time/durations.ts';
import { type Interval, normalise } from '#common/time/intervals.ts';
import { answerTooLarge, columnsTooMany, maxColumns, maxPointsRead, readTooLarge } from '../limits.ts';
import type { Estimate, RangeRequest, SeriesExtremes, SeriesPoints, SeriesRequest, SeriesSummary, SignalColumns } from '../port.ts';
import { BucketBuilder, type BucketStats } from './buckets.ts';
import type { CatalogueSeries } from './catalogue.ts';
import type { StoreFigures } from './figures.ts';
import { columnsOf, gridOf, wholeRange } from './grid.ts';
import { pointsOf } from './hours.ts';
import { Lines } from './lines.ts';
import { type PackedWrites, unpack } from './message.ts';
import { Percentiles } from './percentiles.ts';
import { readRecords } from './records.ts';
import { finish, type Sliced } from './slices.ts';
import { ChunkStore } from './store.ts';
import { isDiskFull } from './verify.ts';

export interface ChunkSignalsOptions {
  now?: () => number;
  /** Maximum number of points that one query may read one by one. */
  maxPointsRead?: number;
}

const percents: Partial<Record<Aggregation, number>> = { p50: 50, p95: 95, p99: 99 };

/** Implements the signal store's reads and writes on chunks; synchronously or in slices, for the worker. */
export class ChunkSignals {
  readonly store: ChunkStore;
  readonly #maxPointsRead: number;
  #figures: { value: StoreFigures; until: number } | undefined;

  constructor(file: string, options: ChunkSignalsOptions = {}) {
    this.store = new ChunkStore(file, options.now);
    this.#maxPointsRead = options.maxPointsRead ?? maxPointsRead;
  }

  /**
   * Stores all batches or none. When the disk is full, a single batch is kept in memory for rules to use; with several, the caller retries
   * each alone. @returns the number of each write's series, for each batch
   */
  append(batches: readonly PackedWrites[]): number[][] {
    const writes = batches.flatMap(unpack);
    let ids: number[];
    try {
      ids = this.store.appendAny(writes);
    } catch (error) {
      if (batches.length === 1 && isDiskFull(error)) this.store.unstored.hold(writes);
      throw error;
    }
    this.store.unstored.forget(ids, writes);
    let at = 0;
    return batches.map(({ lengths }) => {
      at += lengths.length;
      return ids.slice(at - lengths.length, at);
    });
  }

  /** Reads records by time, then segment, an hour at a time, until there are more than `limit`. */
  *records(loaderCode: string, range: { from: number; to: number; segment?: string; limit: number }): Sliced<SignalColumns> {
    const { segment } = range;
    const matching = this.#matching({ from: 'signal', loaderCode, ...(segment === undefined ? {} : { segmentCode: segment }) });
    return yield* readRecords(this.store.reads, matching, range);
  }

  /** @throws AppError query_too_large */
  *query(request: SeriesRequest): Sliced<SeriesPoints[]> {
    const { selector, from, to, aggregation, bucketMs, maxPoints } = request;
    const matching = this.#matching(selector);
    const asStored = bucketMs === 0 || aggregation === 'raw';
    const readsAll = asStored || aggregation in percents || (request.timeZone === undefined && bucketMs % minuteMs !== 0);
    if (readsAll) {
      const { min, ...estimate } = yield* this.#count(matching, from, to);
      if (asStored && min > maxPoints) throw answerTooLarge(maxPoints, estimate);
      if (estimate.points > this.#maxPointsRead) throw readTooLarge(this.#maxPointsRead, estimate);
    }
    const { withFields = false } = request;
    const lines = new Lines(maxPoints, withFields, () => finish(this.#count(matching, from, to)));
    for (const { id, labels } of matching) {
      lines.begin(labels);
      if (asStored) yield* this.store.reads.eachPiece(id, from, to, (piece) => lines.add(piece, aggregation));
      else yield* this.#bucketed(id, request, lines);
    }
    return yield* lines.finish();
  }

  /** @throws AppError query_too_large */
  *columns({ selector, from, to, columns }: RangeRequest & { columns: number }): Sliced<SeriesExtremes[]> {
    const answer: SeriesExtremes[] = [];
    const grid = columnsOf(from, to, columns);
    let left = maxColumns;
    for (const { id, labels } of this.#matching(selector)) {
      const found: BucketStats[] = [];
      yield* this.store.reads.aggregate(id, from, to, grid, (bucket) => found.push({ ...bucket }), true);
      left -= found.length;
      if (left < 0) throw columnsTooMany(columns);
      if (found.length === 0) continue;
      const column = (name: keyof BucketStats) => Float64Array.from(found, (bucket) => bucket[name]);
      answer.push({
        labels,
        column: Int32Array.from(found, ({ start }) => grid.column(start)),
        from: column('from'),
        to: column('to'),
        first: column('first'),
        last: column('last'),
        min: column('low'),
        max: column('high'),
      });
    }
    return answer;
  }

  *estimate({ selector, from, to }: RangeRequest): Sliced<Estimate> {
    const { series, points } = yield* this.#count(this.#matching(selector), from, to);
    return { series, points };
  }

  /** Includes points that a full disk refused: an alert must not wait until someone frees the disk. */
  *summarise({ selector, from, to }: RangeRequest): Sliced<SeriesSummary[]> {
    const answer: SeriesSummary[] = [];
    const { unstored } = this.store;
    const reads = unstored.size > 0 ? this.store.readsWithUnstored : this.store.reads;
    for (const { id, labels, lastAt } of matchingOf(selector, (kind, name) => [
      ...this.store.catalogue.named(kind, name),
      ...unstored.named(kind, name),
    ])) {
      const summary: SeriesSummary = {
        labels,
        lastAt: reads.lastTime(id) ?? lastAt,
        points: 0,
        min: null,
        max: null,
        avg: null,
        sum: null,
      };
      yield* reads.aggregate(id, from, to, wholeRange, ({ n, records, min, max, sum }) => {
        Object.assign(summary, { points: n, min, max, sum, avg: records > 0 ? sum / records : null });
      });
      answer.push(summary);
    }
    return answer;
  }

  *series(selector: SeriesSelector): Sliced<{ labels: Labels; lastAt: number }[]> {
    const answer: { labels: Labels; lastAt: number }[] = [];
    for (const { id, labels, lastAt } of this.#matching(selector)) {
      answer.push({ labels, lastAt: this.store.reads.lastTime(id) ?? lastAt });
      if (answer.length % 100 === 0) yield;
    }
    return answer;
  }

  *metricSeries(): Sliced<MetricSeries[]> {
    const answer: MetricSeries[] = [];
    for (const { id, name, unit, labels, lastAt } of this.store.catalogue.ofKind('metric')) {
      answer.push({ name, unit, labels, lastAt: this.store.reads.lastTime(id) ?? lastAt });
      if (answer.length % 100 === 0) yield;
    }
    return answer;
  }

  /** @returns the number of points deleted */
  *remove({ selector, from, to }: RangeRequest): Sliced<number> {
    const ids = this.#matching(selector).map(({ id }) => id);
    for (const id of ids) this.store.unstored.cut(id, from, to);
    return yield* this.store.remove(ids, from, to);
  }

  /** Returns the intervals of [from, to) for which points of matching series are known to be missing or may be. */
  damaged({ selector, from, to }: RangeRequest): Interval[] {
    const { damage } = this.store;
    // 0 stands for any series, including ones that are no longer known.
    const found = [0, ...this.#matching(selector).map(({ id }) => id)].flatMap((id) => damage.within(id, from, to));
    return normalise(found.map((one) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) })));
  }

  /** Recounted only when that takes a small share of the time since the last count: frequent callers get the cached result. */
  *figures(): Sliced<StoreFigures> {
    const now = performance.now();
    if (this.#figures && now < this.#figures.until) return this.#figures.value;
    const value = yield* this.store.figures();
    const took = performance.now() - now;
    this.#figures = { value, until: now + took * 20 };
    return value;
  }

  *#count(matching: readonly CatalogueSeries[], from: number, to: number): Sliced<Estimate & { min: number }> {
    const total = { series: 0, points: 0, min: 0 };
    for (const [i, { id }] of matching.entries()) {
      const { min, max } = this.store.reads.count(id, from, to);
      if (max > 0) total.series += 1;
      total.points += max;
      total.min += min;
      if (i % 100 === 99) yield;
    }
    return total;
  }

  #matching(selector: SeriesSelector): CatalogueSeries[] {
    return matchingOf(selector, (kind, name) => this.store.catalogue.named(kind, name));
  }

  *#bucketed(id: number, request: SeriesRequest, lines: Lines): Sliced<void> {
    const { from, to, aggregation, withFields = false } = request;
    const grid = gridOf(request);
    const percent = percents[aggregation];
    if (percent !== undefined) {
      const values: number[] = [];
      const percentiles = new Percentiles(grid, percent, (start, value) => (withFields ? values.push(value) : lines.push(start, value)));
      // Built from the same pieces, and emitted after the percentile of each bucket.
      const buckets = withFields
        ? new BucketBuilder(grid, (bucket) => lines.push(bucket.start, values.shift() ?? Number.NaN, bucket))
        : undefined;
      yield* this.store.reads.eachPiece(id, from, to, (piece) => {
        const points = pointsOf(piece);
        percentiles.add(points);
        buckets?.addPoints(points);
      });
      percentiles.finish();
      buckets?.finish();
      return;
    }
    yield* this.store.reads.aggregate(id, from, to, grid, (bucket) => {
      const value = aggregated(bucket, aggregation);
      // The average of nothing is absent, not 0.
      if (withFields || !Number.isNaN(value)) lines.push(bucket.start, value, bucket);
    });
  }
}

function aggregated(bucket: BucketStats, aggregation: Aggregation): number {
  if (aggregation === 'sum' || aggregation === 'min' || aggregation === 'max' || aggregation === 'last') return bucket[aggregation];
  return aggregation === 'count' ? bucket.records : bucket.sum / bucket.records;
}

function matchingOf(
  selector: SeriesSelector,
  named: (kind: CatalogueSeries['kind'], name: string) => readonly CatalogueSeries[],
): CatalogueSeries[] {
  const wanted: Labels =
    selector.from === 'metric' ? selector.labels : selector.segmentCode === undefined ? {} : { segment: selector.segmentCode };
  const all = selector.from === 'metric' ? named('metric', selector.name) : named('signal', selector.loaderCode);
  return all.filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value));
}
