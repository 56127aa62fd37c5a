import type { ChunkStats } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import type { Points, RecordColumns } from '#common/timeseries/points.ts';
import type { Grid } from './grid.ts';
import type { Minutes } from './rollup.ts';

/** Statistics of one bucket, and when it starts (ms). The object is reused: copy what you keep. */
export interface BucketStats extends ChunkStats {
  start: number;
}

/**
 * Sums points, minutes, hours and days into buckets, and emits each bucket that has points when it is complete. Input must be in order of
 * time, so only one bucket is in memory at a time.
 */
export class BucketBuilder {
  readonly #grid: Grid;
  readonly #emit: (bucket: BucketStats) => void;
  readonly #bucket: BucketStats = {
    start: 0,
    n: 0,
    records: 0,
    from: 0,
    to: 0,
    min: 0,
    max: 0,
    sum: 0,
    first: 0,
    last: 0,
    low: 0,
    high: 0,
  };
  #end = -Infinity;

  constructor(grid: Grid, emit: (bucket: BucketStats) => void) {
    this.#grid = grid;
    this.#emit = emit;
  }

  /** Adds the statistics of [from, to) if it lies in one bucket. @returns whether they were added */
  addWithin(part: ChunkStats, from: number, to: number): boolean {
    if (part.from < from || part.to >= to) return false;
    this.#open(part.from);
    if (part.to >= this.#end) return false;
    const bucket = this.#bucket;
    if (bucket.n === 0) {
      bucket.from = part.from;
      bucket.first = part.first;
    }
    bucket.n += part.n;
    bucket.records += part.records;
    bucket.sum += part.sum;
    if (part.min < bucket.min) bucket.min = part.min;
    if (part.max > bucket.max) bucket.max = part.max;
    if (part.low < bucket.low) bucket.low = part.low;
    if (part.high > bucket.high) bucket.high = part.high;
    bucket.to = part.to;
    bucket.last = part.last;
    return true;
  }

  /**
   * Adds minutes from index `k` on, as long as each lies in [from, to) and in one bucket.
   * @returns the index of the first minute that does not, or the number of minutes
   */
  addMinutes(minutes: Minutes, k: number, from: number, to: number): number {
    const bucket = this.#bucket;
    let at = k;
    for (; at < minutes.count; at++) {
      const first = minutes.from[at] as number;
      const last = minutes.to[at] as number;
      if (first < from || last >= to) break;
      this.#open(first);
      if (last >= this.#end) break;
      if (bucket.n === 0) {
        bucket.from = first;
        bucket.first = minutes.first[at] as number;
      }
      bucket.n += minutes.n[at] as number;
      bucket.records += minutes.records[at] as number;
      bucket.sum += minutes.sum[at] as number;
      const min = minutes.min[at] as number;
      const max = minutes.max[at] as number;
      if (min < bucket.min) bucket.min = min;
      if (max > bucket.max) bucket.max = max;
      const low = minutes.low[at] as number;
      const high = minutes.high[at] as number;
      if (low < bucket.low) bucket.low = low;
      if (high > bucket.high) bucket.high = high;
      bucket.to = last;
      bucket.last = minutes.last[at] as number;
    }
    return at;
  }

  /** Returns the width of the bucket that contains `t`, ms. Nothing older may be added afterwards. */
  widthAt(t: number): number {
    this.#open(t);
    return this.#end - this.#bucket.start;
  }

  addPoints({ t, v, record }: Points): void {
    const bucket = this.#bucket;
    const to = t.length;
    for (let at = 0; at < to; ) {
      this.#open(t[at] as number);
      const end = (t[to - 1] as number) < this.#end ? to : Math.min(to, firstAtOrAfter({ t }, to, this.#end));
      let low = Infinity;
      let high = -Infinity;
      let sum = 0;
      for (let k = at; k < end; k++) {
        const value = v[k] as number;
        if (value < low) low = value;
        if (value > high) high = value;
        sum += value;
      }
      if (bucket.n === 0) {
        bucket.from = t[at] as number;
        bucket.first = v[at] as number;
      }
      bucket.n += end - at;
      if (low < bucket.low) bucket.low = low;
      if (high > bucket.high) bucket.high = high;
      bucket.to = t[end - 1] as number;
      bucket.last = v[end - 1] as number;
      if (record) this.#addRecords(record, at, end);
      else {
        bucket.records += end - at;
        bucket.sum += sum;
        if (low < bucket.min) bucket.min = low;
        if (high > bucket.max) bucket.max = high;
      }
      at = end;
    }
  }

  /** Emits the last bucket. */
  finish(): void {
    if (this.#bucket.n > 0) this.#emit(this.#bucket);
    this.#bucket.n = 0;
    this.#end = -Infinity;
  }

  #addRecords(record: RecordColumns, from: number, to: number): void {
    let { records, sum, min, max } = this.#bucket;
    for (let k = from; k < to; k++) {
      const low = record.min[k] as number;
      const high = record.max[k] as number;
      if (low < min) min = low;
      if (high > max) max = high;
      records += record.count[k] as number;
      sum += record.sum[k] as number;
    }
    Object.assign(this.#bucket, { records, sum, min, max });
  }

  #open(t: number): void {
    if (t < this.#end) return;
    const bucket = this.#bucket;
    if (bucket.n > 0) this.#emit(bucket);
    bucket.start = this.#grid.start(t);
    this.#end = this.#grid.end(bucket.start);
    bucket.n = 0;
    bucket.records = 0;
    bucket.sum = 0;
    bucket.min = Infinity;
    bucket.max = -Infinity;
    bucket.low = Infinity;
    bucket.high = -Infinity;
  }
}
