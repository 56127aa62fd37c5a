import { firstAtOrAfter, type TimeColumn, timeAt } from '#common/timeseries/m4.ts';
import { type Extremes, Pyramid, type Values } from '#common/timeseries/pyramid.ts';
import { Bits } from './bits.ts';
import { isGap } from './gaps.ts';

/** Times as they arrive: regular ones as start and step, ms; others ascending, epoch ms. */
export type TimesInput = { t0: number; dt: number } | Float64Array<ArrayBuffer>;

export interface ColumnInput {
  times: TimesInput;
  /** Kept by reference, unless a smaller type holds the same values. */
  values: Values;
  /** Width of the buckets the points stand for, ms; 0 for points as stored. Steps much longer are gaps. */
  bucketMs: number;
}

/** Trimming fewer points than this isn't worth the work. */
const minPointsTrimmed = 256;

/**
 * The points of one line, held compactly: regular times take no array, and values are 32-bit floats if none of them loses precision. Keeps
 * what makes drawing cheap: a pyramid of extremes, and a bit for every place where the line breaks.
 */
export class Column {
  #times: TimeColumn;
  #values: Values;
  #length: number;
  #pyramid: Pyramid | null = null;
  /** Member i means that the line breaks between points i − 1 and i. */
  #breaks: Bits | null = null;
  #isWhole = true;
  readonly bucketMs: number;

  constructor({ times, values, bucketMs }: ColumnInput) {
    this.#length = times instanceof Float64Array ? Math.min(times.length, values.length) : values.length;
    this.#times = times instanceof Float64Array ? { t: times } : times;
    this.#values = values;
    this.bucketMs = bucketMs;
  }

  get length(): number {
    return this.#length;
  }

  get times(): TimeColumn {
    return this.#times;
  }

  get values(): Values {
    return this.#values;
  }

  /** False until `build` has run. Before that only single points can be read. */
  get isBuilt(): boolean {
    return this.#pyramid !== null;
  }

  /** True if every value is a whole number. Available after `build`. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Total memory held, bytes. */
  get bytes(): number {
    const times = 't' in this.#times ? this.#times.t.byteLength : 16;
    return times + this.#values.byteLength + (this.#pyramid?.bytes ?? 0) + (this.#breaks?.bytes ?? 0);
  }

  /** Extremes of any range of points. Available after `build`. */
  get pyramid(): Pyramid {
    if (!this.#pyramid) throw new Error('A column was asked before it was built.');
    return this.#pyramid;
  }

  /** Reads every point once: compacts the arrays, builds the pyramid and finds the breaks. */
  build(): void {
    if (this.#pyramid) return;
    if ('t' in this.#times) this.#times = regular(this.#times.t, this.#length) ?? this.#times;
    this.#values = compact(this.#values, this.#length);
    this.#isWhole = areWhole(this.#values, 0, this.#length);
    this.#pyramid = new Pyramid(this.#values, this.#length);
    this.#findBreaks(0);
  }

  /**
   * Appends points. If the first has the time of the last one held, it replaces it: that bucket was still filling. Only the new end is
   * read.
   */
  append(t: Float64Array, v: Float64Array): void {
    this.build();
    const count = Math.min(t.length, v.length);
    const lastAt = this.#length > 0 ? this.timeAt(this.#length - 1) : -Infinity;
    let skip = 0;
    while (skip < count && (t[skip] as number) < lastAt) skip++;
    const start = skip < count && t[skip] === lastAt ? this.#length - 1 : this.#length;
    const length = start + count - skip;
    if (length === start) return;
    this.#makeRoom(length, t, v, skip);
    for (let i = skip; i < count; i++) {
      const at = start + i - skip;
      this.#values[at] = v[i] as number;
      if ('t' in this.#times) this.#times.t[at] = t[i] as number;
    }
    this.#length = length;
    this.#isWhole &&= areWhole(this.#values, start, length);
    this.pyramid.extend(this.#values, length, start);
    // A gap is a break depending on its neighbours, so new points may change the result for the eight points before them.
    const firstChanged = Math.max(0, start - 8);
    this.#breaks?.cut(firstChanged);
    this.#findBreaks(firstChanged);
  }

  /**
   * Drops points before `from`, ms, except the one that the line comes from. Waits until an eighth of all can be dropped: the rest must be
   * read again, which this spreads over the points that arrived.
   */
  trim(from: number): void {
    const drop = this.lower(from) - 1;
    if (drop < Math.max(minPointsTrimmed, this.#length / 8)) return;
    const end = this.#length;
    if ('t' in this.#times) this.#times = { t: this.#times.t.slice(drop, end) };
    else this.#times = { t0: this.timeAt(drop), dt: this.#times.dt };
    this.#values = this.#values.slice(drop, end);
    this.#length = end - drop;
    this.#breaks = null;
    this.#pyramid = new Pyramid(this.#values, this.#length);
    this.#findBreaks(0);
  }

  timeAt(index: number): number {
    return timeAt(this.#times, index);
  }

  valueAt(index: number): number {
    return this.#values[index] as number;
  }

  /** Returns the index of the first point at or after `time`, searching from `start`. */
  lower(time: number, start = 0): number {
    return firstAtOrAfter(this.#times, this.#length, time, start);
  }

  /** True if the line breaks between points `index − 1` and `index`. */
  breaksBefore(index: number): boolean {
    return index <= 0 || (this.#breaks?.has(index) ?? false);
  }

  /** Returns the first break at or after `index`; Infinity if there is none. */
  nextBreak(index: number): number {
    return this.#breaks?.next(index) ?? Infinity;
  }

  /** Returns the extremes of the line inside [from, to): of its points there and one beyond each end. */
  extent(from: number, to: number, out: Extremes): Extremes {
    const start = Math.max(0, this.lower(from) - 1);
    return this.pyramid.range(start, Math.min(this.#length, this.lower(to, start) + 1), out);
  }

  /** Returns the index of the point nearest to `at`, or −1 if none is within `within` ms. */
  nearest(at: number, within: number): number {
    const right = this.lower(at);
    const left = right - 1;
    const toRight = right < this.#length ? this.timeAt(right) - at : Infinity;
    const toLeft = left >= 0 ? at - this.timeAt(left) : Infinity;
    const best = toLeft <= toRight ? left : right;
    return Math.min(toLeft, toRight) <= within ? best : -1;
  }

  /** The usual distance between points, ms: the bucket, the step of regular times, or the shortest of a few steps. */
  get stepMs(): number {
    if (this.bucketMs > 0) return this.bucketMs;
    if (!('t' in this.#times)) return this.#times.dt;
    let least = Infinity;
    for (let i = 1; i < Math.min(this.#length, 64); i++) {
      const step = this.timeAt(i) - this.timeAt(i - 1);
      if (step > 0 && step < least) least = step;
    }
    return least === Infinity ? 0 : least;
  }

  #findBreaks(from: number): void {
    const values = this.#values;
    const times = this.#times;
    const mark = (index: number) => {
      this.#breaks ??= new Bits();
      this.#breaks.add(index);
    };
    if ('t' in times) {
      for (let i = Math.max(1, from); i < this.#length; i++) if (isGap(times.t, i, this.bucketMs, this.#length)) mark(i);
    }
    for (let i = from; i < this.#length; i++) {
      const value = values[i] as number;
      // A finite number minus itself is zero; for NaN and the infinities it is NaN.
      if (value - value === 0) continue;
      mark(i);
      mark(i + 1);
    }
    if (from > 0 && !Number.isFinite(values[from - 1])) mark(from);
  }

  /** Grows the arrays by an eighth at a time, so that little memory is unused. */
  #makeRoom(length: number, t: Float64Array, v: Float64Array, skip: number): void {
    const capacity = Math.ceil(length * 1.125) + 64;
    if (this.#values instanceof Float32Array && !survives(v)) this.#values = Float64Array.from(this.#values);
    if (this.#values.length < length) {
      const grown = this.#values instanceof Float32Array ? new Float32Array(capacity) : new Float64Array(capacity);
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    if (!('t' in this.#times)) {
      const { t0, dt } = this.#times;
      const start = length - (t.length - skip);
      if (t.subarray(skip).every((at, i) => at === t0 + (start + i) * dt)) return;
      const written = new Float64Array(capacity);
      for (let i = 0; i < this.#length; i++) written[i] = t0 + i * dt;
      this.#times = { t: written };
    }
    if (this.#times.t.length < length) {
      const grown = new Float64Array(capacity);
      grown.set(this.#times.t.subarray(0, this.#length));
      this.#times = { t: grown };
    }
  }
}

/** True if all numbers in [from, to) are whole; stops at the first that isn't. */
function areWhole(values: Values, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (Math.trunc(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

/** True if no value changes when stored as a 32-bit float. */
function survives(values: Float64Array | Float32Array, length = values.length): boolean {
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

const compact = (values: Values, length: number): Values =>
  values instanceof Float32Array || !survives(values, length) ? values : new Float32Array(values);

/** Returns the start and step of exactly regular times; null for others. */
function regular(t: Float64Array, length: number): { t0: number; dt: number } | null {
  if (length < 2) return null;
  const t0 = t[0] as number;
  const dt = (t[1] as number) - t0;
  if (!(dt > 0)) return null;
  for (let i = 2; i < length; i++) if (t[i] !== t0 + i * dt) return null;
  return { t0, dt };
}
