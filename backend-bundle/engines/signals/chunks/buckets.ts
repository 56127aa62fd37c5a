import type { ChunkStats, Points } from '#common/timeseries/chunk.ts';
import { firstAtOrAfter } from '#common/timeseries/m4.ts';
import type { Minutes } from './rollup.ts';

/**
 * Sums points, minutes and whole chunks into the buckets between `edges` (ascending, ms; bucket i is [edges[i], edges[i+1])).
 * What is added must come in order of time.
 */
export class Buckets {
  readonly edges: Float64Array;
  readonly n: Float64Array;
  readonly records: Float64Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly firstT: Float64Array;
  readonly first: Float64Array;
  readonly lastT: Float64Array;
  readonly last: Float64Array;
  #at = 0;

  constructor(edges: Float64Array) {
    const count = Math.max(0, edges.length - 1);
    const column = (fill: number) => new Float64Array(count).fill(fill);
    this.edges = edges;
    this.n = column(0);
    this.records = column(0);
    this.sum = column(0);
    this.min = column(Infinity);
    this.max = column(-Infinity);
    this.firstT = column(NaN);
    this.first = column(NaN);
    this.lastT = column(NaN);
    this.last = column(NaN);
  }

  /** Whether everything from `from` to `to` (both inclusive, ms) falls into one bucket. */
  holds(from: number, to: number): boolean {
    const bucket = this.#bucketOf(from);
    return to < (this.edges[bucket + 1] ?? Infinity);
  }

  addStats(part: ChunkStats): void {
    if (part.n === 0) return;
    const i = this.#bucketOf(part.from);
    if (this.n[i] === 0) {
      this.firstT[i] = part.from;
      this.first[i] = part.first;
    }
    this.n[i] = (this.n[i] as number) + part.n;
    this.records[i] = (this.records[i] as number) + part.records;
    this.sum[i] = (this.sum[i] as number) + part.sum;
    if (part.min < (this.min[i] as number)) this.min[i] = part.min;
    if (part.max > (this.max[i] as number)) this.max[i] = part.max;
    this.lastT[i] = part.to;
    this.last[i] = part.last;
  }

  /** Adds the minutes of one hour, none of which an edge may cut. */
  addMinutes(hour: number, minutes: Minutes): void {
    for (let k = 0; k < minutes.count; k++) {
      const i = this.#bucketOf(hour + (minutes.from[k] as number));
      if (this.n[i] === 0) {
        this.firstT[i] = hour + (minutes.from[k] as number);
        this.first[i] = minutes.first[k] as number;
      }
      this.n[i] = (this.n[i] as number) + (minutes.n[k] as number);
      this.records[i] = (this.records[i] as number) + (minutes.records[k] as number);
      this.sum[i] = (this.sum[i] as number) + (minutes.sum[k] as number);
      if ((minutes.min[k] as number) < (this.min[i] as number)) this.min[i] = minutes.min[k] as number;
      if ((minutes.max[k] as number) > (this.max[i] as number)) this.max[i] = minutes.max[k] as number;
      this.lastT[i] = hour + (minutes.to[k] as number);
      this.last[i] = minutes.last[k] as number;
    }
  }

  /** Adds the points at [from, to) of the arrays. */
  addPoints({ t, v, record }: Points, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const i = this.#bucketOf(t[at] as number);
      const end = Math.min(to, firstAtOrAfter({ t }, t.length, this.edges[i + 1] ?? Infinity));
      let records = 0;
      let sum = 0;
      let min = this.min[i] as number;
      let max = this.max[i] as number;
      for (let k = at; k < end; k++) {
        const value = v[k] as number;
        const low = record ? (record.min[k] as number) : value;
        const high = record ? (record.max[k] as number) : value;
        if (low < min) min = low;
        if (high > max) max = high;
        if (Number.isNaN(value)) continue;
        records += record ? (record.count[k] as number) : 1;
        sum += record ? (record.sum[k] as number) : value;
      }
      if (this.n[i] === 0) {
        this.firstT[i] = t[at] as number;
        this.first[i] = v[at] as number;
      }
      this.n[i] = (this.n[i] as number) + end - at;
      this.records[i] = (this.records[i] as number) + records;
      this.sum[i] = (this.sum[i] as number) + sum;
      this.min[i] = min;
      this.max[i] = max;
      this.lastT[i] = t[end - 1] as number;
      this.last[i] = v[end - 1] as number;
      at = end;
    }
  }

  /** Time only moves forward, so the search starts where the last one ended. */
  #bucketOf(t: number): number {
    if (t < (this.edges[this.#at] as number)) this.#at = 0;
    if (t >= (this.edges[this.#at + 1] as number)) {
      let low = this.#at + 1;
      let high = this.edges.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((this.edges[middle] as number) <= t) low = middle;
        else high = middle - 1;
      }
      this.#at = low;
    }
    return this.#at;
  }
}
